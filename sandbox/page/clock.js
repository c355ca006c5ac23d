/**
 * Company time on the page: instants are ISO texts with their offset; everything is shown in the company's zone (+08:00)
 * whatever zone the browser is in. Between two readings from the platform the page counts on by the browser's own
 * steady clock.
 */

import { t, word } from "./words.js";

const ZONE_MS = 8 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;

let readMs = 0;
let readAt = 0;

/** Take a reading: `iso` is company time now. */
export function setNow(iso) {
  readMs = Date.parse(iso);
  readAt = performance.now();
}

/** Return company time now, in milliseconds since 1970 (UTC). */
export function nowMs() {
  return readMs + (performance.now() - readAt);
}

/** Return the parts an instant has in the company's zone. */
export function parts(ms) {
  const there = new Date(ms + ZONE_MS);
  const two = (n) => String(n).padStart(2, "0");
  return {
    year: there.getUTCFullYear(),
    month: there.getUTCMonth() + 1,
    day: there.getUTCDate(),
    weekday: there.getUTCDay(),
    hm: `${two(there.getUTCHours())}:${two(there.getUTCMinutes())}`,
    s: two(there.getUTCSeconds()),
    date: `${there.getUTCFullYear()}-${two(there.getUTCMonth() + 1)}-${two(there.getUTCDate())}`,
    dayNumber: Math.floor((ms + ZONE_MS) / DAY_MS),
  };
}

/** `2026-11-23 周一` and `14:05` of an instant. */
export function longDate(ms) {
  const p = parts(ms);
  return `${p.date} ${word("weekdays")[p.weekday]}`;
}

/** `14:05:01` of an ISO text, for the traffic list. */
export function seconds(iso) {
  const p = parts(Date.parse(iso));
  return `${p.hm}:${p.s}`;
}

/** The line between messages, as the app writes it: today the time alone, then 昨天, then the date. */
export function divider(ms, reference) {
  const p = parts(ms);
  const now = parts(reference);
  const age = now.dayNumber - p.dayNumber;
  if (age === 0) return p.hm;
  if (age === 1) return t("yesterday", { time: p.hm });
  const key = p.year === now.year ? "dayInYear" : "dayWithYear";
  return t(key, { year: p.year, month: p.month, day: p.day, name: word("months")[p.month - 1], time: p.hm });
}

/** A due instant, short: the time when it is today, else day and time. */
export function shortMoment(iso) {
  return divider(Date.parse(iso), nowMs());
}

/** Return the ISO text of the next Monday at 09:00 after an instant (never the same instant). */
export function nextMonday(ms) {
  const p = parts(ms);
  const days = (8 - p.weekday) % 7 || 7;
  return isoOf((p.dayNumber + days) * DAY_MS - ZONE_MS + 9 * 3600 * 1000);
}

/** Write an instant as ISO text in the company's zone. */
export function isoOf(ms) {
  const p = parts(ms);
  return `${p.date}T${p.hm}:${p.s}+08:00`;
}
