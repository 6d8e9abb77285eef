// Who asks to be let in.
import { ask, read } from "../api.js";
import { badge, card, choice, el, empty, facts, field, form, keepInSight, nameOf, note, secret } from "../dom.js";
import { t } from "../language.js";
import { time } from "../words.js";

const states = [["pending", t`Waiting`], ["approved", t`Approved`], ["rejected", t`Rejected`], ["all", t`All`]];

export async function show(context) {
  const state = context.query.get("status") ?? "pending";
  const [{ requests }, { plans }] = await Promise.all([read(`/requests?status=${encodeURIComponent(state)}`), read("/plans")]);
  return {
    title: t`Access requests`,
    lead: t`People who filled in the form on the front page.`,
    body: [
      el("nav", { class: "row", "aria-label": t`State of the requests` }, states.map(([value, text]) =>
        el(
          "a", { class: "button tight", href: `#/requests?status=${value}`, "aria-current": value === state ? "page" : null },
          text
        ))),
      requests.length > 0 ? el("div", { class: "grid cards" }, requests.map((request) => requestCard(context, request, plans)))
        : card(
          null,
          empty(
            state === "pending" ? t`Nobody waits` : t`None of these`,
            t`Requests come from the form at the front page of this appliance.`,
            el("a", { class: "button", href: "./#access" }, t`See the form`)
          )
        ),
    ],
  };
}

const mailToo = (text) => el("label", { class: "check" }, el("input", { type: "checkbox", name: "notify" }), text);

function requestCard(context, request, plans) {
  const decide = el("div", { class: "stack" });
  const approve = form(async ({ plan, workspace, notify }) => {
    const { approval } = await ask("POST", `/requests/${request.id}/approve`, { plan, ...(workspace && { workspace }), ...(notify && { notify: true }) });
    keepInSight(
      approval.key ? secret(t`${request.email} is let in: workspace ${approval.workspace}, plan ${approval.plan}. Send them this key.`, approval.key)
        : note("good", t`${request.email} is let in: workspace ${approval.workspace}, plan ${approval.plan}. The key is mailed to them.`),
      el("p", {}, el("a", { href: `#/w/${approval.workspace}` }, t`Open the workspace ${approval.workspace}`)));
    await context.refreshWorkspaces();
    await context.reload();
  }, el("div", { class: "fields" }, field(t`Plan`, choice("plan", plans.map((plan) => plan.name), "pro")),
    field(
      t`Workspace`,
      el("input", { name: "workspace", placeholder: t`made of the company`, pattern: "[a-z0-9]([a-z0-9-]*[a-z0-9])?" })
    ), mailToo(t`Mail them the key`)), t`Approve`);
  const refuse = el("details", {}, el("summary", {}, t`Reject`), form(async ({ reason, notify }) => {
    await ask("POST", `/requests/${request.id}/reject`, { reason, ...(notify && { notify: true }) });
    await context.reload();
  }, [field(t`Reason`, el("input", { name: "reason", required: true })), mailToo(t`Mail them the reason`)], t`Reject`));
  if (request.state === "pending") decide.append(approve, refuse);
  return el("article", { class: "card", key: request.id, "aria-label": request.company },
    el("div", { class: "row apart" }, el("h2", {}, nameOf(request.company)), badge(request.state)),
    el("p", {}, request.use_case),
    facts([[t`From`, request.email], [t`Expects`, request.expected_volume], [t`Received`, time(request.created_at)], [t`Decided`, time(request.decided_at, null)],
      [t`By`, request.decided_by], [
        t`Workspace`, request.workspace && el("a", { href: `#/w/${request.workspace}` }, request.workspace)
      ], [t`Reason`, request.reason]]), decide);
}
