"""A built wonder with a data directory of its own, filled by its own commands and API, for tests of the pages."""
import http.server, json, os, re, subprocess, tempfile, threading, time, urllib.error, urllib.request, uuid

PASSWORD = "correct horse battery"
EVIL = '<img src=x onerror=alert(1)>"&\'.png'
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
        self.wfile.write(ANSWER.encode())

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

    def close(self):
        self.process.terminate()
        self.process.wait(60)
        self.receiver.shutdown()
        self.log.close()
        self.folder.cleanup()
