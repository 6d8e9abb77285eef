// Converts files from this page: drop them, choose, watch, compare, download, and do the same again.
import { fileAt, isOver, read, upload } from "../api.js";
import { compare, pictures, shownFormats } from "../compare.js";
import { act, actions, badge, card, choice, el, field, nameOf, note, say, small, soft } from "../dom.js";
import { t } from "../language.js";
import { formatOf, formats, optionFields, showOptions, understood } from "../options.js";
import { renew } from "../renew.js";
import { snippets } from "../snippets.js";
import { change, many, size } from "../words.js";
import { zip } from "../zip.js";

/** A name by which the server knows a repetition. */
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const sent = (part, all) => (part < 1 ? t`${size(part * all)} of ${size(all)} sent` : t`The server looks at the files …`);

export async function show(context) {
  const [list, { presets }] = await Promise.all([formats(true), read(`/presets?workspace=${context.slug}`)]);
  const pages = list.formats.find((format) => format.from === "url");
  /** Draws each result that has not ended. */
  const open = new Set();
  const said = el("div", { "aria-live": "polite" });
  const chosen = el("div", { class: "stack wide", "aria-live": "polite" });
  const results = el("div", { class: "stack wide" });
  const picker = el("input", { type: "file", multiple: true, "aria-label": t`Files to convert`, onchange: () => {
    take([...picker.files]);
    picker.value = "";
  } });
  const drop = el("div", { class: "drop" }, el("h2", {}, t`Drop files here, paste them, or choose them`), picker,
  act(t`Use the sample picture`, async () => {
    const picture = await fetch("samples/photo.png").then((answer) => answer.blob());
    take([new File([picture], "photo.png", { type: "image/png" })]);
  }, { kind: "quiet tight" }),
  el("details", { class: "small" }, el("summary", {}, t`It reads ${many(list.formats.length, "format")}`),
    soft(list.formats.map((format) => format.title).join(", "))));
  const address = el("input", { type: "url", name: "page", placeholder: "https://example.com/", required: true });
  const addressForm = pages && el("form", { id: "page-address", class: "row", onsubmit: (event) => {
    event.preventDefault();
    choose({ source: pages, files: [], page: address.value });
    address.value = "";
  } }, field(t`Or the address of a web page`, address), el("button", {}, t`Use this page`));
  const onPaste = (event) => {
    if (["INPUT", "TEXTAREA"].includes(event.target.nodeName)) return;
    const files = [...event.clipboardData.files];
    const text = event.clipboardData.getData("text").trim();
    if (files.length > 0) take(files);
    else if (pages && /^https?:\/\/\S+$/.test(text)) choose({ source: pages, files: [], page: text });
    else return;
    event.preventDefault();
  };
  document.addEventListener("paste", onPaste);
  context.onLeave(() => document.removeEventListener("paste", onPaste));

  /** Files of one format become one conversion. */
  function take(added) {
    said.replaceChildren();
    const strangers = added.filter((file) => !formatOf(file.name, list));
    if (strangers.length > 0) said.replaceChildren(note("bad", t`${strangers.map((file) => file.name).join(", ")}: of a format that cannot be read here.`));
    const sources = new Map();
    for (const file of added) {
      const source = formatOf(file.name, list);
      if (source) sources.set(source, [...(sources.get(source) ?? []), file]);
    }
    for (const [source, files] of sources) choose({ source, files });
  }

  /** Adds a form for files, or for a page. */
  function choose({ source, files, page }) {
    const target = choice("to", source.to, page ? "pdf" : source.to.find((target) => target !== source.from));
    const options = optionFields(list);
    const details = el("details", {}, el("summary", {}, t`Options`), options);
    const overlay = el("input", { type: "file", name: "watermark", accept: "image/*" });
    const overlayField = field(t`Picture to lay over`, overlay, t`A watermark, such as a logo as PNG`);
    const preset = choice("preset", [["", t`none`], ...presets.map(({ name }) => name)], "");
    let key = newKey();
    const narrow = () => {
      // One of several steps says itself what becomes of the files.
      target.disabled = Boolean(presets.find(({ name }) => name === preset.value)?.steps);
      const names = target.disabled ? new Set() : understood(list, source, target.value);
      overlayField.hidden = overlay.disabled = !names.has("watermark_position");
      // Where a watermark stands says nothing without one.
      if (overlay.disabled || overlay.files.length === 0) for (const name of names) if (name.startsWith("watermark_")) names.delete(name);
      details.hidden = !showOptions(options, names);
    };
    overlay.addEventListener("change", narrow);
    for (const one of [target, preset]) one.addEventListener("change", narrow);
    narrow();
    const bar = el("progress", { max: 1, value: 0, "aria-label": t`Upload` });
    const told = el("span", { class: "small soft" });
    const progress = el("div", { class: "stack", role: "status", hidden: true }, bar, told);
    const never = el("button", { type: "button", onclick: () => wish.remove() }, t`Do not convert`);
    const send = el("button", { class: "main" }, page ? t`Convert the page` : t`Convert ${many(files.length, "file")}`);
    const wish = el("form", {
      id: document.getElementById("conversion") ? null : "conversion", class: "wish appears", onsubmit: async (event) => {
        event.preventDefault();
        const fields = [...new FormData(wish)].filter(([, value]) => (value instanceof File ? value.size > 0 : value !== ""));
        fields.push(["from", source.from], ["conversion_type", source.category]);
        if (page) fields.push(["page", page]);
        send.disabled = never.disabled = true;
        progress.hidden = false;
        try {
          await convert({ fields, files, key }, (part, all) => {
            bar.value = part;
            told.textContent = sent(part, all);
          });
          wish.remove();
        } catch (error) {
          said.replaceChildren(note("bad", error.message));
        }
        progress.hidden = true;
        send.disabled = never.disabled = false;
      },
      // What is wished for anew is another job.
      onchange: () => { key = newKey(); },
    },
    el("ul", { class: "plain row" }, page ? el("li", { class: "badge" }, page)
      : files.map((file) => el("li", { class: "badge" }, nameOf(file.name), ` · ${size(file.size)}`))),
    el("div", { class: "fields" }, field(page ? t`The page becomes` : t`${source.title} becomes`, target),
      presets.length > 0 && field(t`Preset`, preset, t`Its options count where none is set here`),
      files.length > 1 && field(t`Results`, choice("archive", [["", t`each by itself`], ["zip", t`in one ZIP archive`]], "")),
      overlayField),
    details, progress,
    actions(send, never));
    chosen.append(wish);
    if (!files[0]?.stored) target.focus();
  }

  /** Sends a wish, and shows what becomes of it. */
  async function convert({ fields, files, key }, progress) {
    said.replaceChildren();
    const data = new FormData();
    for (const [name, value] of fields) data.append(name, value);
    for (const file of files) data.append(file.stored ? "stored[]" : "files[]", file.stored ?? file);
    const { job } = await upload(`/workspaces/${context.slug}/jobs`, data, progress, key);
    say("");
    const again = () => convert({ fields, files, key: newKey() }, (part, all) => say(sent(part, all)));
    const made = await result(context, job.request_id, open, again);
    // A repetition is the job that is there.
    results.querySelector(`#${job.request_id}`)?.remove();
    results.prepend(made);
  }

  // A stored file is known by its number, and is there already.
  const stored = context.query.get("stored");
  if (stored) take([{ stored, name: context.query.get("name") ?? "", size: Number(context.query.get("size")) }]);
  return {
    again: () => (open.size > 0 ? Promise.all([...open].map((draw) => draw())) : read("/session")), title: t`Convert`,
    lead: t`The same engines and limits as the API, with this page as the client.`,
    body: [card(null, drop, addressForm, said, chosen), results]
  };
}

