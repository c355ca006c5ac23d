/** Text as the app shows it: line breaks, `<a href>` and bare addresses are links, all else is just characters. */

import { el, safeUrl } from "./dom.js";

const LINK =
  /<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。；、）】」]+)/gi;

const NUMBER = /([A-Z]{2}-\d{8}-\d{4,})/;
const NUMBER_ALONE = /^[A-Z]{2}-\d{8}-\d{4,}$/;

/** Return nodes for a message text. `open(url)` is called when a link is chosen. */
export function richText(text, open) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const [whole, double, single, label, bare] = found;
    const url = safeUrl(double ?? single ?? bare);
    if (url === null) continue;
    nodes.push(...numbersWhole(text.slice(from, found.index)));
    nodes.push(link(label ?? bare, url, open));
    from = found.index + whole.length;
  }
  nodes.push(...numbersWhole(text.slice(from)));
  return nodes;
}

/** Record numbers are easier to read when a line does not break inside them. */
function numbersWhole(text) {
  return text
    .split(NUMBER)
    .filter(Boolean)
    .map((piece) => (NUMBER_ALONE.test(piece) ? el("span", { class: "number", text: piece }) : piece));
}

/** A link that opens inside the phone. */
export function link(label, url, open, className = "link") {
  return el("a", {
    class: className,
    text: label,
    attr: { href: url, rel: "noreferrer" },
    on: {
      click: (event) => {
        event.preventDefault();
        open(url);
      },
    },
  });
}

/** The little tags a textcard description may hold: div gray/highlight/normal and br. */
export function cardText(text) {
  const box = el("div", { class: "tc-text" });
  const pieces = text.split(/(<div\s+class="(?:gray|highlight|normal)">[\s\S]*?<\/div>)/i);
  for (const piece of pieces) {
    const found = /^<div\s+class="(gray|highlight|normal)">([\s\S]*?)<\/div>$/i.exec(piece);
    const inside = (found ? found[2] : piece).replace(/<br\s*\/?>/gi, "\n");
    if (inside) box.append(el("div", { class: found ? `tc-${found[1].toLowerCase()}` : "tc-normal", text: inside }));
  }
  return box;
}
