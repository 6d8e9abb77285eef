// One job: what it was, how it went, what came out, and who was told.
import { ask, fileAt, isOver, read } from "../api.js";
import { act, badge, card, code, el, empty, facts, home, note, say } from "../dom.js";
import { deliveryList, openedOf, sendFailed } from "./deliveries.js";
import { change, many, size, span, time } from "../words.js";

const pictures = [
  "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif", "image/svg+xml", "image/vnd.microsoft.icon"
];
const texts = ["url", "txt", "md", "html", "csv", "tsv", "json", "ndjson", "xml", "yaml", "toml"];
const shownFormats = ["png", "jpg", "jpeg", "gif", "webp", "bmp", "avif", "svg", "ico"];

export async function show(context) {
  const { slug, params, canManage } = context;
  const request = params.request;
  const [{ job }, { deliveries }] = await Promise.all([read(`/jobs/${request}`), read(`/jobs/${request}/deliveries`)]);
  const over = isOver(job.status);
  const [opened] = await Promise.all([openedOf(context, deliveries), readTexts(job, request)]);
  return {
    title: job.inputs[0]?.file_name ?? request,
    lead: [badge(job.status), ` ${job.conversion}, ${many(job.inputs.length, "file")}, job ${job.job_id}`],
    actions: canManage ? buttons(context, job, request, deliveries) : [],
    body: [
      job.error && note(
        "bad", el("strong", {}, "It failed: "), job.error, job.error_code && [" ", el("code", {}, job.error_code)],
        job.last_words && el("p", { class: "soft" }, "The program's last words: ", el("code", {}, job.last_words))
      ),
      job.warnings.length > 0 && note("warn", el("strong", {}, "Worth knowing: "),
        el("ul", {}, job.warnings.map((warning) => el("li", {}, `${warning.file_name}: ${warning.message}`)))),
      !over && card(
        "Progress", el("progress", { max: 100, value: job.progress, "aria-label": "Progress of the job" }),
        el("p", { class: "soft" }, job.status === "pending" ? "It waits for a free worker." : "A worker has it.")
      ),
      card("Files", files(job, request, slug)),
      el("div", { class: "split" }, card("What happened", timeline(job)), card("Details", details(job, request))),
      card("Webhooks", deliveries.length > 0 ? deliveryList(context, deliveries, opened)
        : empty("Nobody was told", job.webhook_url || over ? "This job had no webhook_url, and no endpoint of the workspace has subscribed to what happened to it."
          : "Webhooks of this job appear here with each attempt.", el(
            "a", { class: "button", href: `#/w/${slug}/webhooks` }, "Endpoints"
          ))),
      card("Do the same with curl", code(asCurl(job), "curl command")),
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
    !over && act(
      "Cancel", run("cancel", "The job is canceled."), { kind: "danger", question: "Cancel this job? Its files are deleted." }
    ),
    ["failed", "canceled"].includes(job.status) && job.inputs.every((input) => input.is_there) && act(
      "Try again", run("retry", "The job waits for another try.")
    ),
    deliveries.some((delivery) => delivery.status === "failed") && act(
      "Send failed webhooks again", sendFailed(context, `/jobs/${request}/replay-failed`)
    ),
    ["completed", "failed"].includes(job.status) && act("Replay webhooks", run("replay", "The webhooks are being sent again.")),
    over && act("Delete", async () => {
      await ask("DELETE", `/jobs/${request}`);
      location.hash = `#/w/${context.slug}/jobs`;
    }, { kind: "danger", question: "Delete this job with its files? This cannot be undone." }),
  ];
}

/** Inputs beside what was made of them. */
function files(job, request, slug) {
  const pairs = Math.max(job.inputs.length, job.outputs.length);
  return Array.from({ length: pairs }, (_, index) => {
    const [before, after] = [job.inputs[index], job.outputs[index]];
    return el("div", { class: "pair" },
      before ? file(
        before, request, "inputs", before.is_there && shownFormats.includes(job.source_format), before.is_there, job.source_format
      ) : el("div", {}),
      el("p", { class: "arrow" }, el("span", { "aria-hidden": "true" }, "→"),
        before && after && [el("strong", {}, change(before.size, after.size))]),
      after ? file(after, request, "outputs", pictures.includes(after.media_type), true, job.target_format, slug)
        : el("div", { class: "file" }, el("div", { class: "thumb none" }, isOver(job.status) ? "No result" : "Not made yet")));
  });
}

function file(entry, request, side, isPicture, isThere, format, slug) {
  const address = fileAt(request, side, entry.position);
  return el("div", { class: "file" },
    beginnings.has(address)
      ? el("pre", { class: "thumb words", tabindex: 0, "aria-label": `The beginning of ${entry.file_name}` }, beginnings.get(address))
      : isPicture ? el("div", { class: "thumb" }, el("img", { src: fileAt(request, side, entry.position, true), loading: "lazy",
        alt: `${side === "inputs" ? "Before" : "After"}: ${entry.file_name}` }))
        : el("div", { class: "thumb none" }, format.toUpperCase()),
    el("strong", {}, entry.file_name),
    el("span", { class: "soft" }, size(entry.size), " · ",
      isThere ? el("a", { href: address, download: entry.file_name }, side === "inputs" ? "Download the original" : "Download")
        : "The file is gone: its time is over, or nothing could be made of it."),
    slug && act("Keep in Files", async () => {
      await ask("POST", `/workspaces/${slug}/files/of-job`, { job: request, position: String(entry.position) });
      say(`${entry.file_name} stays among the files until somebody deletes it.`);
    }, { kind: "quiet tight", name: `Keep ${entry.file_name} in Files` }));
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
  submitted: ["Submitted", ""], started: ["Taken by a worker", "busy"], progress: ["Under way", "busy"],
  completed: ["Done", "good"], failed: ["Failed", "bad"], canceled: ["Canceled", ""],
};

function timeline(job) {
  const events = job.events.filter((event, index, all) => event.kind !== "progress" || all[index + 1]?.kind !== "progress");
  const steps = events.length > 0 ? events.map((event) => [...happenings[event.kind], event.at])
    : [
      ["Submitted", "", job.created_at], job.started_at && ["Taken by a worker", "busy", job.started_at],
      job.finished_at && [...happenings[job.status], job.finished_at]
    ].filter(Boolean);
  return el(
    "ol", { class: "timeline" }, steps.map(([text, kind, at]) => el("li", { class: kind }, el("span", {}, text), time(at)))
  );
}

function details(job, request) {
  const options = Object.entries(job.options ?? {});
  return facts([
    ["Request id", el("code", {}, request)], ["Waited", job.waited_ms === null ? null : span(job.waited_ms)],
    ["Worker time", isOver(job.status) ? span(job.ran_ms) : null], ["Attempts", String(job.attempts)],
    ["Outputs", job.archive ? "packed into one ZIP archive" : null],
    [
      "Options",
      options.length > 0 ? options.map(([name, value]) => `${name} = ${value}`).join(", ") : "as they are by themselves"
    ],
    ["Sent with", job.key ? `key ${job.key.name || job.key.key}` : "these pages, or a key that is gone"],
    [
      "Batch", job.batch_id && el("code", {}, job.batch_id)
    ], ["Idempotency-Key", job.idempotency_key], ["webhook_url", job.webhook_url], ["Came", time(job.created_at)], ["Ended", time(job.finished_at, null)],
  ]);
}

const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;

function asCurl(job) {
  const lines = [
    `curl ${home}/api/v1/jobs`, "-H 'X-API-Key: YOUR_KEY'", `-F from=${job.source_format}`, `-F to=${job.target_format}`,
    `-F conversion_type=${job.conversion_type}`
  ];
  for (const [name, value] of Object.entries(job.options ?? {})) lines.push(`-F ${quoted(`options[${name}]=${value}`)}`);
  if (job.webhook_url) lines.push(`-F ${quoted(`webhook_url=${job.webhook_url}`)}`);
  if (job.archive) lines.push(`-F archive=${job.archive}`);
  for (const input of job.inputs) lines.push(
    `-F ${quoted(`${input.role === "overlay" ? "watermark" : "files[]"}=@"${input.file_name.replace(/["\\]/g, "\\$&")}"`)}`
  );
  return lines.join(" \\\n  ");
}
