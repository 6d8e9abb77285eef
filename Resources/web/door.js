// Signing in, what helps who cannot, and the links that are used once: the first administrator, and a new password.
import { ask, base, read } from "./api.js";
import { act, actions, code, el, field, form, small, soft } from "./dom.js";
import { t } from "./language.js";

/** Shows the door; `enter` is called with the session of whoever comes in. */
export async function door(app, enter, message = "") {
  // The token of a link stands behind the #, which no server gets to see; it goes from the address once it was read.
  const [purpose, token] = location.hash.slice(1).split("=");
  if (token) history.replaceState(null, "", location.pathname);
  if (purpose === "setup" && token) return setUp(app, enter, token);
  if (purpose === "password" && token) return choosePassword(app, enter, token);
  const ways = await read("/setup").then((answer) => answer.setup, () => ({}));
  if (purpose === "refused" && token) return signIn(app, enter, refusals[token] ?? t`Signing in did not work; the log of the server says why.`, ways);
  // Whoever has just signed out is not let in again unasked.
  if (ways.trusted_user && !message) {
    return byProxy(enter).catch((error) => signIn(app, enter, error.message, ways));
  }
  return ways.is_needed && !ways.provider && !ways.trusted_user ? waitForSetup(app, enter) : signIn(app, enter, message, ways);
}

/** What the provider's way back may say by a word; any other text in an address is not shown. */
const refusals = {
  account_missing: t`You are known to the provider, but have no account here. Ask an administrator.`,
  address_unverified: t`The provider does not say that it has verified your e-mail address. Ask an administrator.`,
  sign_on_refused: t`This sign-in was not begun in this browser, took too long, or was refused. Begin again.`,
  provider_failed: t`The provider could not be asked, or is not believed. The log of the server says why.`,
  too_many_sign_ins: t`Too many attempts to sign in. Try again in a quarter of an hour.`,
};

async function byProxy(enter) {
  await ask("POST", "/session/proxy");
  await enter((await read("/session")).session);
}

/** The ways in that need no password of this server. */
const others = ({ provider, trusted_user: user }, enter) => (provider || user) && actions(
  user && act(t`Go on as ${user}`, () => byProxy(enter), { kind: "main" }),
  provider && el("a", { class: "button main", href: `${base}/session/provider` }, t`Sign in with ${provider}`));

function place(app, ...children) {
  app.replaceChildren(el("main", { class: "door", id: "content", tabindex: "-1", "data-ready": "yes" },
    el("div", { class: "inner" },
      el("a", { class: "brand", href: "./" }, el("img", { src: "web/favicon.svg", alt: "", width: 28, height: 28 }), "wonder"),
      el("div", { id: "said", "aria-live": "polite" }),
      el("section", { class: "card" }, children))));
}

const email = () => field(t`E-mail`, el("input", { name: "email", type: "email", autocomplete: "username", required: true }));
const newPassword = () => field(t`Password`,
  el("input", { name: "password", type: "password", autocomplete: "new-password", minlength: 10, required: true }), t`At least 10 characters`);

/** Signs in, and finds out at once whether the browser has kept the cookie. */
async function begin(fields, enter) {
  await ask("POST", "/session", fields);
  let session;
  try {
    ({ session } = await read("/session"));
  } catch (error) {
    if (error.status !== 401) throw error;
    throw new Error(t`The password is right, but the browser did not keep the cookie. Allow cookies for this address, `
      + t`or, behind a proxy, check that it passes on X-Forwarded-Proto and that WONDER_TRUSTED_PROXIES names it.`);
  }
  await enter(session);
}

function signIn(app, enter, message, ways = {}) {
  place(app, el("h1", {}, t`Sign in`), message && el("p", { class: "note", role: "status" }, message),
    others(ways, enter),
    form(async (fields) => {
      try {
        await begin(fields, enter);
      } catch (error) {
        if (error.code !== "second_factor_required") throw error;
        secondStep(app, enter, fields);
      }
    }, [
      email(),
      field(t`Password`, el("input", { name: "password", type: "password", autocomplete: "current-password", required: true })),
    ], t`Sign in`, { id: "signin" }),
    el("details", {}, el("summary", {}, t`Forgot your password?`),
      ways.has_mail ? forgotten(app, enter, ways) : el("div", { class: "stack" },
        el("p", { class: "small" }, t`An administrator can make a link for you under People. On the server itself this prints one:`),
        code("wonder admin user password YOUR@ADDRESS", t`Command`))));
}

/** Asks for the code that the password alone does not make up for. */
function secondStep(app, enter, fields) {
  place(app, el("h1", {}, t`One more step`), soft(t`Enter the code that your app shows now, or a recovery code.`),
    form(({ code: given }) => begin({ ...fields, code: given }, enter), [
      field(t`Code`, el("input", { name: "code", inputmode: "text", autocomplete: "one-time-code", required: true, autofocus: true })),
    ], t`Sign in`, { id: "second" }),
    el("button", { type: "button", onclick: () => door(app, enter) }, t`Back`));
}

function forgotten(app, enter, ways) {
  return form(async (fields) => {
    await ask("POST", "/password/forgotten", fields);
    signIn(app, enter, t`If this address has an account with a password, a link is on its way to it.`, ways);
  }, [email()], t`Mail me a link`, { id: "forgotten" });
}

function setUp(app, enter, token) {
  place(app, el("h1", {}, t`Welcome`), soft(t`You are the first one here. Choose how you sign in; you will administer this appliance.`),
    form(async (fields) => {
      await ask("POST", "/setup", { token, ...fields });
      await begin(fields, enter);
    }, [email(), newPassword()], t`Set up`, { id: "setup" }));
}

function choosePassword(app, enter, token) {
  place(app, el("h1", {}, t`Choose a password`), soft(t`This ends every session you have open elsewhere.`),
    form(async ({ password }) => {
      await ask("POST", "/password", { token, password });
      signIn(app, enter, t`The password is set. Sign in with it.`);
    }, [newPassword()], t`Save`, { id: "password" }));
}

function waitForSetup(app, enter) {
  place(app, el("h1", {}, t`Nobody is in charge yet`),
    el(
      "p", {},
      t`The first administrator comes in by a link that is used once. The server printed it when it started; this prints a new one:`
    ),
    code("wonder admin setup-link", t`Command`),
    small(t`Run it on the machine where the server runs, and open the link in this browser.`),
    el("button", { type: "button", onclick: () => door(app, enter) }, t`Look again`));
}
