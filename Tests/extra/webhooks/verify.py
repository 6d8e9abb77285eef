"""Real deliveries of the built program, checked by the receivers of the seed pages, by the libraries of Standard
Webhooks and Svix, and by every sample of docs/webhooks.md in its own language; then a thousand bodies that nobody
chose, for each of those receivers and libraries.

usage: verify.py WONDER; prints a line for each check and exits 1 when one fails.
"""
import base64, http.server, json, os, random, re, signal, socket, sqlite3, subprocess, sys, tempfile, threading, time
import urllib.request

wonder = os.path.realpath(sys.argv[1])
here = os.path.dirname(os.path.realpath(__file__))
root = os.path.join(here, "../../..")
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


received = {}


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        received.setdefault(self.path, []).append((body, {k.lower(): v for k, v in self.headers.items()}))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


DRIVERS = {
    "javascript": ("mjs", ["node"], """
import { readFileSync } from "node:fs";
const c = JSON.parse(readFileSync(process.argv[2]));
console.log(verify(Buffer.from(c.body, "base64"), c.headers, c.secret), verify(Buffer.from(c.other, "base64"), c.headers, c.secret));
"""),
    "php": ("php", ["php"], """
$c = json_decode(file_get_contents($argv[1]), true);
echo json_encode(verify(base64_decode($c['body']), $c['headers'], $c['secret'])), ' ', json_encode(verify(base64_decode($c['other']), $c['headers'], $c['secret']));
"""),
    "python": ("py", ["python3"], """
import base64, json, sys
c = json.load(open(sys.argv[1]))
print(*(str(verify(base64.b64decode(c[name]), c["headers"], c["secret"])).lower() for name in ("body", "other")))
"""),
    "ruby": ("rb", ["ruby"], """
require "json"
c = JSON.parse(File.read(ARGV[0]))
puts %w[body other].map { |name| verify(c[name].unpack1("m"), c["headers"], c["secret"]) }.join(" ")
"""),
}


def samples(folder, style, body, headers, secret):
    page = open(os.path.join(root, "docs/webhooks.md")).read()
    case = os.path.join(folder, "case.json")
    with open(case, "w") as file:
        coded = {"body": base64.b64encode(body).decode(), "other": base64.b64encode(body + b" ").decode()}
        json.dump({**coded, "headers": headers, "secret": secret}, file)
    for language, (ending, words, driver) in DRIVERS.items():
        found = re.search(f"```{language} {style}\n(.*?)```", page, re.S)
        path = os.path.join(folder, f"sample.{ending}")
        with open(path, "w") as file:
            file.write(("<?php\n" if language == "php" else "") + (found.group(1) if found else "") + driver)
        out = subprocess.run(words + [path, case], capture_output=True, text=True)
        check(f"docs/webhooks.md: {style} in {language}", out.stdout.split() == ["true", "false"], out.stdout + out.stderr)


# "Subscribable events" of the seed page (seeds/convertly.txt).
CONVERTLY = {"conversion.started", "conversion.progress", "conversion.completed", "conversion.failed", "file.uploaded",
             "currency.conversion.completed"}


