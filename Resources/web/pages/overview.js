// How a workspace does at the moment, and how it did in a period.
import { read } from "../api.js";
import { jobsChart, partsOf, sum } from "../charts.js";
import { card, el, empty, nameOf } from "../dom.js";
import { t } from "../language.js";
import { errorCard, periodLinks, periodOf, timeCards } from "../measures.js";
import { count, size } from "../words.js";
import { jobTable } from "./jobs.js";

export async function show(context) {
  const { slug } = context;
  const period = periodOf(context);
  const [{ figures }, { jobs: newest }, { measures }] = await Promise.all([
    read(`/workspaces/${slug}/figures`), read(`/jobs?workspace=${slug}&limit=8`),
    read(`/workspaces/${slug}/measures?period=${period.name}`),
  ]);
  const { jobs, month, plan, stored_bytes: stored } = figures;
  const parts = partsOf(period, figures);
  const limit = plan?.jobs_per_month;
  return {
    title: nameOf(context.workspace?.name ?? slug),
    lead: t`Plan ${plan?.name}. ${limit ? t`${count(month.jobs)} of ${count(limit)}` : count(month.jobs)} jobs this month, ${size(stored)} of files.`,
    actions: [el("a", { class: "button main", href: `#/w/${slug}/try` }, t`Convert a file`)],
    body: [
      periodLinks(context),
      el("div", { class: "grid tiles" },
        tile(t`Waiting`, t`now`, jobs.pending, slug, "pending"), tile(t`Running`, t`now`, jobs.processing, slug, "processing"),
        tile(t`Done`, period.title, sum(parts, "completed"), slug, "completed"),
        tile(t`Failed`, period.title, sum(parts, "failed"), slug, "failed")),
      card(t`Conversions`, jobsChart(period, figures)),
      card(t`Recent jobs`, newest.length > 0 ? jobTable(newest, slug) : nothing(slug)),
      measures.jobs > 0 && [timeCards(measures), errorCard(measures)],
    ],
  };
}

function tile(name, when, number, slug, state) {
  return el("a", { class: "card tile", href: `#/w/${slug}/jobs?status=${state}` },
    el("span", { class: "soft" }, name), el("strong", {}, count(number)), el("span", { class: "small soft" }, when));
}

const nothing = (slug) => empty(t`No jobs yet`, t`Convert a file here to see how it goes, or send one with a key of this workspace.`,
  el("a", { class: "button main", href: `#/w/${slug}/try` }, t`Convert a file`),
  el("a", { class: "button", href: `#/w/${slug}/keys` }, t`Make a key`));
