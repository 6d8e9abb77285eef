"""The file store of a server of its own: 10,000 files that are listed, looked for and shown by folder, and an upload in
parts during which the server is killed twice.

usage: store.py WONDER [lists] [upload] [--bytes N]      both when none is named; 5 GB unless N says otherwise

Needs nothing but Python; the upload needs three times its bytes of disk where temporary files go.
"""
import hashlib
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time

PORT = 8197
PART = 64 << 20


class Server:
    def __init__(self, wonder, folder):
        self.wonder, self.data, self.process = wonder, os.path.join(folder, "data"), None
        self.start()
        shown = subprocess.run(
            [wonder, "quickstart", "--data", self.data, "--plan", "enterprise", "--key-only"], capture_output=True, text=True)
        self.key = shown.stdout.strip()
        if not self.key:
            sys.exit(f"no key: {shown.stderr}")

    def start(self):
        self.process = subprocess.Popen(
            [self.wonder, "serve", "--data", self.data, "--listen", f"127.0.0.1:{PORT}"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=os.environ | {"WONDER_ENGINES": "none"})
        self.process.stdout.readline()
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=600)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ask(self, method, path, document=None, headers=None, body=None, has_key=True):
        headers = dict(headers or {})
        if has_key:
            headers["Authorization"] = f"Bearer {self.key}"
        if document is not None:
            body = json.dumps(document).encode()
            headers["Content-Type"] = "application/json"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {text[:300]}")
        return answer, text


def lists(server):
    ids = []
    folders = [json.loads(server.ask("POST", "/api/folders", {"name": f"folder {n}"})[1])["folder"]["id"] for n in range(20)]
    start = time.time()
    for first in range(0, 10_000, 50):
        boundary = "store-benchmark"
        parts = [f"--{boundary}\r\nContent-Disposition: form-data; name=\"folderId\"\r\n\r\n{folders[first // 50 % 20]}\r\n"]
        parts += [f"--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"picture {number} of many.txt\"\r\n\r\n"
                  f"file {number}\r\n" for number in range(first, first + 50)]
        body = ("".join(parts) + f"--{boundary}--\r\n").encode()
        _, text = server.ask("POST", "/api/files", headers={"Content-Type": f"multipart/form-data; boundary={boundary}"}, body=body)
        ids += [file["id"] for file in json.loads(text)["files"]]
    print(f"10,000 files stored in {time.time() - start:.0f} s")
    places = [(f"page at {offset}", f"/api/files?limit=50&offset={offset}") for offset in (0, 5000, 9950)]
    places += [("search for one", "/api/files/search?q=picture+7777"), ("search for many", "/api/files/search?q=MANY&limit=50")]
    places += [(f"folder page at {offset}", f"/api/files?folderId={folders[3]}&limit=50&offset={offset}") for offset in (0, 450)]
    places += [("all folders", "/api/folders"), ("one file", f"/api/files/{ids[1234]}")]
    for name, path in places:
        spans = []
        for _ in range(200):
            start = time.perf_counter()
            server.ask("GET", path)
            spans.append((time.perf_counter() - start) * 1000)
        spans.sort()
        median = statistics.median(spans)
        print(f"{name:22} median {median:6.2f} ms, 99 % {spans[197]:6.2f} ms {'' if median < 5 else '  MORE THAN 5 ms'}")


def upload(server, size):
    _, text = server.ask("POST", "/api/uploads", {"filename": "large.bin", "sizeBytes": size})
    begun = json.loads(text)
    path = begun["resumable"]["url"].split(str(PORT), 1)[1]
    block = os.urandom(1 << 20)

    def part(start, count):
        """Bytes of a file that differs at every place and is never in memory as a whole."""
        made = bytearray()
        while len(made) < count:
            number, inside = divmod(start + len(made), 1 << 20)
            own = number.to_bytes(8, "big") + block[8:]
            made += own[inside:inside + count - len(made)]
        return bytes(made)

    digest, hashed, kills, answered = hashlib.sha256(), 0, 0, 0
    start = time.time()
    while True:
        answer, _ = server.ask("HEAD", path, headers={"Tus-Resumable": "1.0.0"}, has_key=False)
        offset = int(answer.headers["Upload-Offset"])
        if offset < answered:
            sys.exit(f"LOST: {answered} bytes were answered for, and {offset} are there")
        if offset == size:
            break
        count = min(PART, size - offset)
        body = part(offset, count)
        if offset + count > hashed:
            digest.update(body[hashed - offset:] if hashed > offset else body)
            hashed = offset + count
        fields = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        if kills < 2 and offset + count > size * (kills + 1) // 3:
            connection = http.client.HTTPConnection("127.0.0.1", PORT)
            connection.putrequest("PATCH", path)
            for name, value in (fields | {"Content-Length": str(count)}).items():
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(body[:count // 2])
            server.kill()
            connection.close()
            kills += 1
            before = time.time()
            server.start()
            print(f"killed at {offset >> 20} MiB, back after {time.time() - before:.2f} s", flush=True)
            continue
        server.ask("PATCH", path, headers=fields, body=body, has_key=False)
        answered = offset + count
    span = time.time() - start
    print(f"{size / 1e9:.2f} GB in parts of {PART >> 20} MiB with {kills} kills: {span:.0f} s, {size / span / 1e6:.0f} MB/s")
    start = time.time()
    _, text = server.ask("POST", "/api/uploads/complete", begun["complete"]["body"])
    file = json.loads(text)["file"]
    print(f"stored after {time.time() - start:.1f} s; {'the same bytes' if file['sha256'] == digest.hexdigest() else 'OTHER BYTES'}")


def main():
    words = sys.argv[2:]
    size = 5_000_000_000
    if "--bytes" in words:
        place = words.index("--bytes")
        size = int(words[place + 1])
        del words[place:place + 2]
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        server = Server(os.path.realpath(sys.argv[1]), folder)
        try:
            if not words or "lists" in words:
                lists(server)
            if not words or "upload" in words:
                upload(server, size)
        finally:
            server.kill()


main()