/** A card that follows a job and then offers what came out of it. */
async function result(context, request, open, again) {
  const body = el("div", { class: "stack" });
  const draw = async () => {
    const { job } = await read(`/jobs/${request}`);
    // A later look was quicker.
    if (!open.has(draw)) return;
    if (isOver(job.status)) open.delete(draw);
    renew(body, [
      el(
        "div", { class: "row apart", role: "status" },
        el("h2", {}, nameOf(job.inputs[0]?.file_name), job.inputs.length > 1 && t` and ${job.inputs.length - 1} more`),
        badge(job.status)
      ),
      job.error ? note("bad", job.error) : "",
      isOver(job.status) ? [comparison(job, request), outputs(job, request)]
        : [el("progress", { max: 100, value: job.progress, "aria-label": t`Progress` }), small(job.status === "pending" ? t`It waits for a free worker.` : job.progress === null ? t`It is being converted.`
            : t`${job.progress} % are done.`)],
      actions(job.outputs.length > 1 && act(t`All as ZIP`, () => saveAll(request, job.outputs), { kind: "tight" }),
        act(t`The same again`, again, { kind: "tight" }),
        el("a", { class: "button tight", href: `#/w/${context.slug}/jobs/${request}` }, t`See the job`)),
      isOver(job.status) && job.source_format !== "url"
        ? el("details", {}, el("summary", {}, t`The same by a program`), snippets(job)) : ""].flat().filter(Boolean));
  };
  open.add(draw);
  await draw();
  return el("section", { class: "card appears", id: request }, body);
}

/** One picture of which one was made is shown before and after. */
function comparison(job, request) {
  const [before, after] = [job.inputs.filter((input) => input.role === "source"), job.outputs];
  const isPair = before.length === 1 && after.length === 1 && before[0].is_there && shownFormats.includes(job.source_format)
    && pictures.includes(after[0].media_type);
  return isPair && compare(fileAt(request, "inputs", before[0].position, true), fileAt(request, "outputs", after[0].position, true), before[0].file_name);
}

function outputs(job, request) {
  return el("ul", { class: "plain stack" }, job.outputs.map((output, index) => el("li", { class: "row apart" },
    el("span", {}, nameOf(output.file_name),
      el("span", { class: "soft" }, ` · ${[size(output.size), change(job.inputs[index]?.size, output.size)].filter(Boolean).join(", ")}`)),
    el("a", { class: "button tight", href: fileAt(request, "outputs", output.position), download: output.file_name }, t`Download`))));
}

async function saveAll(request, outputs) {
  const files = await Promise.all(outputs.map(async (output) => ({
    name: output.file_name,
    bytes: new Uint8Array(await fetch(fileAt(request, "outputs", output.position)).then((answer) => {
      if (!answer.ok) throw new Error(t`The server answered ${answer.status}.`);
      return answer.arrayBuffer();
    })),
  })));
  const address = URL.createObjectURL(zip(files));
  el("a", { href: address, download: `${request}.zip` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
