#!/usr/bin/env python3
"""The HTTP server beside nginx and a C loop: ratios of processor time from interleaved rounds, with the load average.

usage: http-server.py WONDER [small] [polls] [download] [upload] [many] [idle] [streams] [slow] [--rounds 5] [--seconds 4] [--directory /var/tmp]

Needs wrk, nginx, slowhttptest, curl and cc from Debian. Every server listens on 127.0.0.1 and is ended by its process id.
"""
import argparse, http.client, os, re, resource, shutil, signal, socket, statistics, struct, subprocess, sys, tempfile
import threading, time, zlib

parser = argparse.ArgumentParser()
parser.add_argument("wonder")
parser.add_argument("parts", nargs="*")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--seconds", type=int, default=4)
parser.add_argument("--connections", type=int, default=64)
parser.add_argument("--directory", default="/var/tmp")
parser.add_argument("--modes", default="header,body,read", help="of slowhttptest")
options = parser.parse_args()
parts = options.parts or ["small", "polls", "download", "upload", "many", "idle", "streams", "slow"]
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)

work = tempfile.mkdtemp(prefix="wonder-http-", dir=options.directory)
tick = os.sysconf("SC_CLK_TCK")
started = []


def spawn(words, **more):
    process = subprocess.Popen(words, **more)
    started.append(process)
    return process


def children(process):
    """The process and all below it."""
    found, rest = [], [process]
    while rest:
        one = rest.pop()
        found.append(one)
        for task in os.listdir(f"/proc/{one}/task"):
            try:
                rest += [int(n) for n in open(f"/proc/{one}/task/{task}/children").read().split()]
            except OSError:
                pass
    return found


def cpu(process):
    """Processor seconds of the process and its children so far."""
    total = 0
    for one in children(process):
        try:
            total += sum(int(n) for n in open(f"/proc/{one}/stat").read().rsplit(")", 1)[1].split()[11:13])
        except OSError:
            pass
    return total / tick


def memory(process):
    """Resident bytes of the one process."""
    return int(re.search(r"^VmRSS:\s+(\d+)", open(f"/proc/{process}/status").read(), re.M).group(1)) * 1024


def start_wonder(**settings):
    data = tempfile.mkdtemp(dir=work)
    environment = {**os.environ, "WONDER_DATA": data, **settings}
    key = subprocess.check_output(
        [options.wonder, "quickstart", "--plan", "enterprise", "--key-only"], env=environment, text=True).strip()
    log = open(os.path.join(work, "wonder.log"), "w")
    server = spawn([options.wonder, "serve", "--listen", "127.0.0.1:0"], env=environment,
                   stdout=subprocess.PIPE, stderr=log, text=True)
    port = int(re.search(r":(\d+)$", server.stdout.readline().strip()).group(1))
    return server.pid, port, key


