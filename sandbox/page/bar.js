/** The bar at the top: the name, company time, the controls, and how the page looks. */

import { el, fill, setAria } from "./dom.js";
import { faultsControl, readingsControl, storiesControl } from "./controls.js";
import { icon } from "./icons.js";
import { prefs, remember } from "./prefs.js";
import { help } from "./shortcuts.js";
import { setSound } from "./sound.js";
import { TimeBar } from "./timebar.js";
import { language, t } from "./words.js";

export class Bar {
  /** `acts`: traffic(), language(), drawer(name). */
  constructor(desk, acts) {
    this.desk = desk;
    this.time = new TimeBar(desk);
    this.faults = faultsControl(desk);
    this.stories = storiesControl(desk);
    this.readings = readingsControl(desk);
    this.traffic = el(
      "button",
      {
        type: "button",
        class: "bar-button",
        aria: { pressed: false, label: t("traffic") },
        on: { click: acts.traffic },
      },
      icon("traffic", 16),
      el("span", { text: t("traffic") }),
    );
    this.link = el("span", { class: "link-state", attr: { role: "status" } });
    const tools = el(
      "div",
      { class: "bar-tools" },
      [this.faults, this.stories, this.readings].map(({ button, panel }) => [button, panel]),
      this.traffic,
    );
    const looks = el(
      "div",
      { class: "bar-looks" },
      this.#sound(),
      this.#theme(),
      el("button", {
        type: "button",
        class: "icon-button language",
        aria: { label: t("switchLanguage") },
        attr: { title: t("switchLanguage"), lang: language() === "zh" ? "en" : "zh-CN" },
        text: language() === "zh" ? "EN" : "中",
        on: { click: acts.language },
      }),
      el(
        "button",
        {
          type: "button",
          class: "icon-button",
          aria: { label: t("keys") },
          attr: { title: `${t("keys")} (?)` },
          on: { click: help },
        },
        icon("help", 18),
      ),
    );
    this.rest = el("div", { class: "bar-rest", attr: { id: "bar-rest" } }, this.time.node.lastChild, tools, looks);
    this.node = el(
      "header",
      { class: "bar" },
      el(
        "button",
        {
          type: "button",
          class: "icon-button narrow-only",
          aria: { label: t("addressBook") },
          on: { click: () => acts.drawer("people") },
        },
        icon("people", 20),
      ),
      el(
        "h1",
        { class: "brand" },
        el("span", { class: "seal", text: t("seal"), aria: { hidden: true } }),
        el("span", { class: "brand-name" }, el("b", { text: t("appName") }), " ", t("rehearsal")),
      ),
      this.time.node,
      this.link,
      this.rest,
      el(
        "button",
        {
          type: "button",
          class: "icon-button narrow-only",
          aria: { label: t("traffic") },
          on: { click: () => acts.drawer("traffic") },
        },
        icon("traffic", 20),
      ),
      el(
        "button",
        {
          type: "button",
          class: "icon-button narrow-only bar-opener",
          aria: { label: t("controls"), expanded: false, controls: "bar-rest" },
          on: { click: () => acts.drawer("bar") },
        },
        icon("menu", 20),
      ),
    );
    this.showLink();
  }

  showTraffic(open) {
    setAria(this.traffic, { pressed: open });
  }

  showLink() {
    const { connected } = this.desk;
    this.link.classList.toggle("is-lost", !connected);
    fill(this.link, connected ? null : el("span", { text: t("reconnecting") }));
  }

  #sound() {
    const button = el("button", { type: "button", class: "icon-button" });
    const draw = () => {
      const label = t(prefs.sound ? "soundOn" : "soundOff");
      fill(button, icon(prefs.sound ? "sound" : "silent", 18));
      setAria(button, { label, pressed: prefs.sound });
      button.title = label;
    };
    button.addEventListener("click", () => {
      setSound(!prefs.sound);
      draw();
    });
    draw();
    return button;
  }

  #theme() {
    const button = el("button", { type: "button", class: "icon-button theme" });
    const draw = () => {
      const dark = isDark();
      const label = t(dark ? "toLight" : "toDark");
      fill(button, icon(dark ? "sun" : "moon", 18));
      setAria(button, { label });
      button.title = label;
    };
    button.addEventListener("click", () => {
      remember({ theme: isDark() ? "light" : "dark" });
      showTheme();
      draw();
    });
    draw();
    return button;
  }
}

function isDark() {
  return prefs.theme === "dark" || (prefs.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
}

/** Put the theme a person chose, or the system's, on the page. */
export function showTheme() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
}
