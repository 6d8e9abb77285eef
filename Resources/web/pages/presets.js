// Targets with options under a name, or several steps, which jobs can give.
import { ask, read } from "../api.js";
import { act, actions, card, choice, code, el, empty, field, form, home, say, table } from "../dom.js";
import { t } from "../language.js";
import { formats, optionFields, showOptions, understood } from "../options.js";
import { time } from "../words.js";

/** As many as the server takes. */
const mostSteps = 16;

const control = (step, name) => step.querySelector(`[name="options[${name}]"]`);
const stepsOf = (host) => [...host.children];

/** One step of a preset: its target, the options of that, and its place among the others. */
function stepFields(list, { to, options = {} }) {
  const targets = [...new Set(list.formats.flatMap((format) => format.to))];
  const target = choice("to", [["", t`as it comes`], ...targets], list.formats.find((format) => format.aliases.includes(to))?.from ?? to ?? "");
  const fields = optionFields(list);
  const button = (label, action, kind = "tight") => el("button", { type: "button", class: kind, onclick: () => {
    const host = made.parentElement;
    action();
    arrange(host, list);
  } }, label);
  const made = el("fieldset", { class: "step" }, el("legend", {}),
    el("div", { class: "fields" }, field(t`To`, target, t`What the files become`),
      actions(button(t`Earlier`, () => made.previousElementSibling.before(made)), button(t`Later`, () => made.nextElementSibling.after(made)),
        button(t`Remove`, () => made.remove(), "danger tight"))),
    el("details", {}, el("summary", {}, t`Options`), fields));
  target.addEventListener("change", () => arrange(made.parentElement, list));
  for (const [name, value] of Object.entries(options)) if (control(made, name)) control(made, name).value = value;
  return made;
}

/** Numbers the steps, and leaves of the options of each those that its target understands of what comes to it. */
function arrange(host, list) {
  const steps = stepsOf(host);
  let before = null;
  steps.forEach((step, index) => {
    step.querySelector("legend").textContent = t`Step ${index + 1}`;
    const [earlier, later, remove] = step.querySelectorAll(".fields > .actions > button");
    earlier.disabled = index === 0;
    later.disabled = index === steps.length - 1;
    remove.disabled = steps.length === 1;
    const to = step.querySelector("[name=to]").value || before;
    const source = list.formats.find((format) => format.from === before);
    showOptions(step.querySelector(".options"), to ? understood(list, source, to) : new Set(list.options.map((option) => option.name)));
    before = to;
  });
  host.parentElement?.querySelector(".more")?.toggleAttribute("disabled", steps.length >= mostSteps);
}

/** Makes the steps of a form those of a preset. */
function fillSteps(host, list, steps) {
  host.replaceChildren(...steps.map((step) => stepFields(list, step)));
  arrange(host, list);
}

/** What the steps of a form say. */
const said = (host) => stepsOf(host).map((step) => ({
  to: step.querySelector("[name=to]").value || null,
  options: Object.fromEntries([...step.querySelectorAll("[data-option] :is(input, select)")]
    .filter((one) => !one.disabled && one.value !== "").map((one) => [one.name.slice(8, -1), one.value])),
}));

const first = { to: "jpeg" };

function editor(context, list) {
  const host = el("div", { class: "stack steps" });
  fillSteps(host, list, [first]);
  return form(async ({ name }, made) => {
    const steps = made.querySelector(".steps");
    await ask("POST", "/presets", { workspace: context.slug, name, steps: said(steps) });
    fillSteps(steps, list, [first]);
    await context.reload();
    say(t`The preset ${name} is there.`);
  }, [
    el("div", { class: "fields" }, field(
      t`Name`, el("input", { name: "name", required: true, pattern: "[a-z0-9._\\-]+", autocomplete: "off" }),
      t`a to z, digits, . - _; one that is there is changed`
    )),
    host,
    actions(el("button", { type: "button", class: "tight more", onclick: () => {
      host.append(stepFields(list, {}));
      arrange(host, list);
    } }, t`One more step`)),
  ], t`Save the preset`, { id: "preset" });
}

/** Opens a preset in the form that stands on the page. */
function change(preset, list) {
  const made = document.getElementById("preset");
  made.elements.namedItem("name").value = preset.name;
  fillSteps(made.querySelector(".steps"), list, preset.steps ?? [preset]);
  made.closest("details").open = true;
  made.scrollIntoView({ block: "nearest" });
  made.elements.namedItem("name").focus();
}

const inWords = ({ to, options }) => [to ?? t`as it comes`, ...Object.entries(options).map(([name, value]) => `${name}=${value}`)].join(" ");

export async function show(context) {
  const { slug, canManage } = context;
  const [{ presets }, list] = await Promise.all([read(`/presets?workspace=${slug}`), formats()]);
  return {
    title: t`Presets`,
    lead: t`A target with its options under a name, or several steps, for programs and for the page Convert.`,
    body: [
      canManage && card(null, el("details", { open: presets.length === 0 }, el("summary", {}, t`Add or change a preset`), editor(context, list))),
      card(t`Presets`, presets.length === 0 ? empty(
        t`No presets yet`,
        canManage ? t`Give a target and its options a name above, such as web for a small JPEG.` : t`An administrator of this workspace can make one.`
      )
        : table(t`Presets`, [
          {
            title: t`Name`, kind: "text", cell: (preset) => el("code", {}, preset.name)
          }, { title: t`To`, cell: (preset) => (preset.to === "auto" ? t`as it comes` : preset.to) },
          {
            title: t`Options`, kind: "text", cell: (preset) => (preset.steps
              ? preset.steps.map((step, index) => el("div", {}, `${index + 1}. ${inWords(step)}`))
              : preset.text || t`as they are by themselves`)
          }, { title: t`Made`, cell: (preset) => time(preset.created_at) },
          { title: "", cell: (preset) => canManage && actions(
            el("button", { type: "button", class: "tight", "aria-label": t`Change ${preset.name}`, onclick: () => change(preset, list) }, t`Change`),
            act(t`Delete`, context.remove(`/presets/${slug}/${encodeURIComponent(preset.name)}`), {
              kind: "danger tight", question: t`Delete the preset ${preset.name}? Programs that name it are refused.`,
              name: t`Delete ${preset.name}`
            })) },
        ], presets)),
      presets.length > 0 && card(
        t`How a program uses it`,
        code(
          `curl ${home}/api/v1/jobs \\\n  -H 'X-API-Key: YOUR_KEY' \\\n  -F conversion_type=image -F from=png -F preset=${presets[0].name} \\\n  -F 'files[]=@photo.png'`, "curl"
        )
      ),
    ],
  };
}
