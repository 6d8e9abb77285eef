// One batch: how far it is, its jobs, and all that it made in one archive.
import { ask, base, read } from "../api.js";
import { act, badge, card, el, empty, facts, nameOf, note, say, small } from "../dom.js";
import { t } from "../language.js";
import { count, many, size, time } from "../words.js";
import { progress } from "./batches.js";
import { jobTable } from "./jobs.js";

export async function show(context) {
  const { slug, params, canManage } = context;
  const id = params.batch;
  const { batch } = await read(`/batches/${id}`);
  const isOver = batch.status !== "processing";
  const hasFiles = batch.archive_bytes !== null || batch.has_outputs;
  return {
    title: batch.file_name ? [nameOf(batch.file_name), batch.total > 1 && t` and ${count(batch.total - 1)} more`] : id,
    lead: [badge(batch.status), t` Batch of ${many(batch.total, "file")}`],
    actions: [
      batch.completed > 0 && isOver && hasFiles && el(
        "a", { class: "button main", href: `${base}/batches/${id}/archive`, download: `${id}.zip` },
        batch.archive_bytes === null ? t`All as ZIP` : t`The archive (${size(batch.archive_bytes)})`
      ),
      canManage && !isOver && act(t`Cancel`, async () => {
        await ask("POST", `/batches/${id}/cancel`, {});
        await context.reload();
        say(t`The batch is canceled.`);
      }, { kind: "danger", question: t`Cancel this batch? Its jobs end, and their files are deleted.` }),
    ],
    body: [
      batch.error && note("bad", el("strong", {}, t`It failed: `), batch.error),
      card(t`Progress`, progress(batch), facts([
        [t`Done`, count(batch.completed)], [t`Failed`, count(batch.failed)], [t`Canceled`, count(batch.canceled)],
        [t`Results`, batch.mode === "zip" ? t`in one ZIP archive` : t`each by itself`], [t`Batch id`, el("code", {}, id)],
        [t`Received`, time(batch.created_at)], [t`Ended`, time(batch.finished_at, null)],
        [t`Files`, isOver && batch.completed > 0 && !hasFiles && t`gone, for their time is over`],
      ])),
      card(t`Jobs`, batch.jobs.length > 0 ? jobTable(batch.jobs, slug) : empty(t`No job is left`, t`Its jobs have been forgotten.`),
        batch.jobs.length < batch.total && small(t`The first ${count(batch.jobs.length)} are shown.`)),
    ],
  };
}
