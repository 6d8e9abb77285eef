// Converts files from this page: drop them, choose, watch, download.
import { fileAt, isOver, read, upload } from "../api.js";
import { act, badge, card, choice, el, field, note } from "../dom.js";
import { formatOf, formats, optionFields, showOptions } from "../options.js";
import { renew } from "../renew.js";
import { change, many, size } from "../words.js";
import { zip } from "../zip.js";

export async function show(context) {
  const [list, { presets }] = await Promise.all([formats(), read(`/presets?workspace=${context.slug}`)]);
  let files = [];
  /** Draws each result that has not ended. */
  const open = new Set();
  const said = el("div", { "aria-live": "polite" });
  const chosen = el("div", { class: "stack", "aria-live": "polite" });
  const results = el("div", { class: "stack" });
  const picker = el(
    "input", { type: "file", multiple: true, "aria-label": "Files to convert", onchange: () => take([...picker.files]) }
  );
  const drop = el("div", { class: "drop",
    ondragover: (event) => { event.preventDefault(); drop.classList.add("over"); },
    ondragleave: () => drop.classList.remove("over"),
    ondrop: (event) => { event.preventDefault(); drop.classList.remove("over"); take([...event.dataTransfer.files]); },
  }, el("h3", {}, "Drop files here, or choose them"),
  el(
    "p", { class: "soft small" },
    `It reads ${list.formats.map((format) => format.title).join(", ")}. All files of one conversion have the same format.`
  ), picker,
  act("Use the sample picture", async () => {
    const picture = await fetch("samples/photo.png").then((answer) => answer.blob());
    take([new File([picture], "photo.png", { type: "image/png" })]);
  }, { kind: "quiet tight" }));

  function take(added) {
    said.replaceChildren();
    const sources = new Set(added.map((file) => formatOf(file.name, list)));
    if (added.length === 0) return;
    if (sources.has(undefined)) return void said.replaceChildren(note(
      "bad", `${added.find((file) => !formatOf(file.name, list)).name} is of a format that cannot be read here.`
    ));
    if (sources.size > 1) return void said.replaceChildren(note(
      "bad", "These files are of different formats. Convert them one format at a time."
    ));
    files = added;
    choose([...sources][0]);
  }

  function choose(source) {
    const target = choice("to", source.to, source.to.find((target) => target !== source.from));
    const options = optionFields(list);
    const details = el("details", {}, el("summary", {}, "Options"), options);
    const narrow = () => { details.hidden = !showOptions(options, list, source, target.value); };
    target.addEventListener("change", narrow);
    narrow();
    const bar = el("progress", { max: 1, value: 0, "aria-label": "Upload", hidden: true });
    const wish = el("form", { id: "conversion", onsubmit: async (event) => {
      event.preventDefault();
      const data = new FormData(wish);
      data.set("from", source.from);
      data.set("conversion_type", source.category);
      for (const [name, value] of [...data]) if (value === "") data.delete(name);
      for (const file of files) data.append(file.stored ? "stored[]" : "files[]", file.stored ?? file);
      bar.hidden = false;
      try {
        const { job } = await upload(`/workspaces/${context.slug}/jobs`, data, (part) => { bar.value = part; });
        results.prepend(await result(context, job.request_id, open));
        chosen.replaceChildren();
        picker.value = "";
      } catch (error) {
        said.replaceChildren(note("bad", error.message));
      }
      bar.hidden = true;
    } },
    el("ul", { class: "plain row" }, files.map((file) => el("li", { class: "badge" }, `${file.name} · ${size(file.size)}`))),
    el("div", { class: "fields" }, field(`${source.title} to`, target),
      presets.length > 0 && field(
        "Preset", choice("preset", [["", "none"], ...presets.map((preset) => preset.name)], ""),
        "Its options count where none is set here"
      ),
      files.length > 1 && field("Results", choice("archive", [["", "each by itself"], ["zip", "in one ZIP archive"]], "")),
      el("div", { class: "actions" }, el("button", { class: "main" }, `Convert ${many(files.length, "file")}`))),
    details, bar);
    chosen.replaceChildren(wish);
    if (!files[0].stored) wish.querySelector("select").focus();
  }

  // A stored file is known by its number, and is there already.
  const stored = context.query.get("stored");
  if (stored) take([{ stored, name: context.query.get("name") ?? "", size: Number(context.query.get("size")) }]);
  return {
    again: () => (open.size > 0 ? Promise.all([...open].map((draw) => draw())) : read("/session")), title: "Try it",
    lead: "The same engines and limits as the API, with this page as the client.", body: [card(null, drop, said, chosen), results]
  };
}

/** A card that follows a job and then offers what came out of it. */
async function result(context, request, open) {
  const body = el("div", { class: "stack" });
  const draw = async () => {
    const { job } = await read(`/jobs/${request}`);
    if (isOver(job.status)) open.delete(draw);
    renew(body, [
      el(
        "div", { class: "row apart" },
        el("h2", {}, job.inputs[0]?.file_name, job.inputs.length > 1 && ` and ${job.inputs.length - 1} more`), badge(job.status)
      ),
      job.error ? note("bad", job.error) : "",
      isOver(job.status) ? el("ul", { class: "plain stack" }, job.outputs.map((output, index) => el("li", { class: "row apart" },
        el(
          "span", {}, output.file_name,
          el("span", { class: "soft" }, ` · ${size(output.size)}, ${change(job.inputs[index]?.size, output.size)}`)
        ),
        el(
          "a", { class: "button tight", href: fileAt(request, "outputs", output.position), download: output.file_name },
          "Download"
        ))))
        : el("progress", { max: 100, value: job.progress, "aria-label": "Progress" }),
      el("div", { class: "actions" },
        job.outputs.length > 1 && act("All as ZIP", () => saveAll(request, job.outputs), { kind: "tight" }),
        el("a", { class: "button tight", href: `#/w/${context.slug}/jobs/${request}` }, "See the job"))]);
  };
  open.add(draw);
  await draw();
  return el("section", { class: "card appears" }, body);
}

async function saveAll(request, outputs) {
  const files = await Promise.all(outputs.map(async (output) => ({
    name: output.file_name,
    bytes: new Uint8Array(await fetch(fileAt(request, "outputs", output.position)).then((answer) => answer.arrayBuffer())),
  })));
  const address = URL.createObjectURL(zip(files));
  el("a", { href: address, download: `${request}.zip` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
