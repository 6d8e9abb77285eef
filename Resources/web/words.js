// Numbers, sizes and times as people read them.
import { el } from "./dom.js";

const units = ["bytes", "KB", "MB", "GB", "TB"];

/** Bytes in the units of settings and plans, of which each is 1024 times the one before. */
export function size(bytes) {
  if (bytes === null || bytes === undefined) return "–";
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${unit && value < 10 ? value.toFixed(1) : Math.round(value)} ${bytes === 1 ? "byte" : units[unit]}`;
}

export const count = (number) => (number ?? 0).toLocaleString("en");

export const many = (number, one, more = `${one}s`) => `${count(number)} ${number === 1 ? one : more}`;

export function span(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return "–";
  if (milliseconds < 1000) return `${milliseconds} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return seconds < 172800 ? `${(seconds / 3600).toFixed(1)} h` : `${Math.round(seconds / 86400)} days`;
}

const near = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const far = new Intl.DateTimeFormat(
  undefined, { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }
);

/** A moment in the reader's own zone; UTC shows when the pointer rests on it. */
export function time(text, otherwise = "–") {
  if (!text) return otherwise;
  const date = new Date(text);
  const isToday = date.toDateString() === new Date().toDateString();
  return el("time", { datetime: text, title: `${text.replace("T", " ").replace(/(\.\d+)?Z$/, "")} UTC` },
    isToday ? `${near.format(date)} today` : far.format(date));
}

/** How much smaller or larger a file has become. */
export function change(before, after) {
  if (!before || after === null || after === undefined) return "";
  const percent = Math.round((after / before - 1) * 100);
  if (percent === 0) return "same size";
  return percent < 0 ? `${-percent} % smaller` : `${percent} % larger`;
}

let ahead = 0;

/** Sets what the server's clock is ahead of this one, from the date of an answer, which has whole seconds. */
export function setClock(date) {
  const difference = new Date(date) - Date.now();
  if (date && Math.abs(difference - ahead) > 2000) ahead = Math.abs(difference) > 2000 ? difference : 0;
}

function untilNow(text) {
  const seconds = Math.round((new Date(text) - Date.now() - ahead) / 1000);
  if (seconds <= 0) return "now";
  if (seconds < 60) return `in ${many(seconds, "second")}`;
  if (seconds < 3600) return `in ${many(Math.round(seconds / 60), "minute")}`;
  return seconds < 172800 ? `in ${many(Math.round(seconds / 360) / 10, "hour")}` : `in ${many(Math.round(seconds / 86400), "day")}`;
}

/** How long it is until a moment, in words that go on as time does. */
export function until(text) {
  const moment = time(text);
  moment.className = "until";
  moment.title = `${moment.textContent}, ${moment.title}`;
  moment.textContent = untilNow(text);
  return moment;
}

/** Lets the words of `until` go on. */
export function tick() {
  for (const moment of document.querySelectorAll("time.until")) {
    const words = untilNow(moment.dateTime);
    if (moment.textContent !== words) moment.firstChild.data = words;
  }
}
