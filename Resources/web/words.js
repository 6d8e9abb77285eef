// Numbers, sizes and times as people read them.
import { el } from "./dom.js";
import { locale, t, word } from "./language.js";

const units = [t`bytes`, "KB", "MB", "GB", "TB"];

const decimals = (value, digits) => value.toLocaleString(
  locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }
);

/** Bytes in the units of settings and plans, of which each is 1024 times the one before. */
export function size(bytes) {
  if (bytes === null || bytes === undefined) return "–";
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  // Number and unit stay on one line.
  return `${decimals(value, unit && value < 10 ? 1 : 0)}\u00a0${bytes === 1 ? t`byte` : units[unit]}`;
}

/** The same as settings and plans take it: without a blank, and exact. */
export function exactSize(bytes) {
  const unit = [4, 3, 2, 1].find((power) => bytes && bytes % 1024 ** power === 0) ?? 0;
  return unit === 0 ? String(bytes) : `${bytes / 1024 ** unit}${units[unit]}`;
}

export const count = (number) => (number ?? 0).toLocaleString(locale);

export const many = (number, one, more = `${one}s`) => `${count(number)} ${word(number === 1 ? one : more)}`;

export function span(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return "–";
  if (milliseconds < 1000) return t`${milliseconds} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${decimals(seconds, 1)} s`;
  if (seconds < 3600) return t`${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return seconds < 172800 ? `${decimals(seconds / 3600, 1)} h` : t`${Math.round(seconds / 86400)} days`;
}

const far = new Intl.DateTimeFormat(locale, { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });

const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

/** Up to which distance in seconds a unit is used, and how many seconds it has. */
const steps = [[90, "second", 1], [5400, "minute", 60], [129600, "hour", 3600], [Infinity, "day", 86400]];
/** What is further away is told by its date. */
const longest = 604800;

/** How far a moment is from now, for those within a week; the date of others. */
function fromNow(date) {
  const seconds = (date - Date.now() - ahead) / 1000;
  if (Math.abs(seconds) >= longest) return far.format(date);
  return Math.abs(seconds) < 5 ? t`just now` : relative.format(...inUnits(seconds));
}

function inUnits(seconds) {
  const [, unit, size] = steps.find(([end]) => Math.abs(seconds) < end);
  return [Math.round(seconds / size), unit];
}

/** A moment by its distance from now; in the reader's own zone and in UTC it shows when the pointer rests on it. */
export function time(text, otherwise = "–") {
  if (!text) return otherwise;
  const date = new Date(text);
  return el("time", { datetime: text, class: "ago", title: `${date.toLocaleString(locale)} (${text.replace("T", " ").replace(/(\.\d+)?Z$/, "")} UTC)` },
    fromNow(date));
}

/** What a job makes of what, such as "png to jpg", as the server says it. */
export function conversion({ conversion: text }) {
  const [from, to] = text.split(" to ");
  return t`${from} to ${to}`;
}

/** How much smaller or larger a file has become. */
export function change(before, after) {
  if (!before || after === null || after === undefined) return "";
  const percent = Math.round((after / before - 1) * 100);
  if (percent === 0) return t`same size`;
  return percent < 0 ? t`${-percent} % smaller` : t`${percent} % larger`;
}

let ahead = 0;

/** Sets what the server's clock is ahead of this one, from the date of an answer, which has whole seconds. */
export function setClock(date) {
  const difference = new Date(date) - Date.now();
  if (date && Math.abs(difference - ahead) > 2000) ahead = Math.abs(difference) > 2000 ? difference : 0;
}

function untilNow(text) {
  const seconds = Math.round((new Date(text) - Date.now() - ahead) / 1000);
  return seconds <= 0 ? t`now` : relative.format(...inUnits(seconds));
}

/** How long it is until a moment, in words that go on as time does. */
export function until(text) {
  const moment = time(text);
  moment.className = "until";
  moment.textContent = untilNow(text);
  return moment;
}

/** Lets the words of `time` and `until` go on. */
export function tick() {
  for (const moment of document.querySelectorAll("time.until, time.ago")) {
    const words = moment.className === "until" ? untilNow(moment.dateTime) : fromNow(new Date(moment.dateTime));
    if (moment.textContent !== words) moment.firstChild.data = words;
  }
}
