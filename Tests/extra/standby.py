"""A stand-by that follows a server under load, and takes its place when that one is killed: everything older than the lag that it
showed is there.

usage: Tests/extra/standby.py WONDER [--rounds N]
"""

import functools
import hashlib
import http.client
import http.server
import json
import os
import random
import re
import shutil
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import zlib

WONDER = os.path.realpath(sys.argv[1])
ROUNDS = int(sys.argv[sys.argv.index("--rounds") + 1]) if "--rounds" in sys.argv else 5
TOKEN = "a token for stand-bys under test"
failures = 0
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("WONDER_")}
ENVIRONMENT.update(WONDER_ENGINES="none", WONDER_STANDBY_TOKEN=TOKEN, WONDER_STANDBY_INTERVAL="200ms",
                   WONDER_ALLOW_PRIVATE_TARGETS="127.0.0.0/8")


def report(name, is_right, detail=""):
    global failures
    failures += not is_right
    if not is_right or ROUNDS <= 10 or not name.startswith("round"):
        print(f"{'ok  ' if is_right else 'FAIL'} {name}{': ' + str(detail) if detail else ''}", flush=True)


def wonder(*words, **more):
    return subprocess.run([WONDER, *words], env=ENVIRONMENT, capture_output=True, text=True, **more)


