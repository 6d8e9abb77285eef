// Machines that work for this server.
import { ask, read } from "../api.js";
import { act, actions, badge, card, el, empty, facts, field, form, keepInSight, note, secret, small, table } from "../dom.js";
import { t } from "../language.js";
import { laneName } from "../measures.js";
import { count, time } from "../words.js";

export async function show(context) {
  const [{ nodes }, { server }] = await Promise.all([read("/nodes"), read("/server")]);
  return {
    title: t`Other machines`,
    lead: t`Work that takes longer than a second can be done by machines beside this one. Kept up to date as you look at it.`,
    every: 5000,
    actions: [el("a", { class: "button", href: "#/health" }, t`Health`)],
    body: parts(nodes, server.remote, context),
  };
}

function parts(nodes, { takers, orders, lanes, trouble, nodes: seen }, context) {
  const launcher = takers.find(({ name }) => name === "launcher");
  const rows = everyOne(nodes, seen);
  return [
    trouble !== null && note("bad", el("strong", {}, t`The launcher rests: `), trouble),
    card(t`Now`, facts([
      [t`Orders elsewhere`, count(orders)], [t`Places`, count(takers.reduce((sum, { places }) => sum + places, 0))],
      [t`Lanes`, lanes.map(laneName).join(", ")],
      [t`Launcher`, launcher ? t`${count(launcher.places)} calls at once` : t`not set (WONDER_LAUNCHER)`],
    ])),
    card(t`Machines`, rows.length > 0 ? [table(t`Machines`, [
      { title: t`Name`, kind: "text", cell: (row) => el("strong", {}, row.name) },
      { title: t`State`, cell: (row) => badge(isHere(row) ? "ok" : "resting", isHere(row) ? t`here` : t`away`) },
      { title: t`At once`, kind: "number", cell: (row) => (row.places ? count(row.places) : "–") },
      { title: t`Done`, kind: "number", cell: (row) => count(row.done) },
      { title: t`Lost`, kind: "number", cell: (row) => count(row.lost) }, { title: t`Refused`, kind: "number", cell: (row) => count(row.refused) },
      { title: t`Last seen`, cell: (row) => time(row.seen_at, t`never`) },
      { title: t`Trouble`, kind: "text", cell: (row) => row.trouble ?? "" },
      { title: "", cell: (row) => row.is_added && actions(act(t`Remove`, context.remove(`/nodes/${row.name}`), {
        kind: "danger tight", name: t`Remove ${row.name}`, question: t`Remove ${row.name}? What it has is done by others.`
      })) },
    ], rows), small(t`Counted since this server has started.`)] : empty(t`No other machines`, t`Add one below, or set a launcher (WONDER_LAUNCHER).`)),
    card(null, el("details", { open: rows.length === 0 }, el("summary", {}, t`Add a machine`), form(async ({ name }) => {
      const { node } = await ask("POST", "/nodes", { name });
      keepInSight(secret(t`The token of ${node.name}: WONDER_NODE_TOKEN there, for wonder join.`, node.token));
      await context.reload();
    }, [el("div", { class: "fields" }, field(
      t`Name`, el("input", { name: "name", required: true, maxlength: 63, pattern: "[a-z0-9.\\-]+", placeholder: "second" }),
      t`a-z, 0-9, - and .`
    ))], t`Add it`, { id: "machine" }))),
  ].filter(Boolean);
}

/** A node is here while it asks for work; of a launcher's machines only their results tell. */
const isHere = (row) => row.places || !row.is_added;

/** Those that were added, and those that a launcher's results have named. */
function everyOne(nodes, seen) {
  const figures = new Map(seen.map((node) => [node.name, node]));
  const none = { done: 0, lost: 0, refused: 0, seen_at: null, trouble: null };
  const added = nodes.map((node) => ({ ...none, ...figures.get(node.name), ...node, is_added: true }));
  const names = new Set(nodes.map(({ name }) => name));
  return [...added, ...seen.filter(({ name }) => !names.has(name))];
}
