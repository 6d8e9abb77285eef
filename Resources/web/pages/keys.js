// The API keys of a workspace.
import { ask, read } from "../api.js";
import { act, badge, card, choice, el, empty, field, form, keepInSight, secret, table } from "../dom.js";
import { time } from "../words.js";

export async function show(context) {
  const { slug, canManage } = context;
  const [{ keys }, { prefixes }] = await Promise.all([read(`/keys?workspace=${slug}`), read("/key-prefixes")]);
  const active = keys.filter((key) => !key.revoked_at);
  const gone = keys.filter((key) => key.revoked_at);
  return {
    title: "API keys",
    lead: "A key is how a program proves that it belongs to this workspace. It is shown once, when it is made.",
    actions: [el("a", { class: "button", href: "docs" }, "How to use one")],
    body: [
      canManage && card(
        null, el("details", { open: active.length === 0 }, el("summary", {}, "Make a key"), keyForm(context, prefixes))
      ),
      card(
        "Keys",
        active.length > 0 ? list(active, context) : empty(
          "No keys yet",
          canManage ? "Make one above, and give each program its own." : "An administrator of this workspace can make one."
        )
      ),
      gone.length > 0 && card(null, el("details", {}, el("summary", {}, `Revoked keys (${gone.length})`), list(gone, context))),
    ],
  };
}

function keyForm(context, prefixes) {
  const origins = field(
    "Origins", el("input", { name: "origins", placeholder: "https://app.example.com" }),
    "Pages that may use it, with spaces between them"
  );
  origins.hidden = true;
  const kind = choice("kind", [["secret", "Secret, for servers"], ["public", "Public, for pages in browsers"]], "secret");
  kind.addEventListener("change", () => { origins.hidden = kind.value !== "public"; });
  const made = form(async (fields) => {
    const wish = { workspace: context.slug, name: fields.name, kind: fields.kind };
    if (fields.kind === "public") wish.origins = fields.origins.split(/\s+/).filter(Boolean);
    else wish.prefix = fields.prefix;
    if (fields.expires) wish.expires = fields.expires;
    if (fields.scope) wish.scopes = [fields.scope];
    const { key } = await ask("POST", "/keys", wish);
    await context.reload();
    keepInSight(secret("The new key.", key.key),
      secret("Its webhook secret, which signs the webhooks of requests that bring their own address.", key.webhook_secret));
  }, [el("div", { class: "fields" },
    field(
      "Name", el("input", { name: "name", required: true, placeholder: "Shop, production", maxlength: 200 })
    ), field("Kind", kind),
    field("May", choice("scope", [["", "read and submit"], ["read", "only read"], ["submit", "only submit"]], "")),
    field(
      "Begins with", choice("prefix", prefixes.map(({ prefix, title }) => [prefix, `${prefix} (${title})`]), prefixes[0].prefix)
    ),
    field(
      "Works for", choice("expires", [["", "ever"], ["30d", "30 days"], ["90d", "90 days"], ["365d", "a year"]], "")
    )), origins], "Make the key", { id: "key" });
  made.addEventListener("reset", () => { origins.hidden = true; });
  return made;
}

function list(keys, context) {
  return table("API keys", [
    {
      title: "Name", kind: "text",
      cell: (key) => [
        el("strong", {}, key.name || "No name"), el("br"), el("code", {}, key.key),
        key.kind === "public" && [" ", badge("public", "public")]
      ]
    },
    { title: "May", cell: (key) => key.scopes }, { title: "Made", cell: (key) => time(key.created_at) },
    { title: "Last used", cell: (key) => time(key.last_used_at, "never") }, {
      title: "Works until", cell: (key) => time(key.revoked_at ?? key.expires_at, "for ever")
    },
    { title: "", cell: (key) => context.canManage && !key.revoked_at && el("div", { class: "actions" }, act("Webhook secret", async () => {
      const { webhook_secret } = await read(`/keys/${key.id}/webhook-secret`);
      keepInSight(secret(`The webhook secret of ${key.name || key.key}.`, webhook_secret, "It can be shown again."));
    }, { kind: "tight", name: `Show the webhook secret of ${key.name || key.key}` }), act("Revoke", async () => {
      await ask("DELETE", `/keys/${key.id}`);
      await context.reload();
    }, { kind: "danger tight", question: `Revoke the key ${key.name || key.key}? Programs that use it are refused from now on.`, name: `Revoke ${key.name || key.key}` })) },
  ], keys);
}
