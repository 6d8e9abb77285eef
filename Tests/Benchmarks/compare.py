#!/usr/bin/env python3
"""wonder beside what others run for the same work, in turn on one machine: a second, processor time, latency, memory.

usage: compare.py WONDER [--rounds 3] [--seconds 6] [--photo JPEG] [--only WORD ...] [--markdown]
         [--gotenberg URL] [--imgproxy URL] [--stirling URL] [--convertx URL --convertx-cookie TEXT] [--thumbor URL]

What is on this machine is found by itself and measured here: FastAPI with pyvips and thumbor (of the Python that runs
this), ImageMagick, LibreOffice cold and resident (unoserver), Chromium over its pipe, qpdf. Peers with an address are asked there; run
them on the machine that runs this, for only then a ratio means something:

  docker run --rm --network host gotenberg/gotenberg:8
  docker run --rm --network host -e IMGPROXY_BIND=:8081 -e IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES=true ghcr.io/imgproxy/imgproxy
  docker run --rm -p 8082:8080 -e SECURITY_ENABLELOGIN=false stirlingtools/stirling-pdf
  docker run --rm -p 3001:3000 -e HTTP_ALLOWED=true -e ALLOW_UNAUTHENTICATED=true c4illin/convertx

A program that is called without a server around it ("alone") is flattered: nothing is received, queued, kept or sent.
wonder writes each upload, job and output to disk before it answers, runs the conversion in its sandbox, and answers
with the file (sync=true, download=true). Each cell is the median of the rounds; a round measures all peers in turn.
"""

import argparse
import http.client
import http.server
import importlib.util
import json
import os
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import xmlrpc.client

import longmix
import pages
from through import processor, resident

HERE = os.path.dirname(os.path.abspath(__file__))
MAGIC = {"jpg": b"\xff\xd8", "pdf": b"%PDF"}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def form(fields, files):
    return longmix.form(fields, files)


class Peer:
    """Something that does a task; `prepare` gives a call for one client, which is true when the result is one."""

    process, note = None, ""

    def __init__(self, name):
        self.name = name

    def begin(self):
        self.before = processor(self.process.pid) if self.process else self.used()

    def end(self):
        return (processor(self.process.pid) if self.process else self.used()) - self.before

    @staticmethod
    def used():
        """Of the programs that were called and have ended."""
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (used.ru_utime + used.ru_stime) * 1000

    def memory(self):
        return resident(self.process.pid) if self.process else None

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()


class Web(Peer):
    """A server that answers one request with the result."""

    def __init__(self, name, address, tasks, process=None):
        super().__init__(name)
        parts = urllib.parse.urlsplit(address)
        self.host, self.port, self.process = parts.hostname, parts.port or 80, process
        self.tasks = tasks

    def prepare(self, task):
        method, path, body, headers = self.tasks[task]
        connection, magic = None, MAGIC[task.target]

        def call():
            nonlocal connection
            try:
                connection = connection or http.client.HTTPConnection(self.host, self.port, timeout=120)
                connection.request(method, path, body, dict(headers))
                reply = connection.getresponse()
                content = reply.read()
                if reply.headers.get("Connection") == "close":
                    connection.close()
                    connection = None
                return reply.status == 200 and content.startswith(magic)
            except (OSError, http.client.HTTPException):
                connection = None
                return False
        return call


class Alone(Peer):
    """A program that is started for each file."""

    def __init__(self, name, commands, folder):
        super().__init__(name)
        self.commands, self.folder = commands, folder

    def prepare(self, task):
        place = tempfile.mkdtemp(dir=self.folder)
        words = [word.format(place=place) for word in self.commands[task]]
        target = f"{place}/out.{task.target}"

        def call():
            if os.path.exists(target):
                os.unlink(target)
            # Its memory is not shown: what the system tells of it has this program's own in it.
            subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=place)
            if not os.path.exists(target):
                made = [name for name in os.listdir(place) if name.endswith("." + task.target)]
                if not made:
                    return False
                os.rename(f"{place}/{made[0]}", target)
            with open(target, "rb") as file:
                return file.read(4).startswith(MAGIC[task.target])
        return call


