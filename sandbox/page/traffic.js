/** 收发记录: every callback, reply and call, newest last, with filters, details and the way to make a story of it. */

import { seconds } from "./clock.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { saveStory } from "./savestory.js";
import { showDetail } from "./trafficdetail.js";
import { t } from "./words.js";

const NEAR_PX = 60;
const WAYS = { callback: "→", reply: "←", api: "⇄" };

export class Traffic {
  /** `close()`: fold the panel away. */
  constructor(desk, close) {
    this.desk = desk;
    this.person = "";
    this.kind = "";
    this.chosen = null;
    this.who = el("select", { aria: { label: t("filterPerson") }, on: { change: () => this.#filter() } });
    this.what = el("select", { aria: { label: t("filterKind") }, on: { change: () => this.#filter() } });
    this.list = el("ol", {
      class: "traffic-list",
      aria: { label: t("traffic") },
      on: { keydown: (event) => this.#keys(event), scroll: () => this.#scrolled() },
    });
    // The list gets its size only when it is shown, long after it was drawn.
    this.following = true;
    new ResizeObserver(() => this.#follow()).observe(this.list);
    this.detail = el("section", { class: "traffic-detail", hidden: true, aria: { label: t("trafficDetail") } });
    this.node = el(
      "aside",
      { class: "traffic", aria: { label: t("traffic") } },
      el(
        "h2",
        { class: "panel-title" },
        el("span", { text: t("traffic") }),
        el(
          "span",
          { class: "panel-acts" },
          el("button", { type: "button", class: "quiet", text: t("saveStory"), on: { click: () => saveStory(desk) } }),
          el(
            "button",
            { type: "button", class: "icon-button", aria: { label: t("foldTraffic") }, on: { click: close } },
            icon("close", 17),
          ),
        ),
      ),
      el("div", { class: "traffic-filters" }, this.who, this.what),
      this.list,
      this.detail,
    );
    this.drawn = new Map();
    this.draw();
  }

  /** Draw the whole list anew (filters, reload). */
  draw() {
    this.#options();
    this.drawn.clear();
    const entries = this.desk.traffic.filter((entry) => this.#wanted(entry));
    fill(
      this.list,
      entries.length
        ? entries.map((entry) => this.#row(entry))
        : el("li", { class: "hint traffic-empty", text: t("noTraffic") }),
    );
    this.following = true;
    this.#follow();
  }

  /** Take one entry that has just come or changed. */
  add(entry) {
    if (!this.#wanted(entry)) return;
    this.list.querySelector(".traffic-empty")?.remove();
    const before = this.drawn.get(entry.id);
    const row = this.#row(entry);
    if (before) before.replaceWith(row);
    else this.list.append(row);
    while (this.list.children.length > 400) this.list.firstChild.remove();
    if (!this.list.contains(document.activeElement)) this.#follow();
    if (![...this.what.options].some((option) => option.value === entry.kind)) this.#options();
  }

  #follow() {
    if (this.following) this.list.scrollTop = this.list.scrollHeight;
  }

  #scrolled() {
    if (this.list.clientHeight)
      this.following = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR_PX;
  }

  /** Show one entry below the list. */
  async choose(id) {
    this.chosen = id;
    for (const [key, row] of this.drawn) row.firstChild.setAttribute("aria-expanded", String(key === id));
    this.detail.hidden = id === null;
    if (id !== null) await showDetail(this.desk, id, this.detail, () => this.#leave());
  }

  #leave() {
    const row = this.drawn.get(this.chosen);
    this.choose(null);
    row?.firstChild.focus();
  }

  #filter() {
    this.person = this.who.value;
    this.kind = this.what.value;
    this.draw();
    if (this.person) this.desk.loadTraffic(this.person);
  }

  #wanted(entry) {
    if (this.person && entry.person !== this.person) return false;
    if (!this.kind) return true;
    return this.kind.startsWith("way:") ? entry.direction === this.kind.slice(4) : entry.kind === this.kind;
  }

  #options() {
    const people = [...this.desk.people.values()];
    fill(
      this.who,
      el("option", { value: "", text: t("everyone") }),
      people.map((person) =>
        el("option", { value: person.userid, text: person.name, selected: person.userid === this.person }),
      ),
    );
    this.who.value = this.person;
    const kinds = [...new Set(this.desk.traffic.map((entry) => entry.kind))].sort();
    fill(
      this.what,
      el("option", { value: "", text: t("everyKind") }),
      Object.keys(WAYS).map((way) => el("option", { value: `way:${way}`, text: `${WAYS[way]} ${t(way)}` })),
      kinds.map((kind) => el("option", { value: kind, text: kind })),
    );
    this.what.value = this.kind;
  }

  #row(entry) {
    const bad = isBad(entry);
    const person = this.desk.people.get(entry.person);
    const row = el(
      "li",
      { class: `entry way-${entry.direction}${bad ? " is-bad" : ""}` },
      el(
        "button",
        {
          type: "button",
          data: { entry: String(entry.id) },
          aria: { expanded: entry.id === this.chosen },
          on: { click: () => this.choose(this.chosen === entry.id ? null : entry.id) },
        },
        el(
          "span",
          { class: "entry-top" },
          el("span", { class: "entry-time", text: seconds(entry.at) }),
          el("span", { class: "entry-way", text: WAYS[entry.direction] ?? "·", attr: { title: t(entry.direction) } }),
          el("span", { class: "entry-kind", text: entry.kind }),
          entry.attempt > 1 ? el("span", { class: "entry-attempt", text: t("attempt", { n: entry.attempt }) }) : null,
          el("span", {
            class: "entry-ms",
            text: entry.ms === null || entry.ms === undefined ? "…" : `${Math.round(entry.ms)} ms`,
          }),
        ),
        el(
          "span",
          { class: "entry-bottom" },
          person ? el("span", { class: "entry-person", text: person.name }) : null,
          el("span", { class: "entry-summary", text: entry.summary ?? "" }),
          bad
            ? el("span", {
                class: "entry-fault",
                text: entry.errcode ? String(entry.errcode) : String(entry.status || t("noAnswer")),
              })
            : null,
        ),
      ),
    );
    this.drawn.set(entry.id, row);
    return row;
  }

  #keys(event) {
    const items = [...this.list.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    items[Math.max(0, Math.min(items.length - 1, to))].focus();
  }
}

/** True for an entry that did not go well. */
export function isBad(entry) {
  return Boolean(entry.errcode) || (typeof entry.status === "number" && (entry.status === 0 || entry.status >= 400));
}
