"""Work on other machines: four nodes of a real Slurm on this machine, or real `wonder join` processes.

usage: Tests/Benchmarks/cluster.py WONDER slurm|join [PART ...]

Parts: overhead, throughput, chaos, kills; all of them without one. JOBS and ROUNDS in the environment change their
numbers. Slurm comes from Debian: apt-get install slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge; root
starts munged, slurmctld and four slurmd with files in a folder of their own, and ends them.
"""

import concurrent.futures
import io
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

WONDER = os.path.realpath(sys.argv[1])
WAY = sys.argv[2]
PARTS = sys.argv[3:] or ["overhead", "throughput", "chaos", "kills"]
NODES = 4
failures = 0


def report(name, is_right, detail=""):
    global failures
    failures += not is_right
    print(f"{'ok  ' if is_right else 'FAIL'} {name}{': ' + str(detail) if detail else ''}", flush=True)


class Slurm:
    """munged, slurmctld and slurmd -N n1 … n4, all on 127.0.0.1."""

    def __init__(self, folder):
        self.folder = folder
        self.nodes = {}
        os.chmod(folder, 0o755)
        for name in ["state", "munge", "work", "bin"] + [f"spool-n{n}" for n in range(1, NODES + 1)]:
            os.makedirs(f"{folder}/{name}", exist_ok=True)
        with open(f"{folder}/munge/key", "wb") as key:
            key.write(os.urandom(128))
        os.chmod(f"{folder}/munge/key", 0o400)
        os.chmod(f"{folder}/munge", 0o755)
        self.socket = f"{folder}/munge/socket"
        subprocess.run(
            ["munged", "--force", f"--key-file={folder}/munge/key", f"--socket={self.socket}", f"--log-file={folder}/munge/log",
             f"--pid-file={folder}/munge/pid", f"--seed-file={folder}/munge/seed"], check=True)
        host = socket.gethostname()
        with open(f"{folder}/slurm.conf", "w") as conf:
            conf.write(f"""ClusterName=trial
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmctldPort=16817
AuthType=auth/munge
AuthInfo=socket={self.socket}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=10
MpiDefault=none
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmdSpoolDir={folder}/spool-%n
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
NodeName=n[1-{NODES}] NodeHostname={host} NodeAddr=127.0.0.1 Port=[17001-{17000 + NODES}] CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
""")
        os.environ["SLURM_CONF"] = f"{folder}/slurm.conf"
        self.control = subprocess.Popen(["slurmctld", "-D"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for n in range(1, NODES + 1):
            self.start(f"n{n}")
        for _ in range(200):
            if subprocess.run(["sinfo", "-h", "-t", "idle", "-o", "%D"], capture_output=True, text=True).stdout.strip() == str(NODES):
                return
            time.sleep(0.1)
        raise SystemExit("slurm did not come up: " + subprocess.run(["sinfo"], capture_output=True, text=True).stdout)

    def start(self, node):
        self.nodes[node] = subprocess.Popen(["slurmd", "-D", "-N", node], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self, node):
        """Everything of a node at once: its daemon, its steps and what they run."""
        victims = []
        for line in subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True).stdout.splitlines()[1:]:
            pid, args = line.strip().split(" ", 1)
            try:
                environment = open(f"/proc/{pid}/environ", "rb").read()
            except OSError:
                continue
            if f"SLURMD_NODENAME={node}\0".encode() in environment or args.startswith(f"slurmd -D -N {node}"):
                victims.append(int(pid))
        self.nodes[node].kill()
        self.nodes[node].wait()
        for pid in victims:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def drain(self, node, is_drained):
        state = ["State=DRAIN", "Reason=trial"] if is_drained else ["State=RESUME"]
        subprocess.run(["scontrol", "update", f"NodeName={node}"] + state, capture_output=True)

    def settings(self, launches, sleep=0):
        words = "srun -Q -n1 -c1"
        if sleep:
            words += f" sh -c 'sleep {sleep}; exec \"$0\" \"$@\"'"
        return {"WONDER_LAUNCHER": words, "WONDER_LAUNCH_FOLDER": f"{self.folder}/work", "WONDER_LAUNCHES": str(launches),
                "WONDER_LAUNCH_PROGRAM": WONDER}

    def stop(self):
        for process in list(self.nodes.values()) + [self.control]:
            process.terminate()
        for process in list(self.nodes.values()) + [self.control]:
            process.wait()
        os.kill(int(open(f"{self.folder}/munge/pid").read()), signal.SIGTERM)


class Joined:
    """Nodes that come by themselves."""

    def __init__(self, folder):
        self.folder = folder
        self.nodes, self.tokens = {}, {}

    def settings(self, launches, sleep=0):
        return {}

    def begin(self, server, jobs):
        self.server, self.jobs = server, jobs
        for n in range(1, NODES + 1):
            name = f"n{n}"
            if name not in self.tokens:
                self.tokens[name] = json.loads(server.admin("node", "add", name, "--json"))["token"]
            self.start(name)

    def start(self, node):
        log = open(f"{self.folder}/{node}.log", "ab")
        self.nodes[node] = subprocess.Popen(
            [WONDER, "join", self.server.address, "--join-jobs", str(self.jobs)], stdout=log, stderr=log, start_new_session=True,
            env={**os.environ, "WONDER_NODE_TOKEN": self.tokens[node], "TMPDIR": self.folder})

    def kill(self, node):
        os.killpg(self.nodes[node].pid, signal.SIGKILL)
        self.nodes[node].wait()

    def drain(self, node, is_drained):
        if is_drained:
            self.nodes[node].terminate()
            self.nodes[node].wait()
        elif self.nodes[node].poll() is not None:
            self.start(node)

    def end(self):
        for process in self.nodes.values():
            if process.poll() is None:
                process.terminate()
                process.wait()

    def stop(self):
        self.end()


class Server:
    def __init__(self, data, settings, port=0):
        self.data, self.settings = data, settings
        self.log = open(data + ".log", "ab")
        self.process = subprocess.Popen(
            [WONDER, "serve", "--data", data, "--listen", f"127.0.0.1:{port}"], stdout=subprocess.PIPE, stderr=self.log, text=True,
            env={**os.environ, **settings}, start_new_session=True)
        self.address = re.search(r"http://\S+", self.process.stdout.readline()).group(0)
        self.port = int(self.address.rsplit(":", 1)[1])

    def admin(self, *words):
        return subprocess.run([WONDER, "admin", *words, "--data", self.data], check=True, capture_output=True, text=True).stdout

    def again(self):
        self.process.kill()
        self.process.wait()
        return Server(self.data, self.settings, self.port)

    def stop(self):
        self.process.terminate()
        self.process.wait(90)

    def ask(self, method, path, key, body=None, headers=()):
        for _ in range(100):
            try:
                request = urllib.request.Request(self.address + path, body, {"X-API-Key": key, **dict(headers)}, method=method)
                with urllib.request.urlopen(request, timeout=120) as answer:
                    return json.loads(answer.read())
            except (urllib.error.URLError, ConnectionError, OSError) as error:
                if isinstance(error, urllib.error.HTTPError) and error.code < 500:
                    raise SystemExit(f"{path}: {error.code} {error.read()[:300]}")
                time.sleep(0.1)
        raise SystemExit(f"{path}: no answer")

    def metrics(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(self.data + "/wonder.sock")
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            text = b""
            while piece := client.recv(65536):
                text += piece
        return text.decode()

    def nodes(self):
        found = re.findall(r'wonder_node_orders_total\{node="([^"]+)",outcome="done"\} (\d+)', self.metrics())
        return {name: int(count) for name, count in found}


def form(fields, name, content):
    boundary = "wonder-cluster-5kQ"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode() for field, value in fields]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="files[]"; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), [("Content-Type", f"multipart/form-data; boundary={boundary}")]


