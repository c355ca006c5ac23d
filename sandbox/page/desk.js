/**
 * The page's memory: what the platform told (state, chats, traffic), who is in which phone. What a person
 * does on a phone is in `hand`. Views listen to its events and never call the platform themselves.
 *
 * Events: people, unread, phones, active, chat {userid, fresh}, call {userid}, actor {userid}, time, faults, readings,
 * story, traffic {entry|null}, connection, said {kind, text}.
 */

import { ApiRefusal, chatPath, get, post } from "./api.js";
import { Chat } from "./chat.js";
import { setNow } from "./clock.js";
import { Hand } from "./hand.js";
import { prefs, remember } from "./prefs.js";
import { Stream } from "./stream.js";
import { t } from "./words.js";

export const SLOTS = 3;
const TRAFFIC_KEPT = 400;
const OVER = new Set(["done", "stopped", "finished", "failed", "ended"]);

export class Desk extends EventTarget {
  constructor() {
    super();
    this.state = null;
    this.people = new Map();
    this.chats = new Map();
    this.phones = Array(SLOTS).fill(null);
    this.active = 0;
    this.acted = Array(SLOTS).fill(0);
    this.acts = 0;
    this.traffic = [];
    this.hand = new Hand(this);
    this.connected = false;
    this.views = new AbortController();
    this.stream = new Stream({
      onEvent: (event) => this.#take(event),
      onStale: () => this.reload(),
      onState: (connected) => {
        this.connected = connected;
        this.emit("connection");
      },
    });
  }

  /** Listen to an event for as long as the views of now are shown (they are built anew when the language changes). */
  hear(name, act) {
    this.addEventListener(name, (event) => act(event.detail ?? {}), { signal: this.views.signal });
  }

  /** The views are about to be built anew: those of before hear nothing more. */
  renewViews() {
    this.views.abort();
    this.views = new AbortController();
  }

  /** Read everything and start listening. Raises ApiRefusal when the platform does not let us in. */
  async start() {
    const state = await get("state");
    this.#adopt(state);
    this.#seat(prefs.phones ?? state.phones ?? []);
    this.stream.startAfter(state.seq ?? null);
    await Promise.all([...this.phones.filter(Boolean).map((userid) => this.loadChat(userid)), this.loadTraffic()]);
  }

  async reload() {
    try {
      const state = await get("state");
      this.#adopt(state);
      this.stream.compare(state.seq ?? null);
      const seen = this.phones.filter((userid) => userid && this.people.has(userid));
      await Promise.all([...seen.map((userid) => this.loadChat(userid)), this.loadTraffic()]);
    } catch (refusal) {
      this.complain(refusal);
    }
  }

