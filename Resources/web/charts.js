// Charts, drawn in SVG, each with its figures as a table.
import { el, soft, svg, table } from "./dom.js";
import { locale, t } from "./language.js";
import { count, size, span } from "./words.js";

const hour = 3600000;
const day = 24 * hour;
/** Where a plot has little room; whoever shows one draws it anew when that changes. */
export const narrow = matchMedia("(max-width: 699px)");
const isNarrow = () => narrow.matches;

/** A chart, what it says in words, and its table behind a toggle. */
function figure(summary, drawing, legend, rows, columns) {
  const window = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t`Chart. ${summary}` }, drawing);
  // What is newest stands on the right, which a phone would not show.
  requestAnimationFrame(() => { window.scrollLeft = window.scrollWidth; });
  return el("figure", { class: "chart" }, window, legend && el("div", { class: "legend" }, legend),
    el("details", {}, el("summary", {}, t`Show as a table`), table(summary, columns, rows)));
}

const sample = (kind) => svg(
  "svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, svg("rect", { width: 10, height: 10, class: kind }),
  kind === "failed" && stripes(0, 0, 10, 10)
);
const legend = () => [el("span", {}, sample("done"), t`Done`), el("span", {}, sample("failed"), t`Failed (striped)`)];

/** Lines over what failed, so that its colour is not all that tells. */
function stripes(x, y, width, height) {
  const lines = [];
  for (let at = y + 4; at < y + height; at += 5) lines.push(svg("line", { x1: x, x2: x + width, y1: at, y2: at, class: "hatch" }));
  return lines;
}

/** A round number at or above the largest. */
function ceiling(value) {
  const step = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 4, 6, 8, 10].map((part) => part * step).find((number) => number >= value);
}

/** Times in milliseconds that are round, and so are their halves. */
const rounds = [[1, [10, 20, 40, 100, 200, 400]], [1000, [1, 2, 4, 10, 20, 30]], [60000, [1, 2, 4, 10, 20, 30]],
  [hour, [1, 2, 4, 6, 12, 24]]].flatMap(([unit, parts]) => parts.map((part) => part * unit));
const ceilingOfTimes = (values) => {
  const value = Math.max(10, ...values);
  return rounds.find((round) => round >= value) ?? ceiling(value / day) * day;
};
/** A round time, or half of one, short enough for an axis. */
const mark = (time) => (time < 1000 ? `${time} ms` : time < 60000 ? `${time / 1000} s` : time < hour ? `${time / 60000} min`
  : time < 2 * day ? `${time / hour} h` : t`${time / day} days`);
const short = (value) => value.toLocaleString(locale, { notation: value < 10000 ? "standard" : "compact" });

/**
 * A drawing as wide as the window has room for, with its axes: `top` is the largest value, `words` says one, `labels` stand
 * below each of the parts, as many as fit; `unit` says what is counted; `draw` makes what is between from the places of
 * parts and values.
 */
function plot(summary, { top, words, labels, draw, isHalf = false, unit }) {
  const isShort = isHalf || isNarrow();
  const [width, height, left, bottom, above] = [isShort ? 340 : 720, 190, 56, 24, unit ? 28 : 10];
  const [floor, step] = [height - bottom, (width - left - 6) / Math.max(1, labels.length)];
  const y = (value) => floor - (value / top) * (floor - above);
  const isWide = labels.at(-1)?.length > 6;
  const every = Math.ceil(labels.length / ((isShort ? 4 : 8) - (isWide ? 1 : 0)));
  const last = labels.length - 1;
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": summary },
    unit && svg("text", { x: 0, y: 11 }, unit),
    [0, 0.5, 1].map((part) => [
      svg("line", { x1: left, x2: width, y1: y(top * part), y2: y(top * part), class: "axis" }),
      svg("text", { x: left - 8, y: y(top * part) + 4, "text-anchor": "end" }, words(top * part)),
    ]),
    // Of a time that comes more than once the last one is shown.
    labels.map((label, index) => label && (last - index) % every === 0 && label !== labels[index + every] && svg("text", {
      x: index === last ? width : left + (index + 0.5) * step, y: height - 6, "text-anchor": index === last ? "end" : "middle"
    }, label)),
    draw({ x: (index) => left + index * step, step, y, floor }));
}

