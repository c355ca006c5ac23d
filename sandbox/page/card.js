/** Template cards, drawn as the app draws them (template_card of message/send). */

import { choiceMissing, dropDown, selectList, vote } from "./choices.js";
import { cutFinder } from "./cut.js";
import { el, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { cardMenu } from "./popmenu.js";
import { link } from "./richtext.js";
import { t } from "./words.js";

const MOST_ROWS = 6;

/**
 * Draw a card. `acts`: `tap(key)`, `menu(key)`, `open(url)`, `person(userid)`; `choices`: the map of what has been
 * chosen on it so far.
 */
export function card(message, choices, acts) {
  const body = message.card ?? {};
  const cut = cutFinder(body.cut);
  const dead = message.card_state === "dead" || Boolean(message.replace_text || body.replace_text);
  const parts = [
    sourceLine(body, cut, acts),
    title(body, cut, acts),
    emphasis(body, cut),
    quote(body, cut, acts),
    picture(body, cut, acts),
    subTitle(body, cut),
    vertical(body, cut),
    rows(body, cut, acts),
    jumps(body, cut, acts),
    ...choosers(body, cut, choices, dead),
    foot(message, body, cut, acts, dead, choices),
  ];
  return el(
    "article",
    {
      class: `card card-${body.card_type ?? "unknown"}${dead ? " is-dead" : ""}`,
      aria: { label: t("cardOf", { title: body.main_title?.title || body.sub_title_text || "" }) },
    },
    parts,
  );
}

function sourceLine(body, cut, acts) {
  const { source, action_menu: menu } = body;
  if (!source?.desc && !menu?.action_list?.length) return null;
  const colour = [0, 1, 2, 3].includes(source?.desc_color) ? source.desc_color : 0;
  return el(
    "div",
    { class: "card-source" },
    el("span", { class: "app-dot", aria: { hidden: true } }),
    el("span", { class: `source-desc colour-${colour}`, text: source?.desc ?? "" }),
    cut("source.desc"),
    menu?.action_list?.length ? cardMenu(menu, acts.menu) : null,
  );
}

function title(body, cut, acts) {
  const { main_title: main, card_action: action } = body;
  if (!main?.title && !main?.desc) return null;
  const url = action?.type === 1 ? safeUrl(action.url) : null;
  return el(
    "div",
    { class: "card-head" },
    main.title
      ? el(
          "h3",
          { class: "card-title" },
          url ? link(main.title, url, acts.open, "card-link") : main.title,
          cut("main_title.title"),
        )
      : null,
    main.desc ? el("p", { class: "card-desc" }, main.desc, cut("main_title.desc")) : null,
  );
}

function quote(body, cut, acts) {
  const area = body.quote_area;
  if (!area?.title && !area?.quote_text) return null;
  const url = area.type === 1 ? safeUrl(area.url) : null;
  return el(
    "blockquote",
    { class: "card-quote" },
    area.title
      ? el(
          "div",
          { class: "quote-title" },
          url ? link(area.title, url, acts.open) : area.title,
          cut("quote_area.title"),
        )
      : null,
    area.quote_text ? el("div", { class: "quote-text" }, area.quote_text, cut("quote_area.quote_text")) : null,
  );
}

function emphasis(body, cut) {
  const strong = body.emphasis_content;
  if (!strong?.title && !strong?.desc) return null;
  return el(
    "div",
    { class: "card-emphasis" },
    el("div", { class: "emphasis-title" }, strong.title ?? "", cut("emphasis_content.title")),
    strong.desc ? el("div", { class: "emphasis-desc" }, strong.desc, cut("emphasis_content.desc")) : null,
  );
}

function picture(body, cut, acts) {
  const beside = body.image_text_area;
  const url = safeUrl(body.card_image?.url);
  const found = [];
  if (url) found.push(photo(url, "card-image", body.card_image.aspect_ratio));
  if (beside) {
    const to = beside.type === 1 ? safeUrl(beside.url) : null;
    const side = safeUrl(beside.image_url);
    found.push(
      el(
        "div",
        { class: "card-beside" },
        side ? photo(side, "beside-image") : null,
        el(
          "div",
          {},
          el(
            "div",
            { class: "beside-title" },
            to ? link(beside.title ?? "", to, acts.open) : (beside.title ?? ""),
            cut("image_text_area.title"),
          ),
          el("div", { class: "beside-desc" }, beside.desc ?? "", cut("image_text_area.desc")),
        ),
      ),
    );
  }
  return found;
}

/** A picture that steps aside when it cannot be loaded (offline). */
export function photo(url, className, ratio) {
  const image = el("img", {
    class: className,
    attr: { src: url, alt: t("picture"), referrerpolicy: "no-referrer" },
  });
  if (ratio >= 1 && ratio <= 3) image.style.setProperty("aspect-ratio", String(ratio));
  image.addEventListener("error", () =>
    image.replaceWith(el("div", { class: "no-picture" }, icon("picture", 20), t("noPicture"))),
  );
  return image;
}

function subTitle(body, cut) {
  return body.sub_title_text ? el("p", { class: "card-sub" }, body.sub_title_text, cut("sub_title_text")) : null;
}

function vertical(body, cut) {
  const entries = body.vertical_content_list ?? [];
  if (!entries.length) return null;
  return el(
    "div",
    { class: "card-vertical" },
    entries.map((entry, n) =>
      el(
        "div",
        {},
        el("div", { class: "vertical-title" }, entry.title ?? "", cut(`vertical_content_list.${n}.title`)),
        entry.desc ? el("div", { class: "vertical-desc" }, entry.desc, cut(`vertical_content_list.${n}.desc`)) : null,
      ),
    ),
  );
}

function rows(body, cut, acts) {
  const entries = (body.horizontal_content_list ?? []).slice(0, MOST_ROWS);
  if (!entries.length) return null;
  return el(
    "dl",
    { class: "card-rows" },
    entries.map((entry, n) =>
      el(
        "div",
        { class: "card-row" },
        el("dt", {}, entry.keyname ?? "", cut(`horizontal_content_list.${n}.keyname`)),
        el("dd", {}, rowValue(entry, acts), cut(`horizontal_content_list.${n}.value`)),
      ),
    ),
    cut("horizontal_content_list"),
  );
}

function rowValue(entry, acts) {
  const url = entry.type === 1 ? safeUrl(entry.url) : null;
  if (url) return link(entry.value || url, url, acts.open);
  if (entry.type === 3 && entry.userid) {
    return el("button", {
      type: "button",
      class: "link as-link",
      text: entry.value || entry.userid,
      on: { click: () => acts.person(entry.userid) },
    });
  }
  return [entry.type === 2 ? icon("file", 14) : null, entry.value ?? ""];
}

function jumps(body, cut, acts) {
  const entries = body.jump_list ?? [];
  if (!entries.length) return null;
  return el(
    "div",
    { class: "card-jumps" },
    entries.map((entry, n) => {
      const url = entry.type === 1 ? safeUrl(entry.url) : null;
      const words = [el("span", { text: entry.title ?? "" }), cut(`jump_list.${n}.title`), icon("next", 16)];
      if (!url) return el("div", { class: "card-jump" }, words);
      const row = link("", url, acts.open, "card-jump link");
      row.append(...words.filter(Boolean));
      return row;
    }),
  );
}

function choosers(body, cut, choices, dead) {
  return [
    body.button_selection ? dropDown(body.button_selection, "button_selection", cut, choices, dead) : null,
    body.checkbox ? vote(body.checkbox, cut, choices, dead) : null,
    body.select_list?.length ? selectList(body.select_list, cut, choices, dead) : null,
  ];
}

function foot(message, body, cut, acts, dead, choices) {
  const over = message.replace_text || body.replace_text;
  if (over)
    return el(
      "div",
      { class: "card-buttons" },
      el("button", { type: "button", class: "card-button is-over", disabled: true, text: over }),
    );
  if (body.submit_button) {
    const words = body.submit_button.text || t("submit");
    const submit = button(
      { text: words, key: body.submit_button.key, style: 1 },
      cut("submit_button.text"),
      dead,
      (key) => {
        if (!choiceMissing(body, choices)) acts.tap(key);
        else acts.remind();
      },
    );
    return el("div", { class: "card-buttons" }, submit);
  }
  const list = body.button_list ?? [];
  if (!list.length) return null;
  return el(
    "div",
    { class: "card-buttons", data: { count: String(list.length) } },
    list.map((entry, n) => {
      const url = entry.type === 1 ? safeUrl(entry.url) : null;
      return button(entry, cut(`button_list.${n}.text`), dead && !url, url ? () => acts.open(url) : acts.tap);
    }),
  );
}

function button(entry, mark, dead, act) {
  const style = [1, 2, 3, 4].includes(entry.style) ? entry.style : 1;
  const node = el(
    "button",
    { type: "button", class: `card-button style-${style}`, disabled: dead, data: { key: entry.key ?? "" } },
    el("span", { text: entry.text ?? "" }),
    mark,
  );
  node.addEventListener("click", async () => {
    const card = node.closest(".card");
    if (card.dataset.busy) return;
    card.dataset.busy = "1";
    node.classList.add("is-busy");
    await act(entry.key);
    delete card.dataset.busy;
    node.classList.remove("is-busy");
  });
  return node;
}
