// The API page, made from /openapi.json.
import { code, el, empty, home } from "./dom.js";
import { formatMap } from "./map.js";
import { formats } from "./options.js";
import { follow, schemaView } from "./schema.js";
import { tryForm } from "./trial.js";

const examples = [["curl", "convert.sh"], ["JavaScript", "convert.js"], ["PHP", "convert.php"], ["Python", "convert.py"]];
const languages = { javascript: "JavaScript", php: "PHP", python: "Python", ruby: "Ruby" };
const main = document.getElementById("content");
let tabsMade = 0;

/** Texts of which one is shown, with a button for each. */
function tabs(label, entries) {
  tabsMade += 1;
  const id = `tab-${tabsMade}`;
  const panel = el("div", { role: "tabpanel", id: `${id}-panel`, class: "stack" });
  const buttons = entries.map(([title, make], index) => el("button", {
    type: "button", role: "tab", id: `${id}-${index}`, "aria-controls": panel.id, onclick: () => pick(index),
    onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (index + step + entries.length) % entries.length;
      pick(next);
      buttons[next].focus();
    },
  }, title));
  function pick(chosen) {
    buttons.forEach((button, index) => {
      button.setAttribute("aria-selected", index === chosen);
      button.tabIndex = index === chosen ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", buttons[chosen].id);
    panel.replaceChildren(entries[chosen][1]());
  }
  pick(0);
  return el("div", { class: "stack" }, el("div", { class: "tabs", role: "tablist", "aria-label": label }, buttons), panel);
}

const text = (address) => fetch(address).then((answer) => answer.text());
const here = (sample) => sample.replaceAll("http://127.0.0.1:8080", home);

/** `code` in a description becomes code; everything else stays text. */
const prose = (words) => words.split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));

function section(id, title, ...children) {
  return el("section", { id, class: "stack", "aria-label": title }, el("h2", {}, title), children);
}

function operation(path, method, described, description) {
  const bodies = Object.entries(described.requestBody?.content ?? {});
  const answers = Object.entries(described.responses).map(([status, answer]) => [status, follow(description, answer)]);
  return el("section", { id: described.operationId, class: "card", "aria-label": described.summary },
    el("div", { class: "stack" }, el("h3", {}, described.summary),
      el("p", { class: "row" }, el("span", { class: `method ${method}` }, method.toUpperCase()), el("code", {}, path),
        described.security.length === 0 ? el("span", { class: "badge" }, "no key needed") : el("span", { class: "badge accent" }, "needs a key"))),
    el("p", {}, prose(described.description)),
    described.parameters && el("div", { class: "stack" }, el("h4", { class: "small soft" }, "Parameters"),
      schemaView(description, { type: "object", properties: Object.fromEntries(
        described.parameters.map((entry) => [entry.name, { ...entry.schema, description: entry.description }])
      ),
        required: described.parameters.filter((entry) => entry.required).map((entry) => entry.name) })),
    bodies.map(([type, { schema }]) => el("details", { open: bodies.length === 1 }, el("summary", {}, "Body: ", el("code", {}, type)), schemaView(description, schema))),
    el("details", {}, el("summary", {}, "Answers"), el("div", { class: "stack" }, answers.map(([status, answer]) => el("div", { class: "attempt" },
      el("p", {}, el("strong", {}, status === "default" ? "Others" : status), " ", answer.description),
      status.startsWith("2") && Object.values(answer.content ?? {}).slice(0, 1).map(({ schema }) => schemaView(description, schema)))))),
    tryForm(path, method, described, description));
}

async function show() {
  const [description, list, webhooks, { styles }, ...programs] = await Promise.all([
    fetch("openapi.json").then((answer) => answer.json()), formats(),
    fetch("web/examples/webhooks.json").then((answer) => answer.json()),
    fetch("admin/api/v1/webhook-styles").then((answer) => answer.json()),
    ...examples.map(([, file]) => text(`web/examples/${file}`)),
  ]);
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ path, method, described })));
  const groups = description.tags.map(
    (tag) => ({ ...tag, operations: operations.filter((entry) => entry.described.tags.includes(tag.name)) })
  );
  const parts = [
    section("start", "API", el("p", {}, description.info.description),
      el(
        "p", {}, "Send the key of your workspace as ", el("code", {}, "X-API-Key"), " or as ",
        el("code", {}, "Authorization: Bearer"),
        ". Every answer is JSON; one that says no has a sentence, a code, and each wrong field by name."
      ),
      tabs(
        "A whole conversion in four languages",
        examples.map(([title], index) => [title, () => code(here(programs[index]), `${title} program`)])
      )),
    ...groups.map((group) => el("section", { class: "stack", id: group.name, "aria-label": group.name }, el("h2", {}, group.name), el("p", { class: "soft" }, group.description),
      group.operations.map(({ path, method, described }) => operation(path, method, described, description)))),
    section("webhooks", "Webhooks", el(
      "p", {},
      "An endpoint gets a signed POST for each event that it has subscribed to. Check the signature over the bytes as they came, before you read them as JSON. Whatever your server does not answer with a status from 200 to 299 is sent again."
    ),
      tabs("How each style is checked", styles.filter(({ style }) => webhooks[style]).map(({ style, title, events }) => [title, () => el("div", { class: "stack" },
        el("p", {}, "Events: ", events.flatMap((event, index) => [index > 0 && ", ", el("code", {}, event)]), "."),
        tabs(
          `${title} in four languages`,
          Object.entries(languages).map(([language, name]) => [name, () => code(webhooks[style][language], `${title} in ${name}`)])
        ))]))),
    section("formats", "Formats", list.formats.length > 0 ? formatMap(list) : empty("No formats", "This machine converts nothing at the moment."),
      el("h3", {}, "Options"), schemaView(description, { type: "object", required: [], properties: Object.fromEntries(list.options.map((option) => [option.name, { type: option.type,
        description: `${option.summary}. It may be ${option.values}${option.default === null ? "" : `; by itself ${option.default}`}.` }])) })),
  ];
  main.replaceChildren(
    document.getElementById("said"), el("h1", { class: "heard" }, "API of this appliance"),
    el("div", { class: "stack wide" }, parts)
  );
  document.getElementById("contents").replaceChildren(
    el("div", {}, el("ul", {}, el("li", {}, el("a", { href: "#start" }, "Start")))),
    ...groups.map((group) => el(
      "div", {}, el("h2", {}, group.name),
      el(
        "ul", {},
        group.operations.map(({ described }) => el("li", {}, el("a", { href: `#${described.operationId}` }, described.summary)))
      )
    )),
    el(
      "div", {}, el("h2", {}, "More"),
      el(
        "ul", {}, el("li", {}, el("a", { href: "#webhooks" }, "Webhooks")),
        el("li", {}, el("a", { href: "#formats" }, "Formats and options"))
      )
    ));
  main.dataset.ready = "yes";
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

show().catch((error) => main.replaceChildren(empty("The description cannot be read", error.message)));
