// A whole backup as one file.
import { ask, base } from "../api.js";
import { act, card, code, el, say } from "../dom.js";
import { size } from "../words.js";

export async function show() {
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
