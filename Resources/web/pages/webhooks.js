// Where a workspace is told about its jobs, and how that goes.
import { ask, read } from "../api.js";
import {
  act, actions, badge, card, choice, el, empty, facts, field, form, keepInSight, say, secret, small, soft, stateWord
} from "../dom.js";
import { t } from "../language.js";
import { deliveryList, openDelivery, openedOf, sendFailed } from "./deliveries.js";
import { hostCard } from "../measures.js";
import { many, span, time, until } from "../words.js";

/** How many deliveries of an endpoint are shown, and how many of them at once. */
const [shown, first] = [50, 6];
const conditions = { working: "enabled", off: "disabled" };

export async function show(context) {
  const { slug, canManage } = context;
  const [{ endpoints }, { styles }, { measures }] = await Promise.all([
    read(`/endpoints?workspace=${slug}`), read("/webhook-styles"), read(`/workspaces/${slug}/measures?period=week`)
  ]);
  const lists = await Promise.all(endpoints.map((endpoint) => read(`/deliveries?endpoint=${endpoint.id}&limit=${shown}`)));
  const opened = await openedOf(context, lists.flatMap((list) => list.deliveries));
  return {
    title: t`Webhooks`,
    lead: t`Addresses that are told when something happens to a job. Failed deliveries are tried again for hours.`,
    actions: [el("a", { class: "button", href: "docs#webhooks" }, t`How to check a signature`)],
    body: [
      canManage && card(null, el("details", { key: "add", open: endpoints.length === 0 }, el("summary", {}, t`Add an endpoint`), addForm(context, styles)),
        endpoints.length > 0 && el("details", { key: "again" }, el("summary", {}, t`Send again what failed in a time`), againForm(context, endpoints))),
      endpoints.length === 0 && card(null, empty(t`No endpoints yet`, canManage ? t`Add the address of your own server above. Each endpoint has a secret that signs what it gets.`
        : t`An administrator of this workspace can add one.`)),
      hostCard(measures, t`Deliveries by host, last 7 days`),
      endpoints.map((endpoint, index) => endpointCard(context, endpoint, styles, lists[index].deliveries, opened)),
    ],
  };
}

/** Sends again what has failed of the events of a time, after a receiver was away. */
function againForm(context, endpoints) {
  const moment = (text) => (text ? { text: new Date(text).toISOString() } : {}).text;
  return form(({ endpoint, since, until: end }) => sendFailed(context, `/workspaces/${context.slug}/deliveries/replay-failed`,
    { limit: "1000", since: moment(since), ...(end && { until: moment(end) }), ...(endpoint && { endpoint }) })(),
  el("div", { class: "fields" },
    field(t`Of events from`, el("input", { name: "since", type: "datetime-local", required: true })),
    field(t`Until`, el("input", { name: "until", type: "datetime-local" }), t`Empty for now`),
    field(
      t`Endpoint`, choice("endpoint", [["", t`all`], ...endpoints.map((endpoint) => [String(endpoint.id), endpoint.url])], "")
    )), t`Send failed again`, { id: "again" });
}

function addForm(context, styles) {
  const events = el("fieldset", {});
  const style = choice("style", styles.map((entry) => [entry.style, entry.title]), styles.find((entry) => entry.is_usual)?.style);
  const draw = () => events.replaceChildren(el("legend", {}, t`Events`), ...styles.find((entry) => entry.style === style.value).events
    .map((event) => el("label", { class: "check" }, el("input", { type: "checkbox", name: "event", value: event, checked: true }), event)));
  style.addEventListener("change", draw);
  draw();
  const made = form(async (fields, form) => {
    const chosen = [...form.querySelectorAll("[name=event]:checked")].map((box) => box.value);
    const { endpoint } = await ask(
      "POST", "/endpoints", { workspace: context.slug, url: fields.url, style: fields.style, events: chosen.join(",") }
    );
    keepInSight(secret(t`The secret of the new endpoint.`, endpoint.secret));
    await context.reload();
  }, [field(t`Address`, el("input", { name: "url", type: "url", required: true, placeholder: "https://example.com/webhooks" })), field(t`Style`, style, t`How bodies are worded and signed`), events], t`Add`, { id: "endpoint" });
  // The style is what it was by then, and so are its events.
  made.addEventListener("reset", () => setTimeout(draw));
  return made;
}

