/** The panels of the bar: faults, readings, stories. */

import { el, fill, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { dropPanel, segmented } from "./panel.js";
import { t } from "./words.js";

/** 故障模拟: each fault with its share in percent. */
export function faultsControl(desk) {
  const count = el("span", { class: "count" });
  const made = dropPanel({
    label: t("faults"),
    children: [icon("fault", 16), el("span", { text: t("faults") }), count, icon("down", 14)],
    draw: (box) => draw(box),
    panelClass: "faults-panel",
  });
  const label = () => {
    const on = Object.values(desk.state.faults ?? {}).filter((percent) => percent > 0).length;
    count.textContent = on ? String(on) : "";
    made.button.classList.toggle("is-on", on > 0);
  };
  function draw(box) {
    const { faults = {}, fault_names: names = [] } = desk.state;
    const none = el("button", {
      type: "button",
      class: "bar-button",
      text: t("faultsNone"),
      on: { click: () => desk.setFaults(Object.fromEntries(names.map(({ name }) => [name, 0]))) },
    });
    fill(
      box,
      el("div", { class: "panel-top" }, el("h3", { class: "panel-heading", text: t("faults") }), none),
      el("p", { class: "hint", text: t("faultsHint") }),
      names.map(({ name, label: words }) => slider(name, words, faults[name] ?? 0)),
    );
  }
  function slider(name, words, percent) {
    const id = freshId("fault");
    const shown = el("output", { text: `${percent}%` });
    const input = el("input", {
      type: "range",
      min: "0",
      max: "100",
      step: "5",
      value: String(percent),
      attr: { id },
      data: { fault: name },
      on: {
        input: () => show(),
        change: () => desk.setFaults({ [name]: Number(input.value) }),
      },
    });
    const show = () => {
      shown.textContent = `${input.value}%`;
      input.style.setProperty("--share", `${input.value}%`);
      row.classList.toggle("is-on", Number(input.value) > 0);
    };
    const row = el("div", { class: "fault" }, el("label", { htmlFor: id, text: words }), input, shown);
    show();
    return row;
  }
  desk.hear("faults", () => {
    label();
    for (const input of made.panel.querySelectorAll("[data-fault]")) {
      if (input === document.activeElement && input.matches(":active")) continue;
      input.value = String(desk.state.faults[input.dataset.fault] ?? 0);
      input.dispatchEvent(new Event("input"));
    }
  });
  label();
  return made;
}

/** 口径: which of two readings of the platform's documents holds. */
export function readingsControl(desk) {
  return dropPanel({
    label: t("readings"),
    children: [icon("reading", 16), el("span", { text: t("readings") }), icon("down", 14)],
    panelClass: "readings-panel",
    draw: (box) => {
      const { readings = {}, reading_names: names = [] } = desk.state;
      fill(
        box,
        el("h3", { class: "panel-heading", text: t("readings") }),
        el("p", { class: "hint", text: t("readingsHint") }),
        names.map(({ name, label, values }) =>
          el(
            "div",
            { class: "reading" },
            el("div", { class: "reading-label", text: label }),
            segmented(label, values.map(asEntry), readings[name], (value) => desk.setReadings({ [name]: value })),
          ),
        ),
      );
    },
  });
}

function asEntry(value) {
  if (value !== null && typeof value === "object")
    return { value: value.value ?? value.name, label: value.label ?? String(value.value ?? value.name) };
  if (typeof value === "boolean") return { value, label: t(value ? "yes" : "no") };
  return { value, label: String(value) };
}

const SPEEDS = [0.5, 1, 2, 4];
let speed = 1;

/** 演示场景: pick one and it plays. */
export function storiesControl(desk) {
  const made = dropPanel({
    label: t("stories"),
    children: [icon("story", 16), el("span", { text: t("stories") }), icon("down", 14)],
    panelClass: "stories-panel",
    draw: (box, close) => {
      const stories = desk.state.stories ?? [];
      const paces = segmented(
        t("speed"),
        SPEEDS.map((value) => ({ value, label: `${value}×` })),
        speed,
        (value) => {
          speed = value;
        },
      );
      fill(
        box,
        el("div", { class: "panel-top" }, el("h3", { class: "panel-heading", text: t("stories") }), paces),
        stories.length
          ? el(
              "ul",
              { class: "stories" },
              stories.map((story) =>
                el(
                  "li",
                  {},
                  el(
                    "button",
                    {
                      type: "button",
                      class: "story",
                      data: { story: story.id },
                      on: {
                        click: () => {
                          close();
                          desk.startStory(story, speed);
                        },
                      },
                    },
                    el("span", { class: "story-mark" }, icon("play", 15)),
                    el(
                      "span",
                      { class: "story-words" },
                      el("span", { class: "story-title", text: story.title }),
                      el("span", { class: "story-about", text: story.about ?? "" }),
                    ),
                    el("span", {
                      class: "story-steps",
                      text: t("steps", { n: Array.isArray(story.steps) ? story.steps.length : story.steps }),
                    }),
                  ),
                ),
              ),
            )
          : el("p", { class: "hint", text: t("noStories") }),
      );
    },
  });
  return made;
}
