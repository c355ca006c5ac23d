/** Panels that drop down from the bar, dialogs, and short notes at the edge of the screen. */

import { append, el, fill, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

const EDGE_PX = 8;
const NOTE_MS = { note: 4000, bad: 7000, good: 3000 };

/**
 * A button and the panel it opens. The panel closes with Esc or a click elsewhere, and the focus comes back.
 * `draw(box)` fills the panel each time it opens. Returns `{button, panel, close}`.
 */
export function dropPanel({ label, children, className = "bar-button", draw, panelClass = "" }) {
  const id = freshId("panel");
  const button = el(
    "button",
    { type: "button", class: className, attr: { popovertarget: id }, aria: { haspopup: "dialog", label } },
    children,
  );
  const panel = el("div", {
    class: `panel ${panelClass}`,
    attr: { id, popover: "auto", role: "dialog" },
    aria: { label },
  });
  panel.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") draw(panel, close);
  });
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    beside(panel, button);
    (panel.querySelector("[autofocus]") ?? panel.querySelector("button, input, select, [tabindex='0']"))?.focus();
  });
  function close() {
    if (panel.matches(":popover-open")) panel.hidePopover();
  }
  return { button, panel, close };
}

function beside(panel, button) {
  const from = button.getBoundingClientRect();
  const left = Math.max(EDGE_PX, Math.min(from.left, innerWidth - panel.offsetWidth - EDGE_PX));
  const below = from.bottom + 6;
  const top =
    below + panel.offsetHeight > innerHeight - EDGE_PX
      ? Math.max(EDGE_PX, innerHeight - panel.offsetHeight - EDGE_PX)
      : below;
  panel.style.setProperty("left", `${left}px`);
  panel.style.setProperty("top", `${top}px`);
}

/** Show a modal dialog; Esc and the cross close it. `draw(body, close)`. */
export function dialog(title, draw, className = "") {
  const id = freshId("title");
  const box = el("dialog", { class: `dialog ${className}`, attr: { "aria-labelledby": id } });
  const body = el("div", { class: "dialog-body" });
  const close = () => box.close();
  append(box, [
    el(
      "header",
      { class: "dialog-head" },
      el("h2", { attr: { id }, text: title }),
      el(
        "button",
        { type: "button", class: "icon-button", aria: { label: t("close") }, on: { click: close } },
        icon("close", 18),
      ),
    ),
    body,
  ]);
  draw(body, close);
  box.addEventListener("click", (event) => {
    if (event.target === box) close();
  });
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  return box;
}

/** The corner where short notes appear; screen readers hear them. */
export class Notes {
  constructor() {
    this.node = el("div", { class: "notes", attr: { role: "status" }, aria: { live: "polite" } });
  }

  say(kind, text) {
    const same = [...this.node.children].find((one) => one.dataset.text === text);
    same?.remove();
    const note = el(
      "div",
      { class: `toast toast-${kind}`, data: { text } },
      icon(kind === "bad" ? "alert" : "bell", 17),
      el("span", { text }),
      el(
        "button",
        { type: "button", class: "toast-close", aria: { label: t("dismiss") }, on: { click: () => note.remove() } },
        icon("close", 14),
      ),
    );
    this.node.append(note);
    while (this.node.children.length > 4) this.node.firstChild.remove();
    setTimeout(() => note.remove(), NOTE_MS[kind] ?? NOTE_MS.note);
  }
}

/** Copy to the clipboard; says so through `say`. */
export async function copy(text, say) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = el("textarea", { value: text, class: "unseen", tabIndex: -1 });
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  say("good", t("copied"));
}

/** A row of choices of which one holds. `entries`: `{value, label}`. */
export function segmented(label, entries, current, act) {
  const name = freshId("segment");
  const box = el("div", { class: "segmented", attr: { role: "radiogroup" }, aria: { label } });
  fill(
    box,
    entries.map((entry) =>
      el(
        "label",
        {},
        el("input", {
          type: "radio",
          name,
          value: String(entry.value),
          checked: entry.value === current,
          on: { change: () => act(entry.value) },
        }),
        el("span", { text: entry.label }),
      ),
    ),
  );
  return box;
}
