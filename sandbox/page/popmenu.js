/** Small menus that open beside their button: a card's ⋯, the app's sub menus, the phone's own menu. */

import { arrows, el, freshId, setAria } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

let closeOpen = null;

/** Close the menu that is open, if any. */
export function closeMenus() {
  closeOpen?.();
}

/**
 * A button with a menu. `entries`: `{text, act}`; `place`: "up" or "down" from the button; `wrap`: class of the box.
 */
export function menuButton({ label, children, className, entries, place = "down", wrap = "" }) {
  const id = freshId("menu");
  const button = el(
    "button",
    { type: "button", class: className, aria: { haspopup: "menu", expanded: false, controls: id, label } },
    children,
  );
  const list = el(
    "div",
    { class: `popmenu popmenu-${place}`, attr: { id, role: "menu" }, hidden: true, aria: { label } },
    entries.map((entry) =>
      el("button", {
        type: "button",
        class: "popmenu-item",
        attr: { role: "menuitem" },
        tabIndex: -1,
        text: entry.text,
        on: {
          click: () => {
            close(true);
            entry.act();
          },
        },
      }),
    ),
  );
  arrows(list, "[role=menuitem]");
  const outside = (event) => {
    if (!list.contains(event.target) && !button.contains(event.target)) close(false);
  };
  function close(refocus) {
    if (list.hidden) return;
    list.hidden = true;
    setAria(button, { expanded: false });
    document.removeEventListener("pointerdown", outside, true);
    closeOpen = null;
    if (refocus) button.focus();
  }
  function open() {
    closeOpen?.();
    list.hidden = false;
    setAria(button, { expanded: true });
    document.addEventListener("pointerdown", outside, true);
    closeOpen = () => close(false);
    list.querySelector("[role=menuitem]")?.focus();
  }
  button.addEventListener("click", () => (list.hidden ? open() : close(true)));
  button.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open();
    }
  });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" && event.key !== "Tab") return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
    }
    close(event.key === "Escape");
  });
  return el("div", { class: `popmenu-box ${wrap}` }, button, list);
}

/** The ⋯ of a card (action_menu). */
export function cardMenu(menu, act) {
  return menuButton({
    label: menu.desc || t("more"),
    className: "card-more",
    children: icon("more", 18),
    wrap: "card-menu",
    entries: menu.action_list.map((entry) => ({ text: entry.text ?? "", act: () => act(entry.key) })),
  });
}
