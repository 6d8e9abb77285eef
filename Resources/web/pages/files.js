// The files that stay: browse, bring by dropping, look, rename, move, delete, and convert.
import { ask, base, read, upload } from "../api.js";
import { act, actions, card, choice, el, empty, field, form, nameOf, note, say, table, whole } from "../dom.js";
import { t } from "../language.js";
import { many, size, time } from "../words.js";

const page = 50;

export async function show(context) {
  const { slug, query, canManage } = context;
  const own = `/workspaces/${slug}`;
  const [folder, wanted, skip] = [query.get("folder") ?? "", query.get("q") ?? "", Number(query.get("skip") ?? 0)];
  const at = (changes) => `#/w/${slug}/files?${new URLSearchParams({ folder, q: wanted, ...changes })}`;
  const { files, folders, line, total } = await read(`${own}/files?${new URLSearchParams({ folder, q: wanted, skip, limit: page })}`);
  const inside = wanted ? [] : folders.filter((one) => one.parent === folder);
  const places = [["", t`No folder`], ...folders.map((one) => [one.id, one.name])];
  const change = (kind, one, fields) => async (values) => {
    await ask("PATCH", `${own}/${kind}/${one.id}`, fields(values));
    await context.reload();
    say(t`${one.name} is changed.`);
  };
  const remove = (kind, one, question) => act(t`Delete`, context.remove(`${own}/${kind}/${one.id}`), { kind: "danger tight", question, name: t`Delete ${one.name}` });
  const edit = (kind, one, where, current, others) => el("details", {}, el("summary", {}, t`Change`), form(
    change(kind, one, (values) => ({ name: values.name, [where]: values.place })),
    [field(t`Name`, el("input", { name: "name", value: one.name, required: true })), field(t`Folder`, choice("place", others, current))],
    t`Save`, { "aria-label": t`Change ${one.name}` }
  ));
  return {
    title: t`Files`,
    lead: t`Files that stay until somebody deletes them. They count among the bytes that the plan allows.`,
    body: [
      bring(context, own, folder),
      card(t`Find a file`, el("form", { class: "fields", role: "search", onsubmit: (event) => {
        event.preventDefault();
        location.hash = at({ q: new FormData(event.target).get("q"), folder: "", skip: 0 });
      } }, field(t`A part of the name`, el("input", { name: "q", type: "search", value: wanted })), actions(el("button", {}, t`Find`))),
      el("nav", { "aria-label": t`Folders` }, el("a", { href: at({ folder: "", q: "", skip: 0 }) }, t`All files`),
        line.map((one) => [" / ", el("a", { href: at({ folder: one.id, q: "", skip: 0 }) }, nameOf(one.name))])),
      el("details", {}, el("summary", {}, t`New folder`), form(async ({ name }) => {
        await ask("POST", `${own}/folders`, { name, parent: folder });
        await context.reload();
        say(t`The folder ${name} is there.`);
      }, field(t`Name`, el("input", { name: "name", required: true })), t`Make the folder`, { id: "folder" }))),
      inside.length > 0 && card(t`Folders`, table(t`Folders`, [
        { title: t`Name`, kind: "text", cell: (one) => el("a", { href: at({ folder: one.id, skip: 0 }) }, nameOf(one.name)) },
        { title: "", cell: (one) => canManage && actions(edit("folders", one, "parent", one.parent, places.filter(([id]) => id !== one.id)),
          remove("folders", one, t`Delete the folder ${one.name}? What is in it moves to where it is.`)) },
      ], inside)),
      card(wanted ? t`Files with “${wanted}”` : t`Files`, total === 0 ? empty(
        wanted ? t`No file has such a name` : t`No files here`,
        wanted ? t`Look for another part of the name.` : t`Drop some above, or have a program store them.`
      ) : [
        table(t`Files`, [
          { title: t`Picture`, cell: (file) => file.is_shown && el("img", {
            class: "thumb", src: `${base}${own}/files/${file.id}/content?view=1`, alt: "", loading: "lazy", width: 48, height: 48
          }) },
          { title: t`Name`, kind: "text", cell: (file) => el("a", { href: `${base}${own}/files/${file.id}/content`, download: file.name }, nameOf(file.name)) },
          { title: t`Kind`, kind: "text", cell: (file) => file.media_type },
          { title: t`Size`, kind: "number", cell: (file) => size(file.size) },
          { title: t`Stored`, cell: (file) => time(file.created_at) },
          { title: "", cell: (file) => actions(el("a", {
              class: "button tight", href: `#/w/${slug}/try?${new URLSearchParams({ stored: file.id, name: file.name, size: file.size })}`
            }, t`Convert`),
            canManage && edit("files", file, "folder", file.folder, places),
            canManage && remove("files", file, t`Delete ${file.name}? Links to it end at once.`)) },
        ], files),
        actions(el("span", { class: "soft" }, t`${many(total, "file")}, ${skip + 1} to ${skip + files.length} shown`),
          skip > 0 && el("a", { class: "button tight", href: at({ skip: Math.max(0, skip - page) }) }, t`Newer`),
          skip + files.length < total && el("a", { class: "button tight", href: at({ skip: skip + page }) }, t`Older`)),
      ]),
    ],
  };
}

/** Where files come in; what is drawn anew stays the place that it was, so it is found by what happens in it. */
function bring(context, own, folder) {
  const take = async (place, files) => {
    if (files.length === 0) return;
    const data = new FormData();
    data.set("folder", folder);
    for (const file of files) data.append("files[]", file);
    const [bar, said] = [place.querySelector("progress"), place.querySelector("[aria-live]")];
    bar.hidden = false;
    said.replaceChildren();
    try {
      await upload(`${own}/files`, data, (part) => { bar.value = part; });
      await context.reload();
      say(t`${many(files.length, "file")} stored.`);
    } catch (error) {
      said.replaceChildren(note("bad", error.message));
    }
    bar.hidden = true;
    place.querySelector("input").value = "";
  };
  return card(null, whole(el("div", { class: "drop" }, el("h2", {}, t`Drop files here, or choose them`), el("input", {
    type: "file", multiple: true, "aria-label": t`Files to store`,
    onchange: ({ currentTarget: picker }) => take(picker.closest(".drop"), [...picker.files]),
  }), el("progress", { max: 1, value: 0, "aria-label": t`Upload`, hidden: true }), el("div", { "aria-live": "polite" }))));
}
