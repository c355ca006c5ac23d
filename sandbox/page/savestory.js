/** 存成场景: the last minutes become a story file, which is a test as well. */

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { copy, dialog } from "./panel.js";
import { t } from "./words.js";

const MINUTES = 10;

/** Ask how many minutes, then show the file to copy or download. */
export function saveStory(desk) {
  dialog(t("saveStory"), (body) => {
    const minutes = el("input", {
      type: "number",
      min: "1",
      max: "240",
      value: String(MINUTES),
      attr: { required: "", autofocus: "" },
      aria: { label: t("lastMinutes") },
    });
    const result = el("div", { class: "saved" });
    const form = el(
      "form",
      {
        class: "save-form",
        on: {
          submit: async (event) => {
            event.preventDefault();
            const answer = await desk.control("save", { minutes: Number(minutes.value) });
            if (answer) fill(result, saved(desk, answer.yaml ?? ""));
          },
        },
      },
      el("label", {}, el("span", { text: t("lastMinutes") }), minutes),
      el("button", { type: "submit", class: "primary", text: t("makeStory") }),
    );
    fill(body, el("p", { class: "hint", text: t("saveHint") }), form, result);
  });
}

function saved(desk, yaml) {
  const download = () => {
    const url = URL.createObjectURL(new Blob([yaml], { type: "text/yaml" }));
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.download = "story.yaml";
    anchor.click();
    URL.revokeObjectURL(url);
  };
  return [
    el("pre", { class: "yaml", tabIndex: 0, text: yaml }),
    el(
      "div",
      { class: "panel-row" },
      el(
        "button",
        { type: "button", class: "quiet", on: { click: () => copy(yaml, (kind, text) => desk.say(kind, text)) } },
        icon("copy", 15),
        t("copy"),
      ),
      el("button", { type: "button", class: "quiet", on: { click: download } }, icon("down", 15), t("download")),
    ),
  ];
}
