#!/usr/bin/env python3
"""Conversions through HTTP, wonder and a peer in turn: a second, processor time each, latency, and memory of all processes.

usage: through.py [--durable] [--slow] WONDER FOLDER [ROUNDS] [SECONDS] [CLIENTS] [PICTURE ...]

FOLDER holds the pictures. wonder keeps each job as a durable row, runs it in its sandbox, and hands the file out by its
link: "in one request" with sync=true and download=true, "at once" with sync=true, two requests for each picture, or "by
events", where a stream of its own tells the end and the status the link, four requests. The peer (fastapi_pyvips.py beside this, started when this Python has fastapi,
uvicorn and pyvips) answers with the file; with --durable it is fastapi_durable.py, which syncs files and rows as wonder does.
--slow lets each sync of both take 2 ms more (slowsync.c). With one client and an idle machine the median is what one job takes.
"""

import copy
import importlib.util
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

here = os.path.dirname(os.path.abspath(__file__))


def tree(process):
    found = [process]
    try:
        for task in os.listdir(f"/proc/{process}/task"):
            for child in open(f"/proc/{process}/task/{task}/children").read().split():
                found += tree(int(child))
    except FileNotFoundError:
        pass
    return found


def processor(process):
    """Milliseconds of the whole tree, ended children included."""
    ticks = 0
    for each in tree(process):
        try:
            ticks += sum(map(int, open(f"/proc/{each}/stat").read().rsplit(")", 1)[1].split()[11:15]))
        except FileNotFoundError:
            pass
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def resident(process):
    """Megabytes that the tree holds now, what is shared counted once."""
    total = 0
    for each in tree(process):
        try:
            total += int(re.search(r"^Pss:\s+(\d+)", open(f"/proc/{each}/smaps_rollup").read(), re.M).group(1))
        except (FileNotFoundError, ProcessLookupError, AttributeError):
            pass
    return total / 1024


def build(folder, name, *words):
    """The program of a C file beside this one."""
    program = os.path.join(folder, name)
    subprocess.run(["cc", "-D_GNU_SOURCE", "-O2", "-pthread", os.path.join(here, f"{name}.c"), "-o", program, *words], check=True)
    return program


def end(servers, folder):
    """Stops servers and removes what they stood on."""
    for process in {server.process for server in servers}:
        process.send_signal(signal.SIGTERM)
        process.wait()
    shutil.rmtree(folder)


class Wonder:
    name = "wonder in one"

    def __init__(self, program, folder, environment=None):
        data = os.path.join(folder, "data")
        words = [program, "quickstart", "--plan", "enterprise", "--key-only", "--data", data]
        self.key = subprocess.check_output(words, text=True).strip()
        self.process = subprocess.Popen(
            [program, "serve", "--data", data, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=environment)
        self.port = int(re.search(r":(\d+)$", self.process.stdout.readline().strip()).group(1))
        self.words = ["file", str(self.port), self.key]

    def used(self, name, way):
        """The same server, used another way."""
        other = copy.copy(self)
        other.name, other.words = name, [way, *self.words[1:]]
        return other


class Peer:
    name = "fastapi+pyvips"

    def __init__(self, app, environment):
        self.port = 18311
        self.process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", f"{app}:app", "--host", "127.0.0.1", "--port", str(self.port), "--workers",
             "2", "--log-level", "error", "--no-access-log"], cwd=here, stderr=subprocess.DEVNULL, env=environment)
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=1)
                break
            except OSError:
                time.sleep(0.05)
        self.words = ["plain", str(self.port), "-"]


def main():
    wishes, words = [[word for word in sys.argv[1:] if word.startswith("--") == is_wish] for is_wish in (True, False)]
    wonder, pictures = os.path.abspath(words[0]), words[1]
    numbers = [int(word) for word in words[2:5]] + [3, 5, 8][len(words[2:5]):]
    rounds, seconds, clients = numbers
    names = words[5:] or ["small200.png", "photo2.png", "photo12.png"]
    folder = tempfile.mkdtemp(prefix="wonder-through-")
    flight = build(folder, "flight")
    environment = dict(os.environ, DURABLE_FOLDER=folder)
    if "--slow" in wishes:
        environment["LD_PRELOAD"] = os.path.join(folder, "slowsync.so")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", os.path.join(here, "slowsync.c"), "-o", environment["LD_PRELOAD"], "-ldl"],
                       check=True)
    first = Wonder(wonder, folder, environment)
    servers = [first, first.used("wonder at once", "once"), first.used("wonder by events", "wonder")]
    if all(importlib.util.find_spec(module) for module in ("fastapi", "uvicorn", "pyvips", "multipart")):
        servers.append(Peer("fastapi_durable" if "--durable" in wishes else "fastapi_pyvips", environment))
    peer = servers[3] if len(servers) > 3 else None
    try:
        print(f"{clients} in flight, {rounds} rounds of {seconds} s in turn; load {os.getloadavg()[0]:.1f}")
        for name in names:
            results = {server: [] for server in servers}
            for _ in range(rounds):
                for server in servers:
                    before = processor(server.process.pid)
                    runner = subprocess.Popen(
                        [flight, *server.words, os.path.join(pictures, name), "jpg", str(clients), str(seconds)],
                        stdout=subprocess.PIPE, text=True)
                    most = 0
                    while runner.poll() is None:
                        most = max(most, resident(server.process.pid))
                        time.sleep(0.5)
                    rate, median, slow, failures = runner.stdout.read().split()
                    done = max(1, float(rate) * seconds)
                    results[server].append((float(rate), (processor(server.process.pid) - before) / done, float(median),
                                            float(slow), most, int(failures)))
            for server in servers:
                rate, each, median, slow, most, failures = zip(*results[server])
                ratio = ""
                if peer and server is not peer:
                    ratio = f"  {statistics.median(rate) / statistics.median(r[0] for r in results[peer]):.2f} of the peer's"
                print(f"{name:13} {server.name:16} {statistics.median(rate):8.1f}/s [{min(rate):.1f}-{max(rate):.1f}]"
                      f"  {statistics.median(each):7.2f} ms of processor each  until completed p50 {statistics.median(median):.2f}"
                      f" p99 {statistics.median(slow):.2f} ms  {max(most):.0f} MB  {sum(failures)} failed{ratio}", flush=True)
    finally:
        end(servers, folder)


if __name__ == "__main__":
    main()
