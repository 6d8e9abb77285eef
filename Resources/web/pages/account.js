// The reader's own sessions, password and second step.
import { ask, read } from "../api.js";
import { act, actions, badge, card, choice, code, el, field, form, keepInSight, note, say, secret, svg, table } from "../dom.js";
import { choose, chosen, languages, t } from "../language.js";
import { qrCode } from "../qr.js";
import { time } from "../words.js";

const programs = [["Firefox/", "Firefox"], ["Edg/", "Edge"], ["OPR/", "Opera"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]];
const systems = [["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Windows", "Windows"], ["Mac OS", "macOS"],
  ["Linux", "Linux"]];

/** A text as a code for a camera, with the light border that one needs, four parts wide. */
function picture(text, label) {
  const rows = qrCode(text);
  const dark = rows?.flatMap((row, y) => row.map((is, x) => (is ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  return rows && svg("svg", { class: "qr", role: "img", "aria-label": label, viewBox: `0 0 ${rows.length + 8} ${rows.length + 8}` },
    svg("path", { d: dark }));
}

/** A browser by the words that people know, where what it calls itself has them; all of it shows on hover. */
export function browserOf(agent) {
  const named = (list) => list.find(([sign]) => agent.includes(sign))?.[1];
  const [program, system] = [named(programs), named(systems)];
  return el("span", { title: agent || null }, program ? (system ? `${program}, ${system}` : program) : agent.slice(0, 30) || "–");
}

export const ways = { password: t`password`, proxy: t`the proxy`, provider: t`your provider` };

/** Codes are secrets like a password: shown once, and then only counted. */
const showCodes = (codes) => keepInSight(secret(t`Your recovery codes, each good once.`, codes.join("\n"),
  t`They are shown only now; keep them where your phone is not.`));

const codeField = () => field(t`Code`, el("input", { name: "code", autocomplete: "one-time-code", required: true }));

function secondStep(state, context) {
  if (state.since) {
    return card(t`Second step`, el("p", {}, badge("ok", t`on`), t` since `, time(state.since), t`, ${state.codes_left} recovery codes left.`),
      el("details", {}, el("summary", {}, t`New recovery codes`), form(async (fields) => {
        const { second_factor } = await ask("POST", "/second-factor/recovery-codes", fields);
        showCodes(second_factor.recovery_codes);
        await context.reload();
      }, [codeField()], t`Make new codes`, { id: "recovery" })),
      el("details", {}, el("summary", {}, t`Turn it off`), form(async (fields) => {
        await ask("DELETE", "/second-factor", fields);
        await context.reload();
        say(t`No code is asked for any more.`);
      }, [codeField()], t`Turn it off`, { id: "second-off" })));
  }
  return card(t`Second step`,
    el("p", {}, t`With an app for one-time codes on your phone, a stolen password alone opens nothing.`),
    el("details", {}, el("summary", {}, t`Turn it on`),
      form(async (fields) => {
        const { second_factor } = await ask("POST", "/second-factor", fields);
        keepInSight(secret(t`The key for your app.`, second_factor.secret,
          t`Scan the code with the app, or enter the key there as one that is based on time.`),
          picture(second_factor.uri, t`The same as a code for the camera of your phone`),
          note("", el("a", { href: second_factor.uri }, t`Open it in an app on this device`)),
          form(async (given) => {
            const answer = await ask("POST", "/second-factor/confirm", given);
            document.querySelector(".kept")?.remove();
            showCodes(answer.second_factor.recovery_codes);
            await context.reload();
            say(t`The second step is on; your other sessions have ended.`);
          }, [codeField()], t`Turn it on`, { id: "second-confirm" }));
      }, [field(t`Password`, el("input", { name: "password", type: "password", autocomplete: "current-password", required: true }))], t`Show the key`, { id: "second-on" })));
}

export async function show(context) {
  const [{ sessions }, { second_factor }] = await Promise.all([read("/sessions"), read("/second-factor")]);
  return {
    title: t`Your account`,
    lead: context.session.user,
    body: [
      card(t`Where you are signed in`, table(t`Your sessions`, [
        { title: t`Since`, cell: (entry) => time(entry.created_at) }, { title: t`Last seen`, cell: (entry) => time(entry.seen_at) },
        { title: t`From`, kind: "text", cell: (entry) => entry.address || "–" },
        { title: t`Browser`, kind: "text", cell: (entry) => browserOf(entry.browser) },
        { title: t`Way`, cell: (entry) => ways[entry.way] },
        { title: "", cell: (entry) => (entry.is_this ? badge("ok", t`this browser`) : act(t`End`, context.remove(`/sessions/${entry.id}`), { kind: "tight", name: t`End the session ${entry.id}` })) },
      ], sessions), actions(act(t`Sign out everywhere else`, async () => {
          await ask("DELETE", "/sessions");
          await context.reload();
          say(t`Every other session has ended.`);
        }),
        act(t`Sign out everywhere`, async () => {
          await ask("DELETE", "/sessions");
          await ask("DELETE", "/session");
          location.reload();
        }, { kind: "danger", question: t`End every session, this one too?` }))),
      secondStep(second_factor, context),
      card(t`Language`, form(({ language }) => {
        choose(language);
        location.reload();
      }, field(t`The pages are in`, choice("language", [["", t`as the browser says`], ...languages], chosen()),
        t`Kept in this browser. What the server itself says stays English.`), t`Choose`, { id: "language" })),
      card(t`Password`, context.session.is_admin
        ? [el("p", {}, t`Make yourself a link to choose a new one. Choosing it ends all your sessions.`), actions(act(t`Choose a new password`, async () => {
          const { user } = await ask("POST", `/users/${encodeURIComponent(context.session.user)}/password-link`, {});
          location.hash = `#password=${user.link_token}`;
          location.reload();
        }))]
        : [
          el("p", {}, t`An administrator can make you a link under People, or on the server itself:`),
          code(`wonder admin user password ${context.session.user}`, t`Command`)
        ]),
    ],
  };
}
