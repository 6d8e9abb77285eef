// What a workspace has used, beside what its plan allows.
import { read } from "../api.js";
import { heatMap } from "../charts.js";
import { card, el, empty, facts, table } from "../dom.js";
import { count, size, span } from "../words.js";

export async function show({ slug }) {
  const { figures } = await read(`/workspaces/${slug}/figures`);
  const { plan, month, by_key: byKey, months, days, now, stored_bytes: stored } = figures;
  return {
    title: "Usage",
    lead: `Plan ${plan.name}. A month begins on its first day in UTC.`,
    body: [
      el("div", { class: "split" },
        card("This month", ceiling("Jobs", month.jobs, plan.jobs_per_month, count),
          facts([
            ["With keys", count(byKey.jobs)], ["On these pages", count(month.jobs - byKey.jobs)], ["Files", count(month.files)],
            ["Bytes", size(month.bytes)], ["Worker time", span(month.milliseconds)]
          ])),
        card("At the moment", ceiling("Stored files", stored, plan.max_stored, size),
          facts([["One upload", plan.max_upload ? `at most ${size(plan.max_upload)}` : "as large as the server takes"],
            ["Jobs at once", plan.concurrent_jobs ? count(plan.concurrent_jobs) : "no limit of the plan"],
            [
              "A minute and key",
              `${plan.reads_per_minute ? count(plan.reads_per_minute) : "any number of"} reads, ${plan.writes_per_minute ? count(plan.writes_per_minute) : "any number of"} writes`
            ]]))),
      card("Jobs a day", days.length > 0 ? heatMap(days, now) : empty("Nothing was converted yet", "Each day of the year becomes a square here; the more jobs, the darker.",
        el("a", { class: "button", href: `#/w/${slug}/try` }, "Try it"))),
      months.length > 0 && card("Months", table("Usage by month", [
        { title: "Month (UTC)", cell: (entry) => entry.period }, {
          title: "Jobs", kind: "number", cell: (entry) => count(entry.jobs)
        },
        {
          title: "Files", kind: "number", cell: (entry) => count(entry.files)
        }, { title: "Bytes", kind: "number", cell: (entry) => size(entry.bytes) },
        { title: "Worker time", kind: "number", cell: (entry) => span(entry.milliseconds) },
      ], [...months].reverse())),
    ],
  };
}

/** How much of a limit is used, as a bar and in words. */
function ceiling(name, used, limit, words) {
  const text = limit ? `${words(used)} of ${words(limit)}` : `${words(used)}, without a limit`;
  return el("div", { class: "stack" }, el("div", { class: "row apart" }, el("span", {}, name), el("strong", {}, text)),
    limit && el(
      "meter",
      { min: 0, max: limit, value: Math.min(used, limit), high: limit * 0.8, optimum: 0, "aria-label": `${name}: ${text}` }
    ));
}
