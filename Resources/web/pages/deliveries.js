// Webhook deliveries: how each stands at a glance, and behind it every attempt, what was sent and what was answered.
import { ask, read } from "../api.js";
import { act, badge, el, facts, say, soft } from "../dom.js";
import { t } from "../language.js";
import { many, span, time, until } from "../words.js";

/** Those of the deliveries that the reader has opened, with their bodies and headers, by id. */
export async function openedOf(context, deliveries) {
  const opened = deliveries.filter((delivery) => context.memory.has(delivery.id));
  const whole = await Promise.all(opened.map((delivery) => read(`/deliveries/${delivery.id}`).then((answer) => answer.delivery, (error) => {
    if (error.status !== 404) throw error;
    return delivery;
  })));
  return new Map(whole.map((delivery) => [delivery.id, delivery]));
}

export function deliveryList(context, deliveries, opened) {
  return el("ul", { class: "plain deliveries" }, deliveries.map((delivery) => row(context, delivery, opened.get(delivery.id))));
}

/** Opens a delivery on the page, and leads there. */
export async function openDelivery(context, id) {
  context.memory.set(id, true);
  await context.reload();
  const place = document.querySelector(`#delivery-${id} details`);
  if (!place) return;
  place.open = true;
  place.scrollIntoView({ block: "nearest" });
  place.querySelector("summary").focus({ preventScroll: true });
}

function stateOf(delivery) {
  if (delivery.status !== "waiting") return delivery.status;
  return delivery.resting_until ? "resting" : delivery.attempts > 0 ? "retrying" : "waiting";
}

function row(context, delivery, whole) {
  const isOpen = context.memory.has(delivery.id);
  return el("li", { id: `delivery-${delivery.id}`, class: "delivery" },
    el("details", { open: isOpen, ontoggle: ({ currentTarget: { open } }) => {
      if (open === context.memory.has(delivery.id)) return;
      if (!open) return void context.memory.delete(delivery.id);
      context.memory.set(delivery.id, true);
      context.reload().catch((error) => say(error.message, "bad"));
    } },
      el("summary", {},
        el("span", { class: "row" }, badge(stateOf(delivery)), el("strong", {}, delivery.event), delivery.replay_of && el(
          "span", { class: "soft" }, t`(sent again)`
        ),
          el("span", { class: "soft" }, time(delivery.created_at))),
        el(
          "span", { class: "small soft" }, t`to `, el("span", { class: "receiver" }, delivery.url), " · ",
          standing(delivery).map((part, index) => [index > 0 && " · ", part])
        )),
      isOpen ? details(whole ?? delivery) : []),
    context.canManage && act(delivery.status === "waiting" ? t`Send now` : t`Send again`, async () => {
      const { replayed: [id] } = await ask("POST", `/deliveries/${delivery.id}/replay`, {});
      await context.reload();
      say(t`It is being sent again, as delivery ${id}.`);
    }, { kind: "tight", name: t`Send delivery ${delivery.id} again` }));
}

/** Attempts, what comes next and what went wrong, in words. */
function standing(delivery) {
  return [
    many(delivery.attempts, "attempt"),
    delivery.status === "waiting" && !delivery.resting_until
      && [delivery.attempts > 0 ? t`tried again ` : t`sent `, until(delivery.next_attempt_at)],
    delivery.resting_until && [t`the address rests, tried again `, until(delivery.resting_until), `: ${delivery.resting_because}`],
    delivery.last_error && el("span", { class: "wrong" }, delivery.last_error),
  ].filter(Boolean);
}

function details(delivery) {
  return el("div", { class: "stack" },
    facts([
      [t`Style`, delivery.style], [t`Event id`, el("code", {}, delivery.event_id)],
      [
        t`Job`,
        delivery.request_id && el("a", { href: `#/w/${delivery.workspace}/jobs/${delivery.request_id}` }, delivery.request_id)
      ],
      [t`Next attempt`, delivery.status === "waiting" ? time(delivery.next_attempt_at, t`now`) : null],
      [t`Resting until`, delivery.resting_until && [time(delivery.resting_until), `: ${delivery.resting_because}`]],
      [t`Ended`, time(delivery.finished_at, null)], [t`Last error`, delivery.last_error], [t`What helps`, delivery.hint],
    ]),
    delivery.history.length > 0 ? delivery.history.map((entry) => attempt(delivery, entry)) : soft(t`No attempt was made yet.`),
    delivery.body && el("div", { class: "stack body" }, el("h3", {}, delivery.attempts > 0 ? t`What was sent` : t`What will be sent`),
      el("pre", { tabindex: "0", "aria-label": t`Body of delivery ${delivery.id}` }, spread(delivery.body))));
}

function attempt(delivery, entry) {
  return el("div", { class: "attempt", key: entry.number },
    el("p", {}, el("strong", {}, t`Attempt ${entry.number}`), " ", time(entry.at), ` · ${span(entry.milliseconds)} · `,
      entry.status ? t`status ${entry.status}` : t`no answer`),
    entry.error && soft(entry.error),
    entry.response && el("pre", { tabindex: "0", "aria-label": t`Answer to attempt ${entry.number}` }, entry.response),
    entry.headers?.length > 0 && el("details", {}, el("summary", {}, t`Headers`),
      el("pre", { tabindex: "0", "aria-label": t`Headers of attempt ${entry.number} of delivery ${delivery.id}` },
        entry.headers.map(({ name, value }) => `${name}: ${value}`).join("\n"))));
}

/** JSON over several lines; anything else as it is. */
function spread(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Sends again what has failed, and says what became of it. */
export const sendFailed = (context, path, wish = {}) => async () => {
  const { replayed, left, has_more: hasMore } = await ask("POST", path, wish);
  await context.reload();
  const off = left.length > 0 ? t` ${many(left.length, "failed webhook")} stayed: the endpoint is off or gone.` : "";
  if (replayed.length === 0) return say(t`Nothing that has failed can be sent again.${off}`, "warn");
  say(t`${many(replayed.length, "failed webhook")} being sent again.${hasMore ? t` There are more; do it once more for those.` : ""}${off}`);
};
