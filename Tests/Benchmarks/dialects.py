"""Clients of other vendors' APIs against a server of its own: eight of api2convert's SDK for a minute, an upload of 2 GB in
chunks, and a batch of 200 of Enconvert's pages, ten of them missing and one hanging, with a callback for each.

usage: dialects.py WONDER [minute] [large] [pages]      all of them when none is named

Needs api2convert, httpx and pillow of PyPI.
"""
import http.server
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

import httpx
from api2convert import Api2Convert
from PIL import Image

PORT = 8198
BASE = f"http://127.0.0.1:{PORT}"


class Site(http.server.BaseHTTPRequestHandler):
    """Pages of one line; /no… is missing, /hang never answers, and what is posted has come."""
    protocol_version = "HTTP/1.1"
    came = []

    def log_message(self, *words):
        pass

    def do_GET(self):
        if self.path.startswith("/hang"):
            time.sleep(300)
        body = f"<h1>{self.path}</h1>".encode()
        self.send_response(404 if self.path.startswith("/no") else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        Site.came.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


class Server:
    def __init__(self, wonder):
        folder = tempfile.mkdtemp()
        environment = dict(
            os.environ, WONDER_DATA=f"{folder}/data", WONDER_LISTEN=f"127.0.0.1:{PORT}", WONDER_MAX_UPLOAD="3GB",
            WONDER_ALLOW_PRIVATE_TARGETS="127.0.0.1/32", WONDER_ENGINES="chromium-headless-shell")
        text = subprocess.run([wonder, "quickstart"], env=environment, capture_output=True, text=True).stdout
        self.key = re.search(r"wc_\w+", text).group(0)
        subprocess.run([wonder, "admin", "workspace", "set-plan", "demo", "enterprise"], env=environment,
                       capture_output=True)
        self.process = subprocess.Popen([wonder, "serve"], env=environment, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.process.stdout.readline()

    def client(self):
        return Api2Convert(self.key, base_url=BASE + "/v2", poll_interval=0.5)

    def most_memory(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"^VmHWM:\s+(\d+)", file.read(), re.M).group(1)) // 1024


def minute(server):
    folder = tempfile.mkdtemp()
    Image.effect_noise((400, 300), 30).convert("RGB").save(f"{folder}/a.png")
    done, problems, end = [], [], time.monotonic() + 60

    def work(number):
        client = server.client()
        while time.monotonic() < end:
            try:
                client.convert(f"{folder}/a.png", "jpg").save(f"{folder}/{number}.jpg")
                done.append(number)
            except Exception as problem:
                problems.append(repr(problem))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"eight clients for a minute: {len(done)} conversions, {len(problems)} errors", problems[:2])


def large(server):
    job = server.client().jobs.create(
        {"conversion": [{"target": "sha256", "category": "hash"}], "process": False})
    before = server.most_memory()

    def body():
        yield (b'--x\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n'
               b"Content-Type: application/octet-stream\r\n\r\n")
        for _ in range(2048):
            yield bytes(1 << 20)
        yield b"\r\n--x--\r\n"

    start = time.monotonic()
    answer = httpx.post(
        f"{BASE}/upload-file/{job.id}", content=body(), timeout=300,
        headers={"X-Api2convert-Token": job.token, "Content-Type": "multipart/form-data; boundary=x"})
    print(f"2 GB in chunks: status {answer.status_code}, {answer.json()['size']} bytes in {time.monotonic() - start:.0f} s, "
          f"at most {before} MB before and {server.most_memory()} MB after")


def pages(server):
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{site.server_port}"
    urls = [f"{address}/p{n}" for n in range(189)] + [f"{address}/no{n}" for n in range(10)] + [address + "/hang"]
    headers = {"X-API-Key": server.key}
    start = time.monotonic()
    taken = httpx.post(BASE + "/v1/convert/url-to-pdf", headers=headers, timeout=60,
                       json={"url": urls, "callback_url": address}).json()
    wrong = 0
    while True:
        state = httpx.get(f"{BASE}/v1/convert/batch/{taken['batch_id']}", headers=headers, timeout=60).json()
        wrong += state["completed"] + state["failed"] + state["in_progress"] != 200
        if state["status"] != "processing":
            break
        time.sleep(0.3)
    span = time.monotonic() - start
    while len(Site.came) < 200 and time.monotonic() < start + span + 30:
        time.sleep(0.1)
    print(f"200 pages: {state['status']} in {span:.0f} s, {state['completed']} and {state['failed']}, "
          f"{wrong} sums wrong, {len(Site.came)} callbacks")


def main():
    parts = {"minute": minute, "large": large, "pages": pages}
    server = Server(os.path.realpath(sys.argv[1]))
    print(f"load {os.getloadavg()[0]:.1f}")
    for name in sys.argv[2:] or parts:
        parts[name](server)
    server.process.terminate()
    server.process.wait()


main()
