// People who may sign in.
import { ask, read } from "../api.js";
import { act, actions, badge, card, choice, el, field, form, home, keepInSight, say, secret, soft, table } from "../dom.js";
import { t } from "../language.js";
import { time } from "../words.js";
import { browserOf, ways } from "./account.js";

/** The sessions of somebody else, shown until they are hidden. */
async function sessionCard(context, email) {
  const own = `/users/${encodeURIComponent(email)}/sessions`;
  const { sessions } = await read(own);
  const hide = async () => {
    context.memory.delete("person");
    await context.reload();
  };
  return card(t`Sessions of ${email}`, sessions.length === 0
    ? soft(t`${email} is signed in nowhere.`) : table(t`Sessions of ${email}`, [
      { title: t`Since`, cell: (entry) => time(entry.created_at) }, { title: t`Last seen`, cell: (entry) => time(entry.seen_at) },
      { title: t`From`, kind: "text", cell: (entry) => entry.address || "–" },
      { title: t`Browser`, kind: "text", cell: (entry) => browserOf(entry.browser) },
      { title: t`Way`, cell: (entry) => ways[entry.way] },
      { title: "", cell: (entry) => act(t`End`, context.remove(`${own}/${entry.id}`), { kind: "tight", name: t`End the session ${entry.id}` }) },
    ], sessions), actions(sessions.length > 0 && act(t`End all`, async () => {
      await ask("DELETE", own);
      await context.reload();
      say(t`All sessions of ${email} have ended.`);
    }, { kind: "danger", question: t`End all sessions of ${email}?` }), act(t`Hide`, hide)));
}

const roles = { member: (slug) => t`member of ${slug}`, admin: (slug) => t`administrator of ${slug}` };

/** What somebody is, of the server's words, such as "administrator, member of demo". */
const rolesOf = (user) => user.roles.split(", ").filter(Boolean).map((words) => {
  const [role, slug] = words.split(" of ");
  return slug ? roles[role]?.(slug) ?? words : t`administrator`;
}).join(", ") || t`none`;

export async function show(context) {
  const { users } = await read("/users");
  const person = users.find((user) => user.email === context.memory.get("person"))?.email;
  const slugs = context.workspaces.map((workspace) => workspace.slug);
  const adding = form(async ({ email, place, role }) => {
    const { user } = await ask("POST", "/users", { email, role: place ? role : "admin", ...(place && { workspace: place }) });
    if (user.link_token) showLink(email, user.link_token);
    await context.reload();
  }, el("div", { class: "fields" }, field(t`E-mail`, el("input", { name: "email", type: "email", required: true })),
    field(t`Where`, choice("place", [...slugs.map((slug) => [slug, t`workspace ${slug}`]), ["", t`the whole appliance`]], slugs[0] ?? "")),
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
        { title: t`Role`, kind: "text", cell: rolesOf },
        { title: t`Password`, cell: (user) => (user.has_password ? badge("ok", t`chosen`) : badge("pending", t`not chosen yet`)) },
        { title: t`Second step`, cell: (user) => (user.has_second_factor ? badge("ok", t`on`) : t`off`) },
        { title: t`Since`, cell: (user) => time(user.created_at) },
        { title: "", kind: "many", cell: (user) => actions(act(t`Password link`, async () => {
            const answer = await ask("POST", `/users/${encodeURIComponent(user.email)}/password-link`, {});
            showLink(user.email, answer.user.link_token);
          }, { kind: "tight", name: t`New password link for ${user.email}` }),
          act(t`Sessions`, async () => {
            context.memory.set("person", user.email);
            await context.reload();
            document.querySelector(".sessions")?.scrollIntoView({ block: "nearest" });
          }, { kind: "tight", name: t`Sessions of ${user.email}` }),
          user.has_second_factor && user.email !== context.session.user
            && act(t`Reset second step`, context.remove(`/users/${encodeURIComponent(user.email)}/second-factor`), {
            kind: "tight", name: t`Reset the second step of ${user.email}`,
            question: t`Ask ${user.email} for no code any more? Do it only when you are sure who asks.`
          }),
          user.email !== context.session.user && act(t`Remove`, context.remove(`/users/${encodeURIComponent(user.email)}`), { kind: "danger tight", question: t`Remove ${user.email}? Their sessions end at once.`, name: t`Remove ${user.email}` })) },
      ], users)),
      person && el("div", { class: "sessions", key: `sessions ${person}` }, await sessionCard(context, person))],
  };
}

function showLink(email, token) {
  keepInSight(secret(t`A link for ${email} to choose a password, good once and for a week.`, `${home}/admin#password=${token}`));
}
