// Plans and their limits.
import { ask, read } from "../api.js";
import { card, el, field, form, say } from "../dom.js";

const flags = [
  ["allows_jobs_api", "The jobs API"], ["allows_webhooks", "Webhooks"], ["allows_async", "Jobs to be asked for later"],
  ["allows_batches", "Batches"], ["allows_mail", "Mail"]
];
const limits = [["jobs_per_month", "Jobs a month", ""], ["concurrent_jobs", "Jobs at once", ""], ["waiting_jobs", "Jobs that wait", ""], ["files_per_minute", "Files a minute and key", ""], ["reads_per_minute", "Reads a minute and key", ""],
  ["writes_per_minute", "Writes a minute and key", ""], [
    "submissions_per_day", "Submissions a day and key", ""
  ], ["max_upload", "Largest upload, bytes", "Such as 100MB"], ["max_stored", "Stored files, bytes", "Such as 10GB"]];

export async function show(context) {
  const { plans } = await read("/plans");
  return {
    title: "Plans",
    lead: "What the workspaces on each plan may do. An empty limit is no limit.",
    body: [el("div", { class: "grid cards" }, plans.map((plan) => card(plan.name, form(async (fields) => {
      const change = Object.fromEntries(flags.map(([name]) => [name, fields[name] === "on"]));
      for (const [name] of limits) change[name] = fields[name] === "" ? "none" : fields[name];
      await ask("PATCH", `/plans/${plan.name}`, change);
      await context.reload();
      say(`Plan ${plan.name} is changed; it holds from now on.`);
    }, [
      el(
        "fieldset", {}, el("legend", {}, "Has"),
        flags.map(([name, text]) => el(
          "label", { class: "check" }, el("input", { type: "checkbox", name, checked: plan[name] }), text
        ))
      ),
      el(
        "div", { class: "fields" },
        limits.map(([name, text, hint]) => field(
          text, el("input", { name, value: plan[name] ?? "", placeholder: "no limit", inputmode: "numeric" }), hint
        ))
      ),
    ], "Save", { "aria-label": `Plan ${plan.name}` }))))],
  };
}
