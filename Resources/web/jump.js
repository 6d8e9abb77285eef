// Goes anywhere: a dialog that finds pages, workspaces and jobs as one types. `/` opens it.
import { read } from "./api.js";
import { el, nameOf, small } from "./dom.js";
import { t } from "./language.js";
import { conversion } from "./words.js";

const most = 8;
/** Nobody is asked for a job before so many letters are there, and not while somebody types. */
const [least, pause] = [2, 200];

/** Opens the dialog; `places` are pairs of a title and an address, `slug` is the workspace whose jobs are looked for. */
export function jump(places, slug) {
  let [timer, asked] = [null, 0];
  const found = el("ul", { class: "plain", id: "jump-list" });
  const told = el("p", { class: "heard", role: "status" });
  const input = el("input", {
    type: "text", "aria-label": t`Go to`, placeholder: t`A page, a workspace, a file's name or a job's id`, autocomplete: "off",
    "aria-controls": "jump-list", oninput: look, onkeydown: (event) => {
      if (event.key === "ArrowDown") move(event, 0);
      if (event.key !== "Enter") return;
      event.preventDefault();
      found.querySelector("a")?.click();
    },
  });
  const dialog = el("dialog", { class: "card jump", "aria-label": t`Go to`, onclose: () => dialog.remove(), onclick: (event) => {
    if (event.target === dialog || event.target.closest("a")) dialog.close();
  } }, input, found, told, small(t`Enter opens the first one, Escape closes.`));

  function move(event, index) {
    const links = [...found.querySelectorAll("a")];
    event.preventDefault();
    (links[index] ?? input).focus();
  }
  const entry = (title, address, kind) => el("li", {}, el("a", { href: address, onkeydown: (event) => {
    const index = [...found.querySelectorAll("a")].indexOf(event.currentTarget);
    if (event.key === "ArrowDown") move(event, index + 1);
    if (event.key === "ArrowUp") move(event, index - 1);
  } }, nameOf(title), el("span", { class: "soft small" }, kind)));
  function show(jobs) {
    const wanted = input.value.trim().toLowerCase();
    const pages = places.filter(({ title, address }) => `${title} ${address}`.toLowerCase().includes(wanted)).slice(0, most);
    found.replaceChildren(...pages.map(({ title, address, kind }) => entry(title, address, kind)), ...jobs.map((job) => entry(
      job.file_name ?? job.request_id, `#/w/${job.workspace}/jobs/${job.request_id}`, t`Job, ${conversion(job)}`
    )));
    told.textContent = t`${found.children.length} found`;
  }
  function look() {
    clearTimeout(timer);
    const mine = asked += 1;
    const wanted = input.value.trim();
    show([]);
    if (wanted.length < least || !slug) return;
    timer = setTimeout(async () => {
      const { jobs } = await read(`/jobs?workspace=${slug}&limit=${most}&q=${encodeURIComponent(wanted)}`).catch(() => ({ jobs: [] }));
      if (mine === asked) show(jobs);
    }, pause);
  }
  document.body.append(dialog);
  dialog.showModal();
  show([]);
}
