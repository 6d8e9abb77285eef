// The frame of the signed-in pages: which page an address means, the menu, and who is signed in.
import { ask, read, remember } from "./api.js";
import { door } from "./door.js";
import { act, el, note } from "./dom.js";
import { inTurn, keep } from "./live.js";
import { renew } from "./renew.js";

/** The pages of a workspace, below #/w/SLUG. */
const workspacePages = [
  { path: "", title: "Overview", module: "overview" },
  { path: "/jobs", title: "Jobs", module: "jobs" },
  { path: "/jobs/:request", module: "job", parent: "/jobs" },
  { path: "/try", title: "Try it", module: "try" },
  { path: "/files", title: "Files", module: "files" },
  { path: "/presets", title: "Presets", module: "presets" },
  { path: "/webhooks", title: "Webhooks", module: "webhooks" },
  { path: "/keys", title: "API keys", module: "keys" },
  { path: "/usage", title: "Usage", module: "usage" },
  { path: "/settings", title: "Settings", module: "settings" },
];

/** The pages of the appliance, for its administrators. */
const appliancePages = [
  { path: "/requests", title: "Access requests", module: "requests" },
  { path: "/workspaces", title: "Workspaces", module: "workspaces" },
  { path: "/users", title: "People", module: "users" },
  { path: "/plans", title: "Plans", module: "plans" },
  { path: "/all-jobs", title: "All jobs", module: "jobs" },
  { path: "/formats", title: "Engines and formats", module: "formats" },
  { path: "/health", title: "Health", module: "health" },
  { path: "/audit", title: "Audit log", module: "audit" },
  { path: "/backup", title: "Backup", module: "backup" },
];

const ownPages = [{ path: "/account", title: "Your account", module: "account" }];

const app = document.getElementById("app");
let session = null;
let workspaces = [];
let leave = [];
/** What is shown only once stays over all pages, until it is dismissed. */
const secrets = el("div", { class: "secrets stack" });

const slugNow = () => location.hash.match(/^#\/w\/([^/?]+)/)?.[1] ?? sessionStorage.getItem("workspace") ?? workspaces[0]?.slug;

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
  return el("div", {}, el("h2", {}, title), el("ul", {}, pages.filter((page) => page.title).map((page) => {
    const address = base + page.path;
    const isHere = here === address || pages.some((other) => other.parent === page.path && here.startsWith(`${address}/`));
    return el("li", {}, el("a", { href: `#${address}`, "aria-current": isHere ? "page" : null }, page.title));
  })));
}

function side() {
  const slug = slugNow();
  const isShown = workspaces.some((workspace) => workspace.slug === slug);
  const picker = el("select", {
    "aria-label": "Workspace", onchange: (event) => { location.hash = `#/w/${event.target.value}`; }
  },
    workspaces.map((workspace) => el("option", { value: workspace.slug, selected: workspace.slug === slug }, workspace.name)));
  const made = el("header", { class: "side" },
    el("div", { class: "top" },
      el("a", { class: "brand", href: "#/" }, el("img", { src: "web/favicon.svg", alt: "", width: 28, height: 28 }), "wonder"),
      el("button", { type: "button", class: "menu tight", "aria-expanded": "false", onclick: (event) => {
        event.currentTarget.setAttribute("aria-expanded", made.classList.toggle("open"));
      } }, "Menu")),
    el("nav", { class: "foldable", "aria-label": "Pages" },
      isShown && el("div", { class: "stack" }, picker, links("Workspace", workspacePages, `/w/${slug}`)),
      session.is_admin && links("This appliance", appliancePages, "")),
    el("div", { class: "who foldable" },
      el("span", { class: "soft" }, "Signed in as"), el("strong", {}, session.user),
      el("div", { class: "actions" },
        el("a", { class: "small", href: "#/account" }, "Account"), el("a", { class: "small", href: "docs" }, "API"),
        act("Sign out", async () => {
          const { continue_at: next } = await ask("DELETE", "/session");
          if (next) location.href = next;
          else await knock("You are signed out.");
        }, { kind: "quiet tight" }))));
  return made;
}

function leaveNow() {
  for (const end of leave) end();
  leave = [];
}

function first() {
  if (workspaces.length > 0) return `/w/${slugNow() ?? workspaces[0].slug}`;
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
  };
  /** Draws the page into its place; what is there already stays as far as it is the same. */
  const look = inTurn(async () => {
    if (!isHere()) return {};
    const wasAsked = isAsked;
    isAsked = false;
    const page = await import(`./pages/${found.page.module}.js`);
    const drawn = await page.show(context);
    if (!isHere()) return {};
    const { title, lead, actions = [], body } = drawn;
    document.title = `${title} · wonder`;
    renew(content, [
      el(
        "div", { class: "heading" }, el("div", {}, el("h1", {}, title), lead && el("p", {}, lead)),
        el("div", { class: "actions" }, actions)
      ),
      ...[body].flat(9).filter(Boolean)], wasAsked);
    main.dataset.ready = "yes";
    return drawn;
  });
  const refuse = (error) => {
    if (!isHere()) return;
    document.title = "wonder";
    content.replaceChildren(el("h1", {}, "This page cannot be shown"), note("bad", error.message),
      el("div", { class: "actions" }, el("a", { class: "button", href: `#${first()}` }, "Go to the first page")));
    main.dataset.ready = "no";
  };
  try {
    const { isStill, again: own, every } = await look();
    if (!isHere()) return;
    // Whoever is told no meanwhile, perhaps because a job is gone, is told that; a server that is away is another matter.
    const again = own ?? (() => (isStill ? read("/session") : look().catch((error) => {
      if (!error.status || error.status >= 500 || error.status === 429) throw error;
      if (error.status !== 401) refuse(error);
    })));
    ends.push(keep(found.params.slug ?? "*", again, link, every));
  } catch (error) {
    refuse(error);
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
  document.title = "Sign in · wonder";
  await door(app, enter, message);
}

/** True for a link that is used once, also when it is put into a tab that shows these pages already. */
const isOneTimeLink = () => /^#(setup|password|refused)=/.test(location.hash);

addEventListener("hashchange", () => (isOneTimeLink() ? knock() : show()));
addEventListener("signed-out", () => session && knock("Your session has ended. Sign in again."));
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