const seconds = (start) => new Date(start).toLocaleTimeString(locale, { hourCycle: "h23" });
const clock = (start) => new Date(start).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const date = (start) => new Date(start).toLocaleDateString(locale, { day: "numeric", month: "short" });
const utcDate = (start) => new Date(start).toLocaleDateString(locale, { day: "numeric", month: "short", timeZone: "UTC" });

/** A time that is looked at: its name, and the parts of it that have bars of their own. */
export const periods = [
  { name: "day", title: t`Last 24 hours`, parts: 24, part: hour }, { name: "week", title: t`Last 7 days`, parts: 7, part: day },
  { name: "month", title: t`Last 30 days`, parts: 30, part: day },
];

/** The parts of a period, those in which nothing happened too; from the hours and days that the server knows. */
export function partsOf(period, { hours, days, now }) {
  const known = new Map((period.part === hour ? hours : days).map((entry) => [+new Date(entry.start), entry]));
  const last = Math.floor(new Date(now) / period.part) * period.part;
  return Array.from({ length: period.parts }, (_, index) => {
    const start = last - (period.parts - 1 - index) * period.part;
    return { start, completed: known.get(start)?.completed ?? 0, failed: known.get(start)?.failed ?? 0 };
  });
}

export const sum = (entries, name) => entries.reduce((all, entry) => all + entry[name], 0);

/** Conversions in each part of a period, done and failed on top of each other. */
export function jobsChart(period, figures) {
  const bars = partsOf(period, figures);
  if (sum(bars, "completed") + sum(bars, "failed") === 0) return soft(t`Nothing was converted in this time.`);
  const label = period.part === hour ? clock : utcDate;
  const top = ceiling(Math.max(4, ...bars.map((bar) => bar.completed + bar.failed)));
  const summary = t`${period.title}: ${count(sum(bars, "completed"))} conversions done, ${count(sum(bars, "failed"))} failed`;
  const unit = period.part === hour ? t`Jobs an hour` : t`Jobs a day (UTC)`;
  const labels = bars.map((bar) => label(bar.start));
  const drawing = plot(summary, { top, words: short, unit, labels, draw: ({ x, step, y, floor }) =>
    bars.map((bar, index) => {
      const [left, wide] = [x(index) + step * 0.16, step * 0.68];
      const [done, all] = [y(bar.completed), y(bar.completed + bar.failed)];
      return svg("g", {},
        svg("title", {}, t`${label(bar.start)}: ${bar.completed} done, ${bar.failed} failed`),
        svg("rect", { x: left, y: done, width: wide, height: floor - done, class: "done", rx: 1.5 }),
        bar.failed > 0 && svg("rect", { x: left, y: all, width: wide, height: done - all, class: "failed", rx: 1.5 }),
        bar.failed > 0 && stripes(left, all, wide, done - all));
    }) });
  return figure(summary, drawing, legend(), bars.filter((bar) => bar.completed + bar.failed > 0).reverse(), [
    { title: period.part === hour ? t`Hour from` : t`Day (UTC)`, cell: (bar) => label(bar.start) },
    { title: t`Done`, kind: "number", cell: (bar) => count(bar.completed) },
    { title: t`Failed`, kind: "number", cell: (bar) => count(bar.failed) },
  ]);
}

