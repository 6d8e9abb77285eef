// Makes elements. Text always goes in as text, so that markup in a file's name is shown and never run.

import { t } from "./language.js";

/** The address of this appliance without a slash at its end, with the path that it stands below. */
export const home = new URL(".", document.baseURI).href.replace(/\/$/, "");

const traits = new WeakMap();

/** What an update in place has to know of a node: its name among its siblings, what listens to it, how it was made. */
export function traitsOf(node) {
  if (!traits.has(node)) traits.set(node, { key: null, listeners: {} });
  return traits.get(node);
}

/** Has a listener called, in place of the one before for the same type. */
export function listen(element, type, listener) {
  const { listeners } = traitsOf(element);
  if (!(type in listeners)) element.addEventListener(type, (event) => traitsOf(element).listeners[type](event));
  listeners[type] = listener;
}

/**
 * An element with attributes and children; `on…` are listeners, true an empty attribute, null and false none, and `key`
 * tells it from its siblings.
 */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

const drawing = "http://www.w3.org/2000/svg";

/** The same for a drawing. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(drawing, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "key") traitsOf(element).key = String(value);
    else if (name.startsWith("on")) listen(element, name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Has an update in place keep an element with all in it while it would be made the same, and otherwise replace it whole. */
export function whole(element) {
  traitsOf(element).made = element.cloneNode(true);
  return element;
}

/** A card with a heading. */
export const card = (title, ...children) => el("section", { class: "card", key: typeof title === "string" ? title : null }, title && el("h2", {}, title), ...children);

/** What stands where a list is empty: what it is for, and what to do next. */
export function empty(title, text, ...actions) {
  return el("div", { class: "empty" }, el("p", { class: "title" }, title), el("p", {}, text),
    actions.length > 0 && el("div", { class: "actions" }, actions));
}

export const actions = (...children) => el("div", { class: "actions" }, children);

/** What is less important. */
export const soft = (...children) => el("p", { class: "soft" }, children);
export const small = (...children) => el("p", { class: "soft small" }, children);

/** Links to the newest part of a list and to an older one; each is an address or nothing. */
export const pager = (newest, older) => (newest || older) && el("nav", { class: "actions", "aria-label": t`Pages of the list` },
  newest && el("a", { class: "button", href: newest }, t`Newest`), older && el("a", { class: "button", href: older }, t`Older`));

export const note = (kind, ...children) => el("div", { class: `note ${kind}`, role: "status" }, ...children);

/** What tells the rows of a list apart. */
const keyOf = (row) => row.request_id ?? row.batch_id ?? row.id ?? row.slug ?? row.email ?? row.name ?? row.period ?? null;

/**
 * A table; a column is a title, a way to make a cell, and perhaps a class. The roles are said, for on a phone the rows are
 * no table to a browser.
 */
export function table(caption, columns, rows) {
  return el("div", { class: "table", tabindex: "0", role: "region", "aria-label": caption, onkeydown: goThrough },
    el("table", { role: "table" },
      el("caption", { class: "heard" }, caption),
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, columns.map(({ title, kind }) =>
        el("th", { scope: "col", role: "columnheader", class: kind }, title || el("span", { class: "heard" }, t`Actions`))))),
      el("tbody", { role: "rowgroup" }, rows.map((row) => el("tr", { role: "row", key: keyOf(row) }, columns.map(({ title, cell, kind }) =>
        el("td", { role: "cell", class: kind, "data-title": title || null }, el("div", {}, cell(row)))))))));
}

/** The arrows lead from row to row, to whatever can be pressed there. */
function goThrough(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.nodeName)) return;
  const rows = [...event.currentTarget.querySelectorAll("tbody > tr")].filter((row) => row.querySelector("a, button"));
  const next = rows[rows.indexOf(event.target.closest("tr")) + step];
  if (!next) return;
  event.preventDefault();
  next.querySelector("a, button").focus();
}

/** A list of names and values; those without a value are left out. */
export const facts = (pairs) => el("dl", { class: "facts" },
  pairs.filter(([, value]) => ![null, undefined, "", false].includes(value))
    .map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));

/** The name of a file or a person, whichever way it is written; a long one is cut where it has little room. */
export const nameOf = (name) => el("bdi", { class: "name", title: name?.length > 60 ? name : null }, name);

/** A labelled field. */
export function field(label, input, hint) {
  return el("label", {}, label, input, hint && el("small", {}, hint));
}

export function choice(name, options, chosen) {
  return el("select", { name }, options.map((option) => {
    const [value, text] = Array.isArray(option) ? option : [option, option];
    return el("option", { value, selected: value === chosen }, text);
  }));
}