def submit(server, key, source, target, kind, name, content, sync=False):
    fields = [("from", source), ("to", target), ("conversion_type", kind), ("total_files", 1)] + ([("sync", "true")] if sync else [])
    body, headers = form(fields, name, content)
    # A request that is sent again after a crash is the same job.
    return server.ask("POST", "/api/v1/jobs", key, body, headers + [("Idempotency-Key", os.urandom(12).hex())])


def workspace(server):
    server.admin("workspace", "create", "cluster", "--plan", "enterprise")
    server.admin("plan", "set", "enterprise", "concurrent_jobs=none", "waiting_jobs=none", "writes_per_minute=none", "files_per_minute=none")
    text = server.admin("key", "issue", "cluster", "--json")
    return re.search(r"wc_[0-9A-Za-z]+", text).group(0)


def text(number, megabytes=9):
    """A text of its own, large enough to go elsewhere: its hash tells whose output is whose."""
    return (f"{number}\n".encode() + b"x" * 99) * (megabytes * 10000)


def page(number):
    return f"<!doctype html><title>t</title><h1>Page {number}</h1><p>{'words ' * 200}".encode()


def settle(server, key, requests, seconds=600):
    """The end of each job, by its request."""
    ends, deadline = {}, time.time() + seconds
    while len(ends) < len(requests) and time.time() < deadline:
        for request in requests:
            if request not in ends:
                answer = server.ask("GET", f"/api/v1/jobs/{request}", key)
                if answer["job"]["status"] in ("completed", "failed", "canceled"):
                    ends[request] = answer
        time.sleep(0.2)
    return ends


