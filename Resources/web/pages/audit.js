// Who changed what.
import { read } from "../api.js";
import { card, el, empty, pager, table } from "../dom.js";
import { t } from "../language.js";
import { time } from "../words.js";

export async function show({ query }) {
  const before = query.get("before");
  const { audit, next_before: next } = await read(`/audit?limit=50${before ? `&before=${encodeURIComponent(before)}` : ""}`);
  return {
    title: t`Audit log`,
    lead: t`Every change that a person or a command made, the newest first.`,
    body: card(null, audit.length > 0 ? table(t`Audit log`, [
      { title: t`When`, cell: (entry) => time(entry.at) }, { title: t`Who`, kind: "text", cell: (entry) => entry.actor }, { title: t`From`, cell: (entry) => entry.address },
      { title: t`What`, cell: (entry) => el("code", {}, entry.action) }, {
        title: t`About`, kind: "text",
        cell: (entry) => [el("bdi", {}, entry.subject), " ", el("bdi", { class: "soft" }, entry.detail ?? "")]
      },
    ], audit) : empty(t`Nothing here`, t`Changes are written down from the first one on.`),
    pager(before && "#/audit", next && `#/audit?before=${next}`)),
  };
}
