// What the administrators of a workspace can set.
import { ask, read } from "../api.js";
import { act, badge, card, el, facts, field, form, say } from "../dom.js";
import { t } from "../language.js";
import { storages } from "./storages.js";

const mailStates = { on: t`on`, off: t`off`, "not in the plan": t`not in the plan` };

export async function show(context) {
  const { slug, canManage } = context;
  const [{ workspace }, kept] = await Promise.all([read(`/workspaces/${slug}`), read(`/storages?workspace=${slug}`)]);
  return {
    title: t`Settings`,
    lead: workspace.name,
    body: [
      card(t`Files`, el(
        "p", {},
        t`How long the files of a job are kept after it has ended. Then they go by themselves, and with them the download links.`
      ),
        canManage ? form(async ({ retention }) => {
          await ask("PATCH", `/workspaces/${slug}/settings`, { retention });
          await context.reload();
          say(t`Saved.`);
        }, [field(t`Keep files for`, el("input", { name: "retention", value: workspace.retention, required: true, pattern: "default|[0-9]+[mhd]" }), t`From 1m to 365d, such as 12h or 7d; default for the server's own time`)], t`Save`, { id: "retention" })
          : facts([[t`Keep files for`, workspace.retention]])),
      card(t`Mail about jobs`, el(
        "p", {},
        t`A job or batch that names a notification_email has its end mailed there. Here that is turned off and on for the whole workspace.`
      ),
        facts([[t`Mail is`, mailStates[workspace.mail] ?? workspace.mail]]),
        canManage && workspace.mail !== "not in the plan" && el("div", { class: "actions" }, act(workspace.mail === "on" ? t`Turn mail off` : t`Turn mail on`, async () => {
          await ask("PATCH", `/workspaces/${slug}/settings`, { mail: workspace.mail === "on" ? "off" : "on" });
          await context.reload();
          say(t`Saved.`);
        }))),
      storages(context, kept.storages),
      card(t`About this workspace`, facts([
        [t`Slug`, el("code", {}, workspace.slug)], [t`Plan`, workspace.plan], [t`State`, badge(workspace.state)],
        [t`Owner`, workspace.owner ?? t`nobody named`]
      ]),
        el("p", { class: "soft small" }, t`An administrator of the appliance changes these.`)),
    ],
  };
}
