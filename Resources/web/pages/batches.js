// The batches of a workspace: many files converted alike, each a job.
import { read } from "../api.js";
import { badge, card, el, empty, nameOf, pager, small, table } from "../dom.js";
import { t } from "../language.js";
import { many, time } from "../words.js";

export async function show({ slug, query }) {
  const cursor = query.get("cursor");
  const { batches, next_cursor: next } = await read(`/batches?workspace=${slug}&limit=25${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
  const own = `#/w/${slug}/batches`;
  return {
    title: t`Batches`,
    lead: t`Many files in one request, each a job of its own. The newest first.`,
    body: card(null, batches.length > 0 ? table(t`Batches`, [
      { title: t`Begins with`, kind: "text", cell: (batch) => el("a", { href: `${own}/${batch.batch_id}` },
        nameOf(batch.file_name ?? batch.batch_id)) },
      { title: t`State`, cell: (batch) => badge(batch.status) },
      { title: t`Progress`, cell: progress },
      { title: t`Failed`, kind: "number", cell: (batch) => (batch.failed > 0 ? many(batch.failed, "file") : "–") },
      { title: t`Received`, cell: (batch) => time(batch.created_at) },
    ], batches) : empty(t`No batches yet`, t`A program sends many files at once with POST /api/v1/batches, and each batch stands here.`,
      el("a", { class: "button", href: "docs" }, t`How to send one`)),
    pager(cursor && own, next && `${own}?cursor=${next}`)),
  };
}

/** How many of a batch's files have ended, as a bar and in words. */
export function progress(batch) {
  const ended = batch.completed + batch.failed + batch.canceled;
  const words = t`${ended} of ${batch.total}${batch.is_open ? t` so far` : ""}`;
  return [el("progress", { max: Math.max(1, batch.total), value: ended, "aria-label": t`Ended: ${words}` }),
    small(words)];
}