/** A line through the values; a part without one is passed over. */
function line(values, kind, { x, step, y }) {
  const points = values.map((value, index) => [value, x(index) + step / 2]).filter(([value]) => value !== null);
  return [
    svg("polyline", { class: `line ${kind}`, points: points.map(([value, at]) => `${at},${y(value)}`).join(" ") }),
    points.map(([value, at]) => svg("circle", { class: `dot ${kind}`, cx: at, cy: y(value), r: 2.5 })),
  ];
}

const stroke = (kind) => svg("svg", { viewBox: "0 0 16 10", "aria-hidden": "true" },
  svg("line", { class: `line ${kind}`, x1: 0, x2: 16, y1: 5, y2: 5 }));

/** How long jobs have waited or run in each part of a period: what half of them took at most, and 95 of 100. */
export function timesChart(title, name, { parts, part_ms: part }) {
  const [half, most] = [parts.map((entry) => entry[`${name}_p50_ms`]), parts.map((entry) => entry[`${name}_p95_ms`])];
  const top = ceilingOfTimes(most);
  const label = part < 6 * hour ? clock : date;
  const summary = t`${title}: at most ${span(Math.max(0, ...most))} for 95 of 100 jobs`;
  const labels = parts.map((entry) => label(entry.name));
  const drawing = plot(summary, { top, words: mark, isHalf: true, labels, draw: (place) => [
    line(half, "half", place), line(most, "most", place),
    parts.map((entry, index) => entry.jobs > 0 && svg(
      "rect", { class: "hit", x: place.x(index), y: 0, width: place.step, height: place.floor },
      svg("title", {}, `${new Date(entry.name).toLocaleString(locale)}: ${span(half[index])}, ${span(most[index])}`)
    )),
  ] });
  return figure(summary, drawing, [el("span", {}, stroke("half"), t`Half of the jobs`), el("span", {}, stroke("most"), t`95 of 100`)],
    parts.filter((entry) => entry.jobs > 0).reverse(), [
      { title: t`From`, cell: (entry) => new Date(entry.name).toLocaleString(locale) },
      { title: t`Jobs`, kind: "number", cell: (entry) => count(entry.jobs) },
      { title: t`Half`, kind: "number", cell: (entry) => span(entry[`${name}_p50_ms`]) },
      { title: t`95 of 100`, kind: "number", cell: (entry) => span(entry[`${name}_p95_ms`]) },
    ]);
}

/** How full the disk was in each hour of the last week. */
export function diskChart(samples) {
  const top = Math.max(...samples.map((entry) => entry.total_bytes));
  const used = samples.map((entry) => entry.total_bytes - entry.free_bytes);
  const summary = t`Used disk in the last ${samples.length} hours: ${size(used[0])} first, ${size(used.at(-1))} now, of ${size(top)}`;
  const drawing = plot(summary, { top, words: size, isHalf: true, labels: samples.map((entry) => date(entry.at)), draw: (place) =>
    line(used, "half", place) });
  return figure(summary, drawing, null, [...samples].reverse(), [
    { title: t`At`, cell: (entry) => new Date(entry.at).toLocaleString(locale) },
    { title: t`Used`, kind: "number", cell: (entry) => size(entry.total_bytes - entry.free_bytes) },
    { title: t`Free`, kind: "number", cell: (entry) => size(entry.free_bytes) },
  ]);
}

/** How much of the largest one a value is, as a bar. */
export const share = (value, most) => svg(
  "svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", class: "share", "aria-hidden": "true" },
  svg("rect", { width: most > 0 ? (value / most) * 100 : 0, height: 8, class: "done" })
);

