/** The page: builds the views, keeps them in step with the desk, and builds them anew when the language changes. */

import { ApiRefusal } from "./api.js";
import { avatar, badge } from "./avatar.js";
import { Bar, showTheme } from "./bar.js";
import { followRinging } from "./callscreen.js";
import { nowMs, parts } from "./clock.js";
import { Desk, SLOTS } from "./desk.js";
import { el, fill, setAria } from "./dom.js";
import { icon } from "./icons.js";
import { Notes } from "./panel.js";
import { People } from "./people.js";
import { Phone } from "./phone.js";
import { prefs, remember } from "./prefs.js";
import { listenToKeys } from "./shortcuts.js";
import { StoryBar } from "./storybar.js";
import { Traffic } from "./traffic.js";
import { language, setLanguage, t } from "./words.js";

const root = document.getElementById("desk");
const TRAFFIC_FROM_PX = 1400;
const AWAY_MS = 60000;

const desk = new Desk();
let tick = null;

/** Build everything from what the desk knows. */
function build() {
  desk.renewViews();
  const { signal } = desk.views;
  document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
  document.title = t("pageTitle");
  const notes = new Notes();
  const people = new People(desk);
  const traffic = new Traffic(desk, () => foldTraffic(true));
  const story = new StoryBar(desk);
  const choose = (slot) => {
    drawer("people", true);
    people.chooseFor(slot);
  };
  const phones = Array.from({ length: SLOTS }, (_, slot) => new Phone(desk, slot, choose));
  const switcher = el("div", { class: "switcher", attr: { role: "tablist" }, aria: { label: t("phones") } });
  const bar = new Bar(desk, { traffic: () => foldTraffic(), language: changeLanguage, drawer });
  const veil = el("button", {
    type: "button",
    class: "veil",
    tabIndex: -1,
    aria: { label: t("close") },
    on: { click: () => drawer(null) },
  });
  const main = el(
    "main",
    { class: "desk" },
    people.node,
    el(
      "div",
      { class: "phones", aria: { label: t("phones") }, attr: { role: "group" } },
      phones.map((phone) => phone.node),
    ),
    traffic.node,
  );
  fill(root, bar.node, story.node, switcher, main, veil, notes.node);

  function foldTraffic(closed = !root.classList.contains("no-traffic")) {
    root.classList.toggle("no-traffic", closed);
    bar.showTraffic(!closed);
    remember({ traffic: !closed });
    if (closed && root.dataset.drawer === "traffic") drawer(null);
  }

  /** On a narrow screen: show one drawer (people, traffic, bar), or none. */
  function drawer(name, open = root.dataset.drawer !== name) {
    root.dataset.drawer = open && name ? name : "";
    setAria(bar.node.querySelector(".bar-opener"), { expanded: root.dataset.drawer === "bar" });
    if (name === "traffic" && open) root.classList.remove("no-traffic");
  }

  function showSwitcher() {
    fill(
      switcher,
      desk.phones.map((userid, slot) => {
        const person = desk.people.get(userid);
        const count = person?.unread ?? 0;
        return el(
          "button",
          {
            type: "button",
            class: "switch",
            attr: { role: "tab" },
            tabIndex: slot === desk.active ? 0 : -1,
            aria: { selected: slot === desk.active },
            on: { click: () => desk.use(slot) },
          },
          person ? avatar(person) : icon("plus", 16),
          el("span", { text: person?.name ?? t("emptyPhone") }),
          badge(count, t("unreadCount", { count })),
        );
      }),
    );
  }

  function showActive() {
    root.dataset.active = String(desk.active);
    phones.forEach((phone) => phone.showActive());
    people.draw();
    showSwitcher();
  }

  const phoneOf = (userid) => phones.find((phone) => phone.userid === userid);
  people.node.addEventListener("chosen", () => drawer(null));
  switcher.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    desk.use((desk.active + by + SLOTS) % SLOTS);
    switcher.querySelector("[aria-selected=true]").focus();
  });
  followRinging(desk);
  desk.hear("people", () => people.draw());
  desk.hear("unread", () => {
    people.draw();
    phones.forEach((phone) => phone.showPlate());
    showSwitcher();
    showTitle();
  });
  desk.hear("phones", () => {
    phones.forEach((phone) => phone.seat());
    showActive();
  });
  desk.hear("active", showActive);
  desk.hear("chat", ({ userid, ...how }) => phoneOf(userid)?.update(how));
  desk.hear("call", ({ userid, call }) => phoneOf(userid)?.showCall(call));
  desk.hear("actor", ({ userid }) => phoneOf(userid)?.acting());
  desk.hear("time", () => {
    bar.time.show();
    phones.forEach((phone) => {
      phone.tick();
      phone.dayChanged();
    });
  });
  desk.hear("story", () => {
    story.show();
    root.classList.toggle("has-story", Boolean(desk.state.story));
  });
  desk.hear("traffic", ({ entry }) => (entry ? traffic.add(entry) : traffic.draw()));
  desk.hear("connection", () => bar.showLink());
  desk.hear("said", ({ kind, text }) => notes.say(kind, text));

  listenToKeys(
    {
      search: () => {
        drawer("people", true);
        people.search.focus();
      },
      phone: (slot) => {
        desk.use(slot);
        phones[slot].type();
      },
      traffic: () => foldTraffic(),
      stories: () => press(bar.stories.button),
      faults: () => press(bar.faults.button),
      play: () => story.node.querySelector("[data-act=pause], [data-act=resume]")?.click(),
      step: () => story.node.querySelector("[data-act=step]")?.click(),
    },
    signal,
  );
  addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape" && root.dataset.drawer) drawer(null);
    },
    { signal },
  );

  foldTraffic(!(prefs.traffic ?? innerWidth >= TRAFFIC_FROM_PX));
  root.classList.toggle("has-story", Boolean(desk.state.story));
  showActive();
  clearInterval(tick);
  let minute = "";
  tick = setInterval(() => {
    bar.time.tick();
    const { hm } = parts(nowMs());
    if (hm === minute) return;
    minute = hm;
    phones.forEach((phone) => phone.tick());
  }, 500);
}

/** Press a button by a shortcut; the focus goes through it, so that it comes back there. */
function press(button) {
  button.focus();
  button.click();
}

function changeLanguage() {
  setLanguage(language() === "zh" ? "en" : "zh");
  remember({ language: language() });
  build();
  root.querySelector(".language").focus();
}

function showTitle() {
  const count = [...desk.people.values()].reduce((sum, person) => sum + (person.unread ?? 0), 0);
  document.title = count ? `(${count}) ${t("pageTitle")}` : t("pageTitle");
}

/** The platform may still be starting: ask until it answers; a refusal (wrong address) is told. */
async function begin() {
  for (;;) {
    try {
      await desk.start();
      return true;
    } catch (refusal) {
      if (!(refusal instanceof ApiRefusal)) throw refusal;
      const shut = refusal.status === 401 || refusal.status === 403;
      fill(
        root,
        el(
          "div",
          { class: "welcome" },
          el("span", { class: "seal", text: t("seal") }),
          el("p", { text: shut ? t("shutOut") : t("waiting") }),
        ),
      );
      if (shut) return false;
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

setLanguage(prefs.language);
showTheme();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
let hiddenAt = null;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenAt = performance.now();
  else if (hiddenAt !== null && performance.now() - hiddenAt > AWAY_MS && desk.state) desk.reload();
});
if (await begin()) {
  build();
  root.dataset.ready = "1";
}
