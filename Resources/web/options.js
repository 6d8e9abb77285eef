// The targets and options of conversions as fields, made from what /api/v1/formats says.
import { choice, el, field } from "./dom.js";
import { t } from "./language.js";

let known = null;

/** What can be made of what; looked up again where it may have changed. */
export async function formats(isNew) {
  if (isNew || !known) {
    const answer = await fetch("api/v1/formats");
    if (!answer.ok) throw new Error(t`The server answered ${answer.status}.`);
    known = await answer.json();
  }
  return known;
}

/** The format of a file by the ending of its name, or undefined. */
export function formatOf(name, list) {
  const ending = name.split(".").pop().toLowerCase();
  return list.formats.find((format) => format.from === ending || format.aliases.includes(ending));
}

/** Which options stand together, by their names, in which order; the first that fits counts. */
const groups = [
  [t`Size and place`, /^(width|height|fit|never_enlarge|thumbnail|crop_|rotate$|flip|auto_orient|filter|columns|rows|storyboard)/],
  [t`Quality and colour`, /quality|lossless|progressive|subsampling|target_size|effort|grayscale|background$|^(compress|dpi|tiff|trace)/],
  [t`Film and sound`, /^(audio_|channels|duration|fps|mute|normalize|sample_rate|start|time$)/],
  [t`Opening a web page`, new RegExp("^(accept_|block|colour_scheme|cookies|css_media|delay|device_scale|element|full_page|headers$|"
    + "hide_|javascript|load_|locale|page_user|time_zone|unstick|user_agent|viewport_|wait_)")],
  [t`Watermark and stamp`, /^(watermark|stamp)_/],
  [t`Passwords and rights`, /password|^(decrypt|permit_)/],
  [t`Pages`, /page|^(margin|merge|split|scale|outline|tagged|linearize|backgrounds|footer_|header_html|flatten|first_number|pdf)/],
  [t`Everything else`, /./],
];

/** Which options mean something only in some targets, though whoever makes them takes them for all that it makes. */
const only = [
  [/^(page_(size|fit|orientation)|margin)$/, (target) => target.category === "document" || ["eps", "ps"].includes(target.from)],
  [/^compression$/, (target) => ["png", "ico", "cur", "pdf", "svg"].includes(target.from)],
  [/^(progressive|subsampling)$/, (target) => ["jpeg", "pdf", "svg"].includes(target.from)],
];

/** A field for each option, those that belong together side by side; an empty one is left to the server. */
export function optionFields(list) {
  const parts = new Map(groups.map(([name]) => [name, []]));
  const place = ({ name }) => groups.find(([, pattern]) => pattern.test(name))[1].source.indexOf(name.split("_")[0]);
  for (const option of [...list.options].sort((one, other) => place(one) - place(other))) {
    const one = field(words(option.name), input(option), hint(option));
    one.dataset.option = option.name;
    parts.get(groups.find(([, pattern]) => pattern.test(option.name))[0]).push(one);
  }
  return el("div", { class: "stack options" }, [...parts].map(([name, fields]) => el("fieldset", {}, el("legend", {}, name), el("div", { class: "fields" }, fields))));
}

/** The names of the options that a conversion understands; without a source those of all that make the target. */
export function understood(list, source, target) {
  // What is made of the source may go on to a program that works on the target's own format.
  const sources = source ? [source, list.formats.find((format) => format.from === target)] : list.formats;
  const makers = sources.flatMap((format) => format?.offers ?? []);
  const names = new Set(makers.filter((offer) => offer.to.includes(target)).flatMap((offer) => offer.options));
  const format = list.formats.find((entry) => entry.from === target);
  const isIdle = (name) => format && only.some(([pattern, fits]) => pattern.test(name) && !fits(format));
  return new Set([...names].filter((name) => !isIdle(name)));
}

/** Leaves of such fields those in the set; what is hidden is not sent. Gives whether any are left. */
export function showOptions(fields, names) {
  for (const group of fields.children) {
    const own = [...group.querySelectorAll("[data-option]")];
    for (const one of own) {
      one.hidden = !names.has(one.dataset.option);
      for (const control of one.querySelectorAll("input, select")) control.disabled = one.hidden;
    }
    group.hidden = own.every((one) => one.hidden);
  }
  return names.size > 0;
}

const words = (name) => name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase())
  .replace(/\b(css|dpi|fps|html|ocr|pdf|pdfa|toc)\b/gi, (letters) => letters.toUpperCase());

function hint(option) {
  const value = option.type === "boolean" ? { true: t`yes`, false: t`no` }[option.default] : option.default;
  const standard = value === null || value === undefined ? "" : t` By itself: ${value}.`;
  return `${option.summary.replace(/^./, (letter) => letter.toUpperCase())}.${standard}`;
}

function input(option) {
  const name = `options[${option.name}]`;
  if (option.type === "boolean") return choice(name, [["", t`as it is`], ["true", t`yes`], ["false", t`no`]], "");
  if (option.type === "choice") return choice(name, [["", t`as it is`], ...option.choices], "");
  if (option.type === "integer") return el("input", { name, type: "number", min: option.minimum, max: option.maximum, step: 1 });
  if (option.type === "secret") return el("input", { name, type: "password", autocomplete: "new-password" });
  return el("input", { name, placeholder: option.type === "colour" ? "#ffffff" : "", autocomplete: "off" });
}