  #adopt(state) {
    this.state = state;
    this.people = new Map(state.people.map((person) => [person.userid, person]));
    setNow(state.now);
    for (const name of ["people", "unread", "time", "faults", "readings", "story"]) this.emit(name);
  }

  #seat(wanted) {
    const known = wanted.slice(0, SLOTS).map((userid) => (this.people.has(userid) ? userid : null));
    const free = [...this.people.keys()].filter((userid) => !known.includes(userid));
    this.phones = Array.from({ length: SLOTS }, (_, slot) => known[slot] ?? free.shift() ?? null);
    this.emit("phones");
  }

  // --- what came in --------------------------------------------------------------------------------------------------

  #take(event) {
    const act = {
      message: () => this.#message(event),
      card: () => this.#message(event),
      unread: () => this.#unread(event.userid, event.unread),
      traffic: () => this.#entry(event.entry),
      time: () => this.#time(event),
      call: () => this.#call(event),
      story: () => this.#story(event),
      faults: () => this.#faults(event.faults ?? event),
      readings: () => this.#readings(event.readings ?? event),
      menu: () => this.#menus(),
    }[event.type];
    act?.();
  }

  #message({ userid, message }) {
    const chat = this.chats.get(userid);
    if (!chat?.loaded) return;
    const fresh = chat.take(message);
    this.emit("chat", { userid, message, fresh });
    if (fresh && message.direction === "out" && this.phones[this.active] === userid && !document.hidden)
      this.markRead(userid);
  }

  #unread(userid, unread) {
    const person = this.people.get(userid);
    if (!person) return;
    if (unread > 0 && this.phones[this.active] === userid && !document.hidden && document.hasFocus()) {
      this.markRead(userid);
      return;
    }
    person.unread = unread;
    this.emit("unread", { userid });
  }

  #entry(entry) {
    const at = this.traffic.findIndex((one) => one.id === entry.id);
    if (at >= 0) this.traffic[at] = entry;
    else this.traffic.push(entry);
    if (this.traffic.length > TRAFFIC_KEPT) this.traffic.splice(0, this.traffic.length - TRAFFIC_KEPT);
    this.emit("traffic", { entry });
    if (entry.direction === "callback" && entry.person && this.playing) this.actor(entry.person);
  }

  #time({ now, offset_seconds, next_due }) {
    setNow(now);
    Object.assign(this.state, { now, offset_seconds, next_due });
    this.emit("time");
  }

  #call({ userid, call }) {
    const chat = this.chats.get(userid);
    if (chat) chat.call = call;
    if (call && isRinging(call) && !this.phones.includes(userid))
      this.put(userid, this.#restingSlot(), { quiet: true });
    this.emit("call", { userid, call });
  }

  #story(event) {
    const { seq, type, story, ...flat } = event;
    this.state.story = story === undefined ? (flat.id ? flat : null) : story;
    this.emit("story");
    const who = this.state.story?.person ?? this.state.story?.userid;
    if (who && this.playing) this.actor(who);
  }

  #faults(faults) {
    const { seq, type, ...values } = faults;
    this.state.faults = { ...this.state.faults, ...values };
    this.emit("faults");
  }

  #readings(readings) {
    const { seq, type, ...values } = readings;
    this.state.readings = { ...this.state.readings, ...values };
    this.emit("readings");
  }

  async #menus() {
    await Promise.all(this.phones.filter(Boolean).map((userid) => this.loadChat(userid)));
  }

  departmentName(id) {
    return this.state.departments.find((department) => department.id === id)?.name ?? id ?? "";
  }

  /** Say who somebody is (a member row on a card was chosen). */
  introduce(userid) {
    const person = this.people.get(userid);
    if (person)
      this.say("note", [person.name, this.departmentName(person.department), person.title].filter(Boolean).join(" · "));
  }

  /**
   * The address the phone of this person opens for a link: the platform ends the login of whoever looked before, and
   * logs the phone's owner in on the way.
   */
  pageAddress(userid, url) {
    return `/connect/open?${new URLSearchParams({ phone: userid, url: new URL(url, location.href).href })}`;
  }

  /** A story that has begun and is not over. */
  get playing() {
    const story = this.state?.story;
    return Boolean(story) && !OVER.has(story.state);
  }

  // --- phones --------------------------------------------------------------------------------------------------------

  chat(userid) {
    if (!this.chats.has(userid)) this.chats.set(userid, new Chat(userid));
    return this.chats.get(userid);
  }

  async loadChat(userid) {
    try {
      const answer = await get(chatPath(userid));
      this.chat(userid).load(answer);
      this.#unread(userid, answer.unread ?? 0);
      this.emit("chat", { userid, fresh: false });
      this.emit("call", { userid, call: answer.call ?? null });
    } catch (refusal) {
      this.complain(refusal);
    }
  }

  /** Put a person into a phone; someone who is already in another phone changes places. */
  async put(userid, slot = this.active, { quiet = false } = {}) {
    if (!this.people.has(userid)) return;
    const before = this.phones.indexOf(userid);
    if (before >= 0 && before !== slot) this.phones[before] = this.phones[slot];
    const moved = before < 0;
    this.phones[slot] = userid;
    remember({ phones: [...this.phones] });
    this.emit("phones");
    if (!quiet) this.use(slot);
    if (moved) {
      await this.loadChat(userid);
      if (!quiet) this.hand.enter(userid);
    }
  }

  /** The person works on this phone now: it becomes the one last used, and is read. */
  use(slot) {
    const changed = this.active !== slot;
    this.active = slot;
    if (changed) this.emit("active");
    const userid = this.phones[slot];
    if (userid && this.people.get(userid)?.unread) this.markRead(userid);
  }

  /** Somebody acts in a story: into a phone with them, away from those who acted last. */
  actor(userid) {
    if (!this.people.has(userid)) return;
    let slot = this.phones.indexOf(userid);
    if (slot < 0) {
      slot = this.#restingSlot();
      this.put(userid, slot, { quiet: true });
    }
    this.acts += 1;
    this.acted[slot] = this.acts;
    this.active = slot;
    this.emit("active");
    this.emit("actor", { userid });
    if (this.people.get(userid).unread) this.markRead(userid);
  }

  #restingSlot() {
    return this.acted.indexOf(Math.min(...this.acted));
  }

  async markRead(userid) {
    const person = this.people.get(userid);
    if (person) person.unread = 0;
    this.emit("unread", { userid });
    await post(chatPath(userid, "read")).catch(() => {});
  }

  // --- the desk around the phones ------------------------------------------------------------------------------------

  async loadTraffic(person = "") {
    const query = new URLSearchParams({ limit: "200", ...(person && { person }) });
    try {
      const { entries } = await get(`traffic?${query}`);
      const known = new Map([...this.traffic, ...entries].map((entry) => [entry.id, entry]));
      this.traffic = [...known.values()].sort((one, other) => one.seq - other.seq);
      this.emit("traffic", { entry: null });
    } catch (refusal) {
      this.complain(refusal);
    }
  }

  /** Post to a control of the desk (time, faults, stories …); tells the person when it is refused. */
  async control(path, json = {}, options = {}) {
    try {
      return await post(path, json, options);
    } catch (refusal) {
      this.complain(refusal);
      return null;
    }
  }

  /** Take company time from the answer of a jump, without waiting for the event. */
  tellTime(answer) {
    this.#time({ offset_seconds: this.state.offset_seconds, next_due: this.state.next_due, ...answer });
  }

  async startStory(story, speed = 1) {
    const answer = await this.control(`stories/${encodeURIComponent(story.id)}/start`, { speed });
    if (answer?.story) this.#story({ story: answer.story });
  }

  /** Put the strip of a story that is over away. */
  leaveStory() {
    this.state.story = null;
    this.emit("story");
  }

  async setFaults(changes) {
    if (await this.control("faults", changes)) this.#faults(changes);
  }

  async setReadings(changes) {
    if (await this.control("readings", changes)) this.#readings(changes);
  }

  say(kind, text) {
    this.emit("said", { kind, text });
  }

  complain(refusal) {
    if (!(refusal instanceof ApiRefusal)) throw refusal;
    if (refusal.status === 403) this.say("bad", t("shutOut"));
    else this.say("bad", refusal.message || t(refusal.status ? "refused" : "unreachable", { status: refusal.status }));
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** True while a phone call rings. */
export function isRinging(call) {
  return Boolean(call) && (call.state === "ringing" || call.state === 1);
}
