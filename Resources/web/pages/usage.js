// What a workspace has used, beside what its plan allows.
import { read } from "../api.js";
import { heatMap, jobsChart } from "../charts.js";
import { card, el, empty, facts, table } from "../dom.js";
import { t } from "../language.js";
import { periodLinks, periodOf } from "../measures.js";
import { count, size, span } from "../words.js";

export async function show(context) {
  const { slug } = context;
  const { figures } = await read(`/workspaces/${slug}/figures`);
  const { plan, month, by_key: byKey, months, days, now, stored_bytes: stored } = figures;
  return {
    title: t`Usage`,
    lead: t`Plan ${plan.name}. A month begins on its first day in UTC.`,
    body: [
      el("div", { class: "split" },
        card(t`This month`, ceiling(t`Jobs`, month.jobs, plan.jobs_per_month, count),
          facts([
            [t`With keys`, count(byKey.jobs)], [t`On these pages`, count(month.jobs - byKey.jobs)], [t`Files`, count(month.files)],
            [t`Bytes`, size(month.bytes)], [t`Worker time`, span(month.milliseconds)]
          ])),
        card(t`At the moment`, ceiling(t`Stored files`, stored, plan.max_stored, size),
          facts([[t`One upload`, plan.max_upload ? t`at most ${size(plan.max_upload)}` : t`as large as the server takes`],
            [t`Jobs at once`, plan.concurrent_jobs ? count(plan.concurrent_jobs) : t`no limit of the plan`],
            [
              t`A minute and key`,
              t`${plan.reads_per_minute ? count(plan.reads_per_minute) : t`any number of`} reads, ${plan.writes_per_minute ? count(plan.writes_per_minute) : t`any number of`} writes`
            ]]))),
      periodLinks(context),
      card(t`Conversions`, jobsChart(periodOf(context), figures)),
      card(t`Jobs a day`, days.length > 0 ? heatMap(days, now) : empty(t`Nothing was converted yet`, t`Each day of the year becomes a square here; the more jobs, the darker.`,
        el("a", { class: "button", href: `#/w/${slug}/try` }, t`Convert a file`))),
      months.length > 0 && card(t`Months`, table(t`Usage by month`, [
        { title: t`Month (UTC)`, cell: (entry) => entry.period }, { title: t`Jobs`, kind: "number", cell: (entry) => count(entry.jobs) },
        {
          title: t`Files`, kind: "number", cell: (entry) => count(entry.files)
        }, { title: t`Bytes`, kind: "number", cell: (entry) => size(entry.bytes) },
        { title: t`Worker time`, kind: "number", cell: (entry) => span(entry.milliseconds) },
      ], [...months].reverse())),
    ],
  };
}

/** How much of a limit is used, as a bar and in words. */
function ceiling(name, used, limit, words) {
  const text = limit ? t`${words(used)} of ${words(limit)}` : t`${words(used)}, without a limit`;
  return el("div", { class: "stack" }, el("div", { class: "row apart" }, el("span", {}, name), el("strong", {}, text)),
    limit && el(
      "meter",
      { min: 0, max: limit, value: Math.min(used, limit), high: limit * 0.8, optimum: 0, "aria-label": `${name}: ${text}` }
    ));
}
