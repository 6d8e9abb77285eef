// What the administrators of a workspace can set.
import { ask, read } from "../api.js";
import { act, card, el, facts, field, form, say } from "../dom.js";

export async function show(context) {
  const { slug, canManage } = context;
  const { workspace } = await read(`/workspaces/${slug}`);
  return {
    title: "Settings",
    lead: workspace.name,
    body: [
      card("Files", el(
        "p", {},
        "How long the files of a job are kept after it has ended. Then they go by themselves, and with them the download links."
      ),
        canManage ? form(async ({ retention }) => {
          await ask("PATCH", `/workspaces/${slug}/settings`, { retention });
          await context.reload();
          say("Saved.");
        }, [field("Keep files for", el("input", { name: "retention", value: workspace.retention, required: true, pattern: "default|[0-9]+[mhd]" }), "From 1m to 365d, such as 12h or 7d; default for the server's own time")], "Save", { id: "retention" })
          : facts([["Keep files for", workspace.retention]])),
      card("Mail about jobs", el(
        "p", {},
        "A job or batch that names a notification_email has its end mailed there. Here that is turned off and on for the whole workspace."
      ),
        facts([["Mail is", workspace.mail]]),
        canManage && workspace.mail !== "not in the plan" && el("div", { class: "actions" }, act(workspace.mail === "on" ? "Turn mail off" : "Turn mail on", async () => {
          await ask("PATCH", `/workspaces/${slug}/settings`, { mail: workspace.mail === "on" ? "off" : "on" });
          await context.reload();
          say("Saved.");
        }))),
      card("About this workspace", facts([
        ["Slug", el("code", {}, workspace.slug)], ["Plan", workspace.plan], ["State", workspace.state],
        ["Owner", workspace.owner ?? "nobody named"]
      ]),
        el("p", { class: "soft small" }, "An administrator of the appliance changes these.")),
    ],
  };
}
