"""Mail of the built program, taken by aiosmtpd and read by Python's email package.

Checked: both parts of each mail; that 200 strings made to inject fields, recipients and commands add none, in every
field that reaches a mail; how a server that is down, refuses, is slow or hangs is met; STARTTLS and TLS with a
certificate of our own where a mount namespace can be made for it.

usage: verify.py WONDER; prints a line for each check and exits 1 when one fails.
"""
import asyncio, email, email.policy, json, logging, os, re, signal, socket, sqlite3, ssl, subprocess, sys, tempfile, threading
import time, urllib.error, urllib.request

INSIDE = "TEST_IN_NAMESPACE"
TRUSTED = "/etc/ssl/certs/ca-certificates.crt"

if INSIDE not in os.environ:
    words = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    can = os.path.exists(TRUSTED) and subprocess.run(words + ["true"], capture_output=True).returncode == 0
    if not can:
        print("skip STARTTLS and TLS: this user can make no mount namespace here")
    os.environ[INSIDE] = "yes" if can else "no"
    os.execvp((words if can else [sys.executable])[0], (words if can else []) + [sys.executable] + sys.argv)

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

# What its clients do wrong is what is tried here.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
wonder = os.path.realpath(sys.argv[1])
root = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../..")
picture = open(os.path.join(root, "Resources/samples/photo.png"), "rb").read()
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


class Taker:
    """Keeps mails; `words` are answers of its own to RCPT and to the end of DATA."""

    def __init__(self, **words):
        self.words, self.mails, self.tries = words, [], 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.tries += 1
        if "rcpt" in self.words:
            return self.words["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.words.get("hang"):
            await asyncio.sleep(600)
        if "data" in self.words:
            return self.words["data"]
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content, session.ssl is not None,
                           session.auth_data))
        return "250 OK"


def run_server(handler, **options):
    controller = Controller(handler, hostname="127.0.0.1", port=0, server_hostname="mail.test", **options)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    return controller


def run_raw(serve):
    """A server that is no SMTP server; `serve` gets each connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


class Wonder:
    def __init__(self, folder, url, sender="Wonder <noreply@wonder.example>"):
        self.data = os.path.join(folder, f"data-{time.time_ns()}")
        self.environment = {**os.environ, "WONDER_SMTP_URL": url, "WONDER_MAIL_FROM": sender}
        self.log = []
        self.serve()
        self.key = self.run("quickstart", "--plan", "enterprise", "--key-only").stdout.strip()

    def serve(self):
        self.process = subprocess.Popen(
            [wonder, "serve", "--data", self.data, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=self.environment)
        self.base = re.search(r"http://\S+", self.process.stdout.readline()).group(0)
        threading.Thread(target=self.log.extend, args=(self.process.stderr,), daemon=True).start()

    def run(self, *words):
        return subprocess.run(
            [wonder, *words, "--data", self.data], capture_output=True, text=True, env=self.environment)

    def admin(self, *words):
        done = self.run("admin", *words, "--json")
        return done.returncode, json.loads(done.stdout) if done.stdout.strip() else done.stderr

    def submit(self, address, name="a.png", content=picture):
        boundary = "mail-check"
        fields = {"conversion_type": "image", "from": "png", "to": "jpg", "notification_email": address}
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'.encode() + value.encode() + b"\r\n"
            for key, value in fields.items())
        quoted = name.replace("\\", "\\\\").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="files[]"; filename="{quoted}"\r\n\r\n'.encode()
        body += content + f"\r\n--{boundary}--\r\n".encode()
        headers = {"X-API-Key": self.key, "Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self.post("/api/v1/jobs", body, headers)

    def post(self, path, body, headers):
        try:
            return 202, json.load(urllib.request.urlopen(urllib.request.Request(self.base + path, body, headers)))
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def query(self, sql, *values):
        database = sqlite3.connect(f"file:{self.data}/wonder.db?mode=ro", uri=True)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()

    def first(self, seconds=90):
        """What the first attempt at the only mail brought: state, error, milliseconds, and the next try in seconds."""
        end = time.time() + seconds
        while time.time() < end:
            rows = self.query("SELECT state, last_error, milliseconds, next_attempt_at - started_at - milliseconds FROM"
                              " deliveries JOIN attempts ON delivery_id = deliveries.id WHERE style = 'mail'")
            if rows:
                return rows[0]
            time.sleep(0.05)
        return None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(90)


def wait_for(handler, count, seconds=60):
    end = time.time() + seconds
    while len(handler.mails) < count and time.time() < end:
        time.sleep(0.02)
    return len(handler.mails) >= count


FIELDS = ["From", "Message-ID", "To", "Subject", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"]


def opened(content):
    """The mail with its parts by type, or why it is not as it should be."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    if mail.defects or [name for name in mail.keys() if not name.startswith("X-")] != FIELDS:
        return mail, f"{mail.defects} {mail.keys()}"
    parts = {part.get_content_type(): part.get_content() for part in mail.iter_parts()}
    if mail.get_content_type() != "multipart/alternative" or list(parts) != ["text/plain", "text/html"]:
        return mail, f"{mail.get_content_type()} {list(parts)}"
    if any(part.defects for part in mail.iter_parts()):
        return mail, "defects in a part"
    return parts, None


