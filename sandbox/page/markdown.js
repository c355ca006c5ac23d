/** The markdown an app may send: headings, bold, links, inline code, quotes and three font colours. */

import { el, safeUrl } from "./dom.js";
import { link } from "./richtext.js";

const INLINE =
  /\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|`([^`\n]+)`|<font\s+color="?(info|comment|warning)"?>([\s\S]*?)<\/font>/gi;

/** Return a box with the text laid out. */
export function markdown(text, open) {
  const box = el("div", { class: "md" });
  let quote = null;
  for (const line of text.split("\n")) {
    if (line.startsWith(">")) {
      if (!quote) {
        quote = el("blockquote");
        box.append(quote);
      }
      quote.append(el("div", {}, inline(line.replace(/^>\s?/, ""), open)));
      continue;
    }
    quote = null;
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (heading) box.append(el("div", { class: `md-h md-h${heading[1].length}` }, inline(heading[2], open)));
    else box.append(el("div", { class: line.trim() ? "md-p" : "md-gap" }, inline(line, open)));
  }
  return box;
}

function inline(text, open) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, bold, label, address, code, colour, coloured] = found;
    const made = piece({ bold, label, address, code, colour, coloured }, open);
    if (!made) continue;
    nodes.push(text.slice(from, found.index), made);
    from = found.index + whole.length;
  }
  nodes.push(text.slice(from));
  return nodes;
}

function piece({ bold, label, address, code, colour, coloured }, open) {
  if (bold !== undefined) return el("strong", {}, inline(bold, open));
  if (code !== undefined) return el("code", { text: code });
  if (colour !== undefined) return el("span", { class: `md-${colour.toLowerCase()}` }, inline(coloured, open));
  const url = safeUrl(address);
  return url === null ? null : link(label, url, open);
}
