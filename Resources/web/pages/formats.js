// What this machine converts, with what, and whether it works right now.
import { read } from "../api.js";
import { act, badge, card, el, table } from "../dom.js";
import { formatMap } from "../map.js";
import { formats } from "../options.js";

export async function show() {
  const [list, { health }] = await Promise.all([formats(), read("/health")]);
  const results = el(
    "div", { "aria-live": "polite" },
    el("p", { class: "soft" }, "Converts the sample picture into every format and back, in the sandbox, as a job would be.")
  );
  return {
    isStill: true,
    title: "Engines and formats",
    lead: "What can be made of what on this machine.",
    body: [
      card("Engine", table("Engines", [
        { title: "Part", cell: (part) => part.name }, { title: "Version", cell: (part) => part.version }, {
          title: "What for", kind: "text", cell: (part) => part.use
        },
      ], [
        { name: "wonder", version: health.server.version, use: "all that needs no program of others; nothing to install" },
        ...health.server.libraries.map((part) => ({ ...part, use: uses[part.name] ?? "" })),
      ]),
      ),
      card("Programs of others", el(
        "p", { class: "soft" },
        "None is needed. What is installed is tried with a sample at the start and each hour, and makes more; each runs confined, without the network."
      ), table("Programs of others", [
        { title: "Program", cell: (part) => el("code", {}, part.name) },
        { title: "State", cell: (part) => badge(part.state, states[part.state]) }, {
          title: "Debian package", kind: "text", cell: (part) => el("code", {}, part.package)
        },
      ], health.server.programs)),
      card("Sample test", results, el("div", { class: "actions" }, act("Test now", async () => {
        results.replaceChildren(el("p", {}, "Converting …"));
        const { findings } = await read("/server/findings");
        results.replaceChildren(table("What the test found", [
          { title: "Part", cell: (finding) => finding.name }, { title: "State", cell: (finding) => badge(finding.state) },
          { title: "Found", kind: "text", cell: (finding) => finding.text },
        ], findings));
      }))),
      card("From and to", formatMap(list)),
    ],
  };
}

const states = { ok: "Works", broken: "Does not work", untried: "Not tried yet", missing: "Not installed" };

const uses = { libpng: "reads and writes PNG", "libjpeg-turbo": "reads and writes JPEG", zlib: "compresses PNG, PDF and ZIP" };
