// People who may sign in.
import { ask, read } from "../api.js";
import { act, badge, card, choice, el, field, form, home, keepInSight, say, secret, table } from "../dom.js";
import { t } from "../language.js";
import { time } from "../words.js";

export async function show(context) {
  const { users } = await read("/users");
  const slugs = context.workspaces.map((workspace) => workspace.slug);
  const adding = form(async ({ email, place, role }) => {
    const { user } = await ask("POST", "/users", { email, role: place ? role : "admin", ...(place && { workspace: place }) });
    await context.reload();
    if (user.link_token) showLink(email, user.link_token);
  }, el("div", { class: "fields" }, field(t`E-mail`, el("input", { name: "email", type: "email", required: true })),
    field(
      t`Where`, choice("place", [...slugs.map((slug) => [slug, t`workspace ${slug}`]), ["", t`the whole appliance`]], slugs[0] ?? "")
    ),
    field(
      t`As`,
      choice("role", [["member", t`member, who looks and converts`], ["admin", t`administrator, who changes things`]], "member"),
      t`The whole appliance has only administrators`
    )), t`Add`, { id: "person" });
  return {
    title: t`People`,
    lead: t`Programs use keys; people sign in.`,
    body: [card(null, el("details", {}, el("summary", {}, t`Add a person, or give one another role`), adding)),
      card(t`People`, table(t`People`, [
        { title: t`E-mail`, kind: "text", cell: (user) => el("strong", {}, user.email) },
        { title: t`Role`, kind: "text", cell: (user) => user.roles || t`none` },
        { title: t`Password`, cell: (user) => (user.has_password ? badge("ok", "chosen") : badge("pending", t`not chosen yet`)) },
        { title: t`Second step`, cell: (user) => (user.has_second_factor ? badge("ok", "on") : "off") },
        { title: t`Since`, cell: (user) => time(user.created_at) },
        { title: "", cell: (user) => el("div", { class: "actions" },
          act(t`Password link`, async () => {
            const answer = await ask("POST", `/users/${encodeURIComponent(user.email)}/password-link`, {});
            showLink(user.email, answer.user.link_token);
          }, { kind: "tight", name: t`New password link for ${user.email}` }),
          act(t`End sessions`, async () => {
            await ask("DELETE", `/users/${encodeURIComponent(user.email)}/sessions`);
            say(t`All sessions of ${user.email} have ended.`);
          }, { kind: "tight", name: t`End the sessions of ${user.email}`, question: t`End all sessions of ${user.email}?` }),
          user.has_second_factor && act(t`Reset second step`, async () => {
            await ask("DELETE", `/users/${encodeURIComponent(user.email)}/second-factor`);
            await context.reload();
          }, {
            kind: "tight", name: t`Reset the second step of ${user.email}`,
            question: t`Ask ${user.email} for no code any more? Do it only when you are sure who asks.`
          }),
          user.email !== context.session.user && act(t`Remove`, async () => {
            await ask("DELETE", `/users/${encodeURIComponent(user.email)}`);
            await context.reload();
          }, { kind: "danger tight", question: t`Remove ${user.email}? Their sessions end at once.`, name: t`Remove ${user.email}` })) },
      ], users))],
  };
}

function showLink(email, token) {
  keepInSight(secret(t`A link for ${email} to choose a password, good once and for a week.`, `${home}/admin#password=${token}`));
}
