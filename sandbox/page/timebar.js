/** Company time: what it is, and the buttons that move it. */

import { isoOf, longDate, nextMonday, nowMs, parts, shortMoment } from "./clock.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { dropPanel } from "./panel.js";
import { t } from "./words.js";

const JUMPS = [
  ["plus10", 600],
  ["plus2h", 7200],
];
const MORE_JUMPS = [
  ["plus1d", 86400],
  ["plus1w", 604800],
];
const SLOW_MS = 60000;

export class TimeBar {
  constructor(desk) {
    this.desk = desk;
    this.date = el("span", { class: "time-date" });
    this.clock = el("span", { class: "time-clock" });
    this.offset = el("span", { class: "time-offset" });
    const choose = dropPanel({
      label: t("chooseTime"),
      children: t("choose…"),
      draw: (box, close) => this.#draw(box, close),
      panelClass: "time-panel",
    });
    this.node = el(
      "div",
      { class: "timebar", attr: { role: "group" }, aria: { label: t("companyTime") } },
      el(
        "div",
        { class: "time-now", attr: { role: "timer" }, aria: { label: t("companyTime"), live: "off" } },
        icon("clock", 17),
        this.date,
        this.clock,
        this.offset,
      ),
      el(
        "div",
        { class: "time-jumps" },
        JUMPS.map(([key, by]) => this.#jump(t(key), () => ({ advance: by }))),
        this.#jump(t("monday"), () => ({ to: nextMonday(nowMs()) })),
        choose.button,
        choose.panel,
      ),
    );
    this.tick();
    this.show();
  }

  /** The time as it is this second. */
  tick() {
    const now = nowMs();
    const words = longDate(now);
    if (this.date.textContent !== words) this.date.textContent = words;
    const { hm } = parts(now);
    if (this.clock.textContent !== hm) this.clock.textContent = hm;
  }

  /** What the platform told about time. */
  show() {
    const { offset_seconds: offset } = this.desk.state;
    this.offset.hidden = !offset;
    this.offset.textContent = offset ? span(offset) : "";
    this.offset.title = t("offsetHint");
    this.tick();
  }

  #jump(text, body) {
    return el("button", {
      type: "button",
      class: "bar-button",
      text,
      on: { click: (event) => this.#go(body(), event.currentTarget) },
    });
  }

  async #go(body, button) {
    this.node.classList.add("is-moving");
    if (button) button.disabled = true;
    const answer = await this.desk.control("time", body, { wait: SLOW_MS });
    if (answer?.now) this.desk.tellTime(answer);
    if (button) {
      button.disabled = false;
      if (document.activeElement === document.body) button.focus();
    }
    this.node.classList.remove("is-moving");
  }

  #draw(box, close) {
    const now = nowMs();
    const p = parts(now);
    const due = this.desk.state.next_due;
    const moment = el("input", {
      type: "datetime-local",
      value: `${p.date}T${p.hm}`,
      min: `${p.date}T${p.hm}`,
      attr: { required: "" },
      aria: { label: t("newTime") },
    });
    const go = (body) => {
      close();
      this.#go(body, null);
    };
    const form = el(
      "form",
      {
        class: "time-form",
        on: {
          submit: (event) => {
            event.preventDefault();
            const wanted = Date.parse(`${moment.value}:00+08:00`);
            if (Number.isNaN(wanted) || wanted <= nowMs()) this.desk.say("bad", t("onlyForward"));
            else go({ to: isoOf(wanted) });
          },
        },
      },
      el("label", {}, el("span", { text: t("newTime") }), moment),
      el("button", { type: "submit", class: "primary", text: t("goThere") }),
    );
    fill(
      box,
      el("h3", { class: "panel-heading", text: t("chooseTime") }),
      due
        ? el(
            "button",
            { type: "button", class: "due-button", on: { click: () => go({ to: due }) } },
            icon("bell", 16),
            el("span", { text: t("nextDue") }),
            el("strong", { text: shortMoment(due) }),
          )
        : el("p", { class: "hint", text: t("nothingDue") }),
      form,
      el(
        "div",
        { class: "panel-row" },
        MORE_JUMPS.map(([key, by]) =>
          el("button", { type: "button", class: "bar-button", text: t(key), on: { click: () => go({ advance: by }) } }),
        ),
      ),
      el("p", { class: "hint", text: t("timeHint") }),
    );
  }
}

function span(secondsAll) {
  const days = Math.floor(Math.abs(secondsAll) / 86400);
  const hours = Math.floor((Math.abs(secondsAll) % 86400) / 3600);
  const minutes = Math.floor((Math.abs(secondsAll) % 3600) / 60);
  const sign = secondsAll < 0 ? "−" : "+";
  if (days) return sign + t("spanDays", { days, hours });
  return sign + (hours ? t("spanHours", { hours, minutes }) : t("spanMinutes", { minutes }));
}
