// All workspaces of the appliance.
import { ask, read } from "../api.js";
import { act, actions, badge, card, choice, el, empty, field, form, listen, nameOf, say, table } from "../dom.js";
import { t } from "../language.js";

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
    say(t`The workspace ${slug} is there. Make a key in it, or add people to it.`);
  }, el("div", { class: "fields" },
    field(
      t`Slug`, el("input", { name: "slug", required: true, pattern: "[a-z0-9]([a-z0-9-]*[a-z0-9])?", maxlength: 63 }),
      t`Lower-case letters, digits, hyphens`
    ),
    field(t`Name`, el("input", { name: "name" })), field(t`Plan`, choice("plan", names, "pro")),
    field(t`Owner`, el("input", { name: "owner", type: "email" }), t`E-mail, for notices`)), t`Add`, { id: "workspace" });
  return {
    title: t`Workspaces`,
    lead: t`A workspace is a team with its own keys, jobs and limits.`,
    body: [card(null, el("details", { open: workspaces.length === 0 }, el("summary", {}, t`Add a workspace`), adding)),
      card(t`Workspaces`, workspaces.length === 0 ? empty(t`None yet`, t`Add one above, or approve an access request.`) : table(t`Workspaces`, [
        {
          title: t`Workspace`, kind: "text",
          cell: (workspace) => [el("a", { href: `#/w/${workspace.slug}` }, nameOf(workspace.name)), " ", el("code", {}, workspace.slug)]
        },
        { title: t`State`, cell: (workspace) => badge(workspace.state) },
        { title: t`Plan`, cell: (workspace) => {
          const picker = choice("plan", names, workspace.plan);
          picker.setAttribute("aria-label", t`Plan of ${workspace.slug}`);
          listen(picker, "change", async ({ target }) => {
            await change(workspace, { plan: target.value }, t`${workspace.slug} is on plan ${target.value}.`)().catch((error) => {
              target.value = workspace.plan;
              say(error.message, "bad");
            });
          });
          return picker;
        } },
        {
          title: t`Owner`, kind: "text", cell: (workspace) => workspace.owner ?? "–"
        }, { title: t`Keeps files`, cell: (workspace) => (workspace.retention === "default" ? t`default` : workspace.retention) },
        { title: "", cell: (workspace) => actions(workspace.state === "approved"
            ? act(
              t`Suspend`, change(workspace, { state: "suspended" }, t`${workspace.slug} is suspended.`),
              {
                kind: "tight", question: t`Suspend ${workspace.slug}? Its keys are refused until you resume it.`,
                name: t`Suspend ${workspace.slug}`
              }
            )
            : act(
              t`Resume`, change(workspace, { state: "approved" }, t`${workspace.slug} is let in again.`),
              { kind: "tight", name: t`Resume ${workspace.slug}` }
            ),
          act(t`Delete`, async () => {
            await ask("DELETE", `/workspaces/${workspace.slug}`);
            await context.refreshWorkspaces();
            await context.reload();
          }, { kind: "danger tight", typed: workspace.slug,
            question: t`Delete ${workspace.slug} with all its jobs, files and keys? This cannot be undone.`, name: t`Delete ${workspace.slug}` })) },
      ], workspaces))],
  };
}