def ask(url, method="GET", body=None, headers=()):
    request = urllib.request.Request(url, body, dict(headers), method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


class Server:
    def __init__(self, data, listen="127.0.0.1:0"):
        with open(data + ".log", "ab") as log:
            self.process = subprocess.Popen([WONDER, "serve", "--data", data, "--listen", listen], env=ENVIRONMENT,
                                            stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        self.address = re.search(r"http://\S+", line).group(0)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


class Standby:
    def __init__(self, data, source):
        self.data, self.source = data, source
        self.start()

    def start(self):
        with open(self.data + ".log", "ab") as log:
            self.process = subprocess.Popen([WONDER, "standby", "--data", self.data, "--from", self.source],
                                            env=ENVIRONMENT, stdout=log, stderr=log)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def record(self):
        try:
            with open(self.data + "/standby") as file:
                return json.load(file)
        except (FileNotFoundError, ValueError):
            return {"held": None}

    def wait(self, condition, seconds=30):
        """Until the record is as wanted; gives it."""
        deadline = time.monotonic() + seconds
        while True:
            record = self.record()
            if condition(record) or time.monotonic() > deadline:
                return record
            time.sleep(0.02)


def picture(number):
    """A PNG of its own, so that two of them are never taken for each other."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + bytes((number >> shift & 255 for shift in (0, 8, 16))) * 20 for _ in range(15))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 20, 15, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def form(fields, files):
    boundary = "wonder-standby-5kQ"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields]
    for name, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="files[]"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), [("Content-Type", f"multipart/form-data; boundary={boundary}")]


class Load(threading.Thread):
    """Submits jobs and batches, fetches outputs and deletes jobs, and notes when each answer had come."""

    def __init__(self, server, key, seed):
        super().__init__(daemon=True)
        self.server, self.key, self.chance = server, key, random.Random(seed)
        self.jobs, self.batches, self.deleted, self.outputs, self.settings = {}, {}, {}, {}, {}
        self.ends = False

    def call(self, method, path, body=None, headers=()):
        url = path if path.startswith("http") else self.server.address + path
        answer = ask(url, method, body, [("X-API-Key", self.key), *headers])
        return answer, time.time()

    def run(self):
        number = self.chance.randrange(1 << 23)
        while not self.ends:
            number += 1
            try:
                self.step(number)
            except urllib.error.HTTPError as error:
                if error.code not in (404, 409, 410):
                    report("an answer of the first server", False, f"{error.code} {error.url} {error.read()[:200]}")
            except (OSError, ValueError, http.client.HTTPException):
                return  # It was killed.

    def step(self, number):
        kind = self.chance.random()
        if kind < 0.5:
            body, headers = form([("to", "bmp"), ("from", "png"), ("conversion_type", "image")], [("p.png", picture(number))])
            answer, at = self.call("POST", "/api/v1/jobs", body, headers)
            self.jobs[json.loads(answer)["request_id"]] = at
        elif kind < 0.6:
            body, headers = form([("to", "bmp"), ("from", "png"), ("mode", "individual")], [(f"{n}.png", picture(number * 3 + n)) for n in range(3)])
            answer, at = self.call("POST", "/api/v1/batches", body, headers)
            self.batches[json.loads(answer)["batch_id"]] = at
        elif kind < 0.85 and self.jobs:
            job = self.chance.choice(list(self.jobs))
            answer, at = self.call("GET", f"/api/v1/jobs/{job}")
            found = json.loads(answer)
            if found["job"]["status"] == "completed" and found["outputs"]:
                content, at = self.call("GET", found["outputs"][0]["download_url"])
                self.outputs[job] = (at, hashlib.sha256(content).hexdigest())
        elif self.jobs:
            job = self.chance.choice(list(self.jobs))
            self.deleted.setdefault(job, time.time())  # From now on it may be gone.
            self.call("DELETE", f"/api/v1/jobs/{job}")


@functools.cache
def template():
    """A data directory with a workspace, its key, and what signs its webhooks."""
    data = tempfile.mkdtemp(prefix="wonder-standby-") + "/first"
    wonder("admin", "workspace", "create", "w", "--plan", "enterprise", "--data", data, check=True)
    key = wonder("admin", "key", "issue", "w", "--data", data, check=True).stdout.split()[0]
    secret = wonder("admin", "key", "webhook-secret", "1", "--data", data, check=True).stdout
    return data, key, secret


def prepare(folder):
    data, key, secret = template()
    return shutil.copytree(data, folder + "/first"), key, secret


def promote(data, *words):
    promoted = wonder("standby", "--promote", "--data", data, "--json", *words)
    return promoted.returncode == 0, promoted.stdout + promoted.stderr


def compare(name, second, load, key, until):
    """What was answered before `until` is on the second server; gives how many things were looked at."""
    wrong, looked = [], 0
    for job, at in load.jobs.items():
        if at >= until or load.deleted.get(job, until) < until:
            continue
        looked += 1
        deleted = job in load.deleted
        try:
            found = json.loads(ask(f"{second.address}/api/v1/jobs/{job}", headers=[("X-API-Key", key)]))
        except urllib.error.HTTPError as error:
            if not deleted:
                wrong.append(f"{job}: {error.code}")
            continue
        if job in load.outputs and load.outputs[job][0] < until and not deleted:
            looked += 1
            link = re.sub(r"^http://[^/]+", second.address, found["outputs"][0]["download_url"])
            if hashlib.sha256(ask(link)).hexdigest() != load.outputs[job][1]:
                wrong.append(f"{job}: other bytes")
    for batch, at in load.batches.items():
        if at < until:
            looked += 1
            try:
                ask(f"{second.address}/api/v1/batches/{batch}", headers=[("X-API-Key", key)])
            except urllib.error.HTTPError as error:
                wrong.append(f"{batch}: {error.code}")
    report(name, not wrong, ", ".join(wrong[:3]))
    return looked


def round_of(number, chance, figures):
    folder = tempfile.mkdtemp(prefix="wonder-standby-")
    first = second = standby = None
    try:
        data, key, secret = prepare(folder)
        first = Server(data)
        standby = Standby(folder + "/standby", first.address)
        load = Load(first, key, number)
        load.start()
        standby.wait(lambda record: record["held"])
        deadline = time.monotonic() + 0.2 + chance.random() * (1 if ROUNDS <= 10 else 2)
        while time.monotonic() < deadline:
            if chance.random() < 0.05:
                standby.kill()
                standby.start()
            if chance.random() < 0.02:
                first.kill()
                first = Server(data, first.address.removeprefix("http://"))
                load.ends = True
                load.join()
                again = Load(first, key, number + 1000)
                for name in ("jobs", "batches", "deleted", "outputs"):
                    setattr(again, name, getattr(load, name))
                load = again
                load.start()
            time.sleep(0.05)
        first.kill()
        killed = time.time()
        load.ends = True
        load.join()
        shown = json.loads(wonder("standby", "--status", "--json", "--data", standby.data).stdout)
        time.sleep(chance.random() * 0.2)
        before = time.time()
        is_promoted, text = promote(standby.data)
        report(f"round {number}: promoted", is_promoted, "" if is_promoted else text)
        until = json.loads(text)["held"]["as_of_ms"] / 1000
        second = Server(standby.data)
        started = time.time()
        looked = compare(f"round {number}: all that is older than the lag is there", second, load, key, until)
        report(f"round {number}: it shows no less than it had", shown["held"]["as_of_ms"] / 1000 <= until)
        lost = sum(at >= until for at in load.jobs.values()) + sum(at >= until for at in load.batches.values())
        body, headers = form([("to", "bmp"), ("from", "png"), ("conversion_type", "image")], [("p.png", picture(number))])
        new = json.loads(ask(f"{second.address}/api/v1/jobs", "POST", body, [("X-API-Key", key), *headers]))["request_id"]
        report(f"round {number}: no name is given twice", new not in load.jobs)
        second.stop()
        check = wonder("admin", "check", "--data", standby.data)
        report(f"round {number}: check", check.returncode == 0, check.stdout + check.stderr if check.returncode else "")
        kept = wonder("admin", "key", "webhook-secret", "1", "--data", standby.data).stdout
        report(f"round {number}: the secret of webhooks", kept == secret)
        figures.append((killed - until, looked, lost, started - before))
    finally:
        for one in (first, second):
            if one and one.process.poll() is None:
                one.kill()
        if standby and standby.process.poll() is None:
            standby.kill()
        shutil.rmtree(folder, ignore_errors=True)


def mistakes():
    """A wrong token, a first server that is gone for a while, and one of a newer version."""
    folder = tempfile.mkdtemp(prefix="wonder-standby-")
    first = standby = None
    try:
        data, key, _ = prepare(folder)
        first = Server(data)
        wrong = subprocess.run([WONDER, "standby", "--once", "--data", folder + "/wrong", "--from", first.address],
                               env=ENVIRONMENT | {"WONDER_STANDBY_TOKEN": TOKEN + "x"}, capture_output=True, text=True)
        report("a wrong token is said", wrong.returncode == 1 and "WONDER_STANDBY_TOKEN" in wrong.stderr, wrong.stderr.strip())
        standby = Standby(folder + "/standby", first.address)
        held = standby.wait(lambda record: record["held"])["held"]
        first.kill()
        problem = standby.wait(lambda record: record.get("problem")).get("problem")
        report("a first server that is gone is said", bool(problem), problem)
        first = Server(data, first.address.removeprefix("http://"))
        back = standby.wait(lambda record: record["held"]["mark"] != held["mark"] and not record["problem"])
        report("it goes on after a restart of the first", not back["problem"] and back["held"]["mark"] != held["mark"])
        standby.kill()

        class Newer(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = json.loads(ask(first.address + self.path, "POST", body, [("Authorization", self.headers["Authorization"])]))
                if answer["copy"]:
                    answer["copy"]["schema"] += 1
                text = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def do_GET(self):
                self.send_error(404)

            def log_message(self, *words):
                pass

        proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Newer)
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        newer = subprocess.run(
            [WONDER, "standby", "--once", "--data", standby.data, "--from", f"http://127.0.0.1:{proxy.server_port}"],
            env=ENVIRONMENT, capture_output=True, text=True)
        proxy.shutdown()
        certificate = folder + "/own.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-days", "1",
                        "-keyout", certificate, "-out", certificate + ".crt"], check=True, capture_output=True)
        secure = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Newer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate + ".crt", certificate)
        secure.socket = context.wrap_socket(secure.socket, server_side=True)
        threading.Thread(target=secure.serve_forever, daemon=True).start()
        unknown = subprocess.run(
            [WONDER, "standby", "--once", "--data", standby.data, "--from", f"https://127.0.0.1:{secure.server_port}"],
            env=ENVIRONMENT, capture_output=True, text=True)
        secure.shutdown()
        report("a certificate that nobody vouches for is no way to a first server", "TLS failed" in unknown.stderr, unknown.stderr.strip())
        report("a newer first server is refused in words", "install the same version here" in newer.stderr, newer.stderr.strip())
        first.kill()
        is_promoted, text = promote(standby.data)
        report("what was held can be promoted all the same", is_promoted, "" if is_promoted else text)
    finally:
        if first and first.process.poll() is None:
            first.kill()
        if standby and standby.process.poll() is None:
            standby.kill()
        shutil.rmtree(folder, ignore_errors=True)


mistakes()
figures = []
chance = random.Random(int(os.environ.get("TEST_SEED", "28")))
for number in range(ROUNDS):
    round_of(number, chance, figures)
shutil.rmtree(os.path.dirname(template()[0]))
behind = sorted(figure[0] for figure in figures)
starts = sorted(figure[3] for figure in figures)
print(f"{'ok  ' if not failures else 'FAIL'} {ROUNDS} first servers killed: {sum(f[1] for f in figures)} things compared, "
      f"{sum(f[2] for f in figures)} accepted later and lost; behind p50 {behind[len(behind) // 2]:.2f} s, most {behind[-1]:.2f} s; "
      f"promotion and start p50 {starts[len(starts) // 2]:.2f} s, most {starts[-1]:.2f} s")
sys.exit(1 if failures else 0)
