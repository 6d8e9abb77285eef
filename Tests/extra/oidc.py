"""Signing in with OpenID Connect, against oidc-provider-mock (Authlib), which checks code, verifier and redirect address.

usage: oidc.py WONDER; prints a line for each check and exits 1 when one fails.
"""
import http.cookiejar, json, os, re, signal, socket, subprocess, sys, tempfile, time, urllib.error, urllib.parse, urllib.request

wonder = os.path.realpath(sys.argv[1])
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for(url):
    for _ in range(300):
        try:
            return urllib.request.urlopen(url, timeout=5)
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nothing answers at {url}")


class Browser:
    """One that keeps cookies and tells where it was led."""

    def __init__(self):
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def open(self, url, fields=None):
        body = urllib.parse.urlencode(fields).encode() if fields is not None else None
        try:
            return self.opener.open(urllib.request.Request(url, body), timeout=20)
        except urllib.error.HTTPError as error:
            return error

    def session(self, home):
        reply = self.open(home + "/admin/api/v1/session")
        return json.load(reply).get("session", {}) if reply.status == 200 else {}


with tempfile.TemporaryDirectory(prefix="wonder-oidc-") as folder:
    provider_port, port = free_port(), free_port()
    issuer, home = f"http://127.0.0.1:{provider_port}", f"http://127.0.0.1:{port}"
    people = [
        {"sub": "jo", "email": "jo@example.com", "email_verified": True, "groups": ["staff"]},
        {"sub": "ops", "email": "ops@example.com", "email_verified": True, "groups": ["ops"]},
        {"sub": "unsure", "email": "unsure@example.com", "email_verified": False, "groups": ["ops"]},
        {"sub": "guest", "email": "guest@example.com", "email_verified": True, "groups": []},
    ]
    provider = subprocess.Popen(
        [os.path.join(os.path.dirname(sys.executable), "oidc-provider-mock"), "-p", str(provider_port), "-n", "true"]
        + [word for person in people for word in ("--user-claims", json.dumps(person))],
        stdout=subprocess.DEVNULL, stderr=open(os.path.join(folder, "provider.log"), "w"))
    told = json.load(wait_for(issuer + "/.well-known/openid-configuration"))
    log = open(os.path.join(folder, "log"), "w")
    data = os.path.join(folder, "data")
    server = subprocess.Popen(
        [wonder, "serve"], stderr=log, stdout=log,
        env=os.environ | {
            "WONDER_DATA": data, "WONDER_LISTEN": f"127.0.0.1:{port}", "WONDER_PUBLIC_URL": home,
            "WONDER_OIDC_ISSUER": told["issuer"], "WONDER_OIDC_CLIENT_ID": "wonder", "WONDER_OIDC_CLIENT_SECRET": "s e/c:ret",
            "WONDER_OIDC_ROLES": "ops=admin, staff=acme:member", "WONDER_ENGINES": "none",
        })
    try:
        wait_for(home + "/healthz")
        subprocess.check_call([wonder, "admin", "workspace", "create", "acme", "--data", data], stdout=subprocess.DEVNULL)

        def sign_in(subject):
            browser = Browser()
            form = browser.open(home + "/admin/api/v1/session/provider")
            place = form.geturl()
            return browser, browser.open(place, {"sub": subject})

        browser, page = sign_in("jo")
        check("a member of a group comes in", page.geturl().rstrip("/") == home + "/admin", page.geturl())
        session = browser.session(home)
        check("with the role of the group", session.get("workspaces") == [{"slug": "acme", "role": "member"}], session)
        browser, page = sign_in("ops")
        check("a group makes administrators", browser.session(home).get("is_admin") is True, page.geturl())
        for subject in ("unsure", "guest"):
            browser, page = sign_in(subject)
            word = {"unsure": "address_unverified", "guest": "account_missing"}[subject]
            check(f"{subject} has no account", page.geturl().endswith(f"#refused={word}"), page.geturl())
            check(f"{subject} has no session", browser.session(home) == {})
        first, _ = sign_in("jo")
        stolen = Browser()
        form = first.open(home + "/admin/api/v1/session/provider")
        page = stolen.open(form.geturl(), {"sub": "jo"})
        check("another browser cannot end what one has begun", page.geturl().endswith("#refused=sign_on_refused"), page.geturl())
        check("and has no session", stolen.session(home) == {})
        text = open(log.name).read()
        check("no secret is in the log", "s e/c:ret" not in text and "code=" not in text, text[-2000:])
        if failed:
            print(text[-3000:], open(os.path.join(folder, "provider.log")).read()[-3000:])
    finally:
        for process in (server, provider):
            process.send_signal(signal.SIGTERM)
            process.wait(60)
sys.exit(1 if failed else 0)
