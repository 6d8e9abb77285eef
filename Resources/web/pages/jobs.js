// The jobs of a workspace, or of all of them.
import { isOver, read } from "../api.js";
import { actions, badge, card, choice, el, empty, field, nameOf, pager, table } from "../dom.js";
import { t } from "../language.js";
import { conversion, size, span, time } from "../words.js";

const states = [
  ["", t`Any state`], ["pending", t`Waiting`], ["processing", t`Running`], ["completed", t`Done`], ["failed", t`Failed`],
  ["canceled", t`Canceled`]
];

export async function show(context) {
  const { slug, query } = context;
  const own = slug ? `/w/${slug}/jobs` : "/all-jobs";
  const wanted = new URLSearchParams({ limit: 25 });
  if (slug) wanted.set("workspace", slug);
  for (const name of ["status", "q", "cursor"]) if (query.get(name)) wanted.set(name, query.get(name));
  const { jobs, next_cursor: next } = await read(`/jobs?${wanted}`);
  const filter = el("form", { role: "search", onsubmit: (event) => {
    event.preventDefault();
    const fields = new URLSearchParams([...new FormData(filter)].filter(([, value]) => value));
    location.hash = `#${own}${fields.size ? `?${fields}` : ""}`;
  } },
    el("div", { class: "fields" },
      field(
        t`Find`,
        el(
          "input",
          { name: "q", type: "search", value: query.get("q") ?? "", placeholder: t`Name, id or key of a job` }
        )
      ),
      field(t`State`, choice("status", states, query.get("status") ?? "")),
      actions(el("button", { class: "main" }, t`Show`),
        (query.get("q") || query.get("status")) && el("a", { class: "button", href: `#${own}` }, t`Show all`))));
  const isFiltered = query.get("q") || query.get("status");
  const older = new URLSearchParams(query);
  older.set("cursor", next ?? "");
  return {
    title: slug ? t`Jobs` : t`All jobs`,
    lead: slug ? t`The newest first.` : t`The jobs of every workspace, the newest first.`,
    actions: slug ? [el("a", { class: "button main", href: `#/w/${slug}/try` }, t`Convert a file`)] : [],
    body: [card(null, filter), card(null,
      jobs.length > 0 ? jobTable(jobs, slug)
        : isFiltered ? empty(t`Nothing found`, t`No job looks like that. A search goes through the newest 10,000 jobs of a workspace.`)
          : empty(t`No jobs yet`, t`Jobs appear here as soon as somebody sends a file, with a key or on the page Convert.`),
      pager(query.get("cursor") && `#${own}${withoutCursor(query)}`, next && `#${own}?${older}`))],
  };
}

function withoutCursor(query) {
  const kept = new URLSearchParams(query);
  kept.delete("cursor");
  return kept.size ? `?${kept}` : "";
}

/** Jobs as a table; with their workspace when they are not all of one. */
export function jobTable(jobs, slug) {
  return table(t`Jobs`, [
    { title: t`File`, kind: "text", cell: (job) => el("a", { href: `#/w/${slug ?? job.workspace}/jobs/${job.request_id}` },
      nameOf(job.file_name ?? job.request_id), job.files > 1 && t` and ${job.files - 1} more`) },
    ...(slug ? [] : [{ title: t`Workspace`, cell: (job) => job.workspace }]),
    { title: t`Conversion`, cell: conversion },
    { title: t`State`, cell: (job) => isOver(job.status) || job.status === "pending" ? badge(job.status)
      : [badge(job.status), " ", el("progress", { max: 100, value: job.progress, "aria-label": t`Progress` })] },
    { title: t`Size`, kind: "number", cell: (job) => size(job.size) },
    { title: t`Took`, kind: "number", cell: (job) => (isOver(job.status) ? span(job.ran_ms) : "–") },
    { title: t`Received`, cell: (job) => time(job.created_at) },
    ...(jobs.some((job) => job.error) ? [{ title: t`Reason`, kind: "text reason", cell: (job) => job.error ?? "" }] : []),
  ], jobs);
}
