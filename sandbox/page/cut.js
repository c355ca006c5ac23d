/** The scissor: marks what the platform cut, and tells what was sent. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

/** A mark whose tooltip holds the original. */
export function cutMark(original) {
  const words = typeof original === "string" && original ? t("cutFrom", { original }) : t("cutHere");
  return el(
    "span",
    { class: "cut", attr: { tabindex: "0", role: "note", title: words }, aria: { label: words } },
    icon("cut", 13),
  );
}

/**
 * Return a finder over a card's `cut` map: `find("main_title.title")` gives the mark or null. Both spellings of a list
 * entry are taken: `horizontal_content_list[0].value` and `horizontal_content_list.0.value`.
 */
export function cutFinder(cut) {
  const originals = new Map();
  if (cut && typeof cut === "object") {
    for (const [path, original] of Object.entries(cut)) originals.set(path.replace(/\[(\d+)\]/g, ".$1"), original);
  }
  return (path) => (originals.has(path) ? cutMark(originals.get(path)) : null);
}
