// One job: what it was, how it went, what came out, and who was told.
import { ask, fileAt, isOver, read } from "../api.js";
import { compare, pictures, shownFormats } from "../compare.js";
import { act, badge, card, el, empty, facts, nameOf, note, say, soft } from "../dom.js";
import { t } from "../language.js";
import { snippets } from "../snippets.js";
import { deliveryList, openedOf, sendFailed } from "./deliveries.js";
import { change, conversion, many, size, span, time } from "../words.js";

const texts = ["url", "txt", "md", "html", "csv", "tsv", "json", "ndjson", "xml", "yaml", "toml"];

export async function show(context) {
  const { slug, params, canManage } = context;
  const request = params.request;
  const [{ job }, { deliveries }] = await Promise.all([read(`/jobs/${request}`), read(`/jobs/${request}/deliveries`)]);
  const over = isOver(job.status);
  const [opened] = await Promise.all([openedOf(context, deliveries), readTexts(job, request)]);
  return {
    title: nameOf(job.inputs[0]?.file_name ?? request),
    lead: [badge(job.status), t` ${conversion(job)}, ${many(job.inputs.length, "file")}, job ${job.job_id}`],
    actions: canManage ? buttons(context, job, request, deliveries) : [],
    body: [
      job.error && note(
        "bad", el("strong", {}, t`It failed: `), job.error, job.error_code && [" ", el("code", {}, job.error_code)],
        job.last_words && soft(t`The program's last words: `, el("code", {}, job.last_words))
      ),
      job.warnings.length > 0 && note("warn", el("strong", {}, t`Worth knowing: `),
        el("ul", {}, job.warnings.map((warning) => el("li", {}, nameOf(warning.file_name), `: ${warning.message}`)))),
      !over && card(
        t`Progress`, el("progress", { max: 100, value: job.progress, "aria-label": t`Progress of the job` }),
        soft(job.status === "pending" ? t`It waits for a free worker.` : t`A worker has it.`)
      ),
      card(t`Files`, comparison(job, request, slug) || files(job, request, slug)),
      el("div", { class: "split" }, card(t`What happened`, timeline(job)), card(t`Details`, details(job, request))),
      card(t`Webhooks`, deliveries.length > 0 ? deliveryList(context, deliveries, opened)
        : empty(t`Nobody was told`, job.webhook_url || over ? t`This job had no webhook_url, and no endpoint of the workspace has subscribed to what happened to it.`
          : t`Webhooks of this job appear here with each attempt.`, el("a", { class: "button", href: `#/w/${slug}/webhooks` }, t`Endpoints`))),
      job.source_format !== "url" && card(t`Do the same by a program`, snippets(job)),
    ],
  };
}

function buttons(context, job, request, deliveries) {
  const run = (path, done) => async () => {
    await ask("POST", `/jobs/${request}/${path}`, {});
    await context.reload();
    say(done);
  };
  const over = isOver(job.status);
  return [
    !over && act(t`Cancel`, run("cancel", t`The job is canceled.`), { kind: "danger", question: t`Cancel this job? Its files are deleted.` }),
    ["failed", "canceled"].includes(job.status) && job.inputs.every((input) => input.is_there) && act(t`Try again`, run("retry", t`The job waits for another try.`)),
    deliveries.some((delivery) => delivery.status === "failed") && act(t`Send failed webhooks again`, sendFailed(context, `/jobs/${request}/replay-failed`)),
    ["completed", "failed"].includes(job.status) && act(t`Replay webhooks`, run("replay", t`The webhooks are being sent again.`)),
    over && act(t`Delete`, async () => {
      await ask("DELETE", `/jobs/${request}`);
      location.hash = `#/w/${context.slug}/jobs`;
    }, { kind: "danger", question: t`Delete this job with its files? This cannot be undone.` }),
  ];
}

/** Inputs beside what was made of them. */
function files(job, request, slug) {
  const made = job.outputs.length > 0 ? job.outputs : job.past_outputs ?? [];
  const pairs = Math.max(job.inputs.length, made.length);
  return Array.from({ length: pairs }, (_, index) => {
    const [before, after] = [job.inputs[index], made[index]];
    return el("div", { class: "pair" },
      before ? file(
        before, request, "inputs", before.is_there && shownFormats.includes(job.source_format), before.is_there, job.source_format,
        job.files_expired_at
      ) : el("div", {}),
      el("p", { class: "arrow" }, el("span", { "aria-hidden": "true" }, "→"),
        before && after && [el("strong", {}, change(before.size, after.size))]),
      after ? file(
        after, request, "outputs", pictures.includes(after.media_type), after.media_type !== undefined, job.target_format,
        job.files_expired_at, slug
      ) : el("div", { class: "file" }, el("div", { class: "thumb none" }, nothing(job))));
  });
}

/** Why there is no file where one would stand. */
function nothing(job) {
  if (!isOver(job.status)) return t`Not made yet`;
  if (job.status !== "completed") return t`Nothing was made`;
  if (job.files_expired_at) return [t`It went `, time(job.files_expired_at)];
  return job.batch_id ? t`It is in the archive of its batch` : t`No result`;
}

