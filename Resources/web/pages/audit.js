// Who changed what.
import { read } from "../api.js";
import { card, el, empty, table } from "../dom.js";
import { time } from "../words.js";

export async function show({ query }) {
  const before = query.get("before");
  const { audit, next_before: next } = await read(`/audit?limit=50${before ? `&before=${encodeURIComponent(before)}` : ""}`);
  return {
    title: "Audit log",
    lead: "Every change that a person or a command made, the newest first.",
    body: card(null, audit.length > 0 ? table("Audit log", [
      { title: "When", cell: (entry) => time(entry.at) }, {
        title: "Who", kind: "text", cell: (entry) => entry.actor
      }, { title: "From", cell: (entry) => entry.address },
      { title: "What", cell: (entry) => el("code", {}, entry.action) }, {
        title: "About", kind: "text",
        cell: (entry) => [entry.subject, entry.detail && el("span", { class: "soft" }, ` ${entry.detail}`)]
      },
    ], audit) : empty("Nothing here", "Changes are written down from the first one on."),
    (next || before) && el(
      "nav", { class: "actions", "aria-label": "Pages of the list" },
      before && el("a", { class: "button", href: "#/audit" }, "Newest"),
      next && el("a", { class: "button", href: `#/audit?before=${next}` }, "Older")
    )),
  };
}