class Resident(Peer):
    """unoserver: one LibreOffice that stays, and takes one document at a time."""

    def __init__(self, source, folder):
        super().__init__("LibreOffice resident (unoserver)")
        self.port, self.source = free_port(), source
        self.process = subprocess.Popen(
            [os.environ.get("UNOSERVER", shutil.which("unoserver") or "unoserver"), "--port", str(self.port), "--uno-port", str(free_port()),
             "--user-installation", f"{folder}/uno"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.lock = threading.Lock()
        call = self.prepare(None)
        for _ in range(60):
            if call():
                return
            time.sleep(0.5)
        raise SystemExit("unoserver does not come up")

    def prepare(self, _):
        proxy = xmlrpc.client.ServerProxy(f"http://127.0.0.1:{self.port}", allow_none=True)

        def call():
            try:
                with self.lock, open(self.source, "rb") as file:
                    made = proxy.convert(None, xmlrpc.client.Binary(file.read()), None, "pdf")
                return made.data.startswith(b"%PDF")
            except (OSError, xmlrpc.client.Error, http.client.HTTPException):
                return False
        return call


class Browser(Peer):
    """A loop over a browser's pipe that knows nothing but the protocol, one page at a time."""

    def __init__(self, address):
        super().__init__("Chromium alone (its pipe)")
        self.address, self.bare, self.lock = address, pages.Bare(), threading.Lock()
        self.process = self.bare.process

    def prepare(self, _):
        def call():
            with self.lock:
                return self.bare.page(self.address).startswith(b"%PDF")
        return call

    def stop(self):
        self.process.kill()
        self.process.wait()


class Task:
    def __init__(self, name, target, clients, comes_and_goes=False):
        self.name, self.target, self.clients = name, target, clients
        # wonder's LibreOffice ends while it is measured, and takes the processor time that was counted with it.
        self.comes_and_goes = comes_and_goes


def wonder_server(program, folder, tasks):
    data, port = f"{folder}/wonder", free_port()
    key = subprocess.check_output([program, "quickstart", "--plan", "enterprise", "--key-only", "--data", data], text=True).strip()
    process = subprocess.Popen(
        [program, "serve", "--data", data, "--listen", f"127.0.0.1:{port}", "--allow-private-targets", "127.0.0.0/8"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    process.stdout.readline()
    head = [("sync", "true"), ("download", "true")]
    made = {}
    for task, (kind, source, target, options, files) in tasks.items():
        fields = [("conversion_type", kind), ("from", source), ("to", target), *head, *options]
        body, headers = form(fields, [("files[]", name, content) for name, content in files])
        made[task] = ("POST", "/api/v1/jobs", body, [*headers, ("X-API-Key", key)])
    return Web("wonder", f"http://127.0.0.1:{port}", made, process)


def fastapi_server(tasks):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "fastapi_pyvips:app", "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
         "--log-level", "error", "--no-access-log"], cwd=HERE, stderr=subprocess.DEVNULL)
    wait_for(port)
    return Web("FastAPI + pyvips, 2 workers", f"http://127.0.0.1:{port}", tasks, process)


def thumbor_server(folder, tasks):
    port = free_port()
    with open(f"{folder}/thumbor.conf", "w") as file:
        file.write(f"""ALLOW_UNSAFE_URL = True
LOADER = 'thumbor.loaders.file_loader'
FILE_LOADER_ROOT_PATH = '{folder}'
STORAGE = 'thumbor.storages.no_storage'
RESULT_STORAGE = None
QUALITY = 85
ENGINE_THREADPOOL_SIZE = 4
AUTO_WEBP = False
PROGRESSIVE_JPEG = False
""")
    process = subprocess.Popen(
        [os.path.join(os.path.dirname(sys.executable), "thumbor"), "-p", str(port), "-i", "127.0.0.1", "-c", f"{folder}/thumbor.conf",
         "--processes", "2", "-l", "error"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(port)
    return Web("thumbor, 2 processes", f"http://127.0.0.1:{port}", tasks, process)


def wait_for(port):
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            time.sleep(1)
            return
        except OSError:
            time.sleep(0.05)


def measure(peer, task, seconds):
    """Results a second, milliseconds of processor time each, median and 99th percentile in milliseconds, megabytes, failures."""
    times, failures, lock = [], [0], threading.Lock()
    calls = [peer.prepare(task) for _ in range(task.clients)]
    over = time.monotonic() + seconds

    def client(call):
        while time.monotonic() < over:
            began = time.perf_counter()
            is_right = call()
            with lock:
                if is_right:
                    times.append((time.perf_counter() - began) * 1000)
                else:
                    failures[0] += 1
    peer.begin()
    began, most = time.monotonic(), None
    threads = [threading.Thread(target=client, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        now = peer.memory()
        most = max(most or 0, now) if now else most
        time.sleep(0.3)
    span = time.monotonic() - began
    used = peer.end()
    times.sort()
    if not times:
        return 0, 0, 0, 0, most, failures[0]
    return len(times) / span, used / len(times), statistics.median(times), times[len(times) * 99 // 100], most, failures[0]


def inputs(folder, program, photo):
    """The files of all tasks; the pictures are sizes of one photograph."""
    if photo:
        # By a process of its own, whose memory is gone when programs are started from this one.
        subprocess.run([sys.executable, "-c", """import sys, pyvips
picture = pyvips.Image.new_from_file(sys.argv[1]).colourspace("srgb")
picture = picture.flatten() if picture.hasalpha() else picture
for name, width, height in (("small", 200, 200), ("photo", 1920, 1280), ("large", 4000, 3000)):
    sized = picture.thumbnail_image(width, height=height, crop="centre", size="both")
    sized.write_to_file(f"{sys.argv[2]}/{name}.png")
    sized.write_to_file(f"{sys.argv[2]}/{name}.jpg[Q=90]")
""", photo, folder], check=True)
    with open(f"{folder}/document.docx", "wb") as file:
        file.write(longmix.office_text(1, 120))
    with open(f"{folder}/index.html", "wb") as file:
        file.write(pages.PAGE)
    for name in ("a", "b"):
        with open(f"{folder}/{name}.md", "wb") as file:
            file.write(longmix.text_of(1) * 20)
        subprocess.run([program, "convert", f"{folder}/{name}.md", f"{folder}/{name}.pdf"], check=True)

    def read(name):
        with open(f"{folder}/{name}", "rb") as file:
            return file.read()
    return read


class Site(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("wonder")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--photo", help="a photograph of 12 megapixels or so; without one or without pyvips no pictures")
    parser.add_argument("--only", nargs="*", default=[], help="tasks with one of these words in their names")
    parser.add_argument("--markdown", action="store_true")
    for name in ("gotenberg", "imgproxy", "stirling", "convertx", "thumbor"):
        parser.add_argument(f"--{name}", metavar="URL")
    parser.add_argument("--convertx-cookie", help="the cookie of a browser that has signed in; ConvertX has no keys")
    options = parser.parse_args()
    program = os.path.abspath(options.wonder)
    modules = {name for name in ("fastapi", "uvicorn", "pyvips", "multipart", "thumbor") if importlib.util.find_spec(name)}
    photo = options.photo if "pyvips" in modules else None
    folder = tempfile.mkdtemp(prefix="wonder-compare-")
    os.chmod(folder, 0o755)
    read = inputs(folder, program, photo)
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *words: Site(*words, directory=folder))
    threading.Thread(target=site.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{site.server_port}"

    small, picture, large = (Task(name, "jpg", 8) for name in (
        "PNG 200 x 200 to JPEG", "PNG of 2.5 megapixels to JPEG", "PNG of 12 megapixels to JPEG"))
    thumbnail = Task("JPEG of 12 megapixels to 400 pixels", "jpg", 8)
    office, office_next = (Task(f"Word document to PDF, {clients} at once", "pdf", clients, True) for clients in (1, 4))
    page, merge = Task("HTML page to PDF", "pdf", 2), Task("two PDFs of some pages into one", "pdf", 4)
    drawn = [(small, "small.png"), (picture, "photo.png"), (large, "large.png"), (thumbnail, "large.jpg")] if photo else []
    has_office = bool(shutil.which("soffice"))
    has_browser = os.path.exists(pages.BROWSER)

    ours = {task: ("image", name.rsplit(".", 1)[1], "jpg", [("options[width]", "400")] if task is thumbnail else [], [(name, read(name))])
            for task, name in drawn}
    ours[merge] = ("document", "pdf", "pdf", [("options[merge]", "true")], [("a.pdf", read("a.pdf")), ("b.pdf", read("b.pdf"))])
    if has_office:
        ours[office] = ours[office_next] = ("document", "docx", "pdf", [], [("document.docx", read("document.docx"))])
    if has_browser:
        ours[page] = ("document", "url", "pdf", [], [("page.url", f"{address}/index.html".encode())])
    peers = [wonder_server(program, folder, ours)]

    def posted(task, name, path, field, fields=()):
        body, headers = form(fields, [(field, each, read(each)) for each in name.split()])
        return {task: ("POST", path, body, headers)}
    if drawn and {"fastapi", "uvicorn", "multipart"} <= modules:
        made = {}
        for task, name in drawn:
            made |= posted(task, name, "/convert", "file", [("to", "jpg"), *([("width", "400")] if task is thumbnail else [])])
        peers.append(fastapi_server(made))
    size = {thumbnail: "400x0/"}
    by_thumbor = {task: ("GET", f"/unsafe/{size.get(task, '')}filters:format(jpeg):quality(85)/{name}", None, []) for task, name in drawn}
    if drawn and "thumbor" in modules:
        peers.append(thumbor_server(folder, by_thumbor))
    if drawn and options.thumbor:
        peers.append(Web("thumbor", options.thumbor, {
            task: ("GET", path.replace(name, f"{address}/{name}"), None, []) for (task, name) in drawn for path in [by_thumbor[task][1]]}))
    if drawn and shutil.which("convert"):
        made = {task: ["convert", "-limit", "thread", "1", f"{folder}/{name}", *(["-thumbnail", "400x"] if task is thumbnail else []),
                       "-background", "white", "-flatten", "-quality", "85", "{place}/out.jpg"] for task, name in drawn}
        peers.append(Alone("ImageMagick alone", made, folder))
    if drawn and options.imgproxy:
        peers.append(Web("imgproxy", options.imgproxy, {
            task: ("GET", f"/unsafe/{'rs:fit:400:0/' if task is thumbnail else ''}q:85/plain/{address}/{name}@jpg", None, []) for task, name in drawn}))
    if has_office:
        words = ["soffice", "-env:UserInstallation=file://{place}/profile", "--headless", "--convert-to", "pdf", "--outdir", "{place}",
                 f"{folder}/document.docx"]
        peers.append(Alone("LibreOffice alone, started for each", {office: words, office_next: words}, folder))
        if os.environ.get("UNOSERVER") or shutil.which("unoserver"):
            both = Resident(f"{folder}/document.docx", folder)
            both.tasks = (office, office_next)
            peers.append(both)
    if has_browser:
        browser = Browser(f"{address}/index.html")
        browser.tasks = (page,)
        peers.append(browser)
    if shutil.which("qpdf"):
        peers.append(Alone("qpdf alone", {merge: ["qpdf", "--empty", "--pages", f"{folder}/a.pdf", f"{folder}/b.pdf", "--", "{place}/out.pdf"]}, folder))
    if options.gotenberg:
        made = posted(office, "document.docx", "/forms/libreoffice/convert", "files")
        made[office_next] = made[office]
        made |= posted(page, "index.html", "/forms/chromium/convert/html", "files")
        made |= posted(merge, "a.pdf b.pdf", "/forms/pdfengines/merge", "files")
        peers.append(Web("Gotenberg", options.gotenberg, made))
    if options.stirling:
        made = posted(office, "document.docx", "/api/v1/convert/file/pdf", "fileInput")
        made[office_next] = made[office]
        made |= posted(merge, "a.pdf b.pdf", "/api/v1/general/merge-pdfs", "fileInput", [("sortType", "orderProvided")])
        peers.append(Web("Stirling-PDF", options.stirling, made))
    if options.convertx:
        peers.append(ConvertX(options.convertx, options.convertx_cookie or "", {task: read(name) for task, name in drawn}
                              | ({office: read("document.docx")} if has_office else {})))

    def does(peer, task):
        return task in (peer.commands if isinstance(peer, Alone) else peer.tasks)
    try:
        load = os.getloadavg()[0]
        for task in [small, picture, large, thumbnail, office, office_next, page, merge]:
            if task not in ours or (options.only and not any(word in task.name for word in options.only)):
                continue
            taking_part = [peer for peer in peers if does(peer, task)]
            for peer in taking_part:
                peer.prepare(task)()
            found = {peer: [] for peer in taking_part}
            for number in range(options.rounds):
                # Each round begins with another one, so that none always has what another one has left behind.
                for peer in taking_part[number % len(taking_part):] + taking_part[:number % len(taking_part)]:
                    found[peer].append(measure(peer, task, options.seconds))
            show(task, found, peers[0], options, load)
            load = os.getloadavg()[0]
    finally:
        for peer in peers:
            peer.stop()
        shutil.rmtree(folder, ignore_errors=True)


class ConvertX(Peer):
    """Its pages' requests, for it has no API: a visit, an upload, the order, and looks at the job until it is done."""

    def __init__(self, address, cookie, files):
        super().__init__("ConvertX")
        self.address, self.cookie, self.tasks = urllib.parse.urlsplit(address), cookie, files

    def prepare(self, task):
        name = "file." + ("docx" if task.target == "pdf" else "jpg" if "JPEG of" in task.name else "png")
        content, cookies = self.tasks[task], self.cookie

        def ask(method, path, body=None, headers=()):
            connection = http.client.HTTPConnection(self.address.hostname, self.address.port or 80, timeout=120)
            connection.request(method, path, body, {"Cookie": cookies, **dict(headers)})
            reply = connection.getresponse()
            text = reply.read()
            fresh = "; ".join(field.split(";")[0] for field in reply.headers.get_all("Set-Cookie") or [])
            connection.close()
            return reply, text, fresh

        def call():
            nonlocal cookies
            _, _, fresh = ask("GET", "/")
            cookies = "; ".join(filter(None, (self.cookie, fresh)))
            body, headers = form([], [("file", name, content)])
            ask("POST", "/upload", body, headers)
            way = "libreoffice" if task.target == "pdf" else "imagemagick"
            target = "pdf" if task.target == "pdf" else "jpeg"
            reply, _, _ = ask("POST", "/convert", urllib.parse.urlencode({"convert_to": f"{target},{way}", "file_names": json.dumps([name])}),
                              [("Content-Type", "application/x-www-form-urlencoded")])
            place = reply.headers.get("Location", "")
            job = place.rsplit("/", 1)[-1]
            deadline = time.monotonic() + 60
            while place and time.monotonic() < deadline:
                _, text, _ = ask("POST", f"/progress/{job}")
                found = re.search(rb'/download/[^"]+', text)
                if found:
                    return ask("GET", found.group(0).decode())[1].startswith(MAGIC[task.target])
                time.sleep(0.05)
            return False
        return call

    def begin(self):
        pass

    def end(self):
        return 0


def show(task, found, first, options, load):
    ours = statistics.median(row[0] for row in found[first])
    if options.markdown:
        print(f"\n| {task.name}, {task.clients} in flight (load {load:.1f}) | a second | ms of processor each | p50 / p99 ms | memory | wonder's rate to it |")
        print("|---|---|---|---|---|---|")
    else:
        print(f"\n{task.name}, {task.clients} in flight, {options.rounds} rounds of {options.seconds:g} s, load {load:.1f}")
    for peer, rows in found.items():
        rates, used, medians, slow, most, failures = zip(*rows)
        rate = statistics.median(rates)
        ratios = [a[0] / b[0] for a, b in zip(found[first], rows) if b[0]]
        known = [each for each in most if each]
        processor_time = f"{statistics.median(used):.1f}" if any(used) and not (peer is first and task.comes_and_goes) else "not seen"
        memory = f"{max(known):.0f} MB" if known else "not seen"
        ratio = "" if peer is first or not ratios else f"{statistics.median(ratios):.2f} [{min(ratios):.2f}-{max(ratios):.2f}]"
        failed = f", {sum(failures)} failed" if sum(failures) else ""
        cells = [f"{rate:.1f} [{min(rates):.1f}-{max(rates):.1f}]{failed}", processor_time,
                 f"{statistics.median(medians):.1f} / {statistics.median(slow):.1f}", memory, ratio]
        print(f"| {peer.name} | " + " | ".join(cells) + " |" if options.markdown else f"  {peer.name:36} " + "  ".join(cells), flush=True)


if __name__ == "__main__":
    main()
