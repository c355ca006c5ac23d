/** Keys of the whole page, and the sheet that lists them. Single letters do nothing while one is typing. */

import { el, fill } from "./dom.js";
import { dialog } from "./panel.js";
import { t } from "./words.js";

const KEYS = [
  ["?", "keyHelp"],
  ["/", "keySearch"],
  ["Alt+1 / 2 / 3", "keyPhone"],
  ["1 / 2 / 3", "keySeat"],
  ["↑ ↓", "keyMove"],
  ["T", "keyTraffic"],
  ["S", "keyStories"],
  ["F", "keyFaults"],
  ["P", "keyPlay"],
  [".", "keyStep"],
  ["Esc", "keyClose"],
];

/** `acts`: search(), phone(n), traffic(), stories(), faults(), play(), step(). */
export function listenToKeys(acts, signal) {
  addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      if (event.altKey) {
        const slot = ["Digit1", "Digit2", "Digit3"].indexOf(event.code);
        if (slot < 0) return;
        event.preventDefault();
        acts.phone(slot);
        return;
      }
      if (event.target.closest?.("input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select"))
        return;
      const act = {
        "?": help,
        "/": acts.search,
        t: acts.traffic,
        s: acts.stories,
        f: acts.faults,
        p: acts.play,
        ".": acts.step,
      }[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    },
    { signal },
  );
}

/** Show the list of keys. */
export function help() {
  dialog(t("keys"), (body) => {
    fill(
      body,
      el(
        "dl",
        { class: "keys" },
        KEYS.map(([keys, words]) =>
          el(
            "div",
            {},
            el(
              "dt",
              {},
              keys.split(" ").map((key) => (key === "/" && keys.length > 1 ? " / " : el("kbd", { text: key }))),
            ),
            el("dd", { text: t(words) }),
          ),
        ),
      ),
    );
  });
}
