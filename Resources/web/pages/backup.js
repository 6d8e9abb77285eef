// A whole backup as one file.
import { ask, base, read } from "../api.js";
import { act, actions, badge, card, code, el, note, say, table } from "../dom.js";
import { t } from "../language.js";
import { count, size, span, time } from "../words.js";

/** The backups that the server makes by itself, and how the last ones went. */
function scheduled({ plan, made }) {
  if (!plan) {
    return card(t`By a schedule`, el("p", {}, t`The server makes none by itself. These settings let it make one each night and keep seven:`),
      code("WONDER_BACKUP_SCHEDULE=daily 03:00\nWONDER_BACKUP_TO=/srv/backups\nWONDER_BACKUP_KEEP=7", t`Settings`));
  }
  return card(t`By a schedule`,
    plan.problem && note("bad", plan.problem),
    el("p", {}, t`To ${plan.place}; ${plan.keep} are kept. The next one is due `, time(plan.next_at), "."),
    made.length > 0 && table(t`Backups by the schedule`, [
      { title: t`Begun`, cell: (entry) => time(entry.at) },
      { title: t`State`, cell: (entry) => badge(entry.error ? "failed" : "completed") },
      { title: t`Name`, kind: "text", cell: (entry) => entry.error ?? entry.name },
      { title: t`Size`, kind: "number", cell: (entry) => (entry.error ? "" : size(entry.bytes)) },
      { title: t`Took`, kind: "number", cell: (entry) => span(entry.milliseconds) },
    ], made));
}

/** Who follows this server, and how far each one is; nothing where nobody does. */
function followers(standbys) {
  return standbys.length > 0 && card(t`Stand-bys`, table(t`Machines that follow this server`, [
    { title: t`Name`, kind: "text", cell: (entry) => entry.name },
    { title: t`Everything until`, cell: (entry) => (entry.held_at ? time(entry.held_at) : "") },
    { title: t`Last seen`, cell: (entry) => time(entry.seen_at) },
    { title: t`Files`, kind: "number", cell: (entry) => count(entry.files) },
    { title: t`Size`, kind: "number", cell: (entry) => size(entry.bytes) },
  ], standbys));
}

export async function show() {
  const [{ backups }, { standbys }] = await Promise.all([read("/backups"), read("/standby")]);
  return {
    title: t`Backup`,
    lead: t`The database, the files of all jobs and the secret key, taken while the server runs.`,
    body: [
      card(t`Download`, el("p", {}, t`The archive holds everything, the key that signs links included. Keep it as safe as the server itself.`),
        actions(act(t`Make a backup and download it`, async () => {
          say(t`Writing the archive …`);
          const { backup } = await ask("POST", "/backups/files", {});
          el("a", { href: `${base}/backups/files/${backup.name}`, download: "" }).click();
          say(t`${size(backup.bytes)} are being downloaded.`);
        }, { kind: "main" }))),
      scheduled(backups),
      followers(standbys),
      card(
        t`On the command line`,
        code(
          "wonder admin backup /srv/backups/wonder.tar\nwonder admin verify /srv/backups/wonder.tar\nwonder admin restore /srv/backups/wonder.tar --data NEW_DIRECTORY",
          t`Commands`
        )
      ),
    ],
  };
}
