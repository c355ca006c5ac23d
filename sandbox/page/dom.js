/**
 * Building the page out of nodes. Text only ever enters as text nodes and URLs only through `safeUrl`, so nothing a
 * message says can become markup.
 */

const PROPERTIES = new Set([
  "value",
  "checked",
  "disabled",
  "selected",
  "hidden",
  "open",
  "type",
  "name",
  "min",
  "max",
  "step",
  "rows",
  "tabIndex",
  "placeholder",
  "autocomplete",
  "draggable",
  "multiple",
  "accept",
  "readOnly",
  "inert",
  "htmlFor",
  "download",
  "maxLength",
]);

/**
 * Make an element. `props`: `class`, `text`, `data` (dataset), `on` (listeners), `aria` (without the prefix), `attr`
 * (plain attributes), and the properties listed above. Children: nodes, strings, or nothing (null, false).
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (key === "class") node.className = value;
    else if (key === "text") node.textContent = value;
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (key === "aria") setAria(node, value);
    else if (key === "attr")
      for (const [name, text] of Object.entries(value)) node.setAttribute(name, plain(name, text));
    else if (PROPERTIES.has(key)) node[key] = value;
    else throw new TypeError(`el: unknown property ${key}`);
  }
  append(node, children);
  return node;
}

/** Append nodes and strings; lists are flattened, null and false left out. */
export function append(node, children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child);
  }
  return node;
}

/** Put these children in place of what is there. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/** Set aria attributes; false and true become words, null takes the attribute away. */
export function setAria(node, values) {
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined) node.removeAttribute(`aria-${name}`);
    else node.setAttribute(`aria-${name}`, String(value));
  }
}

/** Return the address when a person may open it from a message (http and https), else null. */
export function safeUrl(text) {
  if (typeof text !== "string" || !text) return null;
  try {
    const url = new URL(text, location.href);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

function plain(name, text) {
  if (/^on|^style$|^srcdoc$/i.test(name)) throw new TypeError(`el: attribute ${name} is not for here`);
  if ((name === "src" || name === "href") && safeUrl(String(text)) === null) return "about:blank";
  return String(text);
}

let serial = 0;

/** Return an id no other element has. */
export function freshId(stem) {
  serial += 1;
  return `${stem}-${serial}`;
}

/** Move the focus with the arrow keys among the items of `selector` inside `box`; Home and End go to the ends. */
export function arrows(box, selector, { vertical = true, wrap = true } = {}) {
  const forward = vertical ? "ArrowDown" : "ArrowRight";
  const back = vertical ? "ArrowUp" : "ArrowLeft";
  box.addEventListener("keydown", (event) => {
    if (![forward, back, "Home", "End"].includes(event.key)) return;
    if (event.target.matches("input, textarea, select")) return;
    const items = [...box.querySelectorAll(selector)].filter((item) => item.offsetParent !== null && !item.disabled);
    const at = items.indexOf(document.activeElement);
    if (items.length === 0 || at < 0) return;
    let to = event.key === "Home" ? 0 : event.key === "End" ? items.length - 1 : at + (event.key === forward ? 1 : -1);
    to = wrap ? (to + items.length) % items.length : Math.min(items.length - 1, Math.max(0, to));
    items[to].focus();
    event.preventDefault();
  });
}

/** True when the person asked for less movement. */
export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
