// How the appliance does.
import { ask, read } from "../api.js";
import { attemptChart, diskChart, jobsChart, periods } from "../charts.js";
import { act, actions, badge, card, el, empty, facts, note, small, table } from "../dom.js";
import { t } from "../language.js";
import { errorCard, hostCard, periodLinks, periodOf, timeCards, workspaceCard } from "../measures.js";
import { count, many, size, until } from "../words.js";

export async function show(context) {
  const [{ health }, { measures }] = await Promise.all([read("/health"), read(`/measures?period=${periodOf(context).name}`)]);
  return { title: t`Health`, lead: t`Kept up to date as you look at it.`, every: 5000, body: parts(health, measures, context) };
}

/** When the disk will be full, in words. */
const forecast = ({ full_at: end, samples }) => (end ? [t`As in the last week, it will be full `, until(end), "."]
  : samples.length < 3 ? t`When it will be full is said once some hours are known.` : t`As in the last week, it will not be full within a year.`);

function parts({ server, queue, store, webhooks, hours, now }, measures, context) {
  const tile = (name, value, hint) => el(
    "div", { class: "card tile" }, el("span", { class: "soft" }, name), el("strong", {}, value),
    el("span", { class: "small soft" }, hint)
  );
  const used = store.total_bytes - store.free_bytes;
  const lacks = server.sandbox.missing && server.sandbox.missing !== "nothing";
  const isShort = Boolean(store.shortage);
  return [
    store.failure && note("bad", el("strong", {}, t`Nothing is written any more: `), store.failure),
    isShort && note("warn", t`No new jobs are taken: ${store.shortage === "disk" ? t`the disk is nearly full` : t`too many jobs wait`}.`),
    el("div", { class: "grid tiles" },
      tile(t`Waiting jobs`, count(queue.waiting), queue.is_paused ? t`the queue is paused` : t`the queue runs`),
      tile(t`Workers`, t`${server.workers.busy} of ${server.workers.all}`, t`busy`),
      tile(t`Free disk`, size(store.free_bytes), t`of ${size(store.total_bytes)}`),
      tile(t`Webhooks waiting`, count(webhooks.waiting), t`${many(webhooks.failed, "failure")} in the last ${count(webhooks.attempts)}`)),
    card(t`Conversions an hour`, jobsChart(periods[0], { hours, now })),
    card(t`Webhooks`, webhooks.attempts > 0 ? [
      facts([
        [t`Half are answered in`, t`${count(webhooks.p50_ms)} ms (p50)`], [t`95 of 100 in`, t`${count(webhooks.p95_ms)} ms (p95)`],
        [t`Failed attempts`, t`${count(webhooks.failed)} of the last ${count(webhooks.attempts)}`]
      ]),
      webhooks.rests.length > 0 && table(t`What rests`, [
        {
          title: t`Rests`, kind: "text", cell: (rest) => [badge("resting"), " ", rest.what]
        }, { title: t`Tried again`, cell: (rest) => until(rest.until) },
        { title: t`Why`, kind: "text", cell: (rest) => rest.because }], webhooks.rests),
      attemptChart(webhooks.newest)] : empty(t`No webhooks yet`, t`When workspaces have endpoints, this shows how quickly they answer.`)),
    el("div", { class: "row apart", key: "period" }, el("h2", {}, t`In a period`), periodLinks(context)),
    timeCards(measures), errorCard(measures), hostCard(measures), workspaceCard(measures),
    el("div", { class: "split" },
      card(t`Disk and database`, el(
        "meter",
        {
          min: 0, max: store.total_bytes, value: used, high: store.total_bytes * 0.9, optimum: 0,
          "aria-label": t`Disk: ${size(used)} of ${size(store.total_bytes)} used`
        }
      ),
        measures.disk.samples.length > 1 && diskChart(measures.disk.samples), small(forecast(measures.disk)),
        facts([[t`Disk used`, t`${size(used)} of ${size(store.total_bytes)}`], [
          t`Database`, t`${size(store.database_bytes)}, ${size(store.unused_bytes)} of it unused`
        ], [t`Write-ahead log`, size(store.log_bytes)],
          [t`Ballast`, size(store.ballast_bytes)], [t`Schema`, String(store.schema)], ["SQLite", store.sqlite], [
            t`State`, store.is_being_checked ? t`being checked` : badge(store.failure ? "broken" : "ok")
          ]])),
      card(t`Server`, facts([[t`Version`, server.version], [t`Listens on`, server.addresses.join(", ")], [
        t`Public address`, server.public_url || t`not set (WONDER_PUBLIC_URL)`
      ],
        [t`Sandbox`, [badge(lacks ? "warning" : "ok", server.sandbox.level), lacks && t` missing: ${server.sandbox.missing}`]],
        [t`Queue`, badge(queue.is_paused ? "warning" : "ok", queue.is_paused ? t`paused` : t`running`)]]),
      actions(act(queue.is_paused ? t`Resume the queue` : t`Pause the queue`, async () => {
        await ask("POST", `/queue/${queue.is_paused ? "resume" : "pause"}`, {});
        await context.reload();
      }, queue.is_paused ? {} : { question: t`Pause the queue? Jobs are still taken, and wait.` })))),
  ].flat().filter(Boolean);
}
