// What the administrators of a workspace can set.
import { ask, read } from "../api.js";
import { act, actions, badge, card, el, facts, field, form, nameOf, say, small } from "../dom.js";
import { t } from "../language.js";
import { storages } from "./storages.js";

const mailStates = { on: t`on`, off: t`off`, "not in the plan": t`not in the plan` };

export async function show(context) {
  const { slug, canManage } = context;
  const [{ workspace }, { storages: all }] = await Promise.all([read(`/workspaces/${slug}`), read(`/storages?workspace=${slug}`)]);
  const kept = workspace.retention === "default" ? "" : workspace.retention;
  return {
    title: t`Settings`,
    lead: nameOf(workspace.name),
    body: [
      card(t`Files`, el(
        "p", {},
        t`How long the files of a job are kept after it has ended. Then they go by themselves, and with them the download links.`
      ),
        canManage ? form(async ({ retention }) => {
          await ask("PATCH", `/workspaces/${slug}/settings`, { retention: retention || "default" });
          await context.reload();
          say(t`Saved.`);
        }, [field(t`Keep files for`, el("input", {
          name: "retention", value: kept, placeholder: t`as the server does`, pattern: "[0-9]+[mhd]"
        }), t`From 1m to 365d, such as 12h or 7d; empty for the server's own time`)], t`Save`, { id: "retention" })
          : facts([[t`Keep files for`, kept || t`as the server does`]])),
      card(t`Mail about jobs`, el(
        "p", {},
        t`A job or batch that names a notification_email has its end mailed there. Here that is turned off and on for the whole workspace.`
      ),
        facts([[t`Mail is`, mailStates[workspace.mail] ?? workspace.mail]]),
        canManage && workspace.mail !== "not in the plan" && actions(act(workspace.mail === "on" ? t`Turn mail off` : t`Turn mail on`, async () => {
          await ask("PATCH", `/workspaces/${slug}/settings`, { mail: workspace.mail === "on" ? "off" : "on" });
          await context.reload();
          say(t`Saved.`);
        }))),
      storages(context, all),
      card(t`About this workspace`, facts([
        [t`Slug`, el("code", {}, workspace.slug)], [t`Plan`, workspace.plan], [t`State`, badge(workspace.state)],
        [t`Owner`, workspace.owner ?? t`nobody named`]
      ]),
        small(t`An administrator of the appliance changes these.`)),
    ],
  };
}
