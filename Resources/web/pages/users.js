// People who may sign in.
import { ask, read } from "../api.js";
import { act, badge, card, choice, el, field, form, home, keepInSight, say, secret, table } from "../dom.js";
import { time } from "../words.js";

export async function show(context) {
  const { users } = await read("/users");
  const slugs = context.workspaces.map((workspace) => workspace.slug);
  const adding = form(async ({ email, place, role }) => {
    const { user } = await ask("POST", "/users", { email, role: place ? role : "admin", ...(place && { workspace: place }) });
    await context.reload();
    if (user.link_token) showLink(email, user.link_token);
  }, el("div", { class: "fields" }, field("E-mail", el("input", { name: "email", type: "email", required: true })),
    field(
      "Where", choice("place", [...slugs.map((slug) => [slug, `workspace ${slug}`]), ["", "the whole appliance"]], slugs[0] ?? "")
    ),
    field(
      "As",
      choice("role", [["member", "member, who looks and converts"], ["admin", "administrator, who changes things"]], "member"),
      "The whole appliance has only administrators"
    )), "Add", { id: "person" });
  return {
    title: "People",
    lead: "Programs use keys; people sign in.",
    body: [card(null, el("details", {}, el("summary", {}, "Add a person, or give one another role"), adding)),
      card("People", table("People", [
        { title: "E-mail", kind: "text", cell: (user) => el("strong", {}, user.email) },
        { title: "Role", kind: "text", cell: (user) => user.roles || "none" },
        { title: "Password", cell: (user) => (user.has_password ? badge("ok", "chosen") : badge("pending", "not chosen yet")) },
        { title: "Second step", cell: (user) => (user.has_second_factor ? badge("ok", "on") : "off") },
        { title: "Since", cell: (user) => time(user.created_at) },
        { title: "", cell: (user) => el("div", { class: "actions" },
          act("Password link", async () => {
            const answer = await ask("POST", `/users/${encodeURIComponent(user.email)}/password-link`, {});
            showLink(user.email, answer.user.link_token);
          }, { kind: "tight", name: `New password link for ${user.email}` }),
          act("End sessions", async () => {
            await ask("DELETE", `/users/${encodeURIComponent(user.email)}/sessions`);
            say(`All sessions of ${user.email} have ended.`);
          }, { kind: "tight", name: `End the sessions of ${user.email}`, question: `End all sessions of ${user.email}?` }),
          user.has_second_factor && act("Reset second step", async () => {
            await ask("DELETE", `/users/${encodeURIComponent(user.email)}/second-factor`);
            await context.reload();
          }, {
            kind: "tight", name: `Reset the second step of ${user.email}`,
            question: `Ask ${user.email} for no code any more? Do it only when you are sure who asks.`
          }),
          user.email !== context.session.user && act("Remove", async () => {
            await ask("DELETE", `/users/${encodeURIComponent(user.email)}`);
            await context.reload();
          }, { kind: "danger tight", question: `Remove ${user.email}? Their sessions end at once.`, name: `Remove ${user.email}` })) },
      ], users))],
  };
}

function showLink(email, token) {
  keepInSight(secret(`A link for ${email} to choose a password, good once and for a week.`, `${home}/admin#password=${token}`));
}
