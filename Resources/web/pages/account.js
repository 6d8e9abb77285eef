// The reader's own sessions and password.
import { ask, read } from "../api.js";
import { act, badge, card, code, el, say, table } from "../dom.js";
import { time } from "../words.js";

export async function show(context) {
  const { sessions } = await read("/sessions");
  return {
    title: "Your account",
    lead: context.session.user,
    body: [
      card("Where you are signed in", table("Your sessions", [
        { title: "Since", cell: (entry) => time(entry.created_at) }, { title: "Last seen", cell: (entry) => time(entry.seen_at) },
        { title: "Which", cell: (entry) => (entry.is_this ? badge("ok", "this browser") : "another browser") },
      ], sessions), el("div", { class: "actions" },
        act("Sign out everywhere else", async () => {
          await ask("DELETE", "/sessions");
          await context.reload();
          say("Every other session has ended.");
        }),
        act("Sign out everywhere", async () => {
          await ask("DELETE", "/sessions");
          await ask("DELETE", "/session");
          location.reload();
        }, { kind: "danger", question: "End every session, this one too?" }))),
      card("Password", context.session.is_admin
        ? [el(
          "p", {}, "Make yourself a link to choose a new one. Choosing it ends all your sessions."
        ), el("div", { class: "actions" }, act("Choose a new password", async () => {
          const { user } = await ask("POST", `/users/${encodeURIComponent(context.session.user)}/password-link`, {});
          location.hash = `#password=${user.link_token}`;
          location.reload();
        }))]
        : [
          el("p", {}, "An administrator can make you a link under People, or on the server itself:"),
          code(`wonder admin user password ${context.session.user}`, "Command")
        ]),
    ],
  };
}
