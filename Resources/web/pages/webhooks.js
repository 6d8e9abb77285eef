// Where a workspace is told about its jobs, and how that goes.
import { ask, read } from "../api.js";
import { act, badge, card, choice, el, empty, facts, field, form, say, secret } from "../dom.js";
import { deliveryDetails } from "./deliveries.js";
import { many, span, time } from "../words.js";

const shown = 50;
const names = { wonder: "Wonder (as WonderConvert words it)", convertly: "Convertly", koalapic: "KoalaPic", standard: "Standard Webhooks" };

export async function show(context) {
  const { slug, canManage } = context;
  const [{ endpoints }, { styles }] = await Promise.all([read(`/endpoints?workspace=${slug}`), read("/webhook-styles")]);
  const strips = await Promise.all(endpoints.map((endpoint) => read(`/deliveries?endpoint=${endpoint.id}&limit=${shown}`)));
  const shownSecret = el("div", {});
  const adding = el("details", { open: endpoints.length === 0 }, el("summary", {}, "Add an endpoint"), addForm(context, styles, shownSecret));
  if (endpoints.some((_, index) => strips[index].deliveries.some((delivery) => delivery.status === "waiting"))) {
    const timer = setInterval(() => document.hidden || context.reload(), 10000);
    context.onLeave(() => clearInterval(timer));
  }
  return {
    title: "Webhooks",
    lead: "Addresses that are told when something happens to a job. Failed deliveries are tried again for hours.",
    actions: [el("a", { class: "button", href: "docs#webhooks" }, "How to check a signature")],
    body: [
      shownSecret, canManage && card(null, adding),
      endpoints.length === 0 && card(null, empty("No endpoints yet", canManage ? "Add the address of your own server above. Each endpoint has a secret that signs what it gets."
        : "An administrator of this workspace can add one.")),
      endpoints.map((endpoint, index) => endpointCard(context, endpoint, strips[index].deliveries, shownSecret)),
    ],
  };
}

function addForm(context, styles, shownSecret) {
  const events = el("fieldset", {});
  const style = choice("style", styles.map((entry) => [entry.style, names[entry.style] ?? entry.style]), "standard");
  const draw = () => events.replaceChildren(el("legend", {}, "Events"), ...styles.find((entry) => entry.style === style.value).events
    .map((event) => el("label", { class: "check" }, el("input", { type: "checkbox", name: "event", value: event, checked: true }), event)));
  style.addEventListener("change", draw);
  draw();
  return form(async (fields, made) => {
    const chosen = [...made.querySelectorAll("[name=event]:checked")].map((box) => box.value);
    const { endpoint } = await ask("POST", "/endpoints", { workspace: context.slug, url: fields.url, style: fields.style, events: chosen.join(",") });
    await context.reload();
    const place = document.querySelector("#said");
    place.replaceChildren(secret("The secret of the new endpoint.", endpoint.secret));
    place.scrollIntoView({ block: "nearest" });
    shownSecret.replaceChildren();
  }, [field("Address", el("input", { name: "url", type: "url", required: true, placeholder: "https://example.com/webhooks" })), field("Style", style, "How bodies are worded and signed"), events], "Add", { id: "endpoint" });
}

function endpointCard(context, endpoint, deliveries, shownSecret) {
  const run = (action, done) => async () => {
    await ask("POST", `/endpoints/${endpoint.id}/${action}`, {});
    await context.reload();
    say(done);
  };
  const isOn = endpoint.state === "enabled";
  return el("section", { class: "card", "aria-label": endpoint.url },
    el("div", { class: "row apart" }, el("h2", {}, endpoint.url), badge(endpoint.state)),
    facts([
      ["Style", names[endpoint.style] ?? endpoint.style], ["Events", endpoint.events.join(", ")],
      ["Failing since", time(endpoint.failing_since, null)],
      ["Old secret", endpoint.old_secret_until && el("span", {}, "also signs until ", time(endpoint.old_secret_until))],
    ]),
    strip(deliveries),
    context.canManage && el("div", { class: "actions" },
      act("Send a test", async () => {
        const { delivery } = await ask("POST", `/endpoints/${endpoint.id}/test`, {});
        await context.reload();
        const [first] = delivery.history;
        if (delivery.status === "delivered") say(`The sample was taken: status ${first.status} after ${span(first.milliseconds)}.`);
        else say(`The sample was not taken: ${delivery.last_error ?? "no answer yet"}${delivery.hint ? ` (${delivery.hint})` : ""}.`, "bad");
      }),
      act(isOn ? "Turn off" : "Turn on", run(isOn ? "disable" : "enable", isOn ? "It is told nothing any more." : "It is told again.")),
      act("New secret", async () => {
        const made = await ask("POST", `/endpoints/${endpoint.id}/rotate-secret`, {});
        await context.reload();
        document.querySelector("#said").replaceChildren(secret("The new secret. The old one signs as well for another day.", made.endpoint.secret));
      }, { question: "Make a new secret? For a day deliveries are signed with both." }),
      act("Remove", async () => {
        await ask("DELETE", `/endpoints/${endpoint.id}`);
        await context.reload();
      }, { kind: "danger", question: "Remove this endpoint? What waits for it is not sent any more." })));
}

/** The last deliveries as a strip, the newest on the right; each opens its attempts. */
function strip(deliveries) {
  if (deliveries.length === 0) return el("p", { class: "soft" }, "Nothing was sent here yet.");
  const place = el("div", { "aria-live": "polite" });
  const words = { delivered: "good", failed: "bad", waiting: "warn" };
  const count = (state) => deliveries.filter((delivery) => delivery.status === state).length;
  const open = (delivery) => (event) => {
    event.preventDefault();
    place.replaceChildren(el("h3", {}, badge(delivery.status), ` ${delivery.event}`),
      delivery.request_id ? el("p", {}, "Job ", el("a", { href: `#/w/${delivery.workspace}/jobs/${delivery.request_id}` }, delivery.request_id)) : "", deliveryDetails(delivery));
  };
  return el("div", { class: "stack" },
    el("p", { class: "soft small" }, `The last ${many(deliveries.length, "delivery", "deliveries")}: ${count("delivered")} delivered, ${count("failed")} failed (low bars), ${count("waiting")} waiting (middle bars).`),
    el("div", { class: "strip" }, [...deliveries].reverse().map((delivery) => el("a", {
      href: "#", role: "button", class: words[delivery.status], onclick: open(delivery), title: `${delivery.event}: ${delivery.status}`,
      "aria-label": `Delivery ${delivery.id}, ${delivery.event}, ${delivery.status}`,
    }))), place);
}
