/** One phone: who holds it, the app's chat, the bottom bar, and what may lie over it (a page, a call). */

import { avatar, badge } from "./avatar.js";
import { callScreen } from "./callscreen.js";
import { nowMs, parts } from "./clock.js";
import { Conversation } from "./conversation.js";
import { el, fill } from "./dom.js";
import { FootBar } from "./footbar.js";
import { icon } from "./icons.js";
import { closeMenus, menuButton } from "./popmenu.js";
import { prefs } from "./prefs.js";
import { pageSheet } from "./sheet.js";
import { setSound } from "./sound.js";
import { t } from "./words.js";

export const PERSON_KIND = "application/x-sandbox-person";

// A location message needs coordinates; a person writes only the place's name. Latitude and longitude of the office.
const HERE = { x: 31.2304, y: 121.4737 };

export class Phone {
  /** `choose(slot)`: show the address book to put somebody else here. */
  constructor(desk, slot, choose) {
    this.desk = desk;
    this.slot = slot;
    this.choose = choose;
    this.userid = null;
    this.node = el("section", {
      class: "phone",
      data: { slot: String(slot) },
      on: { pointerdown: () => desk.use(slot), focusin: () => desk.use(slot) },
    });
    this.#takeDrops();
    this.seat();
  }

  /** Show whoever the desk has put here. */
  seat() {
    const userid = this.desk.phones[this.slot];
    if (userid === this.userid && userid !== null) return;
    this.userid = userid;
    const person = this.desk.people.get(userid);
    if (!person) {
      this.node.setAttribute("aria-label", t("emptyPhone"));
      fill(this.node, el("div", { class: "device is-empty" }, el("p", { text: t("dropHere") })));
      return;
    }
    this.node.setAttribute("aria-label", t("phoneOf", { name: person.name }));
    const chat = this.desk.chat(userid);
    this.talk = new Conversation(t("chatOf", { name: person.name }), this.#acts(person));
    this.foot = new FootBar(chat, this.#footActs(userid));
    this.plate = el("header", { class: "plate", draggable: true, on: { dragstart: (event) => drag(event, userid) } });
    this.status = el("div", { class: "status", aria: { hidden: true } });
    this.main = el("div", { class: "app" }, this.#appBar(person), this.talk.node, this.foot.node);
    this.over = el("div", { class: "over" });
    fill(
      this.node,
      this.plate,
      el("div", { class: "device" }, this.status, el("div", { class: "screen" }, this.main, this.over)),
    );
    this.showPlate();
    this.tick();
    this.talk.show(chat);
    this.showCall(chat.call);
  }

  /** Follow the chat of the person here. */
  update({ mine = false, fresh = false, message } = {}) {
    if (!this.userid || !this.talk) return;
    const chat = this.desk.chat(this.userid);
    this.talk.show(chat, { mine });
    this.foot.menuChanged();
    if (fresh && message?.direction === "out") this.#flash("is-lit");
  }

  showPlate() {
    const person = this.desk.people.get(this.userid);
    if (!person || !this.plate) return;
    const count = person.unread ?? 0;
    fill(
      this.plate,
      avatar(person),
      el(
        "div",
        { class: "plate-words" },
        el("span", { class: "plate-name", text: person.name }),
        el("span", {
          class: "plate-post",
          text: [this.desk.departmentName(person.department), person.title].filter(Boolean).join(" · "),
        }),
      ),
      badge(count, t("unreadCount", { count })),
      el(
        "button",
        {
          type: "button",
          class: "plate-change",
          aria: { label: t("changePerson", { name: person.name }) },
          attr: { title: t("changePerson", { name: person.name }) },
          on: { click: () => this.choose(this.slot) },
        },
        icon("people", 16),
      ),
    );
    this.node.classList.toggle("has-unread", count > 0);
  }

  tick() {
    if (this.status)
      fill(
        this.status,
        el("span", { text: parts(nowMs()).hm }),
        el("span", { class: "status-marks" }, el("i", { class: "signal" }), el("i", { class: "battery" })),
      );
  }

  dayChanged() {
    if (this.userid) this.talk.dayChanged(this.desk.chat(this.userid));
  }

  showActive() {
    this.node.classList.toggle("is-active", this.desk.active === this.slot);
  }

  /** The person here acts in a story. */
  acting() {
    this.#flash("is-acting");
  }

  type() {
    this.foot?.type();
  }

  showCall(call) {
    if (!this.over) return;
    const screen = callScreen(
      call,
      (act) => this.desk.hand.answerCall(this.userid, call.callid, act),
      () => this.#soundSwitch(),
    );
    this.over.querySelector(".call")?.remove();
    if (screen) this.over.append(screen);
    this.node.classList.toggle("is-called", Boolean(screen?.classList.contains("is-ringing")));
    this.#cover();
  }

  openPage(url) {
    closeMenus();
    const back = document.activeElement;
    // All phones of a desk share one browser's cookies: a page left open elsewhere would go on as this person.
    for (const other of document.querySelectorAll(".sheet")) other.querySelector(".sheet-close").click();
    const sheet = pageSheet(this.desk.pageAddress(this.userid, url), url, () => {
      sheet.node.remove();
      this.#cover();
      if (back?.isConnected) back.focus();
    });
    this.over.append(sheet.node);
    this.#cover();
    sheet.focus();
  }

  // What lies under a page or a call cannot be reached.
  #cover() {
    this.main.inert = this.over.childElementCount > 0;
    const sheet = this.over.querySelector(".sheet");
    if (sheet) sheet.inert = Boolean(this.over.querySelector(".call"));
  }

  #flash(name) {
    this.node.classList.remove(name);
    void this.node.offsetWidth; // restart the animation
    this.node.classList.add(name);
  }

  #appBar(person) {
    return el(
      "div",
      { class: "appbar" },
      el("span", { class: "appbar-title", text: t("appName") }),
      menuButton({
        label: t("phoneMenu"),
        className: "appbar-more",
        children: icon("more", 20),
        wrap: "appbar-menu",
        entries: [
          { text: t("enterAgain"), act: () => this.desk.hand.enter(person.userid) },
          { text: t("changePerson", { name: person.name }), act: () => this.choose(this.slot) },
        ],
      }),
    );
  }