def start_nginx(root, log):
    port = free_port()
    place = tempfile.mkdtemp(dir=work)
    paths = "".join(f"{n}_temp_path {place}/{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    configuration = f"""
worker_processes 2; daemon off; user root; pid {place}/pid; error_log {place}/error.log;
events {{ worker_connections 20000; }}
http {{ {paths} access_log {f"{place}/access.log" if log else "off"}; sendfile on; root {root};
  server {{ listen 127.0.0.1:{port} reuseport; }} }}
"""
    with open(f"{place}/nginx.conf", "w") as file:
        file.write(configuration)
    server = spawn(["nginx", "-c", f"{place}/nginx.conf", "-e", f"{place}/error.log"])
    await_port(port)
    return server.pid, port


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port):
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.02)
    sys.exit("a server does not start")


def load():
    return f"load {os.getloadavg()[0]:.1f}"


def spread(values, form="{:.2f}"):
    return f"{form.format(statistics.median(values))} [{form.format(min(values))}-{form.format(max(values))}]"


def wrk(process, port, path, headers=()):
    """Requests a second and microseconds of processor time for one."""
    before = cpu(process)
    text = subprocess.check_output(
        ["wrk", "-t1", f"-c{options.connections}", f"-d{options.seconds}s",
         *[word for field in headers for word in ("-H", field)], f"http://127.0.0.1:{port}{path}"], text=True)
    used = cpu(process) - before
    requests = int(re.search(r"(\d+) requests in", text).group(1))
    if "Non-2xx" in text:
        sys.exit(f"{path}: not every answer was 200")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)), used / requests * 1e6


def small():
    """Health and sample picture against a static file of the same size."""
    ours, our_port, _ = start_wonder()
    root = tempfile.mkdtemp(dir=work)
    os.chmod(work, 0o755)
    os.chmod(root, 0o755)
    os.mkdir(f"{root}/samples")
    for path in ("/healthz", "/samples/photo.png"):
        connection = http.client.HTTPConnection("127.0.0.1", our_port)
        connection.request("GET", path)
        body = connection.getresponse().read()
        connection.close()
        with open(root + path, "wb") as file:
            file.write(body)
        servers = {"wonder": (ours, our_port), "nginx": start_nginx(root, True), "nginx, no log": start_nginx(root, False)}
        results = {name: [] for name in servers}
        for _ in range(options.rounds):
            for name, (process, port) in servers.items():
                results[name].append(wrk(process, port, path))
        print(f"{path} ({len(body)} bytes), {load()}")
        for name, values in results.items():
            print(f"  {name:14} {spread([v[0] for v in values], '{:.0f}')} requests/s, {spread([v[1] for v in values])} us")
        for name in list(servers)[1:]:
            print(f"  ratio to {name:14} " + spread([a[1] / b[1] for a, b in zip(results["wonder"], results[name])]))


def polls():
    """The state of a job, its key checked, against a static file of the same size."""
    import json
    ours, port, key = start_wonder()
    head, tail = form({**FIELDS, "to": "jpg", "sync": "true"})
    picture = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Resources/samples/photo.png"), "rb").read()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"X-API-Key": key, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    connection.request("POST", "/api/v1/jobs", head + picture + tail, headers)
    path = f"/api/v1/jobs/{json.loads(connection.getresponse().read())['job']['request_id']}"
    connection.request("GET", path, headers={"X-API-Key": key})
    body = connection.getresponse().read()
    root = tempfile.mkdtemp(dir=work)
    os.chmod(work, 0o755)
    os.chmod(root, 0o755)
    os.makedirs(root + os.path.dirname(path))
    with open(root + path, "wb") as file:
        file.write(body)
    servers = {"wonder": (ours, port), "nginx": start_nginx(root, True)}
    results = {name: [] for name in servers}
    for _ in range(options.rounds):
        for name, (process, where) in servers.items():
            results[name].append(wrk(process, where, path, [f"X-API-Key: {key}"]))
    print(f"polls of one job ({len(body)} bytes), {load()}")
    for name, values in results.items():
        print(f"  {name:14} {spread([v[0] for v in values], '{:.0f}')} requests/s, {spread([v[1] for v in values])} us")
    print("  ratio to nginx " + spread([a[1] / b[1] for a, b in zip(results["wonder"], results["nginx"])]))


def noise_png(width, height):
    """A picture that no compressor makes smaller, stored without compression."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + os.urandom(3 * width) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b"")


BOUNDARY = "wonder-http-boundary"


def form(fields):
    text = "".join(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    head = text + f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files[]"; filename="p.png"\r\n\r\n'
    return head.encode(), f"\r\n--{BOUNDARY}--\r\n".encode()


FIELDS = {"conversion_type": "image", "from": "png", "to": "png", "total_files": "1"}


def download():
    """The result of a job, about 100 MB, against the same file from nginx."""
    import json
    ours, port, key = start_wonder(WONDER_MAX_UPLOAD="300MB", WONDER_MAX_PIXELS="50M", WONDER_CONVERSION_TIME="300s")
    head, tail = form(FIELDS)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    headers = {"X-API-Key": key, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    connection.request("POST", "/api/v1/jobs", head + noise_png(6000, 5800) + tail, headers)
    receipt = json.loads(connection.getresponse().read())
    identifier = receipt.get("request_id") or sys.exit(f"the job was not taken: {receipt}")
    while True:
        connection.request("GET", f"/api/v1/jobs/{identifier}", headers={"X-API-Key": key})
        document = json.loads(connection.getresponse().read())
        if document["job"]["status"] in ("completed", "failed"):
            break
        time.sleep(0.2)
    connection.close()
    link = re.search(r'"(http://[^"]*/files/[^"]*)"', json.dumps(document))
    path = "/" + link.group(1).split("/", 3)[3]
    root = tempfile.mkdtemp(dir=work)
    os.chmod(work, 0o755)
    os.chmod(root, 0o755)
    subprocess.check_call(["curl", "-s", "-o", f"{root}/file", f"http://127.0.0.1:{port}{path}"])
    servers = {"wonder": (ours, port, path), "nginx": (*start_nginx(root, True), "/file")}
    results = {name: [] for name in servers}
    for _ in range(options.rounds):
        for name, (process, port, path) in servers.items():
            before, start = cpu(process), time.monotonic()
            for _ in range(5):
                subprocess.check_call(["curl", "-s", "-o", "/dev/null", f"http://127.0.0.1:{port}{path}"])
            results[name].append(((cpu(process) - before) / 5 * 1000, (time.monotonic() - start) / 5 * 1000))
    print(f"download of {os.path.getsize(root + '/file') / 1e6:.1f} MB, {load()}")
    for name, values in results.items():
        print(f"  {name:14} {spread([v[0] for v in values], '{:.0f}')} ms of processor, {spread([v[1] for v in values], '{:.0f}')} ms")
    print("  ratio to nginx " + spread([a[0] / b[0] for a, b in zip(results["wonder"], results["nginx"])]))


def send_upload(port, key, size):
    """A form with one file of `size` bytes; gives the status and the most memory seen."""
    head, tail = form(FIELDS)
    piece = b"\0" * (1 << 20)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(
            f"POST /api/v1/jobs HTTP/1.1\r\nHost: a\r\nX-API-Key: {key}\r\nConnection: close\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
            f"Content-Length: {len(head) + size + len(tail)}\r\n\r\n".encode() + head)
        for _ in range(size >> 20):
            connection.sendall(piece)
        connection.sendall(tail)
        return int(connection.recv(4096)[9:12])


def upload():
    """One GiB in a form, refused at its end because zeros are no PNG, against a C loop that receives and writes."""
    ours, our_port, key = start_wonder(WONDER_MAX_UPLOAD="2GB")
    program = f"{work}/upload"
    subprocess.check_call(["cc", "-O2", "-o", program, os.path.join(os.path.dirname(__file__), "upload.c")])
    loop = spawn([program, f"{work}/upload.bin"], stdout=subprocess.PIPE, text=True)
    servers = {"wonder": (ours, our_port), "C loop": (loop.pid, int(loop.stdout.readline()))}
    results, statuses, most = {name: [] for name in servers}, set(), 0
    for _ in range(options.rounds):
        for name, (process, port) in servers.items():
            before = cpu(process)
            status = send_upload(port, key, 1 << 30)
            results[name].append((cpu(process) - before) * 1000)
            if name == "wonder":
                statuses.add(status)
                most = max(most, memory(process))
    print(f"upload of 1 GiB, {load()} (answered {statuses}, resident memory at most {most / 1e6:.1f} MB)")
    for name, values in results.items():
        print(f"  {name:14} {spread(values, '{:.0f}')} ms of processor")
    print("  ratio to C     " + spread([a / b for a, b in zip(results["wonder"], results["C loop"])]))


def many():
    """200 clients at once that announce and send 1 GiB each to a server that takes 100 MB."""
    ours, port, key = start_wonder()
    statuses, most, before = [], 0, cpu(ours)

    def client():
        try:
            statuses.append(send_upload(port, key, 1 << 30))
        except OSError:
            statuses.append("reset")

    threads = [threading.Thread(target=client) for _ in range(200)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        most = max(most, memory(ours))
        time.sleep(0.02)
    print(f"200 uploads of 1 GiB at once, {load()}: answered {({s: statuses.count(s) for s in statuses})}, resident at most "
          f"{most / 1e6:.0f} MB, {cpu(ours) - before:.1f} s of processor")


def streams():
    """5,000 event streams of one job that does not end, because its worker is stopped."""
    import json
    ours, port, key = start_wonder(WONDER_WORKERS="1", WONDER_HTTP_STREAMS_PER_KEY="10000", WONDER_HTTP_HEARTBEAT="5s")
    for worker in children(ours)[1:]:
        os.kill(worker, signal.SIGSTOP)
    head, tail = form(FIELDS)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    picture = noise_png(10, 10)
    connection.request("POST", "/api/v1/jobs", head + picture + tail, {
        "X-API-Key": key, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
    identifier = json.loads(connection.getresponse().read())["request_id"]
    before, clients, start = memory(ours), [], time.monotonic()
    for number in range(5000):
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(f"GET /api/v1/jobs/{identifier}/events HTTP/1.1\r\nHost: a\r\nX-API-Key: {key}\r\n\r\n".encode())
        if b" 200 " not in client.recv(4096):
            sys.exit("a stream was not opened")
        clients.append(client)
    opened, after, used = time.monotonic() - start, memory(ours), cpu(ours)
    time.sleep(10)
    times = sorted(fetch(port) for _ in range(500))
    print(f"5,000 event streams, {load()}: opened in {opened:.1f} s, {(after - before) / 5000:.0f} bytes each; with a heartbeat "
          f"every 5 s {(cpu(ours) - used) / 10 * 100:.1f} % of a core; a new request p50 {times[250]:.2f} p99 {times[495]:.2f} ms")
    # What opening so many at once took of malloc is given back within a minute.
    time.sleep(65)
    print(f"  a minute later {(memory(ours) - before) / 5000:.0f} bytes each")
    for client in clients:
        client.close()
    for worker in children(ours)[1:]:
        os.kill(worker, signal.SIGCONT)


def fetch(port, path="/healthz"):
    """Milliseconds for a new connection and one request."""
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        while connection.recv(65536):
            pass
    return (time.monotonic() - start) * 1000


def idle():
    """Ten thousand connections that wait for their next request."""
    for kind in ("after a request", "silent"):
        ours, port, _ = start_wonder(WONDER_HTTP_KEEP_ALIVE="10m", WONDER_HTTP_HEADER_TIME="10m")
        [fetch(port) for _ in range(20)]
        before, clients, start = memory(ours), [], time.monotonic()
        for number in range(10_000):
            client = socket.socket()
            client.bind((f"127.0.0.{2 + number // 5000}", 0))
            client.connect(("127.0.0.1", port))
            if kind == "after a request":
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                client.recv(4096)
            clients.append(client)
        opened = time.monotonic() - start
        time.sleep(1)
        after = memory(ours)
        times = sorted(fetch(port) for _ in range(500))
        print(f"10,000 idle connections, {kind}, {load()}: opened in {opened:.1f} s, resident {before / 1e6:.1f} -> "
              f"{after / 1e6:.1f} MB, {(after - before) / 10_000:.0f} bytes each; a new request "
              f"p50 {times[250]:.2f} p99 {times[495]:.2f} ms")
        for client in clients:
            client.close()
        time.sleep(1)


def slow():
    """slowhttptest with 4,000 connections in its three modes, and ordinary requests meanwhile."""
    ours, port, key = start_wonder()
    url = f"http://127.0.0.1:{port}"
    modes = {
        "header": ["-H", "-u", f"{url}/healthz", "-i", "5", "-x", "24"],
        "body": ["-B", "-u", f"{url}/api/v1/jobs", "-i", "5", "-s", "100000", "-x", "10"],
        "read": ["-X", "-u", f"{url}/samples/photo.png", "-w", "10", "-y", "20", "-n", "5", "-z", "32", "-k", "3"],
    }
    for name, words in ((name, modes[name]) for name in options.modes.split(",")):
        before = cpu(ours)
        attack = spawn(["slowhttptest", "-c", "4000", "-r", "1000", "-l", "60", "-p", "3", *words],
                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        text = []
        reader = threading.Thread(target=lambda: text.append(attack.stdout.read()))
        reader.start()
        times, failures, most, begin = [], 0, 0, time.monotonic()
        held, rest = 0, None
        while attack.poll() is None:
            try:
                times.append(fetch(port))
            except OSError:
                failures += 1
            most = max(most, memory(ours))
            open_now = len(os.listdir(f"/proc/{ours}/fd"))
            held, rest = max(held, open_now), time.monotonic() - begin if open_now > 200 else rest
            time.sleep(0.05)
        reader.join()
        times.sort()
        plain = re.sub(r"\x1b\[[0-9;]*m", "", text[0])
        rows = re.findall(r"(\w[\w ]*\w):\s+(\S+)", plain)
        last = {key: value for key, value in rows}
        print(f"slow {name}, {load()}: {len(times)} requests beside it, {failures} failed, p50 {times[len(times) // 2]:.1f} "
              f"p99 {times[len(times) * 99 // 100]:.1f} max {times[-1]:.1f} ms; {cpu(ours) - before:.1f} s of processor, "
              f"at most {most / 1e6:.0f} MB, {held} descriptors, more than 200 of them until {rest or 0:.0f} s; slowhttptest ends with "
              + ", ".join(f"{key} {last[key]}" for key in ("connected", "closed", "error", "service available", "Exit status") if key in last))


try:
    for part in parts:
        {"small": small, "polls": polls, "download": download, "upload": upload, "many": many, "idle": idle, "streams": streams,
         "slow": slow}[part]()
finally:
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in started:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
    shutil.rmtree(work, ignore_errors=True)
