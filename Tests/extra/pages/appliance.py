"""A built wonder with a data directory of its own, filled by its own commands and API, for tests of the pages."""
import http.server, json, os, re, subprocess, tempfile, threading, time, urllib.error, urllib.request, uuid, zlib

PASSWORD = "correct horse battery"
EVIL = '<img src=x onerror=alert(1)>"&\'.png'
LONG = "Quarterly-report-of-the-whole-group-with-all-subsidiaries-and-appendices-final-version-7-really-final-" + "x" * 90 + ".png"
RIGHT_TO_LEFT = "תמונה של המשפחה בחוף.png"
ANSWER = "<script>alert(2)</script><b>thanks</b>"
root = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../.."))


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes webhooks at /good, wants none at /gone, and refuses them elsewhere, with markup in the answer."""
    received = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.received.append((self.path, body))
        self.send_response({"/good": 200, "/gone": 410}.get(self.path, 500))
        self.end_headers()
        try:
            self.wfile.write(ANSWER.encode())
        except BrokenPipeError:
            pass

    def log_message(self, *_):
        pass


class Appliance:
    def __init__(self, wonder, **settings):
        self.wonder = wonder
        self.folder = tempfile.TemporaryDirectory()
        self.receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=self.receiver.serve_forever, daemon=True).start()
        self.hook = f"http://127.0.0.1:{self.receiver.server_port}"
        self.environment = environment = {**os.environ, "WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8", "WONDER_TARGET_PORTS": "1-65535",
                       "WONDER_WORKERS": "2", "WONDER_SANDBOX": "best-effort", **settings}
        self.data = self.folder.name + "/data"
        self.log = open(self.folder.name + "/log", "w+")
        self.process = subprocess.Popen([wonder, "serve", "--data", self.data, "--listen", "127.0.0.1:0"], env=environment,
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        self.address = line.strip().split()[-1]
        self.port = self.address.rsplit(":", 1)[1]

    def admin(self, *words):
        return subprocess.run([self.wonder, "admin", *words, "--data", self.data], capture_output=True, text=True, check=True).stdout

    def setup_link(self):
        return re.search(r"http://\S+", self.admin("setup-link")).group(0)

    def key(self, workspace="demo"):
        out = subprocess.run([self.wonder, "quickstart", "--key-only", "--data", self.data], capture_output=True, text=True, check=True).stdout
        return out.strip()

    def ask(self, path, key=None, body=None, content_type="application/json", method=None):
        headers = {"Content-Type": content_type} if body is not None else {}
        if key:
            headers["X-API-Key"] = key
        request = urllib.request.Request(self.address + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def submit(self, key, *files, to="jpg", source="png", **fields):
        boundary = uuid.uuid4().hex
        body = b""
        for name, value in {"conversion_type": "image", "from": source, "to": to, **fields}.items():
            body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, content in files:
            plain = name.replace('"', "%22")
            body += f'--{boundary}\r\nContent-Disposition: form-data; name="files[]"; filename="{plain}"\r\n\r\n'.encode() + content + b"\r\n"
        status, answer = self.ask("/api/v1/jobs", key, body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}")
        if status >= 300:
            raise RuntimeError(answer)
        return answer["request_id"]

    def ended(self, key, request):
        while True:
            _, answer = self.ask(f"/api/v1/jobs/{request}", key)
            if answer["job"]["status"] in ("completed", "failed", "canceled"):
                return answer
            time.sleep(0.02)

    def photo(self):
        with open(os.path.join(root, "Resources/samples/photo.png"), "rb") as file:
            return file.read()

    def fill(self):
        """A workspace with jobs of every end, webhooks that arrive and that do not, and people who ask to be let in."""
        key, photo = self.key(), self.photo()
        self.ask("/api/v1/presets", key, json.dumps({"name": "web", "to": "jpg", "options": {"quality": 70, "width": 1600}}).encode())
        self.ask("/api/v1/storages/results", key, json.dumps({"kind": "s3", "endpoint": f"http://127.0.0.1:{self.receiver.server_port}", "bucket": "shop-results",
                                                              "access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "hush"}).encode(), method="PUT")
        self.ask("/api/v1/storages/inbox", key, json.dumps({"kind": "ftp", "host": "ftp.example.com:2121", "user": "ann", "password": "hush", "tls": True}).encode(), method="PUT")
        self.ask("/api/v1/presets", key, json.dumps({"name": "shop", "steps": [{"options": {"width": 1200}}, {"to": "jpg", "options": {"quality": 70}}]}).encode())
        for path, style in (("/good", "standard"), ("/bad", "wonder")):
            self.admin("endpoint", "add", "demo", self.hook + path, "--style", style)
        jobs = {"evil": self.submit(key, (EVIL, photo)), "many": self.submit(key, ("first.png", photo), ("second.png", photo), to="webp" if False else "bmp"),
                "svg": self.submit(key, ("drawing.png", photo), to="svg"), "broken": self.submit(key, ("broken.png", photo[:3000])),
                "named": self.submit(key, ("Überweisung 2026-03.png", photo), **{"options[quality]": "60"})}
        for request in jobs.values():
            self.ended(key, request)
        for company, use in (("Under & Söhne GmbH", "Invoices as PDF become pictures for our archive."), ("<b>Bold</b> Ltd", "Thumbnails of product photographs, about forty to a product."),
                             ("Rivers", "Maps.")):
            self.ask("/api/v1/access-requests", body=json.dumps({"email": f"{len(company)}@example.com", "company": company, "use_case": use, "expected_volume": "900 a day"}).encode())
        return key, jobs

    def batch(self, key, *files, to="jpg", mode="individual"):
        boundary = uuid.uuid4().hex
        body = b""
        for name, value in {"from": "png", "to": to, "conversion_type": "image", "mode": mode}.items():
            body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, content in files:
            body += f'--{boundary}\r\nContent-Disposition: form-data; name="files[]"; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n"
        status, answer = self.ask("/api/v1/batches", key, body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}")
        if status >= 300:
            raise RuntimeError(answer)
        return answer["batch_id"]

    def fill_up(self, key, jobs=200):
        """Many jobs more, with names of every kind, some of which fail, and batches of both modes; gives the batches."""
        self.admin("plan", "set", "pro", "reads_per_minute=none", "writes_per_minute=none", "files_per_minute=none")
        photo = self.photo()
        names = ["photo.png", LONG, RIGHT_TO_LEFT, "日本語のファイル名.png", "a.png", "scan 0001 (copy) (copy).png"]
        # Cut off, or larger than any picture may be: two reasons to fail.
        head = b"IHDR" + (60000).to_bytes(4, "big") * 2 + photo[24:29]
        contents = [photo] * 6 + [photo[:3000], photo[:12] + head + zlib.crc32(head).to_bytes(4, "big") + photo[33:]]
        targets = ["jpg", "bmp", "pdf", "svg", "qoi"]
        last = [self.submit(key, (names[number % len(names)], contents[number % len(contents)]), to=targets[number % len(targets)]) for number in range(jobs)]
        for request in last:
            self.ended(key, request)
        batches = [self.batch(key, *[(f"{number} {name}", photo) for number, name in enumerate(names)]),
                   self.batch(key, ("one.png", photo), ("two.png", photo[:3000]), mode="zip")]
        self.name_oddly(key)
        for batch in batches:
            while self.ask(f"/api/v1/batches/{batch}", key)[1]["batch"]["status"] == "processing":
                time.sleep(0.05)
        return batches

    def name_oddly(self, key):
        """Names that are long, written from the right or look like markup, wherever people name something."""
        right = "חברת הים התיכון לתמונות"
        self.admin("workspace", "create", "haifa", "--name", right + " " + right)
        self.admin("key", "issue", "demo", "--name", right + " <b>" + LONG[:120])
        self.admin("user", "add", "a.very.long.name.of.somebody.who.works.elsewhere@subsidiary.example.com", "--workspace", "haifa", "--role", "admin")
        self.admin("node", "add", "second")
        rates = os.path.join(self.folder.name, "rates.csv")
        with open(rates, "w") as file:
            file.write("base,quote,rate,date\nEUR,CHF,0.9412,2026-03-02\nEUR,JPY,161.37,2026-03-02\n")
        self.admin("rates", "import", rates, "--source", "Treasury")
        self.ask("/api/v1/access-requests", body=json.dumps({"email": "haifa@example.com", "company": right, "use_case": LONG * 2, "expected_volume": "90"}).encode())
        _, made = self.ask("/api/folders", key, json.dumps({"name": right}).encode())
        for name, folder in ((RIGHT_TO_LEFT, None), (LONG, None), (EVIL, made["folder"]["id"])):
            boundary = uuid.uuid4().hex
            part = lambda rest, content: f'--{boundary}\r\nContent-Disposition: form-data; name={rest}\r\n\r\n'.encode() + content + b"\r\n"
            body = (part('"folderId"', folder.encode()) if folder else b"") + part(f'"file"; filename="{name.replace(chr(34), "%22")}"', self.photo())
            status, answer = self.ask("/api/files", key, body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}")
            if status >= 300:
                raise RuntimeError(answer)

    def close(self):
        self.process.terminate()
        self.process.wait(60)
        self.receiver.shutdown()
        self.log.close()
        self.folder.cleanup()
