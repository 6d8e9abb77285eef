// What the administrators of a workspace can set.
import { ask, read } from "/web/api.js";
import { card, el, facts, field, form, say } from "/web/dom.js";

export async function show(context) {
  const { slug, canManage } = context;
  const { workspace } = await read(`/workspaces/${slug}`);
  return {
    title: "Settings",
    lead: workspace.name,
    body: [
      card("Files", el("p", {}, "How long the files of a job are kept after it has ended. Then they go by themselves, and with them the download links."),
        canManage ? form(async ({ retention }) => {
          await ask("PATCH", `/workspaces/${slug}/settings`, { retention });
          await context.reload();
          say("Saved.");
        }, [field("Keep files for", el("input", { name: "retention", value: workspace.retention, required: true, pattern: "default|[0-9]+[mhd]" }), "From 1m to 365d, such as 12h or 7d; default for the server's own time")], "Save", { id: "retention" })
          : facts([["Keep files for", workspace.retention]])),
      card("About this workspace", facts([["Slug", el("code", {}, workspace.slug)], ["Plan", workspace.plan], ["State", workspace.state], ["Owner", workspace.owner ?? "nobody named"]]),
        el("p", { class: "soft small" }, "An administrator of the appliance changes these.")),
    ],
  };
}
