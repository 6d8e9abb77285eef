// The front page: the formats of this machine, and the form to ask for access.
import { el, field, form, home, note, secret } from "./dom.js";

// What stands in the document already is shown first; the rest comes into its place.
await new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));

document.getElementById("sample").textContent = `curl ${home}/api/v1/jobs \\
  -H "X-API-Key: YOUR_KEY" \\
  -F conversion_type=image -F from=png -F to=jpg \\
  -F "files[]=@photo.png"`;

const place = document.getElementById("access-form");
place.replaceChildren(form(async (fields) => {
  const response = await fetch("api/v1/access-requests", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields) });
  const answer = await response.json();
  if (!response.ok) {
    const problems = Object.entries(answer.errors ?? {}).map(([name, words]) => `${name}: ${words.join(", ")}`);
    throw new Error([answer.message, ...problems].join(" "));
  }
  place.replaceChildren(
    note("good", answer.message),
    answer.api_key ? secret(`Your key for the workspace ${answer.workspace.slug}.`, answer.api_key) : ""
  );
}, [
  el("div", { class: "fields" },
    field("E-mail", el("input", { name: "email", type: "email", autocomplete: "email", required: true })),
    field("Company", el("input", { name: "company", autocomplete: "organization", required: true, maxlength: 200 })),
    field(
      "Expected volume",
      el("input", { name: "expected_volume", required: true, maxlength: 200, placeholder: "About 900 pictures a day" })
    )),
  field("Your integration", el("textarea", { name: "use_case", required: true, maxlength: 4000 }), "What you convert, and what for"),
  el(
    "div", { class: "trap", "aria-hidden": "true" },
    el("label", {}, "Leave this empty", el("input", { name: "website", tabindex: "-1", autocomplete: "off" }))
  ),
], "Send the request", { id: "ask-access" }));

const list = document.getElementById("formats");
try {
  const { formats } = await fetch("api/v1/formats").then((answer) => answer.json());
  list.replaceChildren(...formats.map((format) => el("li", { class: "badge accent" }, format.title)));
} catch {
  list.replaceChildren(el("li", { class: "soft" }, "The server does not answer at the moment."));
}
