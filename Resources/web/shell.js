// The frame of the signed-in pages: which page an address means, the menu, and who is signed in.
import { ask, read, remember } from "./api.js";
import { narrow } from "./charts.js";
import { door } from "./door.js";
import { act, el, note } from "./dom.js";
import { jump } from "./jump.js";
import { t } from "./language.js";
import { inTurn, keep } from "./live.js";
import { renew } from "./renew.js";

/** The pages of a workspace, below #/w/SLUG. */
const workspacePages = [
  { path: "", title: t`Overview`, module: "overview" },
  { path: "/jobs", title: t`Jobs`, module: "jobs" },
  { path: "/jobs/:request", title: t`Job`, module: "job", parent: "/jobs" },
  { path: "/batches", title: t`Batches`, module: "batches" },
  { path: "/batches/:batch", title: t`Batch`, module: "batch", parent: "/batches" },
  { path: "/try", title: t`Convert`, module: "try" },
  { path: "/files", title: t`Files`, module: "files" },
  { path: "/presets", title: t`Presets`, module: "presets" },
  { path: "/webhooks", title: t`Webhooks`, module: "webhooks" },
  { path: "/keys", title: t`API keys`, module: "keys" },
  { path: "/usage", title: t`Usage`, module: "usage" },
  { path: "/settings", title: t`Settings`, module: "settings" },
];

/** The pages of the appliance, for its administrators. */
const appliancePages = [
  { path: "/requests", title: t`Access requests`, module: "requests" },
  { path: "/workspaces", title: t`Workspaces`, module: "workspaces" },
  { path: "/users", title: t`People`, module: "users" },
  { path: "/plans", title: t`Plans`, module: "plans" },
  { path: "/all-jobs", title: t`All jobs`, module: "jobs" },
  { path: "/formats", title: t`Engines and formats`, module: "formats" },
  { path: "/rates", title: t`Exchange rates`, module: "rates" },
  { path: "/health", title: t`Health`, module: "health" },
  { path: "/machines", title: t`Other machines`, module: "machines" },
  { path: "/audit", title: t`Audit log`, module: "audit" },
  { path: "/backup", title: t`Backup`, module: "backup" },
];

const ownPages = [{ path: "/account", title: t`Your account`, module: "account" }];

const app = document.getElementById("app");
let session = null;
let workspaces = [];
let leave = [];
/** When waiting requests were counted last, and after how many milliseconds that is done again. */
let counted = 0;
const countAgain = 15000;
/** How many requests wait, in the menu. */
const waitingBadge = el("span", { class: "badge warn", hidden: true });
/** What is shown only once stays over all pages, until it is dismissed. */
const secrets = el("div", { class: "secrets stack" });

