// Charts, drawn in SVG, each with its figures as a table.
import { el, svg, table } from "./dom.js";
import { count } from "./words.js";

const hour = 3600000;

/** A chart, what it says in words, and its table behind a toggle. */
function figure(summary, drawing, legend, rows, columns) {
  const window = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Chart. ${summary}` }, drawing);
  // What is newest stands on the right, which a phone would not show.
  requestAnimationFrame(() => { window.scrollLeft = window.scrollWidth; });
  return el("figure", { class: "chart" }, window, legend && el("div", { class: "legend" }, legend),
    el("details", {}, el("summary", {}, "Show as a table"), table(summary, columns, rows)));
}

const sample = (kind) => svg(
  "svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, svg("rect", { width: 10, height: 10, class: kind }),
  kind === "failed" && stripes(0, 0, 10, 10)
);
const legend = () => [el("span", {}, sample("done"), "Done"), el("span", {}, sample("failed"), "Failed (striped)")];

/** Lines over what failed, so that its colour is not all that tells. */
function stripes(x, y, width, height) {
  const lines = [];
  for (let at = y + 4; at < y + height; at += 5) lines.push(svg(
    "line", { x1: x, x2: x + width, y1: at, y2: at, class: "hatch" }
  ));
  return lines;
}

/** A round number at or above the largest. */
function ceiling(value) {
  const step = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 4, 6, 8, 10].map((part) => part * step).find((number) => number >= value);
}

/** Conversions in each of the last hours, done and failed on top of each other. */
export function hourChart(hours, now, shown = 24) {
  const last = Math.floor(new Date(now) / hour) * hour;
  const known = new Map(hours.map((entry) => [+new Date(entry.start), entry]));
  const bars = Array.from({ length: shown }, (_, index) => {
    const start = last - (shown - 1 - index) * hour;
    return {
      start,
      ...(known.get(start) ? {
        completed: known.get(start).completed, failed: known.get(start).failed
      } : { completed: 0, failed: 0 })
    };
  });
  const [width, height, left, bottom] = [720, 190, 40, 22];
  const top = ceiling(Math.max(4, ...bars.map((bar) => bar.completed + bar.failed)));
  const scale = (value) => (value / top) * (height - bottom - 8);
  const step = (width - left) / shown;
  const clock = (start) => new Date(start).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const done = bars.reduce((sum, bar) => sum + bar.completed, 0);
  const failed = bars.reduce((sum, bar) => sum + bar.failed, 0);
  const summary = `Conversions in the last ${shown} hours: ${count(done)} done, ${count(failed)} failed`;
  const floor = height - bottom;
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": summary },
    [0, 0.5, 1].map((part) => [
      svg("line", { x1: left, x2: width, y1: floor - scale(top * part), y2: floor - scale(top * part), class: "axis" }),
      svg("text", { x: left - 8, y: floor - scale(top * part) + 4, "text-anchor": "end" }, count(top * part)),
    ]),
    bars.map((bar, index) => {
      const [x, wide] = [left + index * step + step * 0.16, step * 0.68];
      const [good, bad] = [scale(bar.completed), scale(bar.failed)];
      return svg("g", {},
        svg("title", {}, `${clock(bar.start)}: ${bar.completed} done, ${bar.failed} failed`),
        svg("rect", { x, y: floor - good, width: wide, height: good, class: "done", rx: 1.5 }),
        bad > 0 && svg("rect", { x, y: floor - good - bad, width: wide, height: bad, class: "failed", rx: 1.5 }),
        bad > 0 && stripes(x, floor - good - bad, wide, bad),
        index % 4 === shown % 4 && svg("text", { x: x + wide / 2, y: height - 6, "text-anchor": "middle" }, clock(bar.start)));
    }));
  return figure(summary, drawing, legend(), bars.filter((bar) => bar.completed + bar.failed > 0).reverse(), [
    { title: "Hour from", cell: (bar) => new Date(bar.start).toLocaleString() },
    { title: "Done", kind: "number", cell: (bar) => count(bar.completed) },
    { title: "Failed", kind: "number", cell: (bar) => count(bar.failed) },
  ]);
}

/** The jobs of each day of a year, a column a week; darker is more. */
export function heatMap(days, now) {
  const day = 24 * hour;
  const today = Math.floor(new Date(now) / day) * day;
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * day;
  const known = new Map(days.map((entry) => [+new Date(entry.start), entry.submitted]));
  const most = Math.max(1, ...known.values());
  const [cell, left, top, weeks] = [15, 34, 20, 53];
  const level = (value) => (value === 0 ? "" : `l${Math.min(4, 1 + Math.floor((value / most) * 3.999))}`);
  const squares = [];
  for (let week = 0; week < weeks; week += 1) {
    for (let weekday = 0; weekday < 7; weekday += 1) {
      const start = monday - (weeks - 1 - week) * 7 * day + weekday * day;
      if (start > today) continue;
      const value = known.get(start) ?? 0;
      squares.push(svg("rect", {
        x: left + week * cell, y: top + weekday * cell, width: cell - 3, height: cell - 3, rx: 2.5, class: level(value)
      },
        svg("title", {}, `${new Date(start).toISOString().slice(0, 10)}: ${count(value)} jobs`)));
      if (weekday === 0 && new Date(start).getUTCDate() <= 7) {
        squares.push(svg(
          "text", { x: left + week * cell, y: 12 }, new Date(start).toLocaleString("en", { month: "short", timeZone: "UTC" })
        ));
      }
    }
  }
  const total = days.reduce((sum, entry) => sum + entry.submitted, 0);
  const summary = `Jobs a day in the last year (days in UTC): ${count(total)} in all, ${count(Math.max(0, ...known.values()))} on the busiest day`;
  const drawing = svg("svg", {
    viewBox: `0 0 ${left + weeks * cell} ${top + 7 * cell}`, class: "heat", role: "img", "aria-label": summary
  },
    ["Mon", "Wed", "Fri", "Sun"].map((name, index) => svg("text", { x: 0, y: top + index * 2 * cell + 11 }, name)), squares);
  return figure(summary, drawing, null, [...days].filter((entry) => entry.submitted > 0).reverse(), [
    { title: "Day (UTC)", cell: (entry) => entry.start.slice(0, 10) },
    { title: "Jobs", kind: "number", cell: (entry) => count(entry.submitted) },
    { title: "Done", kind: "number", cell: (entry) => count(entry.completed) },
    { title: "Failed", kind: "number", cell: (entry) => count(entry.failed) },
  ]);
}

/** How long the newest attempts at webhooks took, the oldest on the left. */
export function attemptChart(attempts) {
  const shown = [...attempts].reverse();
  const [width, height, left] = [720, 150, 60];
  const top = ceiling(Math.max(10, ...shown.map((attempt) => attempt.milliseconds)));
  const step = (width - left) / Math.max(20, shown.length);
  const failed = shown.filter((attempt) => !attempt.is_good).length;
  const summary = `How long the last ${shown.length} webhook attempts took: at most ${count(Math.max(0, ...shown.map((attempt) => attempt.milliseconds)))} ms; ${failed} failed`;
  const scale = (value) => Math.max(2, (value / top) * (height - 12));
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height + 6}`, role: "img", "aria-label": summary },
    [0, 0.5, 1].map((part) => [
      svg("line", { x1: left, x2: width, y1: height - part * (height - 12), y2: height - part * (height - 12), class: "axis" }),
      svg("text", { x: left - 8, y: height - part * (height - 12) + 4, "text-anchor": "end" }, `${count(top * part)} ms`),
    ]),
    shown.map((attempt, index) => {
      const [x, high] = [left + index * step, scale(attempt.milliseconds)];
      return svg("g", {}, svg("title", {}, `${attempt.milliseconds} ms, ${attempt.is_good ? "taken" : "failed"}`),
        svg("rect", { x, y: height - high, width: step * 0.7, height: high, class: attempt.is_good ? "done" : "failed" }),
        !attempt.is_good && stripes(x, height - high, step * 0.7, high));
    }));
  return figure(summary, drawing, legend(), attempts, [
    { title: "At", cell: (attempt) => new Date(attempt.at).toLocaleString() },
    { title: "Took", kind: "number", cell: (attempt) => `${count(attempt.milliseconds)} ms` },
    { title: "Outcome", cell: (attempt) => (attempt.is_good ? "taken" : "failed") },
  ]);
}
