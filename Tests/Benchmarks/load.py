#!/usr/bin/env python3
"""Clients that submit jobs to a fresh server for a while: errors, throughput, latency, and the server's memory.

usage: load.py WONDER [--clients 8] [--seconds 60] [--picture FILE]

Python's standard library only; the server listens on 127.0.0.1 and is ended by its process id.
"""
import argparse, http.client, json, os, re, signal, statistics, subprocess, tempfile, threading, time

parser = argparse.ArgumentParser()
parser.add_argument("wonder")
parser.add_argument("--clients", type=int, default=8)
parser.add_argument("--seconds", type=float, default=60)
parser.add_argument("--picture", default=os.path.join(os.path.dirname(__file__), "../../Resources/samples/photo.png"))
options = parser.parse_args()

picture = open(options.picture, "rb").read()
data = tempfile.mkdtemp(prefix="wonder-load-")
run = lambda *words: subprocess.check_output([options.wonder, *words, "--data", data], text=True)
key = run("quickstart", "--plan", "enterprise", "--key-only").strip()
server = subprocess.Popen(
    [options.wonder, "serve", "--data", data, "--listen", "127.0.0.1:0"],
    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
port = int(re.search(r":(\d+)$", server.stdout.readline().strip()).group(1))

BOUNDARY = "wonder-load-boundary"
fields = {"conversion_type": "image", "from": "png", "to": "jpg", "total_files": "1"}
head = "".join(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files[]"; filename="p.png"\r\n\r\n'
body = head.encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
headers = {"X-API-Key": key, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def memory(process):
    """Resident and proportional kilobytes of the server process alone."""
    rollup = open(f"/proc/{process}/smaps_rollup").read()
    return tuple(int(re.search(rf"^{name}:\s+(\d+)", rollup, re.M).group(1)) for name in ("Rss", "Pss"))


end = time.monotonic() + options.seconds
jobs, errors, submit_ms, samples = [], [], [], []


def client():
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < end:
        try:
            start = time.monotonic()
            connection.request("POST", "/api/v1/jobs", body, headers)
            reply = connection.getresponse()
            text = reply.read()
            submit_ms.append((time.monotonic() - start) * 1000)
            if reply.status == 202:
                jobs.append(json.loads(text)["request_id"])
            else:
                errors.append((reply.status, text[:200]))
            if reply.headers.get("Connection") == "close":
                connection.close()
        except Exception as error:
            errors.append(repr(error))
            connection.close()


threads = [threading.Thread(target=client) for _ in range(options.clients)]
started = time.monotonic()
for thread in threads:
    thread.start()
while time.monotonic() < end:
    samples.append((round(time.monotonic() - started), *memory(server.pid)))
    time.sleep(min(5, options.seconds / 6))
for thread in threads:
    thread.join()

states = {}
connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)


def state(job):
    connection.request("GET", f"/api/v1/jobs/{job}", headers={"X-API-Key": key})
    reply = connection.getresponse()
    document = json.loads(reply.read())
    if reply.headers.get("Connection") == "close":
        connection.close()
    return document["job"]["status"]


# The queue is served in order: when the last job has ended, the others have or are about to.
FINAL = ("completed", "failed", "canceled")
while state(jobs[-1]) not in FINAL:
    time.sleep(0.1)
elapsed = time.monotonic() - started
for job in jobs:
    while (found := state(job)) not in FINAL:
        time.sleep(0.01)
    states[found] = states.get(found, 0) + 1
samples.append((round(elapsed), *memory(server.pid)))
descriptors = len(os.listdir(f"/proc/{server.pid}/fd"))
server.send_signal(signal.SIGTERM)
code = server.wait()

submit_ms.sort()
print(f"picture {len(picture)} bytes, {options.clients} clients, load average {os.getloadavg()[0]:.1f}")
print(f"submitted {len(jobs)} in {options.seconds:.0f} s ({len(jobs) / options.seconds:.0f}/s), errors {len(errors)} {errors[:3]}")
print(f"ended {states} after {elapsed:.1f} s ({len(jobs) / elapsed:.0f}/s), server exit {code}, open descriptors {descriptors}")
print(f"submit ms p50 {submit_ms[len(submit_ms) // 2]:.1f} p99 {submit_ms[len(submit_ms) * 99 // 100]:.1f}")
print("second, RSS kB, PSS kB: " + "; ".join(f"{s} {r} {p}" for s, r, p in samples))
subprocess.run(["rm", "-rf", data])
