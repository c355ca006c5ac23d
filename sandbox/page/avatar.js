/** A disc with the surname; the colour follows from the userid, so it is always the same. */

import { el } from "./dom.js";

const TONES = 8;

/** Return the avatar of a person `{userid, name}`; decoration, the name stands beside it. */
export function avatar(person, className = "") {
  const mark = [...(person?.name ?? "?")][0];
  return el("span", {
    class: `avatar tone-${tone(person?.userid ?? "")} ${className}`,
    text: mark,
    aria: { hidden: true },
  });
}

function tone(userid) {
  let sum = 7;
  for (const letter of userid.toLowerCase()) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % TONES;
}

/** The red count of unread messages, or nothing. */
export function badge(count, label) {
  if (!count) return null;
  return el("span", {
    class: "badge",
    text: count > 99 ? "99+" : String(count),
    aria: { label },
    attr: { role: "img" },
  });
}
