// A JSON schema as a table of its members.
import { el } from "./dom.js";

const deepest = 3;

/** What a reference inside the description leads to; anything else stays. */
export const follow = (description, given) =>
  (given.$ref ? given.$ref.slice(2).split("/").reduce((place, name) => place[name], description) : given);

/** Follows references, and puts the parts of `allOf` together. */
function resolve(description, schema) {
  if (schema.$ref) return resolve(description, follow(description, schema));
  if (!schema.allOf) return schema;
  const parts = schema.allOf.map((part) => resolve(description, part));
  return {
    type: "object", properties: Object.assign({}, ...parts.map((part) => part.properties)),
    required: parts.flatMap((part) => part.required ?? [])
  };
}

const typeOf = (schema) => [schema.type ?? "any"].flat().join(" or ");

function limits(schema) {
  const words = [];
  if (schema.enum) words.push(`one of ${schema.enum.join(", ")}`);
  if (schema.minimum !== undefined) words.push(`from ${schema.minimum} to ${schema.maximum}`);
  if (schema.maxLength) words.push(`at most ${schema.maxLength} characters`);
  if (schema.default !== undefined) words.push(`by itself ${schema.default}`);
  return words.join("; ");
}

/** The members of an object, and those of objects inside it. */
export function schemaView(description, given, depth = 0) {
  const schema = resolve(description, given);
  if (schema.anyOf) return el("div", { class: "stack" }, schema.anyOf.map((part) => schemaView(description, part, depth)));
  if (schema.type === "array") return el("div", { class: "stack" }, el("p", { class: "small soft" }, "A list of:"), schemaView(description, schema.items, depth));
  if (!schema.properties) return el("p", { class: "small soft" }, typeOf(schema), schema.description ? `: ${schema.description}` : "");
  return el("dl", { class: "facts" }, Object.entries(schema.properties).map(([name, member]) => {
    const inner = resolve(description, member);
    const nested = inner.properties ?? (inner.items && resolve(description, inner.items).properties);
    return [
      el("dt", {}, el("code", {}, name), (schema.required ?? []).includes(name) && el("span", { class: "small" }, " required")),
      el("dd", {}, el("span", { class: "soft small" }, typeOf(inner)), " ", inner.description ?? "", limits(inner) && el("span", { class: "soft" }, ` (${limits(inner)})`),
        nested && depth < deepest && el("details", {}, el("summary", {}, "Members"), schemaView(description, member, depth + 1))),
    ];
  }));
}
