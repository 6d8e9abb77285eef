// All workspaces of the appliance.
import { ask, read } from "../api.js";
import { act, badge, card, choice, el, empty, field, form, listen, say, table } from "../dom.js";

export async function show(context) {
  const [{ workspaces }, { plans }] = await Promise.all([read("/workspaces"), read("/plans")]);
  const names = plans.map((plan) => plan.name);
  const change = (workspace, fields, done) => async () => {
    await ask("PATCH", `/workspaces/${workspace.slug}`, fields);
    await context.refreshWorkspaces();
    await context.reload();
    say(done);
  };
  const adding = form(async ({ slug, name, plan, owner }) => {
    await ask("POST", "/workspaces", { slug, plan, ...(name && { name }), ...(owner && { owner }) });
    await context.refreshWorkspaces();
    await context.reload();
    say(`The workspace ${slug} is there. Make a key in it, or add people to it.`);
  }, el("div", { class: "fields" },
    field(
      "Slug", el("input", { name: "slug", required: true, pattern: "[a-z0-9]([a-z0-9-]*[a-z0-9])?", maxlength: 63 }),
      "Lower-case letters, digits, hyphens"
    ),
    field("Name", el("input", { name: "name" })), field("Plan", choice("plan", names, "pro")),
    field("Owner", el("input", { name: "owner", type: "email" }), "E-mail, for notices")), "Add", { id: "workspace" });
  return {
    title: "Workspaces",
    lead: "A workspace is a team with its own keys, jobs and limits.",
    body: [card(null, el("details", { open: workspaces.length === 0 }, el("summary", {}, "Add a workspace"), adding)),
      card("Workspaces", workspaces.length === 0 ? empty(
        "None yet", "Add one above, or approve an access request."
      ) : table("Workspaces", [
        {
          title: "Workspace", kind: "text",
          cell: (workspace) => [
            el("a", { href: `#/w/${workspace.slug}` }, workspace.name), el("br"), el("code", {}, workspace.slug)
          ]
        },
        { title: "State", cell: (workspace) => badge(workspace.state) },
        { title: "Plan", cell: (workspace) => {
          const picker = choice("plan", names, workspace.plan);
          picker.setAttribute("aria-label", `Plan of ${workspace.slug}`);
          listen(picker, "change", async ({ target: { value } }) => {
            await change(
              workspace, { plan: value }, `${workspace.slug} is on plan ${value}.`
            )().catch((error) => say(error.message, "bad"));
          });
          return picker;
        } },
        {
          title: "Owner", kind: "text", cell: (workspace) => workspace.owner ?? "–"
        }, { title: "Keeps files", cell: (workspace) => workspace.retention },
        { title: "", cell: (workspace) => el("div", { class: "actions" },
          workspace.state === "approved"
            ? act(
              "Suspend", change(workspace, { state: "suspended" }, `${workspace.slug} is suspended.`),
              {
                kind: "tight", question: `Suspend ${workspace.slug}? Its keys are refused until you resume it.`,
                name: `Suspend ${workspace.slug}`
              }
            )
            : act(
              "Resume", change(workspace, { state: "approved" }, `${workspace.slug} is let in again.`),
              { kind: "tight", name: `Resume ${workspace.slug}` }
            ),
          act("Delete", async () => {
            await ask("DELETE", `/workspaces/${workspace.slug}`);
            await context.refreshWorkspaces();
            await context.reload();
          }, { kind: "danger tight", question: `Delete ${workspace.slug} with all its jobs, files and keys? This cannot be undone.`, name: `Delete ${workspace.slug}` })) },
      ], workspaces))],
  };
}
