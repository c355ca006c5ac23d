/** Drop-downs and votes on cards. What a person touched is kept in `choices`; the rest is the platform's default. */

import { el, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

/** One drop-down. As in the app, the first option counts as selected when none is named. */
export function dropDown(question, path, cut, choices, dead) {
  const id = freshId("choice");
  const options = question.option_list ?? [];
  const named = choices.get(question.question_key)?.[0] ?? question.selected_id;
  const current = options.some((option) => option.id === named) ? named : options[0]?.id;
  const select = el(
    "select",
    {
      attr: { id },
      disabled: dead || question.disable === true,
      data: { question: question.question_key ?? "" },
      on: { change: () => choices.set(question.question_key, [select.value]) },
    },
    options.map((option) => el("option", { value: option.id, text: option.text, selected: option.id === current })),
  );
  select.value = current ?? "";
  const marks = options.map((_, n) => cut(`${path}.option_list.${n}.text`)).filter(Boolean);
  return el(
    "div",
    { class: "card-choice" },
    el("label", { htmlFor: id }, question.title || t("choose"), cut(`${path}.title`), marks),
    el("span", { class: "select" }, select, icon("down", 15)),
  );
}

/** Up to three drop-downs of a multiple_interaction. */
export function selectList(list, cut, choices, dead) {
  return el(
    "div",
    { class: "card-choices" },
    list.map((question, n) => dropDown(question, `select_list.${n}`, cut, choices, dead)),
  );
}

/** The options of a vote; mode 1 takes several. */
export function vote(box, cut, choices, dead) {
  const many = box.mode === 1;
  const options = box.option_list ?? [];
  const preset = options.filter((option) => option.is_checked).map((option) => option.id);
  if (preset.length && !choices.has(box.question_key)) choices.set(box.question_key, preset);
  const chosen = new Set(choices.get(box.question_key) ?? []);
  const name = freshId("vote");
  const field = el(
    "fieldset",
    { class: "card-vote", disabled: dead || box.disable === true },
    el("legend", { class: "unseen", text: t(many ? "voteMany" : "voteOne") }),
    options.map((option, n) =>
      el(
        "label",
        { class: "vote-option" },
        el("input", { type: many ? "checkbox" : "radio", name, value: option.id, checked: chosen.has(option.id) }),
        el("span", { class: "vote-mark", aria: { hidden: true } }, icon("check", 13)),
        el("span", { text: option.text ?? "" }),
        cut(`checkbox.option_list.${n}.text`),
      ),
    ),
  );
  field.addEventListener("change", () => {
    choices.set(
      box.question_key,
      [...field.querySelectorAll("input:checked")].map((input) => input.value),
    );
  });
  return field;
}

/** True when a vote has nothing chosen yet: the app's submit button does not answer then. */
export function choiceMissing(body, choices) {
  const box = body.checkbox;
  if (!box) return false;
  return (choices.get(box.question_key) ?? []).length === 0;
}