/** One picture of which one was made is shown before and after, with a slider. */
function comparison(job, request, slug) {
  const [before, ...others] = job.inputs;
  const [after] = job.outputs;
  if (others.length > 0 || job.outputs.length !== 1 || !before?.is_there || !shownFormats.includes(job.source_format)
    || !pictures.includes(after.media_type)) return null;
  const line = (entry, side, words) => el("span", {}, nameOf(entry.file_name), " ",
    el("span", { class: "soft" }, `${size(entry.size)} · `),
    el("a", { href: fileAt(request, side, entry.position), download: entry.file_name }, words));
  return [
    compare(fileAt(request, "inputs", before.position, true), fileAt(request, "outputs", after.position, true), before.file_name),
    el("div", { class: "row apart" }, line(before, "inputs", t`Download the original`),
      el("strong", {}, change(before.size, after.size)), line(after, "outputs", t`Download`), keep(after, request, slug))
  ];
}

function file(entry, request, side, isPicture, isThere, format, wentAt, slug) {
  const address = fileAt(request, side, entry.position);
  return el("div", { class: "file" },
    beginnings.has(address)
      ? el("pre", { class: "thumb words", tabindex: 0, "aria-label": t`The beginning of ${entry.file_name}` }, beginnings.get(address))
      : isPicture ? el("div", { class: "thumb" }, el("img", { src: fileAt(request, side, entry.position, true), loading: "lazy",
        alt: `${side === "inputs" ? t`Before` : t`After`}: ${entry.file_name}` }))
        : el("div", { class: "thumb none" }, format.toUpperCase()),
    el("strong", {}, nameOf(entry.file_name)),
    el("span", { class: "soft" }, size(entry.size), " · ",
      isThere ? el("a", { href: address, download: entry.file_name }, side === "inputs" ? t`Download the original` : t`Download`)
        : wentAt ? [t`its time is over, it went `, time(wentAt)] : t`it is gone: its time is over, or nothing could be made of it`),
    slug && isThere && keep(entry, request, slug));
}

/** Puts an output among the files that stay. */
function keep(entry, request, slug) {
  return act(t`Keep in Files`, async () => {
    await ask("POST", `/workspaces/${slug}/files/of-job`, { job: request, position: String(entry.position) });
    say(t`${entry.file_name} stays among the files until somebody deletes it.`);
  }, { kind: "quiet tight", name: t`Keep ${entry.file_name} in Files` });
}

/** So much of a text is shown that one sees what it is, and of so many. */
const shown = 1500;
const mostShown = 12;
/** What has been read: a file of a job never changes. */
const beginnings = new Map();

const isText = (type) => /^(text\/|message\/|application\/(json|xml|yaml|toml|x-ndjson)\b)/.test(type ?? "");

/** Reads the beginnings of the texts among a job's files, before the page is made of them. */
async function readTexts(job, request) {
  const inputs = job.inputs.filter((input) => input.is_there && texts.includes(job.source_format));
  const outputs = job.outputs.filter((output) => isText(output.media_type));
  const wanted = [
    ...inputs.map((entry) => [entry, fileAt(request, "inputs", entry.position)]),
    ...outputs.map((entry) => [entry, fileAt(request, "outputs", entry.position)])
  ];
  await Promise.all(wanted.slice(0, mostShown).filter(([, address]) => !beginnings.has(address)).map(async ([entry, address]) => {
    const response = await fetch(address, { headers: { Range: `bytes=0-${shown - 1}` } }).catch(() => null);
    if (!response?.ok) return;
    const text = new TextDecoder().decode(await response.arrayBuffer()).slice(0, shown);
    beginnings.set(address, text.replace(/\uFFFD+$/, "") + (entry.size > shown ? "…" : ""));
  }));
}

const happenings = {
  submitted: [t`Submitted`, ""], started: [t`Taken by a worker`, "busy"], progress: [t`Under way`, "busy"],
  completed: [t`Done`, "good"], failed: [t`Failed`, "bad"], canceled: [t`Canceled`, ""],
};

function timeline(job) {
  const events = job.events.filter((event, index, all) => event.kind !== "progress" || all[index + 1]?.kind !== "progress");
  const steps = events.length > 0 ? events.map((event) => [...happenings[event.kind], event.at])
    : [
      [t`Submitted`, "", job.created_at], job.started_at && [t`Taken by a worker`, "busy", job.started_at],
      job.finished_at && [...happenings[job.status], job.finished_at]
    ].filter(Boolean);
  return el("ol", { class: "timeline" }, steps.map(([text, kind, at]) => el("li", { class: kind }, el("span", {}, text), time(at))));
}

function details(job, request) {
  const options = Object.entries(job.options ?? {});
  return facts([
    [t`Request id`, el("code", {}, request)], [t`Waited`, job.waited_ms === null ? null : span(job.waited_ms)],
    [t`Worker time`, isOver(job.status) ? span(job.ran_ms) : null], [t`Attempts`, String(job.attempts)],
    [t`Outputs`, job.archive ? t`packed into one ZIP archive` : null],
    [
      t`Options`,
      options.length > 0 ? options.map(([name, value]) => `${name} = ${value}`).join(", ") : t`as they are by themselves`
    ],
    [t`Sent with`, job.key ? t`key ${job.key.name || job.key.key}` : t`these pages, or a key that is gone`],
    [
      t`Batch`, job.batch_id && el("a", { href: `#/w/${job.workspace}/batches/${job.batch_id}` }, job.batch_id)
    ], ["Idempotency-Key", job.idempotency_key], ["webhook_url", job.webhook_url], [t`Received`, time(job.created_at)], [t`Ended`, time(job.finished_at, null)],
    [t`Files went`, time(job.files_expired_at, null)],
  ]);
}
