/** The scrolling list of one chat. Rows are kept by message, so a changed card changes where it stands. */

import { divider, nowMs, parts } from "./clock.js";
import { calm, el } from "./dom.js";
import { icon } from "./icons.js";
import { messageRow, note, pendingRow } from "./message.js";
import { t } from "./words.js";

const DIVIDER_GAP_MS = 5 * 60 * 1000;
const NEAR_PX = 90;
const MORE = 80;

export class Conversation {
  /** `acts` are handed to the rows; see `messageRow`. */
  constructor(label, acts) {
    this.acts = acts;
    this.rows = new Map();
    this.list = el("div", { class: "talk-list" });
    this.newer = el(
      "button",
      { type: "button", class: "newer", hidden: true, on: { click: () => this.toEnd(true) } },
      icon("down", 14),
      t("newer"),
    );
    this.node = el(
      "div",
      { class: "talk" },
      el(
        "div",
        {
          class: "talk-scroll",
          tabIndex: 0,
          attr: { role: "log" },
          aria: { label, live: "polite", relevant: "additions" },
        },
        this.list,
      ),
      this.newer,
    );
    this.scroller = this.node.firstChild;
    this.atEnd = true;
    this.scroller.addEventListener(
      "scroll",
      () => {
        this.atEnd = this.#near();
        if (this.atEnd) this.newer.hidden = true;
      },
      { passive: true },
    );
    // Pictures that load late, a panel that opens, a window made smaller: who was at the end stays at the end.
    const follow = new ResizeObserver(() => {
      if (this.atEnd) this.toEnd();
    });
    follow.observe(this.scroller);
    follow.observe(this.list);
    this.today = null;
    this.first = true;
  }

  /** Bring the rows in line with the chat. `mine`: the person has just acted, so show the end. */
  show(chat, { mine = false } = {}) {
    const stick = this.first || mine || this.atEnd;
    const wanted = this.#wanted(chat);
    const kept = new Map();
    let before = null;
    let added = false;
    for (const item of wanted) {
      const known = this.rows.get(item.key);
      const node = this.#rowFor(item, known);
      if (!node) continue;
      if (!known) added = true;
      kept.set(item.key, { node, sign: item.sign });
      const place = before ? before.nextSibling : this.list.firstChild;
      if (place !== node) this.list.insertBefore(node, place);
      before = node;
    }
    for (const [key, { node }] of this.rows) if (!kept.has(key)) node.remove();
    this.rows = kept;
    if (stick) this.toEnd(!this.first && added);
    else if (added) this.newer.hidden = false;
    this.first = false;
  }

  /** When the company's day has changed, the time lines read differently. */
  dayChanged(chat) {
    if (this.today !== parts(nowMs()).dayNumber) this.show(chat);
  }

  toEnd(smooth = false) {
    const behavior = smooth && !calm() ? "smooth" : "instant";
    this.atEnd = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior });
    this.newer.hidden = true;
  }

  #near() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  #wanted(chat) {
    const now = nowMs();
    this.today = parts(now).dayNumber;
    const from = Math.max(0, chat.messages.length - chat.shown);
    const wanted = [];
    if (!chat.loaded) wanted.push({ key: "state", sign: "loading", make: () => note(t("loading")) });
    else if (!chat.messages.length && !chat.pending.length)
      wanted.push({ key: "state", sign: "empty", make: () => note(t("emptyChat"), "is-empty") });
    if (from > 0) wanted.push({ key: "older", sign: "older", make: () => this.#older(chat) });
    let last = null;
    for (const message of chat.messages.slice(from)) {
      const at = Date.parse(message.at);
      if (last === null || at - last > DIVIDER_GAP_MS) {
        const words = divider(at, now);
        wanted.push({ key: `time-${message.id}`, sign: words, make: () => note(words, "is-time") });
      }
      last = at;
      wanted.push({
        key: `m-${message.id}`,
        sign: JSON.stringify(message),
        make: () => messageRow(message, this.acts),
      });
    }
    for (const one of chat.pending) {
      wanted.push({ key: one.key, sign: one.state, make: () => pendingRow(one, this.acts) });
    }
    return wanted;
  }

  #rowFor(item, known) {
    if (known && known.sign === item.sign) return known.node;
    const made = item.make();
    if (!known) {
      if (made && !this.first) made.classList.add("is-new");
      return made;
    }
    if (!made) return null;
    return morph(known.node, made);
  }

  #older(chat) {
    return el(
      "div",
      { class: "note" },
      el("button", {
        type: "button",
        class: "as-link",
        text: t("older"),
        on: {
          click: () => {
            chat.shown += MORE;
            const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
            this.show(chat);
            this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
          },
        },
      }),
    );
  }
}

/** Change a row where it stands: the height glides, the card lights up shortly, the focus stays near. */
function morph(old, made) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const heightBefore = old.offsetHeight;
  old.className = made.className;
  old.replaceChildren(...made.childNodes);
  if (held) focusLike(old, held);
  const heightAfter = old.offsetHeight;
  old.classList.remove("is-changed");
  void old.offsetWidth; // so that the highlight starts again when a card changes twice
  old.classList.add("is-changed");
  if (!calm() && heightBefore && heightBefore !== heightAfter) {
    old.animate(
      [
        { height: `${heightBefore}px`, overflow: "hidden" },
        { height: `${heightAfter}px`, overflow: "hidden" },
      ],
      { duration: 220, easing: "ease" },
    );
  }
  return old;
}

function focusLike(row, held) {
  const same = held.dataset.key
    ? [...row.querySelectorAll("[data-key]")].find((node) => node.dataset.key === held.dataset.key)
    : null;
  const target = same && !same.disabled ? same : row.querySelector(".card, .bubble");
  if (!target) return;
  if (target !== same) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}
