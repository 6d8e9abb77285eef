// How the appliance does.
import { ask, read } from "../api.js";
import { attemptChart, hourChart } from "../charts.js";
import { act, badge, card, el, empty, facts, note, table } from "../dom.js";
import { count, many, size, until } from "../words.js";

export async function show(context) {
  const { health } = await read("/health");
  return { title: "Health", lead: "Kept up to date as you look at it.", every: 5000, body: parts(health, context) };
}

function parts({ server, queue, store, webhooks, hours, now }, context) {
  const tile = (name, value, hint) => el(
    "div", { class: "card tile" }, el("span", { class: "soft" }, name), el("strong", {}, value),
    el("span", { class: "small soft" }, hint)
  );
  const used = store.total_bytes - store.free_bytes;
  const isShort = Boolean(store.shortage);
  return [
    store.failure && note("bad", el("strong", {}, "Nothing is written any more: "), store.failure),
    isShort && note(
      "warn", `No new jobs are taken: ${store.shortage === "disk" ? "the disk is nearly full" : "too many jobs wait"}.`
    ),
    el("div", { class: "grid tiles" },
      tile("Waiting jobs", count(queue.waiting), queue.is_paused ? "the queue is paused" : "the queue runs"),
      tile("Workers", `${server.workers.busy} of ${server.workers.all}`, "busy"),
      tile("Free disk", size(store.free_bytes), `of ${size(store.total_bytes)}`),
      tile(
        "Webhooks waiting", count(webhooks.waiting), `${many(webhooks.failed, "failure")} in the last ${count(webhooks.attempts)}`
      )),
    card("Conversions an hour", hourChart(hours, now)),
    card("Webhooks", webhooks.attempts > 0 ? [
      facts([
        ["Half are answered in", `${count(webhooks.p50_ms)} ms (p50)`], ["95 of 100 in", `${count(webhooks.p95_ms)} ms (p95)`],
        ["Failed attempts", `${count(webhooks.failed)} of the last ${count(webhooks.attempts)}`]
      ]),
      webhooks.rests.length > 0 && table("What rests", [
        {
          title: "Rests", kind: "text", cell: (rest) => [badge("resting"), " ", rest.what]
        }, { title: "Tried again", cell: (rest) => until(rest.until) },
        { title: "Why", kind: "text", cell: (rest) => rest.because }], webhooks.rests),
      attemptChart(webhooks.newest)] : empty("No webhooks yet", "When workspaces have endpoints, this shows how quickly they answer.")),
    el("div", { class: "split" },
      card("Disk and database", el(
        "meter",
        {
          min: 0, max: store.total_bytes, value: used, high: store.total_bytes * 0.9, optimum: 0,
          "aria-label": `Disk: ${size(used)} of ${size(store.total_bytes)} used`
        }
      ),
        facts([["Disk used", `${size(used)} of ${size(store.total_bytes)}`], [
          "Database", `${size(store.database_bytes)}, ${size(store.unused_bytes)} of it unused`
        ], ["Write-ahead log", size(store.log_bytes)],
          ["Ballast", size(store.ballast_bytes)], ["Schema", String(store.schema)], ["SQLite", store.sqlite], [
            "State", store.is_being_checked ? "being checked" : badge(store.failure ? "broken" : "ok")
          ]])),
      card("Server", facts([["Version", server.version], ["Listens on", server.addresses.join(", ")], [
        "Public address", server.public_url || "not set (WONDER_PUBLIC_URL)"
      ],
        [
          "Sandbox",
          [
            badge(server.sandbox.missing && server.sandbox.missing !== "nothing" ? "warning" : "ok", server.sandbox.level),
            server.sandbox.missing && server.sandbox.missing !== "nothing" ? ` missing: ${server.sandbox.missing}` : ""
          ]
        ],
        ["Queue", badge(queue.is_paused ? "warning" : "ok", queue.is_paused ? "paused" : "running")]]),
      el("div", { class: "actions" }, act(queue.is_paused ? "Resume the queue" : "Pause the queue", async () => {
        await ask("POST", `/queue/${queue.is_paused ? "resume" : "pause"}`, {});
        await context.reload();
      }, queue.is_paused ? {} : { question: "Pause the queue? Jobs are still taken, and wait." })))),
  ].filter(Boolean);
}
