// How a workspace does at the moment.
import { read } from "../api.js";
import { hourChart } from "../charts.js";
import { card, el, empty } from "../dom.js";
import { count, size } from "../words.js";
import { jobTable } from "./jobs.js";

export async function show(context) {
  const { slug } = context;
  const [{ figures }, { jobs: newest }] = await Promise.all([
    read(`/workspaces/${slug}/figures`), read(`/jobs?workspace=${slug}&limit=8`),
  ]);
  const { jobs, hours, now, month, plan, stored_bytes: stored } = figures;
  const limit = plan?.jobs_per_month;
  return {
    title: context.workspace?.name ?? slug,
    lead: `Plan ${plan?.name}. ${count(month.jobs)}${limit ? ` of ${count(limit)}` : ""} jobs this month, ${size(stored)} of files.`,
    actions: [el("a", { class: "button main", href: `#/w/${slug}/try` }, "Convert a file")],
    body: [
      el("div", { class: "grid tiles" },
        tile("Waiting", jobs.pending, slug, "pending"), tile("Running", jobs.processing, slug, "processing"),
        tile("Done", jobs.completed, slug, "completed"), tile("Failed", jobs.failed, slug, "failed")),
      card("Conversions an hour", hourChart(hours, now)),
      card("Recent jobs", newest.length > 0 ? jobTable(newest, slug) : nothing(slug)),
    ],
  };
}

function tile(name, number, slug, state) {
  return el("a", { class: "card tile", href: `#/w/${slug}/jobs?status=${state}` },
    el("span", { class: "soft" }, name), el("strong", {}, count(number)));
}

const nothing = (slug) => empty("No jobs yet", "Convert a file here to see how it goes, or send one with a key of this workspace.",
  el(
    "a", { class: "button main", href: `#/w/${slug}/try` }, "Try it"
  ), el("a", { class: "button", href: `#/w/${slug}/keys` }, "Make a key"));