  #acts(person) {
    const { desk } = this;
    const { userid } = person;
    return {
      avatar: () => avatar(person),
      choices: (id) => desk.chat(userid).choicesOf(id),
      tap: (id, key) => desk.hand.tap(userid, id, key),
      menu: (id, key) => desk.hand.cardMenu(userid, id, key),
      open: (url) => this.openPage(url),
      person: (who) => desk.introduce(who),
      remind: () => desk.say("note", t("chooseFirst")),
      forget: (one) => {
        desk.chat(userid).forget(one);
        this.update();
      },
    };
  }

  #footActs(userid) {
    const { desk } = this;
    return {
      send: (text) => desk.hand.sendText(userid, text),
      voice: (text) => desk.hand.sendVoice(userid, text),
      place: (label) => desk.hand.sendLocation(userid, { label, ...HERE }),
      file: (kind, file) => desk.hand.sendFile(userid, kind, file),
      menu: (key) => desk.hand.clickMenu(userid, key),
      open: (url) => this.openPage(url),
      unsupported: (type) => desk.say("note", t("menuUnsupported", { type })),
    };
  }

  #soundSwitch() {
    const button = el("button", { type: "button", class: "call-sound", on: { click: () => turn(!prefs.sound) } });
    const turn = (on) => {
      setSound(on);
      draw();
    };
    const draw = () => {
      fill(button, icon(prefs.sound ? "sound" : "silent", 16), t(prefs.sound ? "soundOn" : "soundOff"));
      button.setAttribute("aria-pressed", String(prefs.sound));
    };
    draw();
    return button;
  }

  #takeDrops() {
    const { node } = this;
    const ours = (event) => event.dataTransfer?.types.includes(PERSON_KIND);
    node.addEventListener("dragover", (event) => {
      if (!ours(event)) return;
      event.preventDefault();
      node.classList.add("is-target");
    });
    node.addEventListener("dragleave", (event) => {
      if (!node.contains(event.relatedTarget)) node.classList.remove("is-target");
    });
    node.addEventListener("drop", (event) => {
      node.classList.remove("is-target");
      if (!ours(event)) return;
      event.preventDefault();
      this.desk.put(event.dataTransfer.getData(PERSON_KIND), this.slot);
    });
  }
}

/** Begin dragging a person. */
export function drag(event, userid) {
  event.dataTransfer.setData(PERSON_KIND, userid);
  event.dataTransfer.effectAllowed = "move";
}