/** The jobs of each day of a year, or of half of it on a phone, a column a week; darker is more. */
export function heatMap(days, now) {
  const today = Math.floor(new Date(now) / day) * day;
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * day;
  const [cell, left, top, weeks] = [15, 34, 20, isNarrow() ? 20 : 53];
  const first = monday - (weeks - 1) * 7 * day;
  const shown = days.filter((entry) => +new Date(entry.start) >= first);
  const known = new Map(shown.map((entry) => [+new Date(entry.start), entry.submitted]));
  const most = Math.max(1, ...known.values());
  const level = (value) => (value === 0 ? "" : `l${Math.min(4, 1 + Math.floor((value / most) * 3.999))}`);
  const squares = [];
  for (let week = 0; week < weeks; week += 1) {
    for (let weekday = 0; weekday < 7; weekday += 1) {
      const start = first + (week * 7 + weekday) * day;
      if (start > today) continue;
      const value = known.get(start) ?? 0;
      squares.push(svg("rect", { x: left + week * cell, y: top + weekday * cell, width: cell - 3, height: cell - 3, rx: 2.5, class: level(value) },
        svg("title", {}, t`${new Date(start).toISOString().slice(0, 10)}: ${count(value)} jobs`)));
      if (weekday === 0 && new Date(start).getUTCDate() <= 7 && week < weeks - 1) {
        squares.push(svg(
          "text", { x: left + week * cell, y: 12 }, new Date(start).toLocaleString(locale, { month: "short", timeZone: "UTC" })
        ));
      }
    }
  }
  const summary = t`Jobs a day in the last ${weeks} weeks (days in UTC): ${count(sum(shown, "submitted"))} in all, `
    + t`${count(Math.max(0, ...known.values()))} on the busiest day`;
  const drawing = svg("svg", { viewBox: `0 0 ${left + weeks * cell} ${top + 7 * cell}`, class: "heat", role: "img", "aria-label": summary },
    [0, 2, 4, 6].map((weekday) => svg("text", { x: 0, y: top + weekday * cell + 11 },
      new Date(monday + weekday * day).toLocaleString(locale, { weekday: "short", timeZone: "UTC" }))), squares);
  return figure(summary, drawing, null, [...shown].filter((entry) => entry.submitted > 0).reverse(), [
    { title: t`Day (UTC)`, cell: (entry) => entry.start.slice(0, 10) },
    { title: t`Jobs`, kind: "number", cell: (entry) => count(entry.submitted) },
    { title: t`Done`, kind: "number", cell: (entry) => count(entry.completed) },
    { title: t`Failed`, kind: "number", cell: (entry) => count(entry.failed) },
  ]);
}

/** How long the newest attempts at webhooks took, the oldest on the left. */
export function attemptChart(attempts) {
  const shown = [...attempts].reverse();
  const longest = Math.max(0, ...shown.map((attempt) => attempt.milliseconds));
  const failed = shown.filter((attempt) => !attempt.is_good).length;
  const summary = t`How long the last ${shown.length} webhook attempts took: at most ${span(longest)}; ${failed} failed`;
  const label = shown.length > 1 && new Date(shown.at(-1).at) - new Date(shown[0].at) < hour / 6 ? seconds : clock;
  const labels = Array.from({ length: Math.max(20, shown.length) }, (_, index) => shown[index] && label(shown[index].at));
  const drawing = plot(summary, { top: ceilingOfTimes([longest]), words: mark, labels, draw: ({ x, step, y, floor }) =>
    shown.map((attempt, index) => {
      const [left, high] = [x(index), Math.min(y(attempt.milliseconds), floor - 2)];
      return svg("g", {}, svg("title", {}, t`${attempt.milliseconds} ms, ${attempt.is_good ? t`taken` : t`failed`}`),
        svg("rect", { x: left, y: high, width: step * 0.7, height: floor - high, class: attempt.is_good ? "done" : "failed" }),
        !attempt.is_good && stripes(left, high, step * 0.7, floor - high));
    }) });
  return figure(summary, drawing, legend(), attempts, [
    { title: t`At`, cell: (attempt) => new Date(attempt.at).toLocaleString(locale) },
    { title: t`Took`, kind: "number", cell: (attempt) => span(attempt.milliseconds) },
    { title: t`Outcome`, cell: (attempt) => (attempt.is_good ? t`taken` : t`failed`) },
  ]);
}
