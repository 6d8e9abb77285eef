// Places elsewhere that a workspace keeps, for its jobs to read and write.
import { ask } from "../api.js";
import { act, actions, card, choice, code, el, empty, field, form, say, table } from "../dom.js";
import { t } from "../language.js";
import { time } from "../words.js";

const input = (name, more = {}) => el("input", { name, autocomplete: "off", spellcheck: "false", ...more });
const hidden = (name, more = {}) => el("input", { name, type: "password", autocomplete: "new-password", ...more });
const path = (slug, name) => `/storages/${slug}/${encodeURIComponent(name)}`;

/** Leaves of a form what its kind has. */
function arrange(made) {
  for (const part of made.querySelectorAll("[data-kind]")) {
    part.hidden = part.disabled = part.dataset.kind !== made.elements.namedItem("kind").value;
  }
}

function editor({ slug, reload }) {
  const made = form(async ({ name, tls, ...fields }) => {
    const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
    await ask("PUT", path(slug, name), tls ? { ...said, tls: true } : said);
    await reload();
    say(t`The storage ${name} is there.`);
  }, [
    el("div", { class: "fields" },
      field(
        t`Name`, input("name", { required: true, pattern: "[a-z0-9._\\-]+", maxlength: 63 }),
        t`a to z, digits, . - _; one that is there is changed`
      ),
      field(t`Kind`, choice("kind", [["s3", "S3"], ["ftp", "FTP"]], "s3"))),
    el("fieldset", { "data-kind": "s3" }, el("div", { class: "fields" },
      field(t`Address`, input("endpoint", { type: "url", placeholder: "https://minio.example.com:9000" }), t`Empty for Amazon's own`),
      field(t`Region`, input("region", { placeholder: "us-east-1" })), field(t`Bucket`, input("bucket"), t`Empty for any`),
      field(t`Bucket stands`, choice("style", [["", t`where it usually does`], ["path", t`in the path`], ["host", t`in the host`]], "")),
      field(t`Access key ID`, input("access_key_id", { required: true })),
      field(t`Secret access key`, hidden("secret_access_key", { required: true }), t`Nobody is shown it again`))),
    el("fieldset", { "data-kind": "ftp", hidden: true, disabled: true }, el("div", { class: "fields" },
      field(t`Host`, input("host", { required: true, placeholder: "ftp.example.com" }), t`With a port, if it has one of its own`),
      field(t`User`, input("user", { placeholder: "anonymous" })),
      field(t`Password`, hidden("password"), t`Nobody is shown it again`)),
    el("label", { class: "check" }, el("input", { type: "checkbox", name: "tls" }), t`Send nothing before the connection is encrypted`)),
  ], t`Save the storage`, { id: "storage" });
  made.addEventListener("change", () => arrange(made));
  made.addEventListener("reset", () => setTimeout(() => arrange(made)));
  return made;
}

/** Opens a storage in the form that stands on the page; what opens it has to be typed again. */
function change(storage) {
  const made = document.getElementById("storage");
  made.reset();
  for (const [name, value] of Object.entries(storage)) {
    const field = made.elements.namedItem(name);
    if (field && name !== "access_key_id") field[name === "tls" ? "checked" : "value"] = value ?? "";
  }
  arrange(made);
  made.closest("details").open = true;
  made.elements.namedItem("name").focus();
}

const place = (one) => (one.kind === "s3" ? one.bucket ?? t`any bucket` : one.host);
const more = (one) => (one.kind === "s3" ? [one.endpoint ?? `Amazon, ${one.region}`, one.access_key_id]
  : [one.user, one.tls && "TLS"]).filter(Boolean).join(" · ");

/** The storages of a workspace, as a part of a page. */
export function storages(context, all) {
  const { slug, canManage } = context;
  const example = all.find((one) => one.bucket) ?? all[0];
  const body = example?.kind === "ftp" ? `{"ftp": {"storage": "${example.name}", "path": "{job}/{name}"}}`
    : `"s3://${example?.bucket ?? "BUCKET"}/{job}/{name}"`;
  return card(t`Storages`, el("p", {}, t`Places on S3 and FTP that jobs read from and write to by a name, without their keys.`),
    canManage && el("details", {}, el("summary", {}, t`Add or change a storage`), editor(context)),
    all.length === 0 ? empty(
      t`No storages yet`, canManage ? t`Give a bucket or an FTP server a name above.` : t`An administrator of this workspace can add one.`
    ) : table(t`Storages`, [
      { title: t`Name`, kind: "text", cell: (one) => el("code", {}, one.name) },
      { title: t`Place`, kind: "text", cell: (one) => [`${one.kind.toUpperCase()}: ${place(one)} `, el("small", { class: "soft" }, more(one))] },
      { title: t`Changed`, cell: (one) => time(one.changed_at) },
      { title: "", cell: (one) => canManage && actions(act(t`Try it`, async () => {
          const { test } = await ask("POST", `${path(slug, one.name)}/test`, {});
          say(test.works ? t`${one.name} was reached, and opened.` : `${one.name}: ${test.message}.`, test.works ? "good" : "bad");
        }, { kind: "tight", name: t`Try ${one.name}` }),
        el("button", { type: "button", class: "tight", "aria-label": t`Change ${one.name}`, onclick: () => change(one) }, t`Change`),
        act(t`Delete`, context.remove(path(slug, one.name)), {
          kind: "danger tight", name: t`Delete ${one.name}`,
          question: t`Delete the storage ${one.name}? New jobs that name it are refused; accepted ones go on.`
        })) },
    ], all),
    all.length > 0 && [el("p", {}, t`How a job sends its outputs there:`), code(`"outputs": [${body}]`, t`Outputs of a job`)]);
}