function endpointCard(context, endpoint, styles, deliveries, opened) {
  const run = (action, done) => async () => {
    await ask("POST", `/endpoints/${endpoint.id}/${action}`, {});
    await context.reload();
    say(done);
  };
  const isOn = endpoint.state === "enabled";
  const wrong = endpoint.failing_since && deliveries.find((delivery) => delivery.last_error)?.last_error;
  return el("section", { class: "card", key: endpoint.id, "aria-label": endpoint.url },
    el("div", { class: "row apart" }, el("h2", {}, endpoint.url), badge(conditions[endpoint.condition] ?? endpoint.condition)),
    facts([
      [t`Style`, styles.find((entry) => entry.style === endpoint.style)?.title ?? endpoint.style], [t`Events`, endpoint.events.join(", ")],
      [
        t`Failing since`,
        endpoint.failing_since && [time(endpoint.failing_since), wrong && el("span", { class: "wrong" }, ` ${wrong}`)]
      ],
      [t`Resting`, endpoint.resting_until && [t`tried again `, until(endpoint.resting_until)]],
      [t`Old secret`, endpoint.old_secret_until && el("span", {}, t`also signs until `, time(endpoint.old_secret_until))],
    ]),
    history(context, deliveries, opened),
    context.canManage && actions(act(t`Send a test`, async () => {
        const { delivery } = await ask("POST", `/endpoints/${endpoint.id}/test`, {});
        await context.reload();
        const [first] = delivery.history;
        if (delivery.status === "delivered") say(t`The sample was taken: status ${first.status} after ${span(first.milliseconds)}.`);
        else say(
          t`The sample was not taken: ${delivery.last_error ?? t`no answer yet`}${delivery.hint ? ` (${delivery.hint})` : ""}.`,
          "bad"
        );
      }),
      deliveries.some((delivery) => delivery.status === "failed") && isOn
        && act(
          t`Send failed again`,
          sendFailed(context, `/workspaces/${context.slug}/deliveries/replay-failed`, { endpoint: String(endpoint.id), limit: "1000" })
        ),
      act(
        isOn ? t`Turn off` : t`Turn on`,
        run(isOn ? "disable" : "enable", isOn ? t`It is told nothing any more.` : t`It is told again.`)
      ),
      act(t`New secret`, async () => {
        const made = await ask("POST", `/endpoints/${endpoint.id}/rotate-secret`, {});
        keepInSight(secret(t`The new secret. The old one signs as well for another day.`, made.endpoint.secret));
        await context.reload();
      }, { question: t`Make a new secret? For a day deliveries are signed with both.` }),
      act(t`Remove`, context.remove(`/endpoints/${endpoint.id}`), { kind: "danger", question: t`Remove this endpoint? What waits for it is not sent any more.` })));
}

/** The last deliveries as a strip, the newest on the right, and as rows, the newest first; a bar opens its row. */
function history(context, deliveries, opened) {
  if (deliveries.length === 0) return soft(t`Nothing was sent here yet.`);
  const words = { delivered: "good", failed: "bad", waiting: "warn" };
  const count = (state) => deliveries.filter((delivery) => delivery.status === state).length;
  const open = (delivery) => (event) => {
    event.preventDefault();
    openDelivery(context, delivery.id).catch((error) => say(error.message, "bad"));
  };
  // One list, so that a row which becomes an older one stays where it is; one that is being read is always shown.
  const showsAll = context.memory.has(`all of ${deliveries[0].endpoint}`);
  const shownNow = deliveries.filter((delivery, index) => index < first || showsAll || context.memory.has(delivery.id));
  return el("div", { class: "stack" },
    small(t`The last ${many(deliveries.length, "delivery", "deliveries")}: ${count("delivered")} delivered, ${count("failed")} failed (low bars), ${count("waiting")} waiting (middle bars).`
    ),
    el("div", { class: "strip" }, [...deliveries].reverse().map((delivery) => el("a", {
      href: "#", role: "button", key: delivery.id, class: words[delivery.status], onclick: open(delivery), title: `${delivery.event}: ${stateWord(delivery.status)}`,
      "aria-label": t`Delivery ${delivery.id}, ${delivery.event}, ${stateWord(delivery.status)}`,
    }))),
    deliveryList(context, shownNow, opened),
    shownNow.length < deliveries.length && actions(act(t`Show ${many(deliveries.length - shownNow.length, "older one")}`, async () => {
      context.memory.set(`all of ${deliveries[0].endpoint}`, true);
      await context.reload();
    }, { kind: "tight", name: t`Show the older ones` })));
}
