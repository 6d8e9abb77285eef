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
        { name: "wonder", version: health.server.version, use: "all formats below; built in, nothing to install" },
        ...health.server.libraries.map((part) => ({ ...part, use: uses[part.name] ?? "" })),
      ]),
      el(
        "p", { class: "soft small" },
        "qpdf rearranges PDF documents where it is installed; other programs, such as LibreOffice or ffmpeg, are not used by this version."
      )),
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

const uses = { libpng: "reads and writes PNG", "libjpeg-turbo": "reads and writes JPEG", zlib: "compresses PNG, PDF and ZIP" };
