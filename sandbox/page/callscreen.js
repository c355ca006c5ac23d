/** An incoming call: the phone rings until it is answered or refused. It never takes the focus from another phone. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { isRinging } from "./desk.js";
import { ringing } from "./sound.js";
import { t } from "./words.js";

const TALKING = new Set(["talking", "answered", "connected", 2, 3]);

/** Return the screen for a call, or null when there is nothing to show. `answer(act)`: "answer" or "reject". */
export function callScreen(call, answer, soundSwitch) {
  const rings = isRinging(call);
  if (!rings && !(call && TALKING.has(call.state))) return null;
  const act = (name) => (event) => {
    event.currentTarget.closest(".call").inert = true;
    answer(name);
  };
  return el(
    "section",
    {
      class: `call ${rings ? "is-ringing" : "is-talking"}`,
      attr: { role: "alertdialog" },
      aria: { label: t(rings ? "callComing" : "callTalking") },
    },
    el(
      "div",
      { class: "call-who" },
      el("span", { class: "avatar app-avatar call-avatar", text: t("appMark") }),
      el("div", { class: "call-name", text: t("callName") }),
      el("div", { class: "call-state", text: t(rings ? "callComing" : "callTalking") }),
      rings ? null : el("p", { class: "call-words", text: t("callWords") }),
    ),
    rings
      ? el(
          "div",
          { class: "call-acts" },
          el(
            "button",
            { type: "button", class: "call-button reject", on: { click: act("reject") } },
            el("span", { class: "call-disc" }, icon("phone", 26)),
            t("reject"),
          ),
          el(
            "button",
            { type: "button", class: "call-button answer", on: { click: act("answer") } },
            el("span", { class: "call-disc" }, icon("phone", 26)),
            t("answer"),
          ),
        )
      : null,
    soundSwitch(),
  );
}

/** Ring while any phone rings. */
export function followRinging(desk) {
  const now = new Map();
  desk.hear("call", ({ userid, call }) => {
    now.set(userid, isRinging(call));
    ringing([...now.values()].some(Boolean));
  });
}