/** A form whose button runs `action` with the fields; what goes wrong is said above the button, in words. */
export function form(action, fields, button = t`Save`, attributes = {}) {
  const said = el("p", { class: "note bad", role: "alert", hidden: true });
  const send = el("button", { class: "main" }, button);
  const made = el("form", { ...attributes, onsubmit: async (event) => {
    event.preventDefault();
    send.disabled = true;
    said.hidden = true;
    traitsOf(made).isBusy = true;
    try {
      const fold = made.closest("details");
      await action(Object.fromEntries(new FormData(made)), made);
      made.reset();
      if (fold) fold.open = false;
    } catch (error) {
      said.textContent = error.message;
      said.hidden = false;
    }
    traitsOf(made).isBusy = false;
    send.disabled = false;
  } }, fields, said, el("div", { class: "actions" }, send));
  return whole(made);
}

/**
 * A button that runs `action`, says below the page's heading what went wrong, and asks first when `question` is given; then
 * perhaps for a word that has to be typed, too.
 */
export function act(label, action, { kind = "", question = null, name = null, typed = null } = {}) {
  return el("button", { type: "button", class: kind, "aria-label": name, key: name ?? label, onclick: async ({ currentTarget: button }) => {
    if (question && !(await sure(question, label, typed))) return;
    button.disabled = traitsOf(button).isBusy = true;
    try {
      await action(button);
    } catch (error) {
      say(error.message, "bad");
    }
    button.disabled = traitsOf(button).isBusy = false;
  } }, label);
}

/** Asks in a dialog of the page; when a word has to be typed, the button waits for it. */
function sure(question, label, typed) {
  return new Promise((resolve) => {
    const yes = el("button", { type: "button", class: "danger", disabled: typed !== null, onclick: () => dialog.close("yes") }, label);
    const word = typed !== null && field(t`Type ${typed} to go on`, el("input", { autocomplete: "off", spellcheck: "false",
      oninput: ({ target }) => { yes.disabled = target.value.trim() !== typed; } }));
    const dialog = el("dialog", { class: "card", "aria-label": label },
      el("p", {}, question), word,
      el("div", { class: "actions" }, yes,
        el("button", { type: "button", autofocus: typed === null, onclick: () => dialog.close() }, t`Keep it as it is`)));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Says what happened, for eyes and for ears. */
export function say(text, kind = "good") {
  // Only the signed-in pages have secrets beside it.
  const place = document.querySelector("#said > .message") ?? document.getElementById("said");
  place.replaceChildren(text ? el("p", { class: `note ${kind} appears` }, text) : "");
  if (text) place.scrollIntoView({ block: "nearest" });
}

const copier = (text) => act(t`Copy`, async (button) => {
  await copy(text);
  button.textContent = t`Copied`;
}, { kind: "tight" });

/** A secret with a button that copies it; most are shown this once. */
export function secret(label, text, hint = t`It is shown only now; keep it in a safe place.`) {
  return el("div", { class: "note warn", role: "status" }, el("p", {}, el("strong", {}, label), ` ${hint}`),
    el("p", { class: "secret" }, el("code", {}, text), copier(text)));
}

/** Shows secrets above every page until they are dismissed. */
export function keepInSight(...children) {
  const panel = el("div", { class: "stack kept appears", role: "group", "aria-label": t`Secrets` }, children,
    el(
      "div", { class: "actions" },
      el("button", { type: "button", class: "tight", onclick: () => panel.remove() }, t`I have kept it, dismiss`)
    ));
  const place = document.querySelector("#said > .secrets");
  place.prepend(panel);
  place.scrollIntoView({ block: "nearest" });
}

/** Puts a text on the clipboard; plain http other than on this machine has none, so it is selected instead. */
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  throw new Error(t`This browser copies only over https; mark the text and copy it by hand.`);
}

/** A code block with a button that copies it. */
export function code(text, label = t`Code`) {
  return el(
    "div", { class: "stack" }, el("pre", { tabindex: "0", "aria-label": label }, text),
    el("div", { class: "actions" }, copier(text))
  );
}

const states = {
  pending: [t`Waiting`, "warn", "◷"], processing: [t`Running`, "busy", "▸"], completed: [t`Done`, "good", "✓"],
  failed: [t`Failed`, "bad", "✕"], partial: [t`Partly done`, "warn", "!"], canceled: [t`Canceled`, "", "–"], waiting: [t`Waiting`, "warn", "◷"],
  delivered: [t`Delivered`, "good", "✓"], retrying: [t`Trying again`, "warn", "↻"], resting: [t`Resting`, "warn", "◷"],
  failing: [t`Failing`, "bad", "!"], enabled: [t`On`, "good", "✓"], disabled: [t`Off`, "", "–"],
  approved: [t`Approved`, "good", "✓"], suspended: [t`Suspended`, "bad", "✕"], rejected: [t`Rejected`, "bad", "✕"],
  ok: [t`Fine`, "good", "✓"], warning: [t`Look at it`, "warn", "!"], broken: [t`Broken`, "bad", "✕"],
};

const stateOf = (state) => states[state] ?? [state, "", "·"];
export const stateWord = (state) => stateOf(state)[0];

/** A state in a word, a sign and a colour. */
export function badge(state, text) {
  const [word, kind, sign] = stateOf(state);
  return el("span", { class: `badge ${kind}` }, el("span", { "aria-hidden": "true" }, sign), text ?? word);
}
