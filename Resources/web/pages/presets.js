// Targets with options under a name, which jobs can give.
import { ask, read } from "../api.js";
import { act, card, choice, code, el, empty, field, form, home, say, table } from "../dom.js";
import { t } from "../language.js";
import { formats, optionFields, showOptions, understood } from "../options.js";
import { time } from "../words.js";

export async function show(context) {
  const { slug, canManage } = context;
  const [{ presets }, list] = await Promise.all([read(`/presets?workspace=${slug}`), formats()]);
  const targets = [...new Set(list.formats.flatMap((format) => format.to))];
  const options = optionFields(list);
  const target = choice("to", targets, "jpeg");
  const narrow = () => showOptions(options, understood(list, null, target.value));
  target.addEventListener("change", narrow);
  narrow();
  const adding = form(async (fields) => {
    const wished = Object.fromEntries(
      Object.entries(fields).filter(
        ([name, value]) => name.startsWith("options[") && value !== ""
      ).map(([name, value]) => [name.slice(8, -1), value])
    );
    await ask("POST", "/presets", { workspace: slug, name: fields.name, to: fields.to, options: wished });
    await context.reload();
    say(t`The preset ${fields.name} is there.`);
  }, [el("div", { class: "fields" },
    field(
      t`Name`, el("input", { name: "name", required: true, pattern: "[a-z0-9._\\-]+", autocomplete: "off" }),
      t`a to z, digits, . - _; one that is there is changed`
    ),
    field(
      t`To`, target, t`What the files become`
    )), el("details", {}, el("summary", {}, t`Options`), options)], t`Save the preset`, { id: "preset" });
  return {
    title: t`Presets`,
    lead: t`A target with its options under a name, for programs and for the page Convert.`,
    body: [
      canManage && card(null, el("details", { open: presets.length === 0 }, el("summary", {}, t`Add or change a preset`), adding)),
      card(t`Presets`, presets.length === 0 ? empty(
        t`No presets yet`,
        canManage ? t`Give a target and its options a name above, such as web for a small JPEG.` : t`An administrator of this workspace can make one.`
      )
        : table(t`Presets`, [
          {
            title: t`Name`, kind: "text", cell: (preset) => el("code", {}, preset.name)
          }, { title: t`To`, cell: (preset) => preset.to },
          {
            title: t`Options`, kind: "text", cell: (preset) => preset.text || t`as they are by themselves`
          }, { title: t`Made`, cell: (preset) => time(preset.created_at) },
          { title: "", cell: (preset) => canManage && el("div", { class: "actions" }, act(t`Delete`, async () => {
            await ask("DELETE", `/presets/${slug}/${encodeURIComponent(preset.name)}`);
            await context.reload();
          }, { kind: "danger tight", question: t`Delete the preset ${preset.name}? Programs that name it are refused.`, name: t`Delete ${preset.name}` })) },
        ], presets)),
      presets.length > 0 && card(
        t`How a program uses it`,
        code(
          `curl ${home}/api/v1/jobs \\\n  -H 'X-API-Key: YOUR_KEY' \\\n  -F conversion_type=image -F from=png -F preset=${presets[0].name} \\\n  -F 'files[]=@photo.png'`,
          "curl command"
        )
      ),
    ],
  };
}
