/** The bottom of a phone: the app's menu of up to three buttons, and the input under it. */

import { calm, el, fill, freshId, safeUrl, setAria } from "./dom.js";
import { icon } from "./icons.js";
import { menuButton } from "./popmenu.js";
import { t } from "./words.js";

export class FootBar {
  /** `acts`: menu(key), open(url), send(text), file(kind, file), voice(text), place(label), unsupported(type). */
  constructor(chat, acts) {
    this.chat = chat;
    this.acts = acts;
    this.node = el("footer", { class: "foot" });
    this.draw();
  }

  /** Draw again, e.g. when the menu has changed. Keeps what is typed. */
  draw() {
    const menu = this.chat.menu.slice(0, 3);
    this.sign = JSON.stringify(menu);
    const focused = this.node.contains(document.activeElement) && document.activeElement.tagName === "TEXTAREA";
    fill(this.node, menu.length ? this.#menuBar(menu) : null, this.#composer());
    if (focused) this.input.focus();
  }

  menuChanged() {
    if (JSON.stringify(this.chat.menu.slice(0, 3)) !== this.sign) this.draw();
  }

  /** Put the cursor into the input. */
  type() {
    this.input.focus();
  }

  #menuBar(menu) {
    return el(
      "div",
      { class: "menubar", attr: { role: "toolbar" }, aria: { label: t("appMenu") } },
      menu.map((entry) => this.#menuEntry(entry)),
    );
  }

  #menuEntry(entry) {
    const subs = entry.sub_button ?? [];
    if (!subs.length) {
      return el("button", {
        type: "button",
        class: "menubar-button",
        text: entry.name,
        on: { click: () => this.#choose(entry) },
      });
    }
    return menuButton({
      label: entry.name,
      className: "menubar-button has-sub",
      place: "up",
      wrap: "menubar-box",
      children: [icon("list", 13), el("span", { text: entry.name })],
      entries: subs.map((sub) => ({ text: sub.name, act: () => this.#choose(sub) })),
    });
  }

  #choose(entry) {
    const type = entry.type ?? "click";
    const url = type === "view" ? safeUrl(entry.url) : null;
    if (url) this.acts.open(url);
    else if (type === "click") this.acts.menu(entry.key);
    else if (type.startsWith("pic_")) this.#pick("image", "image/png,image/jpeg");
    else if (type === "location_select") this.#ask("place");
    else this.acts.unsupported(type);
  }

  #composer() {
    const id = freshId("input");
    this.input = el("textarea", {
      rows: 1,
      placeholder: t("typeHere"),
      value: this.chat.draft,
      attr: { id, enterkeyhint: "send" },
      aria: { label: t("typeHere") },
      on: {
        input: () => this.#typed(),
        keydown: (event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          this.#send();
        },
      },
    });
    this.sendButton = el("button", { type: "button", class: "send", on: { click: () => this.#send() } }, t("send"));
    this.plusButton = el(
      "button",
      {
        type: "button",
        class: "foot-toggle plus",
        aria: { label: t("attach"), expanded: false },
        on: { click: () => this.#plus() },
      },
      icon("plus", 22),
    );
    this.panel = this.#panel();
    this.ask = el("form", { class: "ask", hidden: true });
    const row = el(
      "div",
      { class: "composer" },
      this.input,
      this.plusButton,
      this.sendButton,
    );
    const box = el("div", { class: "input-box" }, row, this.ask, this.panel);
    this.#typed();
    return box;
  }

  #typed() {
    this.chat.draft = this.input.value;
    this.sendButton.hidden = !this.input.value.trim();
    this.plusButton.hidden = !this.sendButton.hidden;
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${Math.min(this.input.scrollHeight, 96)}px`;
  }

  #send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.#typed();
    this.input.focus();
    this.acts.send(text);
  }

  #panel() {
    const entry = (name, words, act) =>
      el(
        "button",
        { type: "button", class: "plus-item", on: { click: act } },
        el("span", { class: "plus-icon" }, icon(name, 22)),
        el("span", { text: words }),
      );
    return el(
      "div",
      { class: "plus-panel", hidden: true, attr: { role: "group" }, aria: { label: t("attach") } },
      entry("picture", t("picture"), () => this.#pick("image", "image/png,image/jpeg")),
      entry("file", t("file"), () => this.#pick("file", "")),
      entry("voice", t("voice"), () => this.#ask("voice")),
      entry("place", t("location"), () => this.#ask("place")),
    );
  }

  #plus(open = this.panel.hidden) {
    this.panel.hidden = !open;
    setAria(this.plusButton, { expanded: open });
    if (open) {
      this.ask.hidden = true;
      this.panel.querySelector("button").focus();
      if (!calm())
        this.panel.animate(
          [
            { opacity: 0, transform: "translateY(8px)" },
            { opacity: 1, transform: "none" },
          ],
          140,
        );
    }
  }

  #pick(kind, accept) {
    this.#plus(false);
    const input = el("input", {
      type: "file",
      accept,
      class: "unseen",
      tabIndex: -1,
      aria: { label: t(kind === "image" ? "picture" : "file") },
    });
    input.addEventListener("change", () => {
      if (input.files[0]) this.acts.file(kind, input.files[0]);
      input.remove();
    });
    this.node.append(input);
    input.click();
  }

  /** A one-line question in place of the input: what is said in the voice message, or where one is. */
  #ask(what) {
    this.#plus(false);
    const input = el("input", {
      type: "text",
      placeholder: t(what === "voice" ? "voiceHint" : "placeHint"),
      aria: { label: t(what === "voice" ? "voiceHint" : "placeHint") },
      autocomplete: "off",
    });
    const leave = () => {
      this.ask.hidden = true;
      this.input.focus();
    };
    fill(
      this.ask,
      icon(what, 18),
      input,
      el("button", { type: "submit", class: "send", text: t("send") }),
      el(
        "button",
        { type: "button", class: "foot-toggle", aria: { label: t("cancel") }, on: { click: leave } },
        icon("close", 18),
      ),
    );
    this.ask.onsubmit = (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (!text) return;
      leave();
      this.acts[what](text);
    };
    this.ask.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      leave();
    };
    this.ask.hidden = false;
    input.focus();
  }
}
