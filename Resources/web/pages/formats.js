// What this machine converts, with what, and whether it works right now.
import { read } from "../api.js";
import { act, actions, badge, card, el, say, soft, table } from "../dom.js";
import { t } from "../language.js";
import { formatMap } from "../map.js";
import { formats } from "../options.js";

export async function show() {
  const [list, { health }] = await Promise.all([formats(true), read("/health")]);
  const results = el(
    "div", { "aria-live": "polite" },
    soft(t`Converts the sample picture into every format and back, in the sandbox, as a job would be.`)
  );
  return {
    isStill: true,
    title: t`Engines and formats`,
    lead: t`What can be made of what on this machine.`,
    body: [
      card(t`Engine`, table(t`Engines`, [
        { title: t`Part`, cell: (part) => part.name }, { title: t`Version`, cell: (part) => part.version }, { title: t`What for`, kind: "text", cell: (part) => part.use },
      ], [
        { name: "wonder", version: health.server.version, use: t`all that needs no program of others; nothing to install` },
        ...health.server.libraries.map((part) => ({ ...part, use: uses[part.name] ?? "" })),
      ]),
      ),
      card(t`Programs of others`, soft(t`None is needed. What is installed is tried with a sample at the start and each hour, and makes more; each runs confined, without the network.`
      ), table(t`Programs of others`, [
        { title: t`Program`, cell: (part) => el("code", {}, part.name) },
        { title: t`State`, cell: (part) => badge(part.state, states[part.state]) }, { title: t`Debian package`, kind: "text", cell: (part) => el("code", {}, part.package) },
      ], health.server.programs)),
      card(t`Sample test`, results, actions(act(t`Test now`, async () => {
        say(t`Converting …`);
        const { findings } = await read("/server/findings");
        results.replaceChildren(table(t`What the test found`, [
          { title: t`Part`, cell: (finding) => finding.name }, { title: t`State`, cell: (finding) => badge(finding.state) },
          { title: t`Found`, kind: "text", cell: (finding) => finding.text },
        ], findings));
        say("");
      }))),
      card(t`From and to`, formatMap(list)),
    ],
  };
}

const states = { ok: t`Works`, broken: t`Does not work`, untried: t`Not tried yet`, missing: t`Not installed` };

const uses = { libpng: t`reads and writes PNG`, "libjpeg-turbo": t`reads and writes JPEG`, zlib: t`compresses PNG, PDF and ZIP` };
