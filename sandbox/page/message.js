/** One message of a chat, by its kind. */

import { card, photo } from "./card.js";
import { cutMark } from "./cut.js";
import { el, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { cardText, link, richText } from "./richtext.js";
import { size, t } from "./words.js";

const WIDE = new Set(["template_card", "textcard", "news", "mpnews"]);

/**
 * Draw a message as a row. `me`: avatar maker of the phone's person; `acts` as in `card`, plus `choices(id)`.
 */
export function messageRow(message, acts) {
  if (message.recalled) return note(t(message.direction === "in" ? "recalledMine" : "recalled"));
  if (message.type === "event") return message.text ? note(message.text) : null;
  const mine = message.direction === "in";
  const wide = WIDE.has(message.type) && !mine;
  const body = content(message, acts);
  return el(
    "div",
    { class: `row ${mine ? "mine" : "theirs"}${wide ? " wide" : ""}`, data: { message: String(message.id) } },
    wide ? null : avatarOf(mine, acts),
    el(
      "div",
      { class: "row-body" },
      body,
      message.cut && message.type !== "template_card"
        ? el("div", { class: "cut-line" }, cutMark(message.cut), t("cutShort"))
        : null,
    ),
  );
}

/** Something on its way: shown at once, with a mark until the platform has it. */
export function pendingRow(one, acts) {
  const text = one.text || one.file?.name || "";
  const failed = one.state === "failed";
  return el(
    "div",
    { class: `row mine ${failed ? "is-failed" : "is-sending"}`, data: { pending: one.key } },
    avatarOf(true, acts),
    el(
      "div",
      { class: "row-body" },
      el("div", { class: "bubble" }, one.file ? icon(one.type === "image" ? "picture" : "file", 16) : null, text),
      failed
        ? el(
            "div",
            { class: "send-state" },
            icon("alert", 14),
            t("failed"),
            el("button", {
              type: "button",
              class: "as-link",
              text: t("dismiss"),
              on: { click: () => acts.forget(one) },
            }),
          )
        : el("span", { class: "spinner", attr: { role: "img" }, aria: { label: t("sending") } }),
    ),
  );
}

/** A grey line in the middle. */
export function note(text, className = "") {
  return el("div", { class: `note ${className}` }, el("span", { text }));
}

function avatarOf(mine, acts) {
  return mine ? acts.avatar() : el("span", { class: "avatar app-avatar", text: t("appMark"), aria: { hidden: true } });
}

function content(message, acts) {
  switch (message.type) {
    case "text":
      return el("div", { class: "bubble" }, richText(message.text ?? "", acts.open));
    case "markdown":
      return el("div", { class: "bubble" }, markdown(message.text ?? "", acts.open));
    case "image":
      return image(message);
    case "file":
    case "video":
      return file(message);
    case "voice":
      return el("div", { class: "bubble voice" }, icon("voice", 16), el("span", { text: message.text || t("voice") }));
    case "location":
      return el(
        "div",
        { class: "bubble place" },
        icon("place", 18),
        el("span", { text: message.text || t("location") }),
      );
    case "link":
      return linkCard(message, acts);
    case "textcard":
      return textCard(message, acts);
    case "news":
    case "mpnews":
      return news(message, acts);
    case "template_card":
      return card(message, acts.choices(message.id), {
        ...acts,
        tap: (key) => acts.tap(message.id, key),
        menu: (key) => acts.menu(message.id, key),
      });
    default:
      return el(
        "div",
        { class: "bubble" },
        el("span", { class: "unknown-kind", text: message.type }),
        " ",
        message.text ?? "",
      );
  }
}

function image(message) {
  const url = safeUrl(message.file?.url ?? message.url);
  return el(
    "div",
    { class: "picture-bubble" },
    url
      ? photo(url, "picture")
      : el("div", { class: "no-picture" }, icon("picture", 20), message.file?.name || t("picture")),
  );
}

function file(message) {
  const url = safeUrl(message.file?.url ?? message.url);
  const words = [
    el(
      "span",
      { class: "file-words" },
      el("span", { class: "file-name", text: message.file?.name || message.text || t("file") }),
      message.file?.size ? el("span", { class: "file-size", text: size(message.file.size) }) : null,
    ),
    el("span", { class: "file-mark" }, icon(message.type === "video" ? "play" : "file", 22)),
  ];
  if (!url) return el("div", { class: "bubble file" }, words);
  return el("a", { class: "bubble file", download: message.file?.name ?? "", attr: { href: url } }, words);
}

function linkCard(message, acts) {
  const url = safeUrl(message.url);
  const words = message.text || message.url || "";
  return el("div", { class: "bubble" }, url ? link(words, url, acts.open) : words);
}

function textCard(message, acts) {
  const body = message.card ?? message;
  const url = safeUrl(body.url);
  return el(
    "article",
    { class: "card card-text" },
    el(
      "div",
      { class: "card-head" },
      el("h3", { class: "card-title" }, url ? link(body.title ?? "", url, acts.open, "card-link") : (body.title ?? "")),
    ),
    cardText(body.description ?? body.text ?? ""),
    url
      ? el(
          "div",
          { class: "card-jump", aria: { hidden: true } },
          el("span", { text: body.btntxt || t("details") }),
          icon("next", 16),
        )
      : null,
  );
}

function news(message, acts) {
  const articles = message.card?.articles ?? message.articles ?? [message.card ?? message];
  return el(
    "article",
    { class: "card card-news" },
    articles.map((article) => {
      const url = safeUrl(article.url ?? article.content_source_url);
      const picture = safeUrl(article.picurl);
      return el(
        "div",
        { class: "news-item" },
        picture ? photo(picture, "card-image") : null,
        el(
          "h3",
          { class: "card-title" },
          url ? link(article.title ?? "", url, acts.open, "card-link") : (article.title ?? ""),
        ),
        article.description || article.digest
          ? el("p", { class: "card-desc", text: article.description || article.digest })
          : null,
      );
    }),
  );
}
