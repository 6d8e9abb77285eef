// Targets with options under a name, which jobs can give.
import { ask, read } from "../api.js";
import { act, card, choice, code, el, empty, field, form, home, say, table } from "../dom.js";
import { formats, optionFields } from "../options.js";
import { time } from "../words.js";

export async function show(context) {
  const { slug, canManage } = context;
  const [{ presets }, list] = await Promise.all([read(`/presets?workspace=${slug}`), formats()]);
  const targets = [...new Set(list.formats.flatMap((format) => format.to))];
  const adding = form(async (fields) => {
    const options = Object.fromEntries(
      Object.entries(fields).filter(
        ([name, value]) => name.startsWith("options[") && value !== ""
      ).map(([name, value]) => [name.slice(8, -1), value])
    );
    await ask("POST", "/presets", { workspace: slug, name: fields.name, to: fields.to, options });
    await context.reload();
    say(`The preset ${fields.name} is there.`);
  }, [el("div", { class: "fields" },
    field(
      "Name", el("input", { name: "name", required: true, pattern: "[a-z0-9._\\-]+", autocomplete: "off" }),
      "a to z, digits, . - _; one that is there is changed"
    ),
    field(
      "To", choice("to", targets, "jpeg"), "What the files become"
    )), el("details", {}, el("summary", {}, "Options"), optionFields(list))], "Save the preset", { id: "preset" });
  return {
    title: "Presets",
    lead: "A target with its options under a name, for programs and for the page Try it.",
    body: [
      canManage && card(null, el("details", { open: presets.length === 0 }, el("summary", {}, "Add or change a preset"), adding)),
      card("Presets", presets.length === 0 ? empty(
        "No presets yet",
        canManage ? "Give a target and its options a name above, such as web for a small JPEG." : "An administrator of this workspace can make one."
      )
        : table("Presets", [
          {
            title: "Name", kind: "text", cell: (preset) => el("code", {}, preset.name)
          }, { title: "To", cell: (preset) => preset.to },
          {
            title: "Options", kind: "text", cell: (preset) => preset.text || "as they are by themselves"
          }, { title: "Made", cell: (preset) => time(preset.created_at) },
          { title: "", cell: (preset) => canManage && el("div", { class: "actions" }, act("Delete", async () => {
            await ask("DELETE", `/presets/${slug}/${encodeURIComponent(preset.name)}`);
            await context.reload();
          }, { kind: "danger tight", question: `Delete the preset ${preset.name}? Programs that name it are refused.`, name: `Delete ${preset.name}` })) },
        ], presets)),
      presets.length > 0 && card(
        "How a program uses it",
        code(
          `curl ${home}/api/v1/jobs \\\n  -H 'X-API-Key: YOUR_KEY' \\\n  -F conversion_type=image -F from=png -F preset=${presets[0].name} \\\n  -F 'files[]=@photo.png'`,
          "curl command"
        )
      ),
    ],
  };
}