/** The workspace of the address, or the last one, if there is such a one for whoever is here. */
const slugNow = () => [location.hash.match(/^#\/w\/([^/?]+)/)?.[1], sessionStorage.getItem("workspace")]
  .find((slug) => workspaces.some((one) => one.slug === slug)) ?? workspaces[0]?.slug;

/** The page that an address means, with the parts of it that vary. */
function find(address) {
  const [path, query = ""] = address.split("?");
  const all = [
    ...workspacePages.map((page) => ({ ...page, full: `/w/:slug${page.path}` })),
    ...(session.is_admin ? appliancePages : []).map((page) => ({ ...page, full: page.path })),
    ...ownPages.map((page) => ({ ...page, full: page.path })),
  ];
  for (const page of all) {
    const match = path.match(new RegExp(`^${page.full.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`));
    if (match) return { page, params: match.groups ?? {}, query: new URLSearchParams(query) };
  }
  return null;
}

function links(title, pages, base) {
  const here = location.hash.slice(1).split("?")[0];
  return el("div", {}, el("h2", {}, title), el("ul", {}, pages.filter((page) => !page.parent).map((page) => {
    const address = base + page.path;
    const isHere = here === address || pages.some((other) => other.parent === page.path && here.startsWith(`${address}/`));
    return el("li", {}, el("a", { href: `#${address}`, "aria-current": isHere ? "page" : null }, page.title,
      page.module === "requests" && waitingBadge));
  })));
}

async function countRequests(isAsked = true) {
  if (!session?.is_admin || (!isAsked && performance.now() - counted < countAgain)) return;
  counted = performance.now();
  const { requests } = await read("/requests?status=pending&limit=100").catch(() => null) ?? {};
  if (!requests) return;
  waitingBadge.hidden = requests.length === 0;
  waitingBadge.replaceChildren(String(requests.length), el("span", { class: "heard" }, t` waiting`));
}

/** Everything that one can go to, for the dialog that finds it. */
function places() {
  const slug = slugNow();
  return [
    ...(slug ? workspacePages : []).filter((page) => !page.parent).map((page) => ({ title: page.title, address: `#/w/${slug}${page.path}`, kind: slug })),
    ...(session.is_admin ? appliancePages : []).map((page) => ({ title: page.title, address: `#${page.path}`, kind: t`This appliance` })),
    ...ownPages.map((page) => ({ title: page.title, address: `#${page.path}`, kind: "" })),
    ...workspaces.map((workspace) => ({ title: workspace.name, address: `#/w/${workspace.slug}`, kind: t`Workspace` })),
    { title: "API", address: "docs", kind: t`Description` },
  ];
}

const openJump = () => document.querySelector("dialog") || jump(places(), slugNow());

const isTyping = ({ target }) => ["INPUT", "SELECT", "TEXTAREA"].includes(target.nodeName);

/** `/` goes anywhere; Escape closes what is open around the focus, or the menu of a phone. */
function onKey(event) {
  if (!session || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !isTyping(event)) {
    event.preventDefault();
    openJump();
  }
  if (event.key !== "Escape" || document.querySelector("dialog")) return;
  const fold = event.target.closest?.("details[open]");
  if (fold) {
    fold.open = false;
    fold.querySelector("summary").focus();
  } else document.querySelector(".side.open .menu")?.click();
}

/** Files may be dropped anywhere on a page that takes some; on others a browser would leave the page for them. */
function onDrag(event) {
  if (event.target.type === "file" || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  const drop = document.querySelector(".drop");
  const picker = drop?.querySelector("[type=file]");
  if (!picker) return;
  drop.classList.toggle("over", event.type === "dragover");
  if (event.type !== "drop") return;
  picker.files = event.dataTransfer.files;
  picker.dispatchEvent(new Event("change"));
}

function side() {
  const slug = slugNow();
  const picker = el("select", { "aria-label": t`Workspace`, onchange: (event) => { location.hash = `#/w/${event.target.value}`; } },
    workspaces.map((workspace) => el("option", { value: workspace.slug, selected: workspace.slug === slug }, workspace.name)));
  const made = el("header", { class: "side" },
    el("div", { class: "top" },
      el("a", { class: "brand", href: "#/" }, el("img", { src: "web/favicon.svg", alt: "", width: 28, height: 28 }), "wonder"),
      el("button", { type: "button", class: "menu tight", "aria-expanded": "false", onclick: (event) => {
        event.currentTarget.setAttribute("aria-expanded", made.classList.toggle("open"));
      } }, t`Menu`)),
    el("button", { type: "button", class: "jump-button foldable", onclick: openJump }, t`Go to …`, el("kbd", {}, "/")),
    el("nav", { class: "foldable", "aria-label": t`Pages` },
      slug && el("div", { class: "stack" }, picker, links(t`Workspace`, workspacePages, `/w/${slug}`)),
      session.is_admin && links(t`This appliance`, appliancePages, "")),
    el("div", { class: "who foldable" },
      el("span", { class: "soft" }, t`Signed in as`), el("strong", {}, session.user),
      el("div", { class: "actions" },
        el("a", { class: "small", href: "#/account" }, t`Account`), el("a", { class: "small", href: "docs" }, "API"),
        act(t`Sign out`, async () => {
          const { continue_at: next } = await ask("DELETE", "/session");
          if (next) location.href = next;
          else await knock(t`You are signed out.`);
        }, { kind: "quiet tight" }))));
  return made;
}

function leaveNow() {
  for (const end of leave) end();
  leave = [];
  // The way back leads away from a question, too.
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
}

function first() {
  if (workspaces.length > 0) return `/w/${slugNow()}`;
  return session.is_admin ? "/workspaces" : "/account";
}

/** Shows the page of the address; one that cannot be had is said in words, in its place. */
async function show() {
  if (!session) return;
  const address = location.hash.slice(1);
  const found = find(address);
  if (!found) {
    location.replace(`#${first()}`);
    return;
  }
  leaveNow();
  const ends = leave;
  const isHere = () => leave === ends;
  // Another period is the same page, which stays where it is.
  const place = history.state?.y ?? (found.query.has("period") ? scrollY : 0);
  countRequests();
  if (found.params.slug) sessionStorage.setItem("workspace", found.params.slug);
  const content = el("div", { class: "page" });
  const link = el("div", { class: "link", role: "status" });
  const main = el(
    "main", { id: "content", tabindex: "-1" }, link,
    el("div", { id: "said", "aria-live": "polite" }, secrets, el("div", { class: "message" })), content
  );
  app.replaceChildren(el("div", { class: "shell" }, side(), main));
  const role = session.is_admin ? "admin" : session.workspaces.find((entry) => entry.slug === found.params.slug)?.role;
  let isAsked = false;
  const context = {
    session, workspaces, slug: found.params.slug, params: found.params, query: found.query, canManage: role === "admin",
    workspace: workspaces.find((workspace) => workspace.slug === found.params.slug),
    /** What a page remembers of its reader for as long as it is shown. */
    memory: new Map(),
    onLeave: (end) => ends.push(end),
    isHere,
    reload: () => {
      isAsked = true;
      return look();
    },
    refreshWorkspaces: loadWorkspaces,
    /** What a button does that removes something. */
    remove: (path) => async () => {
      await ask("DELETE", path);
      await context.reload();
    },
  };
  /** Draws the page into its place; what is there already stays as far as it is the same. */
  const look = inTurn(async () => {
    if (!isHere()) return {};
    const wasAsked = isAsked;
    isAsked = false;
    if (wasAsked) countRequests();
    const page = await import(`./pages/${found.page.module}.js`);
    const drawn = await page.show(context);
    if (!isHere()) return {};
    const { title, lead, actions = [], body } = drawn;
    const heading = el("h1", {}, title);
    document.title = t`${heading.textContent} · wonder`;
    renew(content, [
      el(
        "div", { class: "heading" }, el("div", {}, heading, lead && el("p", {}, lead)),
        el("div", { class: "actions" }, actions)
      ),
      ...[body].flat(9).filter(Boolean)], wasAsked);
    main.dataset.ready = "yes";
    return drawn;
  });
  const refuse = (error) => {
    if (!isHere()) return;
    document.title = "wonder";
    content.replaceChildren(el("h1", {}, t`This page cannot be shown`), note("bad", error.message),
      el("div", { class: "actions" }, el("a", { class: "button", href: "admin" }, t`Go to the first page`)));
    main.dataset.ready = "no";
  };
  try {
    const { isStill, again: own, every } = await look();
    if (!isHere()) return;
    scrollTo(0, place);
    // Whoever is told no meanwhile, perhaps because a job is gone, is told that; a server that is away is another matter.
    const again = own ?? (() => (isStill ? read("/session") : look().catch((error) => {
      if (!error.status || error.status >= 500 || error.status === 429) throw error;
      if (error.status !== 401) refuse(error);
    })));
    narrow.onchange = () => isHere() && !isStill && again();
    ends.push(keep(found.params.slug ?? "*", () => {
      countRequests(false);
      return again();
    }, link, every));
  } catch (error) {
    refuse(error);
    // A server that is away, or another version by now, is asked again.
    if (!(error.status < 500)) setTimeout(() => isHere() && show(), 5000);
  }
  if (document.activeElement === document.body && show.hasShown) main.focus({ preventScroll: true });
  show.hasShown = true;
}

async function loadWorkspaces() {
  workspaces = (await read("/workspaces")).workspaces;
}

async function enter(known) {
  session = remember(known);
  await loadWorkspaces();
  await show();
}

/** Asks at the door who it is. */
async function knock(message) {
  session = remember(null);
  leaveNow();
  secrets.replaceChildren();
  document.title = t`Sign in · wonder`;
  await door(app, enter, message);
}

/** True for a link that is used once, also when it is put into a tab that shows these pages already. */
const isOneTimeLink = () => /^#(setup|password|refused)=/.test(location.hash);

document.addEventListener("keydown", onKey);
for (const sign of ["dragover", "dragleave", "drop"]) addEventListener(sign, onDrag);
// The way back leads to where the reader was on a page, which is drawn anew after the browser has looked for the place.
history.scrollRestoration = "manual";
addEventListener("scrollend", () => history.replaceState({ y: scrollY }, ""));
addEventListener("hashchange", () => (isOneTimeLink() ? knock() : show()));
addEventListener("signed-out", () => session && knock(t`Your session has ended. Sign in again.`));
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("content")?.focus();
});

if (isOneTimeLink()) {
  await knock();
} else {
  try {
    await enter((await read("/session")).session);
  } catch (error) {
    await knock(error.status === 401 ? "" : error.message);
  }
}
