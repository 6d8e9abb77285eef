// A form on the API page that sends a real request and shows the real answer.
import { act, el, field, form, home } from "./dom.js";
import { follow } from "./schema.js";

const longest = 20000;
let key = "";

/** The form of an operation; nothing is kept of the key but in this page. */
export function tryForm(path, method, described, description) {
  if (described.operationId === "watchJob") return null;
  const shown = el("div", { class: "stack", "aria-live": "polite" });
  const needsKey = described.security.length > 0;
  const isForm = Boolean(described.requestBody?.content["multipart/form-data"]);
  const isJSON = described.requestBody && !isForm;
  const fields = [
    needsKey && field(
      "Key",
      el(
        "input",
        {
          name: "key", value: key, autocomplete: "off", spellcheck: "false", required: true,
          oninput: (event) => { key = event.target.value; }
        }
      ),
      "Stays in this page"
    ),
    (described.parameters ?? []).map((parameter) => field(
      parameter.name, el("input", { name: `parameter ${parameter.name}`, required: parameter.required, autocomplete: "off" })
    )),
  ];
  const body = isJSON ? Object.entries(follow(description, described.requestBody.content["application/json"].schema).properties) : [];
  const made = form(async (values, element) => {
    let address = home + path;
    const query = new URLSearchParams();
    const headers = needsKey ? { "X-API-Key": values.key } : {};
    for (const parameter of described.parameters ?? []) {
      const value = values[`parameter ${parameter.name}`];
      if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, encodeURIComponent(value));
      else if (value && parameter.in === "query") query.set(parameter.name, value);
      else if (value) headers[parameter.name] = value;
    }
    let sent;
    if (isForm) {
      sent = new FormData();
      for (const name of ["conversion_type", "from", "to"]) if (values[name]) sent.set(name, values[name]);
      for (const file of element.querySelector("[type=file]").files) sent.append("files[]", file);
    } else if (isJSON) {
      headers["Content-Type"] = "application/json";
      sent = JSON.stringify(
        Object.fromEntries(body.filter(([name]) => values[name]).map(([name, schema]) => [name, schema.type === "object" ? JSON.parse(values[name]) : values[name]]))
      );
    }
    const answer = await fetch(query.size ? `${address}?${query}` : address, { method: method.toUpperCase(), headers, body: sent });
    shown.replaceChildren(...await picture(answer));
  }, [
    el("div", { class: "fields" }, fields,
      isForm && [["conversion_type", "image"], ["from", "png"], ["to", "jpg"]].map(([name, value]) => field(name, el("input", { name, value, required: true }))),
      body.map(([name, schema]) => field(
        name,
        el(
          "input",
          {
            name, type: schema.format === "email" ? "email" : "text", required: schema.type !== "object",
            placeholder: schema.type === "object" ? "{}" : null
          }
        )
      ))),
    isForm && field("files[]", el("input", { type: "file", multiple: true, required: true })),
  ], "Send");
  return el("details", {}, el("summary", {}, "Try it"), made, shown);
}

async function picture(answer) {
  const type = answer.headers.get("Content-Type") ?? "";
  const head = el("p", {}, el("strong", {}, `${answer.status} ${answer.statusText}`), el("span", { class: "soft" }, ` ${type}`));
  if (/json|text/.test(type)) {
    const text = await answer.text();
    const pretty = /json/.test(type) ? JSON.stringify(JSON.parse(text), null, 2) : text;
    return [
      head,
      el("pre", { tabindex: "0", "aria-label": "Answer" }, pretty.length > longest ? `${pretty.slice(0, longest)}\n…` : pretty)
    ];
  }
  const blob = await answer.blob();
  return [head, act("Save the file", () => {
    const address = URL.createObjectURL(blob);
    el("a", { href: address, download: "answer" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  })];
}
