"""Web pages into PDF through a server of its own, beside a bare loop over the same browser's pipe.

usage: python3 Tests/Benchmarks/pages.py WONDER [PAGES]
"""
import base64
import concurrent.futures
import http.server
import json
import os
import pwd
import re
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

BROWSER = "/usr/bin/chromium-headless-shell"
TURN = 10
PAGE = (
    "<!doctype html><title>A page</title><style>body{font:16px sans-serif}td{border:1px solid}</style><h1>A page</h1>"
    + "<p>Some words that fill a line and then one more of them.</p>" * 40
    + "<table>" + "<tr>" + "<td>cell</td>" * 8 + "</tr>" * 30 + "</table>"
).encode()


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)


def tree(root):
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
                children.setdefault(int(fields[1]), []).append(int(name))
            except OSError:
                pass
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def processor_seconds(root):
    """Of all processes that live now, those that have ended within them included."""
    ticks = 0
    for process in tree(root):
        try:
            with open(f"/proc/{process}/stat") as file:
                ticks += sum(int(field) for field in file.read().rsplit(")", 1)[1].split()[11:15])
        except OSError:
            pass
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(root):
    total = 0
    for process in tree(root):
        try:
            with open(f"/proc/{process}/smaps_rollup") as file:
                total += int(re.search(r"^Pss:\s+(\d+)", file.read(), re.M).group(1))
        except (OSError, AttributeError):
            pass
    return total / 1024


class Bare:
    """What a loop does that knows nothing but the protocol: a context, a page as large as ours, a PDF, both thrown away."""

    def __init__(self):
        folder = tempfile.mkdtemp()
        os.chmod(folder, 0o777)
        orders, self.orders = os.pipe()
        self.answers, answers = os.pipe()
        user = pwd.getpwnam("nobody")

        def become():
            high = [os.dup(orders), os.dup(answers)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)
            if os.geteuid() == 0:
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)

        self.process = subprocess.Popen(
            [BROWSER, "--remote-debugging-pipe", f"--user-data-dir={folder}/profile", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking",
             "--mute-audio", "--hide-scrollbars", "--force-color-profile=srgb", "--font-render-hinting=none"],
            preexec_fn=become, close_fds=False, stderr=subprocess.DEVNULL,
            env={"HOME": folder, "TMPDIR": folder, "PATH": "/usr/bin:/bin"})
        os.close(orders)
        os.close(answers)
        self.number, self.rest = 0, b""

    def read(self):
        while b"\0" not in self.rest:
            self.rest += os.read(self.answers, 1 << 20)
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, until=None, **parameters):
        self.number += 1
        order = {"id": self.number, "method": method, "params": parameters}
        if session:
            order["sessionId"] = session
        os.write(self.orders, json.dumps(order).encode() + b"\0")
        result = None
        while result is None or until:
            message = self.read()
            if message.get("id") == self.number:
                result = message["result"]
            if message.get("method") == until:
                until = None
        return result

    def page(self, address):
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call(
            "Target.createTarget", url="about:blank", browserContextId=context, width=1280, height=800)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable", session)
        self.call("Page.navigate", session, until="Page.loadEventFired", url=address)
        pdf = self.call("Page.printToPDF", session, printBackground=True)
        self.call("Target.disposeBrowserContext", browserContextId=context)
        return base64.b64decode(pdf["data"])


class Server:
    def __init__(self, wonder):
        self.folder = tempfile.mkdtemp()
        environment = dict(
            os.environ, WONDER_DATA=f"{self.folder}/data", WONDER_LISTEN="127.0.0.1:8197",
            WONDER_ALLOW_PRIVATE_TARGETS="127.0.0.1/32", WONDER_ENGINES="chromium-headless-shell")
        text = subprocess.run([wonder, "quickstart"], env=environment, capture_output=True, text=True).stdout
        self.key = re.search(r"wc_\w+", text).group(0)
        subprocess.run([wonder, "admin", "workspace", "set-plan", "demo", "enterprise"], env=environment,
                       capture_output=True)
        self.process = subprocess.Popen([wonder, "serve"], env=environment, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        while True:
            try:
                programs = json.dumps(self.call("GET", "/api/v1/formats"))
                if '"url"' in programs:
                    return
            except OSError:
                pass
            time.sleep(0.1)

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:8197{path}", method=method, data=json.dumps(body).encode() if body else None,
            headers={"X-API-Key": self.key, "Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request, timeout=120))

    def page(self, address):
        return self.call("POST", "/api/v1/jobs", {
            "conversion_type": "document", "from": "url", "to": "pdf", "inputs": [{"url": address}], "sync": True})


def timed(work, count):
    spans = []
    for _ in range(count):
        start = time.monotonic()
        work()
        spans.append(time.monotonic() - start)
    return spans


def told(spans):
    spans = sorted(spans)
    return f"p50 {statistics.median(spans):.3f} s, p95 {spans[int(len(spans) * 0.95)]:.3f} s"


def main():
    wonder = os.path.realpath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 80
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{site.server_port}/"
    bare = Bare()
    server = Server(wonder)
    print(f"load {os.getloadavg()[0]:.1f}")
    bare.page(address)
    # Its browser was started when it was tried; the first page of a server that has just come waits for that at most.
    print("first page", told(timed(lambda: server.page(address), 1)))
    # By turns, so that what else the machine does counts for both.
    both = [("bare loop", bare.process.pid, bare.page, [], []), ("wonder", server.process.pid, server.page, [], [])]
    for _ in range(count // TURN):
        for _, process, work, spans, used in both:
            before = processor_seconds(process)
            spans += timed(lambda: work(address), TURN)
            used.append((processor_seconds(process) - before) / TURN)
    for name, _, _, spans, used in both:
        print(f"{name:10} {told(spans)}, {1000 * statistics.mean(used):.0f} ms of processor time a page")
    ratios = [ours / theirs for ours, theirs in zip(both[1][4], both[0][4])]
    print(f"processor time of the bare loop's: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: server.page(address), range(count)))
    lost = sum(answer["job"]["status"] != "completed" for answer in answers)
    print(f"two in flight {count / (time.monotonic() - start):.1f} pages a second, {lost} lost")
    most, lost, kills = 0, 0, 0
    for number in range(500):
        if number % 50 == 25:
            for process in tree(server.process.pid):
                try:
                    with open(f"/proc/{process}/cmdline") as file:
                        words = file.read()
                except OSError:
                    continue
                if "remote-debugging-pipe" in words and "--type=" not in words and "chromium/" in words:
                    os.kill(process, signal.SIGKILL)
                    kills += 1
        lost += server.page(address)["job"]["status"] != "completed"
        if number % 10 == 0:
            most = max(most, memory(server.process.pid))
    print(f"500 pages in a row, browser killed {kills} times: {lost} lost, at most {most:.0f} MB of all processes")
    server.process.terminate()
    server.process.wait()
    bare.process.kill()


if __name__ == "__main__":
    main()