def row(data, sql):
    with sqlite3.connect(f"file:{data}/wonder.db?mode=ro", uri=True) as database:
        return database.execute(sql).fetchall()


def overhead(way, folder):
    """What an order costs beside its work: the same large text here and there, one after the other."""
    rounds = int(os.environ.get("ROUNDS", 30))
    spans = {}
    for where in ("here", "there"):
        lanes = "quick" if where == "there" else "office"
        server = Server(f"{folder}/overhead-{where}", {**way.settings(2), "WONDER_LAUNCH_LANES": lanes})
        key = workspace(server)
        if WAY == "join":
            way.begin(server, 1)
            time.sleep(1)
        content = text(1)
        spans[where] = []
        for _ in range(rounds):
            start = time.time()
            submit(server, key, "txt", "sha256", "other", "a.txt", content, sync=True)
            spans[where].append(time.time() - start)
        if where == "there":
            report("every order went to a node", sum(server.nodes().values()) == rounds, server.nodes())
        if WAY == "join":
            way.end()
        server.stop()
        way.tokens = {}
    more = statistics.median(spans["there"]) - statistics.median(spans["here"])
    report("an order elsewhere costs less than 50 ms more at the median", more < 0.05,
           f"{statistics.median(spans['here']) * 1000:.1f} ms here, {statistics.median(spans['there']) * 1000:.1f} there, {more * 1000:.1f} more")


def throughput(way, folder):
    """Orders that sleep on their node: twice the nodes do twice as many."""
    if WAY == "join":
        return
    rates = {}
    for nodes in (1, 2, 4):
        server = Server(f"{folder}/rate-{nodes}", {**way.settings(2 * nodes, sleep=2), "WONDER_LAUNCH_LANES": "quick", "WONDER_WORKERS": "1"})
        key = workspace(server)
        for n in range(1, NODES + 1):
            way.drain(f"n{n}", n > nodes)
        # What may go to a node goes there first, so nodes have always work while more comes than they can do.
        window, requests, start = 20, [], time.time()
        while time.time() - start < window:
            requests.append(submit(server, key, "txt", "sha256", "other", "a.txt", text(len(requests)))["request_id"])
        done = sum(server.nodes().values())
        rates[nodes] = done / (time.time() - start)
        ends = settle(server, key, requests)
        report(f"{nodes} nodes", len(ends) == len(requests), f"{done} of {len(requests)} there, {rates[nodes]:.2f} a second")
        server.stop()
    for n in range(1, NODES + 1):
        way.drain(f"n{n}", False)
    for nodes in (2, 4):
        report(f"{nodes} nodes do at least 0.9 times {nodes} times what one does", rates[nodes] >= 0.9 * nodes * rates[1],
               f"{rates[nodes] / rates[1]:.2f}")


