/** One entry of the traffic: 明文 (opened), 原文 (as it went over the wire), replay, curl. */

import { ApiRefusal, get } from "./api.js";
import { seconds } from "./clock.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { copy, dialog, segmented } from "./panel.js";
import { t } from "./words.js";

let view = "open";

/** Fill `box` with the entry of that id. */
export async function showDetail(desk, id, box, close) {
  let entry;
  try {
    entry = await get(`traffic/${encodeURIComponent(id)}`);
  } catch (refusal) {
    if (!(refusal instanceof ApiRefusal)) throw refusal;
    desk.say("bad", refusal.message || t("refused", { status: refusal.status }));
    close();
    return;
  }
  const body = el("div", { class: "detail-body", tabIndex: 0, aria: { label: t("trafficDetail") } });
  const draw = () => fill(body, view === "open" ? opened(entry) : sealed(entry));
  const tabs = segmented(
    t("trafficDetail"),
    [
      { value: "open", label: t("open") },
      { value: "sealed", label: t("sealed") },
    ],
    view,
    (value) => {
      view = value;
      draw();
    },
  );
  draw();
  fill(
    box,
    el(
      "header",
      { class: "detail-head" },
      el(
        "div",
        { class: "detail-title" },
        el("strong", { text: entry.kind }),
        el("span", { text: `${seconds(entry.at)} · ${entry.status ?? "—"} · ${Math.round(entry.ms ?? 0)} ms` }),
      ),
      el(
        "button",
        {
          type: "button",
          class: "icon-button",
          aria: { label: t("wider") },
          attr: { title: t("wider") },
          on: { click: () => wide(entry) },
        },
        icon("wide", 16),
      ),
      el(
        "button",
        { type: "button", class: "icon-button", aria: { label: t("close") }, on: { click: close } },
        icon("close", 16),
      ),
    ),
    el(
      "div",
      { class: "detail-acts" },
      tabs,
      entry.direction === "callback"
        ? el(
            "button",
            { type: "button", class: "quiet", on: { click: () => replay(desk, id) } },
            icon("replay", 15),
            t("replay"),
          )
        : null,
      entry.curl
        ? el(
            "button",
            {
              type: "button",
              class: "quiet",
              on: { click: () => copy(entry.curl, (kind, text) => desk.say(kind, text)) },
            },
            icon("copy", 15),
            t("copyCurl"),
          )
        : null,
    ),
    body,
  );
  box.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  };
}

async function replay(desk, id) {
  const answer = await desk.control(`traffic/${encodeURIComponent(id)}/replay`);
  if (!answer) return;
  if (answer.delivered === false)
    desk.say("bad", t("notDelivered", { status: answer.status || t("noAnswer"), ms: Math.round(answer.ms ?? 0) }));
  else desk.say("good", t("replayed", { ms: Math.round(answer.ms ?? 0) }));
}

function opened(entry) {
  return [block(t("request"), entry.open?.request), block(t("response"), entry.open?.response)];
}

function sealed(entry) {
  const { method, url, headers, body, ...rest } = entry.sealed ?? {};
  const head = `${method ?? ""} ${url ?? ""}`.trim();
  const list = Object.entries(headers ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
  return [
    head ? block(t("line"), head) : null,
    list ? block(t("headers"), list) : null,
    block(t("body"), body),
    Object.keys(rest).length ? block(t("others"), rest) : null,
  ];
}

function block(title, value) {
  if (value === undefined || value === null || value === "") return null;
  return el("figure", { class: "code" }, el("figcaption", { text: title }), el("pre", { text: pretty(value) }));
}

/** Make JSON and XML easy to read; anything else stays as it is. */
export function pretty(value) {
  if (typeof value !== "string") return JSON.stringify(value, null, 2);
  const text = value.trim();
  if (text.startsWith("{") || text.startsWith("[")) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return value;
    }
  }
  return text.startsWith("<") ? indentXml(text) : value;
}

function indentXml(text) {
  const pieces = text.match(/<!\[CDATA\[[\s\S]*?\]\]>|<[^>]+>|[^<]+/g) ?? [text];
  let depth = 0;
  let line = "";
  const lines = [];
  const flush = () => {
    if (line.trim()) lines.push("  ".repeat(Math.max(0, depth)) + line.trim());
    line = "";
  };
  for (let n = 0; n < pieces.length; n += 1) {
    const piece = pieces[n];
    if (piece.startsWith("</")) {
      if (line) line += piece;
      else {
        depth -= 1;
        line = piece;
      }
      flush();
    } else if (piece.startsWith("<") && !piece.startsWith("<![") && !piece.startsWith("<?") && !piece.endsWith("/>")) {
      flush();
      const [next = "", after = ""] = pieces.slice(n + 1, n + 3);
      const leaf =
        next.startsWith("</") || ((!next.startsWith("<") || next.startsWith("<![")) && after.startsWith("</"));
      line = piece;
      if (!leaf) {
        flush();
        depth += 1;
      }
    } else line += piece;
  }
  flush();
  return lines.join("\n");
}

function wide(entry) {
  dialog(
    `${entry.kind} · ${seconds(entry.at)}`,
    (body) => {
      fill(
        body,
        el(
          "div",
          { class: "wide-detail" },
          el("div", {}, opened(entry)),
          el("div", {}, sealed(entry), block("curl", entry.curl)),
        ),
      );
    },
    "dialog-wide",
  );
}
