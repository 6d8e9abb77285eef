// The targets and options of conversions as fields, made from what /api/v1/formats says.
import { choice, el, field } from "./dom.js";

let known = null;

export async function formats() {
  known ??= await fetch("api/v1/formats").then((answer) => answer.json());
  return known;
}

/** The format of a file by the ending of its name, or undefined. */
export function formatOf(name, list) {
  const ending = name.split(".").pop().toLowerCase();
  return list.formats.find((format) => format.from === ending || format.aliases.includes(ending));
}

/** A field for each option; an empty one is left to the server. */
export function optionFields(list) {
  return el("div", { class: "fields top" }, list.options.map((option) => {
    const one = field(words(option.name), input(option), hint(option));
    one.dataset.option = option.name;
    return one;
  }));
}

/** Leaves of such fields those that a conversion understands; what is hidden is not sent. Gives whether any are left. */
export function showOptions(fields, list, source, target) {
  // What is made of the source may go on to a program that works on the target's own format.
  const makers = [source, list.formats.find((format) => format.from === target)].flatMap((format) => format?.offers ?? []);
  const known = new Set(makers.filter((offer) => offer.to.includes(target)).flatMap((offer) => offer.options));
  for (const one of fields.children) {
    one.hidden = !known.has(one.dataset.option);
    for (const control of one.querySelectorAll("input, select")) control.disabled = one.hidden;
  }
  return known.size > 0;
}

const words = (name) => name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());

function hint(option) {
  const standard = option.default === null || option.default === undefined ? "" : ` By itself: ${option.default}.`;
  return `${option.summary.replace(/^./, (letter) => letter.toUpperCase())}.${standard}`;
}

function input(option) {
  const name = `options[${option.name}]`;
  if (option.type === "boolean") return choice(name, [["", "as it is"], ["true", "yes"], ["false", "no"]], "");
  if (option.type === "choice") return choice(name, [["", "as it is"], ...option.choices], "");
  if (option.type === "integer") return el("input", { name, type: "number", min: option.minimum, max: option.maximum, step: 1 });
  if (option.type === "secret") return el("input", { name, type: "password", autocomplete: "new-password" });
  return el("input", { name, placeholder: option.type === "colour" ? "#ffffff" : "", autocomplete: "off" });
}
