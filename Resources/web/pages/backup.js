// A whole backup as one file.
import { ask, base, read } from "../api.js";
import { act, badge, card, code, el, note, say, table } from "../dom.js";
import { size, time } from "../words.js";

/** The backups that the server makes by itself, and how the last ones went. */
function scheduled({ plan, made }) {
  if (!plan) {
    return card("By a schedule", el("p", {}, "The server makes none by itself. These settings let it make one each night and keep seven:"),
      code("WONDER_BACKUP_SCHEDULE=daily 03:00\nWONDER_BACKUP_TO=/srv/backups\nWONDER_BACKUP_KEEP=7", "Settings"));
  }
  return card("By a schedule",
    plan.problem && note("bad", plan.problem),
    el("p", {}, `To ${plan.place}; ${plan.keep} are kept. The next one is due `, time(plan.next_at), "."),
    made.length > 0 && table("Backups by the schedule", [
      { title: "Begun", cell: (entry) => time(entry.at) },
      { title: "State", cell: (entry) => (entry.error ? badge("failed", "failed") : badge("ok", "whole")) },
      { title: "Name", kind: "text", cell: (entry) => entry.error ?? entry.name },
      { title: "Size", kind: "number", cell: (entry) => (entry.error ? "" : size(entry.bytes)) },
      { title: "Took", kind: "number", cell: (entry) => `${(entry.milliseconds / 1000).toFixed(1)} s` },
    ], made));
}

export async function show() {
  const { backups } = await read("/backups");
  const said = el("div", { "aria-live": "polite" });
  return {
    isStill: true,
    title: "Backup",
    lead: "The database, the files of all jobs and the secret key, taken while the server runs.",
    body: [
      card("Download", el(
        "p", {}, "The archive holds everything, the key that signs links included. Keep it as safe as the server itself."
      ), said,
        el("div", { class: "actions" }, act("Make a backup and download it", async () => {
          said.replaceChildren(el("p", {}, "Writing the archive …"));
          try {
            const { backup } = await ask("POST", "/backups/files", {});
            el("a", { href: `${base}/backups/files/${backup.name}`, download: "" }).click();
            said.replaceChildren(el("p", { class: "note good" }, `${size(backup.bytes)} are being downloaded.`));
          } catch (error) {
            said.replaceChildren();
            say(error.message, "bad");
          }
        }, { kind: "main" }))),
      scheduled(backups),
      card(
        "On the command line",
        code(
          "wonder admin backup /srv/backups/wonder.tar\nwonder admin verify /srv/backups/wonder.tar\nwonder admin restore /srv/backups/wonder.tar --data NEW_DIRECTORY",
          "Commands"
        )
      ),
    ],
  };
}
