"""A batch of many small pictures through the real server: counts, archive, memory, a crash in the middle, and cancels.

usage: Tests/extra/batches.py WONDER [FILES]
"""

import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile

from PIL import Image

WONDER = os.path.realpath(sys.argv[1])
FILES = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
failures = 0


def report(name, is_right, detail=""):
    global failures
    failures += not is_right
    print(f"{'ok  ' if is_right else 'FAIL'} {name}{': ' + str(detail) if detail else ''}", flush=True)


class Server:
    def __init__(self, data):
        with open(data + ".log", "ab") as log:
            self.process = subprocess.Popen(
                [WONDER, "serve", "--data", data, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=log, text=True,
                # A program of others that does not work is said in the log, and is none of what is looked for there.
                env=os.environ | {"WONDER_ENGINES": "none"})
        self.address = re.search(r"http://\S+", self.process.stdout.readline()).group(0)

    def peak(self):
        """The most memory that the server itself has had, in MiB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) / 1024

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def ask(self, method, path, key, body=None, headers=()):
        url = path if path.startswith("http") else self.address + path
        request = urllib.request.Request(url, body, {"X-API-Key": key, **dict(headers)}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()


def picture(number):
    """A picture of its own, so that two of them are never taken for each other."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (number % 256, number // 256, 77)).save(out, "PNG")
    return out.getvalue()


def form(fields, files):
    boundary = "wonder-batches-5kQ"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields]
    for name, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="files[]"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), [("Content-Type", f"multipart/form-data; boundary={boundary}")]


def workspace(folder):
    data = os.path.join(folder, "data")
    subprocess.run([WONDER, "admin", "workspace", "create", "batches", "--plan", "enterprise", "--data", data],
                   check=True, capture_output=True)
    key = subprocess.run([WONDER, "admin", "key", "issue", "batches", "--data", data], check=True, capture_output=True,
                         text=True).stdout.split()[0]
    return data, key


def churn(folder, rounds):
    """Batches and jobs that are canceled and deleted at any moment, between kills: no file goes before its work does."""
    data, key = workspace(folder)
    chance = random.Random(7)
    server = Server(data)
    under_way = []
    refused = 0
    for number in range(rounds):
        if number % 40 == 39:
            server.kill()
            server = Server(data)
        if chance.random() < 0.5:
            files = [(f"p{file}.png", picture(number * 10 + file)) for file in range(chance.randint(1, 6))]
            fields = [("to", chance.choice(["jpg", "bmp"])), ("from", "png")]
            kind = chance.choice(["batches", "batches", "jobs"])
            if kind == "batches":
                fields.append(("mode", chance.choice(["zip", "zip", "individual"])))
            else:
                fields.append(("conversion_type", "image"))
            body, headers = form(fields, files)
            answer = json.loads(server.ask("POST", f"/api/v1/{kind}", key, body, headers))
            under_way.append(f"/api/v1/{kind}/{answer['batch_id' if kind == 'batches' else 'request_id']}")
        elif under_way:
            path = under_way.pop(chance.randrange(len(under_way)))
            for _ in range(chance.choice([1, 2])):
                try:
                    server.ask("DELETE", path, key)
                except urllib.error.HTTPError as error:
                    refused += error.code >= 500
        if chance.random() < 0.5:
            time.sleep(chance.random() * 0.03)
    deadline = time.monotonic() + 60
    while True:
        jobs = json.loads(server.ask("GET", "/api/v1/usage", key))["api_jobs"]
        if jobs["pending"] + jobs["processing"] == 0 or time.monotonic() > deadline:
            break
        time.sleep(0.05)
    ended = jobs["completed"] + jobs["failed"] + jobs["canceled"]
    report(f"{rounds} steps with kills: every job ended once", ended == jobs["submitted"] and jobs["failed"] == 0, jobs)
    server.stop()
    with open(data + ".log", encoding="utf-8") as log:
        faults = [line.strip() for line in log if " error " in line or "no longer there" in line]
    report("no fault of the server's", not faults and not refused, faults[:3] or refused)
    check = subprocess.run([WONDER, "admin", "check", "--data", data], capture_output=True, text=True)
    report("the database and its files", check.returncode == 0, check.stdout.strip().replace("\n", "; ")[:120])


def run(folder, files, crashes):
    data, key = workspace(folder)
    server = Server(data)
    before = server.peak()
    # Every tenth name is the same, and every hundredth file is damaged.
    sources = [(f"p{number if number % 10 else 0}.png", picture(number) if number % 100 else b"\x89PNG\r\n\x1a\nbroken")
               for number in range(1, files + 1)]
    good = sum(not content.endswith(b"broken") for _, content in sources)
    body, headers = form([("to", "bmp"), ("from", "png"), ("mode", "zip")], sources)
    start = time.monotonic()
    batch = json.loads(server.ask("POST", "/api/v1/batches", key, body, headers))["batch_id"]
    taken = time.monotonic() - start
    polls = wrong = killed = 0
    while True:
        shown = json.loads(server.ask("GET", f"/api/v1/batches/{batch}?limit=0", key))["batch"]
        polls += 1
        counts = shown["completed"], shown["failed"], shown["canceled"], shown["in_progress"]
        wrong += sum(counts) != files or shown["total"] != files or min(counts) < 0
        if shown["status"] != "processing":
            break
        if killed < crashes and shown["completed"] > files * (killed + 1) // (crashes + 1):
            server.kill()
            killed += 1
            server = Server(data)
        time.sleep(0.05)
    spent = time.monotonic() - start
    report(f"{files} files, {killed} crashes: counts at {polls} polls", wrong == 0, f"{wrong} wrong")
    end = "completed" if good == files else "partial"
    report("its end", shown["status"] == end and shown["completed"] == good and shown["failed"] == files - good, shown)
    path = os.path.join(folder, "archive.zip")
    with open(path, "wb") as file:
        file.write(server.ask("GET", shown["download_url"].replace(re.match(r"http://[^/]+", shown["download_url"]).group(0), server.address), key))
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        report("zipfile", archive.testzip() is None and len(names) == good, f"{len(names)} entries")
        report("names", len({name.lower() for name in names}) == good)
        colours = {Image.open(io.BytesIO(archive.read(name))).getpixel((0, 0)) for name in names}
        report("each picture once", len(colours) == good, f"{len(colours)} different ones")
    for words in (["unzip", "-tqq"], ["zipinfo", "-t"]):
        if shutil.which(words[0]):
            report(" ".join(words), subprocess.run([*words, path], capture_output=True).returncode == 0)
        else:
            print(f"skip {words[0]}: not installed")
    peak = server.peak()
    server.stop()
    check = subprocess.run([WONDER, "admin", "check", "--data", data], capture_output=True, text=True)
    report("the database and its files", check.returncode == 0, check.stdout.strip().replace("\n", "; ")[:120])
    print(f"     taken in {taken:.2f} s, done in {spent:.2f} s, {spent / files * 1000:.1f} ms a file, "
          f"server memory {before:.0f} -> {peak:.0f} MiB")
    return spent / files


with tempfile.TemporaryDirectory() as folder:
    for name, files, crashes in (("small", max(10, FILES // 5), 0), ("large", FILES, 0), ("crashes", FILES, 3)):
        home = os.path.join(folder, name)
        os.mkdir(home)
        run(home, files, crashes)
    home = os.path.join(folder, "churn")
    os.mkdir(home)
    churn(home, FILES * 3)
print("FAILED" if failures else "batches: all right")
sys.exit(1 if failures else 0)