def check(server, key, numbers, ends, name):
    """Every job once, with the right output, and within its attempts."""
    wrong = 0
    for request, number in numbers.items():
        end = ends.get(request)
        if end is None or end["job"]["status"] != "completed" or len(end["outputs"]) != 1:
            wrong += 1
    report(f"{name}: each job ended once, with one output", not wrong, f"{len(numbers)} jobs, {wrong} wrong")
    events = row(server.data, "SELECT job_id, count(*) FROM events WHERE kind = 'completed' GROUP BY job_id HAVING count(*) > 1")
    report(f"{name}: no job was announced twice", not events, len(events))


def orders(server, key, count, start):
    """Documents of the office and page lanes by turns."""
    numbers = {}
    document = open(os.environ["DOCUMENT"], "rb").read() if "DOCUMENT" in os.environ else None
    for n in range(start, start + count):
        if document and n % 2:
            answer = submit(server, key, "docx", "pdf", "document", f"{n}.docx", document)
        else:
            answer = submit(server, key, "html", "pdf", "document", f"{n}.html", page(n))
        numbers[answer["request_id"]] = n
    return numbers


def chaos(way, folder):
    """Nodes that are killed and drained at random under documents and pages."""
    count = int(os.environ.get("JOBS", 1000))
    server = Server(f"{folder}/chaos", {**way.settings(8), "WONDER_LAUNCH_LANES": "office, page"})
    key = workspace(server)
    if WAY == "join":
        way.begin(server, 1)
    numbers = orders(server, key, count, 0)
    chance = random.Random(28)
    blows, start = 0, time.time()
    ends = {}
    while len(ends) < count and time.time() - start < 3000:
        node = f"n{chance.randint(1, NODES)}"
        if chance.random() < 0.5:
            way.kill(node)
            time.sleep(chance.random() * 2)
            way.start(node)
        else:
            way.drain(node, True)
            time.sleep(chance.random() * 3)
            way.drain(node, False)
        blows += 1
        waiting = row(server.data, "SELECT count(*) FROM queue")[0][0]
        if not waiting:
            break
        time.sleep(chance.random() * 4)
    ends = settle(server, key, numbers, 300)
    check(server, key, numbers, ends, f"{blows} nodes killed or drained")
    text = server.metrics()
    lost = sum(int(n) for n in re.findall(r'outcome="lost"\} (\d+)', text))
    print(f"     {server.nodes()} done, {lost} lost, {time.time() - start:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)
    deaths = open(server.data + ".log").read().count("a converter died")
    report("no job lost an attempt to a node", not deaths, deaths)
    if WAY == "join":
        way.end()
    server.stop()


def kills(way, folder):
    """kill -9 of the server with a hundred jobs elsewhere: what came meanwhile is taken."""
    rounds, count = int(os.environ.get("ROUNDS", 5)), 100
    settings = {**way.settings(8, sleep=1 if WAY == "slurm" else 0), "WONDER_LAUNCH_LANES": "quick", "WONDER_WORKERS": "1"}
    server = Server(f"{folder}/kills", settings)
    key = workspace(server)
    if WAY == "join":
        way.begin(server, 2)
    chance = random.Random(29)
    numbers = {}
    for round in range(rounds):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            made = pool.map(lambda n: (submit(server, key, "txt", "sha256", "other", f"{n}.txt", text(n))["request_id"], n),
                            range(round * count // rounds, (round + 1) * count // rounds))
            numbers.update(made)
        time.sleep(chance.random() * 2)
        server = server.again()
    ends = settle(server, key, numbers, 600)
    check(server, key, numbers, ends, f"{rounds} kill -9 of the server")
    left = [name for place in (f"{folder}/work", f"{folder}/kills/remote") for _, folders, _ in os.walk(place) for name in folders
            if name.startswith("order-")]
    report("no folder of an order is left", not left, len(left))
    if WAY == "join":
        way.end()
    server.stop()


def main():
    folder = tempfile.mkdtemp(prefix="wonder-cluster-")
    way = (Slurm if WAY == "slurm" else Joined)(folder)
    try:
        for part in PARTS:
            {"overhead": overhead, "throughput": throughput, "chaos": chaos, "kills": kills}[part](way, folder)
    finally:
        way.stop()
        if "KEEP" in os.environ:
            print(folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failures else 0)


main()
