// What was done on a page as programs, made of the examples of the API page.
import { code, el, home, whole } from "./dom.js";
import { t } from "./language.js";

const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;
const doubled = (text) => JSON.stringify(String(text));

/** The fields of a job's form, without its files. */
function fieldsOf(job) {
  return [
    ["conversion_type", job.conversion_type], ["from", job.source_format], ["to", job.target_format],
    ...Object.entries(job.options ?? {}).map(([name, value]) => [`options[${name}]`, value]),
    ...(job.archive ? [["archive", job.archive]] : []), ...(job.webhook_url ? [["webhook_url", job.webhook_url]] : []),
  ];
}

const fileField = (input) => (input.role === "overlay" ? "watermark" : "files[]");

function curl(job) {
  return [
    `curl ${home}/api/v1/jobs`, "-H 'X-API-Key: YOUR_KEY'", ...fieldsOf(job).map(([name, value]) => `-F ${quoted(`${name}=${value}`)}`),
    ...job.inputs.map((input) => `-F ${quoted(`${fileField(input)}=@"${input.file_name.replace(/["\\]/g, "\\$&")}"`)}`),
  ].join(" \\\n  ");
}

/** How the fields and the first file of the examples are written in each language. */
const languages = [
  ["Python", "convert.py", (text, fields) => text.replace(
    /^fields = .*$/m, () => `fields = {${fields.map(([name, value]) => `${doubled(name)}: ${doubled(value)}`).join(", ")}}`
  )],
  ["JavaScript", "convert.js", (text, fields) => text.replace(
    /(^form\.set\(.*\n)+/m, () => fields.map(([name, value]) => `form.set(${doubled(name)}, ${doubled(value)});\n`).join("")
  )],
  ["PHP", "convert.php", (text, fields) => text.replace(/(^ {4}'[^\n]*=> '.*\n)+/m, () => fields.map(([name, value]) => `    ${php(name)} => ${php(value)},\n`).join(""))],
];

const php = (text) => `'${String(text).replace(/['\\]/g, "\\$&")}'`;

async function program(job, [, file, fill]) {
  const text = await fetch(`web/examples/${file}`).then((answer) => answer.text());
  const write = file.endsWith("php") ? php : doubled;
  const [before, after] = [job.inputs[0]?.file_name ?? "photo.png", job.outputs?.[0]?.file_name ?? `result.${job.target_format}`];
  return fill(text, fieldsOf(job)).replaceAll("http://127.0.0.1:8080", home)
    .replace(/(["'])photo\.png\1/g, () => write(before)).replace(/(["'])photo\.jpg\1/g, () => write(after));
}

/** The same job with curl and in three languages, behind a fold; each is made when somebody looks at it. */
export function snippets(job) {
  if (job.source_format === "url") return null;
  const shown = el("div", {}, code(curl(job), "curl"));
  const names = ["curl", ...languages.map(([name]) => name)];
  const tabs = el("div", { class: "tabs", role: "tablist", "aria-label": t`Language` }, names.map((name, index) => el("button", {
    type: "button", role: "tab", "aria-selected": String(index === 0), tabindex: index === 0 ? 0 : -1,
    onclick: ({ currentTarget }) => choose(currentTarget, index), onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) tabs.children[(index + step + names.length) % names.length].click();
    },
  }, name)));
  async function choose(button, index) {
    for (const tab of tabs.children) {
      tab.setAttribute("aria-selected", String(tab === button));
      tab.tabIndex = tab === button ? 0 : -1;
    }
    button.focus();
    const text = index === 0 ? curl(job) : await program(job, languages[index - 1]);
    shown.replaceChildren(code(text, names[index]));
  }
  return whole(el("div", { class: "stack", key: "snippets" }, tabs, shown));
}