def submit(base, key, fields, path="/api/v1/jobs", part="files[]", cuts=(None,)):
    """A form with a picture for each of `cuts`, which say after how many bytes it ends."""
    boundary = "webhook-check"
    picture = open(os.path.join(root, "Resources/samples/photo.png"), "rb").read()
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in {"conversion_type": "image", "from": "png", "to": "jpg", **fields}.items())
    for cut in cuts:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{part}"; filename="ü.png"\r\n\r\n'.encode()
        body += picture[:cut] + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    headers = {"X-API-Key": key, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    return json.load(urllib.request.urlopen(urllib.request.Request(base + path, body, headers)))


def exchange(base, key, folder, wonder, data):
    """Brings in a rate and has an amount told in another currency."""
    rates = os.path.join(folder, "rates.csv")
    with open(rates, "w") as file:
        file.write("Date,USD,JPY,\n2026-11-27,1.0876,N/A,\n")
    subprocess.check_call([wonder, "admin", "rates", "import", rates, "--data", data], stdout=subprocess.DEVNULL)
    body = json.dumps({"amount": "100.00", "from": "EUR", "to": "USD", "precision": 2}).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return json.load(urllib.request.urlopen(urllib.request.Request(base + "/api/currency/convert", body, headers)))


BODIES = 1000


def random_bodies():
    """JSON objects of KoalaPic's form, of every script and escape and up to a mebibyte; one body has no bytes at all."""
    chance = random.Random(8)
    letters = "aZ09 \"\\/\b\f\n\r\t\0\x1f\x7f'<>&%+éßŁжД中文字はㄅ한글עربไทย\u2028\u2029\ufeff\u200d😀🏳️‍🌈𝔘𐍈\U0010ffff"
    yield b""
    for number in range(BODIES - 1):
        size = 1 << 20 if number < 2 else chance.choice([0, 1, 10, 100, 1000, 20_000])
        text = "".join(chance.choices(letters, k=size // 3 if number < 2 else size))
        fields = {"event": "conversion.completed", "data": {"download_url": text, text[:40]: [number, chance.random()]}}
        yield json.dumps(fields, ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 2])).encode()


def wait_for_port(port):
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nobody listens on {port}")


with tempfile.TemporaryDirectory(prefix="wonder-webhooks-") as folder:
    data = os.path.join(folder, "data")
    children = []
    catcher = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=catcher.serve_forever, daemon=True).start()

    def serve():
        server = subprocess.Popen(
            [wonder, "serve", "--data", data, "--listen", "127.0.0.1:0", "--allow-private-targets", "127.0.0.0/8"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return server, re.search(r"http://\S+", server.stdout.readline()).group(0)

    server, base = serve()
    try:
        key = subprocess.check_output([wonder, "quickstart", "--key-only", "--data", data], text=True).strip()

        def admin(*words):
            return json.loads(
                subprocess.check_output([wonder, "admin", *words, "--json", "--data", data], text=True))

        def start(words, port, secret):
            children.append(subprocess.Popen(
                words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={**os.environ, "PORT": str(port), "SECRET": secret}))
            wait_for_port(port)

        secrets = {"wonder": "client_shared_secret"}
        local = f"http://127.0.0.1:{catcher.server_port}"
        for style in ["convertly", "koalapic", "standard"]:
            made = admin("endpoint", "add", "demo", f"{local}/{style}", "--style", style, "--events",
                         "conversion.completed")
            secrets[style] = made["secret"]
        port = free_port()
        start(["php", "-S", f"127.0.0.1:{port}", os.path.join(here, "wonder.php")], port, secrets["wonder"])
        php = f"http://127.0.0.1:{port}/webhooks/wonderconvert"
        # The receivers know their secret from the start, so each is started after its endpoint was made.
        endpoints = {}
        urls = {"wonder": (php, secrets["wonder"])}
        for style, words, path in [
            ("convertly", ["node", os.path.join(here, "convertly.mjs")], "/"),
            ("koalapic", [sys.executable, os.path.join(here, "koalapic.py")], "/webhooks/koalapic"),
        ]:
            port = free_port()
            made = admin("endpoint", "add", "demo", f"http://127.0.0.1:{port}{path}", "--style", style)
            start(words, port, made["secret"])
            endpoints[style] = made["id"]
            urls[style] = made["url"], made["secret"]
        submit(base, key, {"webhook_url": f"{local}/wonder", "webhook_secret": secrets["wonder"]})
        submit(base, key, {"webhook_url": php, "webhook_secret": "client_shared_secret"})
        submit(base, key, {}, cuts=(None, None))
        submit(base, key, {}, cuts=(2000,))
        submit(base, key, {}, "/api/files", "file")
        told = exchange(base, key, folder, wonder, data)
        check("an amount is told in another currency", told["convertedAmount"] == "108.76", told)
        for _ in range(600):
            deliveries = admin("deliveries", "--limit", "200")
            events = {d["event"] for d in deliveries if d["endpoint"] == endpoints["convertly"]}
            if deliveries and all(d["attempts"] for d in deliveries) and len(received.get("/wonder", [])) and CONVERTLY <= events and \
                    sum(d["event"].endswith("completed") for d in deliveries) >= 12:
                break
            time.sleep(0.05)
        for name, chosen in [
            ("WonderConvert's PHP", [d for d in deliveries if d["url"] == php]),
            ("Convertly's node", [d for d in deliveries if d["endpoint"] == endpoints["convertly"]]),
            ("KoalaPic's Flask", [d for d in deliveries if d["endpoint"] == endpoints["koalapic"]]),
        ]:
            states = [(d["event"], d["status"], d["last_error"]) for d in chosen]
            check(f"{name} receiver takes all {len(chosen)}", chosen and all(d["status"] == "delivered" for d in chosen),
                  states)
        check("Convertly's node receiver has had all six events", CONVERTLY <= events, events)
        for style, secret in secrets.items():
            body, headers = received[f"/{style}"][0]
            samples(folder, style, body, headers, secret)
        for module in ["standardwebhooks", "svix.webhooks"]:
            try:
                library = __import__(module, fromlist=["Webhook"])
            except ImportError:
                check(f"{module} is installed", False, "pip install standardwebhooks svix")
                continue
            for style in ["standard", "koalapic", "convertly"]:
                for body, headers in received[f"/{style}"]:
                    try:
                        library.Webhook(secrets[style]).verify(body, headers)
                        check(f"{module} verifies {style}", True)
                    except Exception as error:
                        check(f"{module} verifies {style}", False, repr(error))
        # The bodies are put where the server finds them at its start; it signs and sends them like its own.
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        received.clear()
        bodies = list(random_bodies())
        database = sqlite3.connect(os.path.join(data, "wonder.db"))
        database.execute("DELETE FROM deliveries")
        workspace = database.execute("SELECT id FROM workspaces").fetchone()[0]
        now = int(time.time() * 1000)
        urls["standard"] = f"{local}/random", secrets["standard"]
        for style, (url, secret) in urls.items():
            host = url.split("/")[2]
            # Flask's receiver reads JSON, so it gets no body without any.
            chosen = bodies[1:] if style == "koalapic" else bodies
            database.executemany(
                "INSERT INTO deliveries (workspace_id, event_id, event, style, url, host, secret, body, state,"
                " next_attempt_at, created_at) VALUES (?, ?, 'conversion.completed', ?, ?, ?, ?, ?, 'waiting', ?, ?)",
                [(workspace, f"evt_{n}", style, url, host, secret, body, now, now) for n, body in enumerate(chosen)])
        database.commit()
        database.close()
        server, base = serve()
        database = sqlite3.connect(f"file:{data}/wonder.db?mode=ro", uri=True)
        for _ in range(2400):
            if not database.execute("SELECT count(*) FROM deliveries WHERE attempts = 0").fetchone()[0]:
                break
            time.sleep(0.05)
        for style in ["wonder", "convertly", "koalapic"]:
            counts = dict(database.execute(
                "SELECT coalesce(last_error, state), count(*) FROM deliveries WHERE style = ? GROUP BY 1", (style,)))
            wanted = len(bodies) - (style == "koalapic")
            check(f"the {style} receiver verifies {wanted} random bodies", counts == {"delivered": wanted}, counts)
        database.close()
        sent = received.get("/random", [])
        check("every random body arrives as it was", sorted(body for body, _ in sent) == sorted(bodies), len(sent))
        for module in ["standardwebhooks", "svix.webhooks"]:
            webhook = __import__(module, fromlist=["Webhook"]).Webhook(secrets["standard"])
            verified = 0
            for body, headers in sent:
                try:
                    webhook.verify(body, headers)
                    verified += 1
                except json.JSONDecodeError:
                    verified += body == b""
                except Exception as error:
                    print("    ", repr(error))
            check(f"{module} verifies {len(bodies)} random bodies", verified == len(bodies), verified)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        for child in children:
            child.terminate()
            child.wait(20)
        catcher.shutdown()
sys.exit(failed > 0)
