// Plans and their limits.
import { ask, read } from "../api.js";
import { card, el, field, form, say } from "../dom.js";
import { t } from "../language.js";
import { exactSize } from "../words.js";

const flags = [
  ["allows_jobs_api", t`The jobs API`], ["allows_webhooks", t`Webhooks`], ["allows_async", t`Jobs to be asked for later`],
  ["allows_batches", t`Batches`], ["allows_mail", t`Mail`]
];
const limits = [
  ["jobs_per_month", t`Jobs a month`], ["concurrent_jobs", t`Jobs at once`], ["waiting_jobs", t`Jobs that wait`],
  ["files_per_minute", t`Files a minute and key`], ["reads_per_minute", t`Reads a minute and key`],
  ["writes_per_minute", t`Writes a minute and key`], ["submissions_per_day", t`Submissions a day and key`],
];
const sizes = [["max_upload", t`Largest upload`, t`Such as 100MB`], ["max_stored", t`Stored files`, t`Such as 10GB`]];

export async function show(context) {
  const { plans } = await read("/plans");
  return {
    title: t`Plans`,
    lead: t`What the workspaces on each plan may do. An empty limit is no limit.`,
    body: [el("div", { class: "grid four" }, plans.map((plan) => card(plan.name, form(async (fields) => {
      const change = Object.fromEntries(flags.map(([name]) => [name, fields[name] === "on"]));
      for (const [name] of [...limits, ...sizes]) change[name] = fields[name] === "" ? "none" : fields[name];
      await ask("PATCH", `/plans/${plan.name}`, change);
      await context.reload();
      say(t`Plan ${plan.name} is changed; it holds from now on.`);
    }, [
      el(
        "fieldset", {}, el("legend", {}, t`Has`),
        flags.map(([name, text]) => el("label", { class: "check" }, el("input", { type: "checkbox", name, checked: plan[name] }), text))
      ),
      el(
        "div", { class: "fields" },
        limits.map(([name, text]) => field(text, el("input", { name, value: plan[name] ?? "", placeholder: t`no limit`, inputmode: "numeric" }))),
        sizes.map(([name, text, hint]) => field(
          text, el("input", { name, value: plan[name] ? exactSize(plan[name]) : "", placeholder: t`no limit` }), hint
        ))
      ),
    ], t`Save`, { "aria-label": t`Plan ${plan.name}` }))))],
  };
}
