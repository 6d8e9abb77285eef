// How a workspace does at the moment.
import { follow, isOver, read } from "../api.js";
import { hourChart } from "../charts.js";
import { card, el, empty } from "../dom.js";
import { count, size } from "../words.js";
import { jobTable } from "./jobs.js";

const refreshed = 15000;
const followed = 5;

export async function show(context) {
  const { slug } = context;
  const [figures, list] = await Promise.all([
    read(`/workspaces/${slug}/figures`), read(`/jobs?workspace=${slug}&limit=8`),
  ]);
  const { jobs, hours, now, month, plan, stored_bytes: stored } = figures.figures;
  const tiles = el("div", { class: "grid tiles" });
  const recent = el("div", {});
  const draw = (counts, newest) => {
    tiles.replaceChildren(
      tile("Waiting", counts.pending, slug, "pending"), tile("Running", counts.processing, slug, "processing"),
      tile("Done", counts.completed, slug, "completed"), tile("Failed", counts.failed, slug, "failed"));
    recent.replaceChildren(newest.length > 0 ? jobTable(newest, slug) : nothing(slug));
  };
  draw(jobs, list.jobs);
  keepFresh(context, list.jobs, draw);
  const limit = plan?.jobs_per_month;
  return {
    title: context.workspace?.name ?? slug,
    lead: `Plan ${plan?.name}. ${count(month.jobs)}${limit ? ` of ${count(limit)}` : ""} jobs this month, ${size(stored)} of files.`,
    actions: [el("a", { class: "button main", href: `#/w/${slug}/try` }, "Convert a file")],
    body: [
      tiles, card("Conversions an hour", hourChart(hours, now)),
      card("Recent jobs", recent),
    ],
  };
}

function tile(name, number, slug, state) {
  return el("a", { class: "card tile", href: `#/w/${slug}/jobs?status=${state}` },
    el("span", { class: "soft" }, name), el("strong", {}, count(number)));
}

const nothing = (slug) => empty("No jobs yet", "Convert a file here to see how it goes, or send one with a key of this workspace.",
  el("a", { class: "button main", href: `#/w/${slug}/try` }, "Try it"), el("a", { class: "button", href: `#/w/${slug}/keys` }, "Make a key"));

/** Follows the jobs that have not ended, and looks for new ones from time to time while somebody looks at the page. */
function keepFresh(context, jobs, draw) {
  const known = new Map();
  const fetchAll = async () => {
    if (!context.isHere() || document.hidden) return;
    const [figures, list] = await Promise.all([
      read(`/workspaces/${context.slug}/figures`), read(`/jobs?workspace=${context.slug}&limit=8`),
    ]).catch(() => []);
    if (!list || !context.isHere()) return;
    draw(figures.figures.jobs, list.jobs);
    watch(list.jobs);
  };
  const watch = (newest) => {
    for (const job of newest.filter((entry) => !isOver(entry.status) && !known.has(entry.request_id)).slice(0, followed - known.size)) {
      known.set(job.request_id, follow(job.request_id, (kind, detail) => {
        const bar = document.getElementById(`progress-${job.request_id}`);
        if (bar && kind === "progress") bar.value = detail.percent;
        if (isOver(kind)) {
          known.delete(job.request_id);
          fetchAll();
        }
      }));
    }
  };
  watch(jobs);
  const timer = setInterval(fetchAll, refreshed);
  context.onLeave(() => {
    clearInterval(timer);
    for (const end of known.values()) end();
  });
}
