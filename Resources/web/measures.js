// How jobs and deliveries went in a time: the cards that several pages show.
import { periods, share, timesChart } from "./charts.js";
import { badge, card, el, empty, nameOf, small, soft, table } from "./dom.js";
import { t } from "./language.js";
import { count, size, span } from "./words.js";

/** The period that the address asks for. */
export const periodOf = (context) => periods.find(({ name }) => name === context.query.get("period")) ?? periods[0];

/** Links to the same page with another period. */
export function periodLinks(context) {
  const [path] = location.hash.split("?");
  const current = periodOf(context);
  return el("nav", { class: "row", "aria-label": t`Period`, key: "periods" }, periods.map((period) => el(
    "a", { class: "button tight", href: `${path}?period=${period.name}`, "aria-current": period === current ? "true" : null },
    period.title
  )));
}

const names = { quick: t`Built in`, "built in": t`Built in`, office: t`Documents`, media: t`Film and sound`, page: t`Web pages` };
export const laneName = (name) => names[name] ?? name;

/** What half of them took at most, and 95 of 100. */
const times = (half, most) => (half === null ? "–" : `${span(half)} · ${span(most)}`);

/** Groups with how many jobs each had and how long they took. */
function groups(caption, title, entries, link = ({ name }) => laneName(name)) {
  const most = Math.max(...entries.map((entry) => entry.jobs));
  return table(caption, [
    { title, kind: "text", cell: link },
    { title: t`Jobs`, kind: "number", cell: (entry) => [count(entry.jobs), share(entry.jobs, most)] },
    { title: t`Failed`, kind: "number", cell: (entry) => count(entry.failed) },
    { title: t`Waited (half · 95 %)`, kind: "number", cell: (entry) => times(entry.wait_p50_ms, entry.wait_p95_ms) },
    { title: t`Ran (half · 95 %)`, kind: "number", cell: (entry) => times(entry.run_p50_ms, entry.run_p95_ms) },
  ], entries);
}

/** The waits and runs of jobs, over time, by lane and by engine. */
export function timeCards(measures) {
  if (measures.jobs === 0) return [card(t`Waits and runs`, empty(t`Nothing ended in this time`, t`Waits and runs show here once jobs have ended.`))];
  return [
    measures.is_part && el("p", { class: "soft", key: "part" },
      t`More jobs ended in this time than are looked at: waits, runs and reasons are those of the newest ${count(measures.of_newest)}.`),
    el("div", { class: "split", key: "times" },
      card(t`How long jobs waited`, timesChart(t`Waits`, "wait", measures)),
      card(t`How long jobs ran`, timesChart(t`Runs`, "run", measures))),
    card(t`By lane`, groups(t`Jobs by lane`, t`Lane`, measures.lanes)),
    card(t`By engine`, groups(t`Jobs by engine`, t`Engine`, measures.engines)),
  ];
}

/** Of so many workspaces, those with the most jobs, the figures are shown. */
const most = 20;

export function workspaceCard({ workspaces, is_part: isPart, of_newest: newest }) {
  if (workspaces.length === 0) return null;
  const shown = [...workspaces].sort((one, other) => other.jobs - one.jobs).slice(0, most);
  return card(t`By workspace`, groups(t`Jobs by workspace`, t`Workspace`, shown, (entry) => [
    el("a", { href: `#/w/${entry.slug}` }, nameOf(entry.name)), el("span", { class: "soft small" }, t` ${size(entry.stored_bytes)} stored`)
  ]), (isPart || workspaces.length > most) && small(isPart && t`Every job is counted; the times are those of the newest ${count(newest)} of the whole appliance. `,
    workspaces.length > most && t`The ${most} workspaces with the most jobs, of ${count(workspaces.length)}.`));
}

/** Why jobs have failed, the most frequent reason first. */
export function errorCard({ errors }) {
  const most = Math.max(...errors.map((entry) => entry.jobs));
  return card(t`Why jobs failed`, errors.length === 0 ? soft(t`No job failed in this time.`) : table(
    t`Failed jobs by reason`, [
      { title: t`Reason`, kind: "text", cell: (entry) => el("code", {}, entry.name) },
      { title: t`Jobs`, kind: "number", cell: (entry) => [count(entry.jobs), share(entry.jobs, most)] },
    ], errors
  ));
}

/** How receivers of webhooks answered, the busiest first. */
export function hostCard({ hosts }, title = t`Deliveries by host`) {
  return hosts.length > 0 && card(title, table(t`Deliveries by host`, [
    { title: t`Host`, kind: "text", cell: (entry) => entry.name },
    { title: t`Attempts`, kind: "number", cell: (entry) => [count(entry.attempts), share(entry.attempts, Math.max(...hosts.map((host) => host.attempts)))] },
    { title: t`Failed`, kind: "number", cell: (entry) => (entry.failed > 0 ? badge("failed", count(entry.failed)) : "0") },
    { title: t`Answered in (half · 95 %)`, kind: "number", cell: (entry) => times(entry.p50_ms, entry.p95_ms) },
  ], hosts));
}
