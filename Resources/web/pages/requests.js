// Who asks to be let in.
import { ask, read } from "../api.js";
import { badge, card, choice, el, empty, facts, field, form, keepInSight, note, secret } from "../dom.js";
import { time } from "../words.js";

const states = [["pending", "Waiting"], ["approved", "Approved"], ["rejected", "Rejected"], ["all", "All"]];

export async function show(context) {
  const state = context.query.get("status") ?? "pending";
  const [{ requests }, { plans }] = await Promise.all([read(`/requests?status=${encodeURIComponent(state)}`), read("/plans")]);
  return {
    title: "Access requests",
    lead: "People who filled in the form on the front page.",
    body: [
      el("nav", { class: "row", "aria-label": "State of the requests" }, states.map(([value, text]) =>
        el(
          "a", { class: "button tight", href: `#/requests?status=${value}`, "aria-current": value === state ? "page" : null },
          text
        ))),
      requests.length > 0 ? el("div", { class: "grid cards" }, requests.map((request) => requestCard(context, request, plans)))
        : card(
          null,
          empty(
            state === "pending" ? "Nobody waits" : "None of these",
            "Requests come from the form at the front page of this appliance.",
            el("a", { class: "button", href: "./#access" }, "See the form")
          )
        ),
    ],
  };
}

const mailToo = (text) => el("label", { class: "check" }, el("input", { type: "checkbox", name: "notify" }), text);

function requestCard(context, request, plans) {
  const decide = el("div", { class: "stack" });
  const approve = form(async ({ plan, workspace, notify }) => {
    const { approval } = await ask(
      "POST", `/requests/${request.id}/approve`, { plan, ...(workspace && { workspace }), ...(notify && { notify: true }) }
    );
    await context.refreshWorkspaces();
    await context.reload();
    keepInSight(
      approval.key ? secret(
        `${request.email} is let in: workspace ${approval.workspace}, plan ${approval.plan}. Send them this key.`, approval.key
      )
        : note(
          "good", `${request.email} is let in: workspace ${approval.workspace}, plan ${approval.plan}. The key is mailed to them.`
        ),
      el("p", {}, el("a", { href: `#/w/${approval.workspace}` }, `Open the workspace ${approval.workspace}`)));
  }, el("div", { class: "fields" }, field("Plan", choice("plan", plans.map((plan) => plan.name), "pro")),
    field(
      "Workspace",
      el("input", { name: "workspace", placeholder: "made of the company", pattern: "[a-z0-9]([a-z0-9-]*[a-z0-9])?" })
    ), mailToo("Mail them the key")), "Approve");
  const refuse = el("details", {}, el("summary", {}, "Reject"), form(async ({ reason, notify }) => {
    await ask("POST", `/requests/${request.id}/reject`, { reason, ...(notify && { notify: true }) });
    await context.reload();
  }, [field("Reason", el("input", { name: "reason", required: true })), mailToo("Mail them the reason")], "Reject"));
  if (request.state === "pending") decide.append(approve, refuse);
  return el("article", { class: "card", key: request.id, "aria-label": request.company },
    el("div", { class: "row apart" }, el("h2", {}, request.company), badge(request.state)),
    el("p", {}, request.use_case),
    facts([["From", request.email], ["Expects", request.expected_volume], ["Came", time(request.created_at)], [
      "Decided", time(request.decided_at, null)
    ],
      ["By", request.decided_by], [
        "Workspace", request.workspace && el("a", { href: `#/w/${request.workspace}` }, request.workspace)
      ], ["Reason", request.reason]]), decide);
}
