"""One good receiver beside fifty that never answer and five that answer one byte a second for ever.

Each job is told to all of them. Measured: the time from a job's end to its arrival at the good receiver, the memory of
the server, and how long the attempts at endless answers took.

usage: hanging.py WONDER [JOBS]
"""
import calendar, json, os, re, signal, socket, sqlite3, subprocess, sys, tempfile, threading, time, urllib.request

wonder = os.path.realpath(sys.argv[1])
jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 300
root = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../..")
delays, arrived = [], threading.Condition()


def read(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
    while len(body) < length:
        body += connection.recv(65536)
    return body


def moment(text):
    return calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) + int(text[20:23]) / 1000


def good(connection):
    while (body := read(connection)) is not None:
        now = time.time()
        with arrived:
            delays.append(now - moment(json.loads(body)["timestamp"]))
            arrived.notify()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def hang(connection):
    while connection.recv(65536):
        pass


def drip(connection):
    read(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(1)


def serve(answer):
    def guarded(connection):
        try:
            answer(connection)
        except OSError:
            pass

    def accept():
        while True:
            threading.Thread(target=guarded, args=(listener.accept()[0],), daemon=True).start()

    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    threading.Thread(target=accept, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def memory(process):
    status = open(f"/proc/{process.pid}/status").read()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


with tempfile.TemporaryDirectory(prefix="wonder-hanging-") as folder:
    data = os.path.join(folder, "data")
    server = subprocess.Popen(
        [wonder, "serve", "--data", data, "--listen", "127.0.0.1:0", "--allow-private-targets", "127.0.0.0/8"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        base = re.search(r"http://\S+", server.stdout.readline()).group(0)
        key = subprocess.check_output(
            [wonder, "quickstart", "--plan", "enterprise", "--key-only", "--data", data], text=True).strip()
        urls = [serve(good)] + [serve(hang) for _ in range(50)] + [serve(drip) for _ in range(5)]
        for url in urls:
            subprocess.check_output(
                [wonder, "admin", "endpoint", "add", "demo", url, "--events", "conversion.completed", "--data", data])
        boundary = "hanging"
        picture = open(os.path.join(root, "Resources/samples/photo.png"), "rb").read()
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"conversion_type": "image", "from": "png", "to": "jpg"}.items())
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="files[]"; filename="a.png"\r\n\r\n'.encode()
        body += picture + f"\r\n--{boundary}--\r\n".encode()
        headers = {"X-API-Key": key, "Content-Type": f"multipart/form-data; boundary={boundary}"}
        samples = []
        # One job after the other for longer than the longest attempt, so that every hanging host has all it may have.
        for number in range(jobs):
            urllib.request.urlopen(urllib.request.Request(base + "/api/v1/jobs", body, headers)).read()
            with arrived:
                if not arrived.wait_for(lambda: len(delays) > number, timeout=60):
                    raise SystemExit(f"job {number} has not arrived after a minute")
            samples.append(memory(server))
            time.sleep(0.1)
        database = sqlite3.connect(f"file:{data}/wonder.db?mode=ro", uri=True)
        ends = [row[0] for row in database.execute(
            "SELECT milliseconds FROM attempts JOIN deliveries ON deliveries.id = delivery_id WHERE url IN (%s)"
            % ",".join("?" * 5), urls[-5:])]
        left = database.execute("SELECT count(*) FROM deliveries WHERE state = 'waiting'").fetchone()[0]
        ordered = sorted(delays)
        print(f"{jobs} jobs told to 1 good, 50 hanging and 5 endless receivers; {left} deliveries wait at the end")
        print(f"good receiver: median {ordered[len(ordered) // 2] * 1000:.0f} ms, "
              f"99 %: {ordered[int(len(ordered) * 0.99)] * 1000:.0f} ms, longest {ordered[-1] * 1000:.0f} ms")
        print(f"endless answers: {len(ends)} attempts, {min(ends, default=0)} to {max(ends, default=0)} ms each "
              "(deadline 20,000 ms)")
        print(f"resident memory: {samples[0]:.1f} MB after the first job, {max(samples[:len(samples) // 3]):.1f} MB at most "
              f"in the first third, {max(samples):.1f} MB at most, {samples[-1]:.1f} MB at the end")
        print(f"load {os.getloadavg()[0]:.1f}")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(90)
