/** The strip under the bar while a story plays: what happens, which control is at work, and how to stop it. */

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

const CHAPTER =
  /制度[一二三四五六七八九十]+(?:（[一二三四五六七八九十]+）)?|[一二三四五六七八九十]+（[一二三四五六七八九十]+）/g;

/** The policy's chapter marks named in a caption, each once. */
export function chapters(caption) {
  const found = [...caption.matchAll(CHAPTER)].map(([mark]) => (mark.startsWith("制度") ? mark : `制度${mark}`));
  return [...new Set(found)];
}

export class StoryBar {
  constructor(desk) {
    this.desk = desk;
    this.node = el("section", { class: "storybar", hidden: true, aria: { label: t("storyPlaying") } });
    this.words = el("p", { class: "story-caption", attr: { role: "status" }, aria: { live: "polite" } });
    this.show();
  }

  show() {
    const { desk, node } = this;
    const story = desk.state.story;
    node.hidden = !story;
    if (!story) return;
    const held = node.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    const over = !desk.playing;
    const caption = typeof story.caption === "string" ? story.caption : (story.caption?.text ?? "");
    const marks = [...new Set([...(story.controls ?? []), ...chapters(caption)])];
    const steps = Array.isArray(story.steps) ? story.steps.length : story.steps;
    const shown = (desk.state.stories ?? []).find((one) => one.id === story.id);
    const paused = story.state === "paused";
    this.words.textContent = caption || (over ? t("storyOver") : "");
    fill(
      node,
      el(
        "div",
        { class: "story-acts", attr: { role: "group" }, aria: { label: t("storyControls") } },
        over
          ? this.#act("again", "replay", t("again"), () => desk.startStory(shown ?? { id: story.id }))
          : this.#act(paused ? "resume" : "pause", paused ? "play" : "pause", t(paused ? "resume" : "pause"), () =>
              desk.control(`story/${paused ? "resume" : "pause"}`),
            ),
        over ? null : this.#act("step", "step", t("step"), () => desk.control("story/step")),
        this.#act("stop", over ? "close" : "stop", t(over ? "close" : "stop"), () =>
          over ? desk.leaveStory() : desk.control("story/stop"),
        ),
      ),
      el(
        "div",
        { class: "story-progress" },
        el("strong", { text: shown?.title ?? story.title ?? story.id }),
        el("span", { class: "story-count", text: `${story.step ?? 0} / ${steps ?? "?"}` }),
      ),
      this.words,
      marks.length
        ? el(
            "div",
            { class: "chapters", aria: { label: t("controlsAtWork") } },
            marks.map((mark) => el("span", { class: "chapter", text: mark })),
          )
        : null,
      el("div", { class: "story-line", aria: { hidden: true } }, el("i", {})),
    );
    node
      .querySelector(".story-line i")
      .style.setProperty("inline-size", `${steps ? Math.min(100, (100 * (story.step ?? 0)) / steps) : 0}%`);
    node.dataset.state = over ? "over" : paused ? "paused" : "playing";
    if (held) node.querySelector(`[data-act="${held}"], [data-act="resume"], [data-act="pause"]`)?.focus();
  }

  #act(name, mark, label, act) {
    return el(
      "button",
      {
        type: "button",
        class: "icon-button",
        data: { act: name },
        aria: { label },
        attr: { title: label },
        on: { click: act },
      },
      icon(mark, 18),
    );
  }
}
