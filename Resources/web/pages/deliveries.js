// Webhook deliveries: their state, what comes next, and each attempt with its answer.
import { badge, el, facts } from "../dom.js";
import { many, span, time } from "../words.js";

export function deliveryList(deliveries) {
  return el("div", { class: "stack" }, deliveries.map((delivery, index) =>
    el("details", { open: index === deliveries.length - 1 && deliveries.length < 4, id: `delivery-${delivery.id}` },
      el("summary", {}, badge(delivery.status), " ", delivery.event, delivery.replay_of ? " (sent again)" : "", " · ", many(delivery.attempts, "attempt"), " · ", time(delivery.created_at)),
      deliveryDetails(delivery))));
}

export function deliveryDetails(delivery) {
  return el("div", { class: "stack" },
    facts([
      ["To", delivery.url], ["Style", delivery.style], ["Event id", el("code", {}, delivery.event_id)],
      ["Next attempt", delivery.status === "waiting" ? time(delivery.next_attempt_at, "now") : null],
      ["Resting until", delivery.resting_until && [time(delivery.resting_until), `: ${delivery.resting_because}`]],
      ["Last error", delivery.last_error], ["What helps", delivery.hint],
    ]),
    delivery.history.length > 0 ? delivery.history.map(attempt) : el("p", { class: "soft" }, "No attempt was made yet."));
}

function attempt(entry) {
  const outcome = entry.error ?? `answered ${entry.status}`;
  return el("div", { class: "attempt" },
    el("p", {}, el("strong", {}, `Attempt ${entry.number}`), " ", time(entry.at), ` · ${span(entry.milliseconds)} · `,
      entry.status ? `status ${entry.status}` : "no answer"),
    entry.error && el("p", { class: "soft" }, outcome),
    entry.response && el("pre", { tabindex: "0", "aria-label": `Answer to attempt ${entry.number}` }, entry.response));
}