def injections():
    """200 strings, each of which would add a field, a recipient or a command where it is let through."""
    ends = ["\r\n", "\n", "\r", "\n\n", "\r\n\r\n", "%0d%0a", "\\r\\n", "\u2028", "\u0085", "\x0b"]
    adds = ["Bcc: evil@evil.example", "To: evil@evil.example", "RCPT TO:<evil@evil.example>", ".\r\nMAIL FROM:<evil@evil.example>",
            "Content-Type: text/html", "Subject: evil", "X-Evil: 1", "--=_part", "=?UTF-8?Q?=0d=0aBcc:_evil@evil.example?=",
            "<script>alert(1)</script>"]
    for end in ends:
        for add in adds:
            yield f"victim@ok.example{end}{add}"
            yield f"{add}{end}"


with tempfile.TemporaryDirectory(prefix="wonder-mail-") as folder:
    taker = Taker()
    controller = run_server(taker)
    server = Wonder(folder, f"smtp://127.0.0.1:{controller.port}", "Wörter & Söhne <noreply@wonder.example>")

    status, made = server.submit("team@ok.example")
    check("a mail comes when a job is done", status == 202 and wait_for(taker, 1))
    sender, to, content, _, _ = taker.mails[0]
    parts, wrong = opened(content)
    check("it opens with both parts", wrong is None, wrong)
    check("both parts name the job and its status",
          all(made["request_id"] in parts[t] and "success" in parts[t] for t in parts), parts)
    check("it has one recipient and the sender of the settings",
          to == ["team@ok.example"] and sender == "noreply@wonder.example", (to, sender))
    mail = email.message_from_bytes(content, policy=email.policy.default)
    check("names are encoded", mail["From"].addresses[0].display_name == "Wörter & Söhne", mail["From"])
    check("the banner is green", "#15803d" in parts["text/html"])
    server.submit("team@ok.example", content=picture[:2000])
    wait_for(taker, 2)
    parts, wrong = opened(taker.mails[-1][2])
    check("a failed job's mail opens and its banner is red", wrong is None and "#b91c1c" in parts["text/html"], wrong)

    evil = list(injections())
    check("200 injection strings", len(evil) == 200)
    taken = 0
    for text in evil:
        status, answer = server.submit(text)
        taken += status != 422
    check("as an address none of them is taken", taken == 0, taken)
    code, answer = server.admin("mail", "test", "victim@ok.example\r\nBcc: evil@evil.example")
    check("nor by the test command", code == 1, answer)
    before = len(taker.mails)
    names = 0

    def on_socket(method, path, fields):
        body = json.dumps(fields).encode()
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(os.path.join(server.data, "wonder.sock"))
            line.sendall(f"{method} /admin/api/v1{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                         f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            data = b""
            while piece := line.recv(65536):
                data += piece
        return int(data[9:12]), json.loads(data.split(b"\r\n\r\n", 1)[1])

    # Applications are put where they are kept, past the checks that would refuse most of them.
    server.stop()
    database = sqlite3.connect(os.path.join(server.data, "wonder.db"))
    database.executemany(
        "INSERT INTO access_requests (email, company, use_case, volume, address, state, created_at)"
        " VALUES ('victim@ok.example', ?, 'x', 'x', 'x', 'pending', 1)", [(text,) for text in evil * 2])
    database.commit()
    database.close()
    server.serve()
    codes = set()
    waiting = on_socket("GET", "/requests?limit=1000", {})[1]["requests"]
    check("400 applications wait", len(waiting) == 400, len(waiting))
    for number, request in enumerate(waiting):
        verb, fields = ("approve", {}) if number % 2 else ("reject", {"reason": evil[number // 2]})
        status, answer = on_socket("POST", f"/requests/{request['id']}/{verb}", {**fields, "notify": True})
        names += status == 200
        codes.add(status)
    check("they are decided with a mail each", names == 400, codes)
    check("every mail arrives", wait_for(taker, before + 400), len(taker.mails) - before)
    wrong = [(to, problem) for _, to, content, _, _ in taker.mails[before:]
             for problem in [opened(content)[1]] if problem or to != ["victim@ok.example"]]
    check("no company and no reason adds a field, a part or a recipient", not wrong, wrong[:3])
    shown = [opened(content)[0]["text/html"] for _, _, content, _, _ in taker.mails[before:]]
    check("nor markup", not any("<script" in html for html in shown))
    kept = server.query("SELECT count(*) FROM deliveries WHERE style = 'mail' AND workspace_id IS NULL"
                        " AND state = 'delivered' AND length(body) > 0")[0][0]
    check("what was sent to people is erased", kept == 0, kept)
    server.stop()
    # The sender's name is the operator's, and is checked when the settings are read.
    taken = 0
    for text in evil:
        done = subprocess.run([wonder, "settings"], capture_output=True, text=True, env={
            **os.environ, "WONDER_MAIL_FROM": f"{text} <noreply@wonder.example>"})
        taken += done.returncode == 0 and any(end in text for end in "\r\n\x0b\u0085")
    check("no sender with control characters is taken", taken == 0, taken)
    controller.stop()

    # Each misbehaviour has a server and a program of its own, all at once, for some take a minute.
    def close_at_once(connection):
        connection.close()

    def closing(words):
        def serve(connection):
            connection.sendall(words)
            connection.recv(4096)
            connection.close()
        return serve

    def slow(connection):
        time.sleep(300)

    def drip(connection):
        try:
            connection.sendall(b"220-")
            while True:
                connection.sendall(b"x")
                time.sleep(1)
        except OSError:
            pass

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = probe.getsockname()[1]
    # What is said first, the state after the first attempt, its error, and at most how many seconds it takes.
    cases = {
        "server down": (nobody, "waiting", "could not connect", 5),
        "greeting 421": (run_raw(closing(b"421 busy\r\n")), "waiting", "answered with status 421", 35),
        "recipient 451": (Taker(rcpt="451 later"), "waiting", "answered with status 451", 5),
        "recipient 550": (Taker(rcpt="550 unknown"), "failed", "answered with status 550", 5),
        "message 452": (Taker(data="452 full"), "waiting", "answered with status 452", 5),
        "message 554": (Taker(data="554 spam"), "failed", "answered with status 554", 5),
        "closed at once": (run_raw(close_at_once), "waiting", None, 5),
        "no greeting": (run_raw(slow), "waiting", "no complete answer in time", 61),
        "endless greeting": (run_raw(drip), "waiting", "no complete answer in time", 61),
        "hang after DATA": (Taker(hang=True), "waiting", "no complete answer in time", 61),
    }
    running = {}
    for name, (target, *_) in cases.items():
        own = run_server(target) if isinstance(target, Taker) else None
        port = own.port if own else target
        running[name] = Wonder(folder, f"smtp://user:s3cret-word@127.0.0.1:{port}" if name == "server down" else
                               f"smtp://127.0.0.1:{port}"), own
        running[name][0].submit("team@ok.example")
    for name, (_, state, error, seconds) in cases.items():
        server, own = running[name]
        found = server.first()
        holds = found is not None and found[0] == state and (error is None or found[1] == error) and \
            found[2] <= seconds * 1000 and (state == "failed" or 59_000 <= found[3] <= 61_000)
        check(f"{name}: {state}, {error or 'an error'}, next try after a minute" if state == "waiting"
              else f"{name}: {state} for good, {error}", holds, found)
        jobs = server.query("SELECT status FROM jobs")
        check(f"{name}: the job is done all the same", jobs == [("completed",)], jobs)
    doctor = running["server down"][0].run("doctor")
    check("the doctor finds that the server is down", doctor.returncode == 1 and "could not connect" in doctor.stdout,
          doctor.stdout)
    words = doctor.stdout + doctor.stderr + "".join(running["server down"][0].log) + running["server down"][0].run(
        "settings").stdout
    check("the password is in no output", "s3cret-word" not in words)
    for server, own in running.values():
        server.stop()

    if os.environ[INSIDE] == "yes":
        certificate, private = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.1", "-addext",
             "subjectAltName=DNS:127.1,IP:127.0.0.1", "-keyout", private, "-out", certificate], check=True, capture_output=True)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, private)

        def login(server, session, envelope, mechanism, data):
            good = (data.login, data.password) == (b"jo@example.com", b"s3cret:word")
            # Not handled here: the server itself is to say 535.
            return AuthResult(success=good, handled=False, auth_data=data.login if good else None)

        def tried(name, url, handler, **options):
            own = run_server(handler, **options)
            server = Wonder(folder, url.replace("PORT", str(own.port)))
            code, delivery = server.admin("mail", "test", "ops@ok.example")
            looked = server.run("doctor").stdout
            server.stop()
            own.stop()
            return code, delivery["last_error"], looked

        # As 127.1 the server counts as another machine's, and so must encrypt; nobody trusts its certificate yet.
        secured = dict(tls_context=context, require_starttls=True, authenticator=login, auth_required=True)
        user = "jo%40example.com:s3cret%3Aword@"
        found = tried("", f"smtp://{user}127.1:PORT", Taker(), **secured)
        check("a certificate that nobody vouches for is refused", found[:2] == (1, "TLS failed"), found)
        subprocess.run(["mount", "--bind", certificate, os.path.realpath(TRUSTED)], check=True)
        handler = Taker()
        found = tried("", f"smtp://{user}127.1:PORT", handler, **secured)
        check("STARTTLS and AUTH", found[0] == 0 and handler.mails[0][3:] == (True, b"jo@example.com"), found)
        check("the doctor signs in", "signed in as jo@example.com" in found[2], found[2])
        found = tried("", "smtp://jo%40example.com:wrong@127.1:PORT", Taker(), **secured)
        check("a wrong password is tried again, for the operator can mend it",
              found[:2] == (1, "the mail server refused the user name or password"), found)
        handler = Taker()
        found = tried("", "smtp://127.1:PORT", handler)
        check("a server that has lost its STARTTLS is told nothing",
              found[:2] == (1, "TLS failed") and handler.tries == 0, (found, handler.tries))
        handler = Taker()
        found = tried("", "smtps://127.0.0.1:PORT", handler, ssl_context=context)
        check("smtps", found[0] == 0 and len(handler.mails) == 1, found)
sys.exit(failed > 0)
