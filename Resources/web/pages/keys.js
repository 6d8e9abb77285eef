// The API keys of a workspace.
import { ask, read } from "../api.js";
import { act, actions, badge, card, choice, el, empty, field, form, keepInSight, nameOf, secret, table } from "../dom.js";
import { t } from "../language.js";
import { time } from "../words.js";

const scopes = { "read, submit": t`read and submit`, read: t`only read`, submit: t`only submit` };

export async function show(context) {
  const { slug, canManage } = context;
  const [{ keys }, { prefixes }] = await Promise.all([read(`/keys?workspace=${slug}`), read("/key-prefixes")]);
  const active = keys.filter((key) => !key.revoked_at);
  const gone = keys.filter((key) => key.revoked_at);
  return {
    title: t`API keys`,
    lead: t`A key is how a program proves that it belongs to this workspace. It is shown once, when it is made.`,
    actions: [el("a", { class: "button", href: "docs" }, t`How to use one`)],
    body: [
      canManage && card(null, el("details", { open: active.length === 0 }, el("summary", {}, t`Make a key`), keyForm(context, prefixes))),
      card(
        t`Keys`,
        active.length > 0 ? list(active, context) : empty(
          t`No keys yet`,
          canManage ? t`Make one above, and give each program its own.` : t`An administrator of this workspace can make one.`
        )
      ),
      gone.length > 0 && card(null, el("details", {}, el("summary", {}, t`Revoked keys (${gone.length})`), list(gone, context))),
    ],
  };
}

function keyForm(context, prefixes) {
  const origins = field(
    t`Origins`, el("input", { name: "origins", placeholder: "https://app.example.com" }),
    t`Pages that may use it, with spaces between them`
  );
  origins.hidden = true;
  const kind = choice("kind", [["secret", t`Secret, for servers`], ["public", t`Public, for pages in browsers`]], "secret");
  kind.addEventListener("change", () => { origins.hidden = kind.value !== "public"; });
  const made = form(async (fields) => {
    const wish = { workspace: context.slug, name: fields.name, kind: fields.kind };
    if (fields.kind === "public") wish.origins = fields.origins.split(/\s+/).filter(Boolean);
    else wish.prefix = fields.prefix;
    if (fields.expires) wish.expires = fields.expires;
    if (fields.scope) wish.scopes = [fields.scope];
    const { key } = await ask("POST", "/keys", wish);
    keepInSight(secret(t`The new key.`, key.key),
      secret(t`Its webhook secret, which signs the webhooks of requests that bring their own address.`, key.webhook_secret));
    await context.reload();
  }, [el("div", { class: "fields" },
    field(t`Name`, el("input", { name: "name", required: true, placeholder: t`Shop, production`, maxlength: 200 })), field(t`Kind`, kind),
    field(t`May`, choice("scope", [["", scopes["read, submit"]], ["read", scopes.read], ["submit", scopes.submit]], "")),
    field(t`Begins with`, choice("prefix", prefixes.map(({ prefix, title }) => [prefix, `${prefix} (${title})`]), prefixes[0].prefix)),
    field(t`Works for`, choice("expires", [["", t`ever`], ["30d", t`30 days`], ["90d", t`90 days`], ["365d", t`a year`]], ""))), origins], t`Make the key`, { id: "key" });
  made.addEventListener("reset", () => { origins.hidden = true; });
  return made;
}

function list(keys, context) {
  return table(t`API keys`, [
    {
      title: t`Name`, kind: "text",
      cell: (key) => [
        el("strong", {}, nameOf(key.name || t`No name`)), " ", el("code", {}, key.key),
        key.kind === "public" && [" ", badge("public", t`public`)]
      ]
    },
    { title: t`May`, kind: "text", cell: (key) => scopes[key.scopes] ?? key.scopes }, { title: t`Made`, cell: (key) => time(key.created_at) },
    { title: t`Last used`, cell: (key) => time(key.last_used_at, t`never`) }, {
      title: t`Works until`, cell: (key) => time(key.revoked_at ?? key.expires_at, t`for ever`)
    },
    { title: "", kind: "many", cell: (key) => context.canManage && !key.revoked_at && actions(act(t`Webhook secret`, async () => {
      const { webhook_secret } = await read(`/keys/${key.id}/webhook-secret`);
      keepInSight(secret(t`The webhook secret of ${key.name || key.key}.`, webhook_secret, t`It can be shown again.`));
    }, { kind: "tight", name: t`Show the webhook secret of ${key.name || key.key}` }), act(t`Revoke`, context.remove(`/keys/${key.id}`), { kind: "danger tight", question: t`Revoke the key ${key.name || key.key}? Programs that use it are refused from now on.`, name: t`Revoke ${key.name || key.key}` })) },
  ], keys);
}
