#!/usr/bin/env python3
"""How an honest workspace fares beside a greedy one: its small pictures and its webhooks, alone and in company.

usage: greedy.py WONDER FOLDER [SECONDS]

FOLDER holds small200.png, photo2.png and photo12.png. The honest workspace has one small picture in flight and one
endpoint. The greedy one sends, for as long as the honest one works (30 s): jobs of 60 large files, eight at a time;
batches of 500 small files, one after the other; and every end of its jobs goes to four paths of the same receiver that
answer 500 and two that never answer. Its clients stand back (nice 19), for elsewhere they have processors of their own. Printed: the time from a small picture's submission to "completed" and from a
job's end to its webhook's arrival.
"""
import calendar, json, os, re, shutil, signal, socket, subprocess, sys, tempfile, threading, time, urllib.error, urllib.request

here = os.path.dirname(os.path.abspath(__file__))
wonder, pictures = os.path.abspath(sys.argv[1]), sys.argv[2]
seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 30
delays, refused, stops = [], {}, threading.Event()
# The receiver is a process of its own, and before others, so that its own waiting is not taken for the server's.



def moment(text):
    return calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) + int(text[20:23]) / 1000


def receive(connection):
    """One receiver for both: /ok notes the moment, /fail answers 500, /hang nothing."""
    data = b""
    try:
        while True:
            while b"\r\n\r\n" not in data:
                piece = connection.recv(65536)
                if not piece:
                    return
                data += piece
            head, _, data = data.partition(b"\r\n\r\n")
            if head.startswith(b"GET /delays"):
                body = json.dumps(delays).encode()
                delays.clear()
                connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                return
            length = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
            while len(data) < length:
                data += connection.recv(65536)
            body, data = data[:length], data[length:]
            path = head.split(b" ", 2)[1]
            if path.startswith(b"/hang"):
                stops.wait()
                return
            if path.startswith(b"/ok"):
                delays.append(time.time() - moment(json.loads(body)["timestamp"]))
            status = b"200 OK" if path.startswith(b"/ok") else b"500 Internal Server Error"
            connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
    except OSError:
        pass


def accept(listener):
    while True:
        threading.Thread(target=receive, args=(listener.accept()[0],), daemon=True).start()


def serve_webhooks(listener):
    if os.fork():
        listener.close()
        return
    try:
        os.nice(-10)
    except PermissionError:
        pass
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = os.getppid()
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


def take_delays():
    with urllib.request.urlopen(receiver + "/delays") as answer:
        return sorted(json.loads(answer.read()))


def form(path, count, **fields):
    boundary = "greedy"
    picture = open(path, "rb").read()
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()]
    for number in range(count):
        parts += [
            f'--{boundary}\r\nContent-Disposition: form-data; name="files[]"; filename="{number}.png"\r\n\r\n'.encode(),
            picture, b"\r\n"]
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def call(path, key, body=None, kind=None):
    headers = {"X-API-Key": key} | ({"Content-Type": kind} if kind else {})
    try:
        with urllib.request.urlopen(urllib.request.Request(base + path, body, headers), timeout=300) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        code = json.loads(error.read()).get("code", error.code)
        refused[code] = refused.get(code, 0) + 1
        time.sleep(min(2, float(error.headers.get("Retry-After", 1))))
    except OSError as error:
        refused[type(error).__name__] = refused.get(type(error).__name__, 0) + 1
        time.sleep(0.2)


def large_jobs(key):
    os.nice(19)
    body, kind = large
    while not stops.is_set():
        receipt = call("/api/v1/jobs", key, body, kind)
        while receipt and not stops.is_set():
            job = call(f"/api/v1/jobs/{receipt['request_id']}", key)
            if job and job["job"]["status"] in ("completed", "failed"):
                ended.append(job["job"]["status"])
                break
            stops.wait(0.5)


def batches(key):
    os.nice(19)
    body, kind = batch
    while not stops.is_set():
        if call("/api/v1/batches", key, body, kind):
            taken.append(1)
        stops.wait(1)


def measure(name):
    take_delays()
    words = [flight, "wonder", port, honest, os.path.join(pictures, "small200.png"), "jpg", "1", str(seconds)]
    rate, median, slow, failures = subprocess.check_output(words, text=True).split()
    time.sleep(1)
    ordered = take_delays() or [float("nan")]
    print(f"{name:8} {float(rate):6.1f} small pictures a second, until completed p50 {median} p99 {slow} ms, {failures} failed; "
          f"webhooks {len(ordered)}, p50 {ordered[len(ordered) // 2] * 1000:.0f} p99 {ordered[int(len(ordered) * 0.99)] * 1000:.0f}"
          f" longest {ordered[-1] * 1000:.0f} ms; load {os.getloadavg()[0]:.1f}", flush=True)
    return float(slow)


files = min(60, (90 << 20) // os.path.getsize(os.path.join(pictures, "photo12.png")))
ended = []
taken = []
# Made before anything else, for a client that steps back would be at it for as long as is measured.
large = form(os.path.join(pictures, "photo12.png"), files, conversion_type="image", **{"from": "png", "to": "jpg"})
batch = form(os.path.join(pictures, "small200.png"), 500, to="jpg")
folder = tempfile.mkdtemp(prefix="wonder-greedy-")
flight = os.path.join(folder, "flight")
subprocess.run(["cc", "-D_GNU_SOURCE", "-O2", "-pthread", os.path.join(here, "flight.c"), "-o", flight], check=True)
data = os.path.join(folder, "data")
listener = socket.create_server(("127.0.0.1", 0), backlog=512)
receiver = f"http://127.0.0.1:{listener.getsockname()[1]}"
serve_webhooks(listener)
server = subprocess.Popen(
    [wonder, "serve", "--data", data, "--listen", "127.0.0.1:0", "--allow-private-targets", "127.0.0.0/8"],
    stdout=subprocess.PIPE, stderr=open(os.path.join(folder, "log"), "w"), text=True)
try:
    base = re.search(r"http://\S+", server.stdout.readline()).group(0)
    port = base.rsplit(":", 1)[1]

    def admin(*words):
        return subprocess.check_output([wonder, "admin", *words, "--data", data], text=True).strip()

    keys = {}
    for slug in ("honest", "greedy"):
        admin("workspace", "create", slug, "--plan", "enterprise")
        keys[slug] = admin("key", "issue", slug)
    honest = keys["honest"]
    admin("endpoint", "add", "honest", receiver + "/ok", "--events", "conversion.completed")
    for path in ("/fail1", "/fail2", "/fail3", "/fail4", "/hang1", "/hang2"):
        admin("endpoint", "add", "greedy", receiver + path, "--events", "conversion.completed")
    alone = measure("alone")
    clients = [threading.Thread(target=large_jobs, args=(keys["greedy"],), daemon=True) for _ in range(8)]
    clients.append(threading.Thread(target=batches, args=(keys["greedy"],), daemon=True))
    for client in clients:
        client.start()
    time.sleep(5)
    beside = measure("beside")
    print(f"p99 beside / alone: {beside / alone:.1f}; jobs of {files} files each; the greedy one was refused {refused}, "
          f"{len(taken)} of its batches were taken, {len(ended)} of its large jobs ended")
    stops.set()
finally:
    stops.set()
    server.send_signal(signal.SIGTERM)
    server.wait(90)
    if "KEEP" not in os.environ:
        shutil.rmtree(folder, ignore_errors=True)
