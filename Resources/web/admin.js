// The links that are used once, signing in and out, and the workspaces that one may see. All of it is the admin API.
const api = "/admin/api/v1";
const parts = ["setup", "password", "signin", "home"];
let formToken = "";

const element = (id) => document.getElementById(id);

function show(part, message = "") {
  for (const id of parts) element(id).hidden = id !== part;
  element("message").textContent = message;
}

async function ask(method, path, body) {
  const headers = { "X-CSRF-Token": formToken };
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(api + path, { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json();
  if (response.ok) return answer;
  const fields = Object.entries(answer.errors ?? {}).map(([name, problems]) => `${name} ${problems.join(", ")}`);
  throw new Error(fields.length ? fields.join("; ") : answer.message);
}

async function home(session) {
  formToken = session.csrf_token;
  element("user").textContent = session.user;
  const { workspaces } = await ask("GET", "/workspaces");
  element("workspaces").replaceChildren(...workspaces.map((workspace) => {
    const row = document.createElement("tr");
    for (const value of [workspace.slug, workspace.name, workspace.plan, workspace.state]) {
      row.append(Object.assign(document.createElement("td"), { textContent: value }));
    }
    return row;
  }));
  show("home");
}

function onSubmit(id, action) {
  element(id).addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await action(Object.fromEntries(new FormData(event.target)));
    } catch (error) {
      element("message").textContent = error.message;
    }
  });
}

// The token of a link stands behind the #, which no server gets to see; it goes from the address once it was read.
const [purpose, token] = location.hash.slice(1).split("=");
if (token) history.replaceState(null, "", location.pathname);

onSubmit("setup", async (fields) => {
  await ask("POST", "/setup", { token, ...fields });
  await home((await ask("POST", "/session", fields)).session);
});
onSubmit("password", async (fields) => {
  await ask("POST", "/password", { token, ...fields });
  show("signin", "The password is set; sign in with it.");
});
onSubmit("signin", async (fields) => home((await ask("POST", "/session", fields)).session));
element("signout").addEventListener("click", async () => {
  await ask("DELETE", "/session");
  show("signin");
});

if (token && (purpose === "setup" || purpose === "password")) {
  show(purpose);
} else {
  try {
    await home((await ask("GET", "/session")).session);
  } catch {
    show("signin");
  }
}
