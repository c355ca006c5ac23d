/** A page opened from a message, inside the phone. */

import { calm, el } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

/**
 * Return the sheet for an address. `close()` is called when the person leaves it. The page inside is kept from moving
 * the window it is in (no top navigation).
 */
export function pageSheet(address, shown, close) {
  const frame = el("iframe", {
    class: "sheet-frame",
    attr: {
      title: t("pageInside"),
      src: address,
      sandbox: "allow-scripts allow-same-origin allow-forms allow-downloads allow-modals",
      referrerpolicy: "no-referrer",
    },
  });
  const shut = el(
    "button",
    { type: "button", class: "sheet-close", aria: { label: t("closePage") }, on: { click: close } },
    icon("close", 20),
  );
  const sheet = el(
    "section",
    { class: "sheet", attr: { role: "dialog" }, aria: { label: t("pageInside") } },
    el(
      "header",
      { class: "sheet-bar" },
      shut,
      el("span", { class: "sheet-address", text: hostAndPath(shown), attr: { title: shown } }),
      el(
        "button",
        {
          type: "button",
          class: "sheet-close",
          aria: { label: t("reloadPage") },
          on: { click: () => frame.setAttribute("src", address) },
        },
        icon("replay", 17),
      ),
    ),
    el("div", { class: "sheet-wait" }, el("span", { class: "spinner" })),
    frame,
  );
  frame.addEventListener("load", () => sheet.classList.add("is-loaded"));
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  if (!calm())
    queueMicrotask(() =>
      sheet.animate(
        [
          { transform: "translateY(24%)", opacity: 0 },
          { transform: "none", opacity: 1 },
        ],
        { duration: 200, easing: "ease-out" },
      ),
    );
  return { node: sheet, focus: () => shut.focus() };
}

function hostAndPath(address) {
  const url = new URL(address);
  return url.pathname === "/" ? url.host : url.pathname;
}
