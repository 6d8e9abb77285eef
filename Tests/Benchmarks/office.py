#!/usr/bin/env python3
"""How long a document of three pages takes to become a PDF through HTTP, and how many a second.

usage: office.py WONDER DOCUMENT [WORKSPACES]

Prints what a job takes by submission with sync=true: the first one, when nothing has been started; the next ones of one
workspace, with the program that the one before has had; those of a workspace that comes for the first time, with the
program that was started ahead; then the rate with eight in flight of one workspace, and of eight workspaces. Processor time
is that of the server and all that it has started.
"""

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from through import Wonder, processor, resident, tree


def submit(server, key, source, target, document, kind="document", waits=True, fields=None):
    """Seconds, and the id of the job."""
    boundary = uuid.uuid4().hex
    fields = {**({"conversion_type": kind} if kind else {}), "from": source, "to": target, "sync": "true" if waits else "false", **(fields or {})}
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items())
    body += (f'--{boundary}\r\nContent-Disposition: form-data; name="files[]"; filename="a.{source}"\r\n'
             "Content-Type: application/octet-stream\r\n\r\n").encode() + document + f"\r\n--{boundary}--\r\n".encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/api/v1/jobs", body,
        {"X-API-Key": key, "Content-Type": f"multipart/form-data; boundary={boundary}"})
    begin = time.monotonic()
    try:
        with urllib.request.urlopen(request) as reply:
            text = reply.read().decode()
    except urllib.error.HTTPError as failure:
        raise RuntimeError(f"{source} to {target}: {failure.read().decode()}") from None
    span = time.monotonic() - begin
    assert not waits or '"completed"' in text, text
    return span, json.loads(text).get("request_id")


def post(server, key, document):
    return submit(server, key, "docx", "pdf", document)[0]


def stopped(server):
    """Megabytes of each LibreOffice below the server that stands still."""
    sizes = []
    for process in tree(server.process.pid):
        try:
            is_office = "soffice" in os.readlink(f"/proc/{process}/exe")
            if is_office and open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[0] == "T":
                sizes.append(resident(process))
        except OSError:
            pass
    return sizes


def several(server, keys, document, count):
    """So many, each key's one after the other."""
    def work(key):
        for _ in range(count // len(keys)):
            post(server, key, document)
    threads = [threading.Thread(target=work, args=(key,)) for key in keys]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count / (time.monotonic() - begin)


def main():
    program, document = os.path.abspath(sys.argv[1]), open(sys.argv[2], "rb").read()
    folder = tempfile.mkdtemp(prefix="wonder-office-")
    server = Wonder(program, folder)
    data = os.path.join(folder, "data")

    def workspace(name):
        def admin(*words):
            return subprocess.check_output([program, "admin", *words, "--data", data], text=True).strip()
        admin("workspace", "create", name, "--plan", "enterprise")
        return admin("key", "issue", name)

    try:
        print(f"load {os.getloadavg()[0]:.1f}")
        time.sleep(15)  # Programs are tried at the start.
        print(f"before the first document: {len(stopped(server))} LibreOffice")
        print(f"nothing started: {post(server, server.key, document):.3f} s")
        time.sleep(3)
        print(f"standing still, one used once and one fresh: {', '.join(f'{size:.0f} MB' for size in stopped(server))}")
        # All by one LibreOffice, whose time is counted as long as it is there.
        before = processor(server.process.pid)
        for _ in range(10):
            post(server, server.key, document)
        used = (processor(server.process.pid) - before) / 10
        times = sorted(post(server, server.key, document) for _ in range(40))
        print(f"one after the other: p50 {statistics.median(times):.3f} p95 {times[37]:.3f} s, {used:.0f} ms of processor each")
        time.sleep(5)
        print(f"memory of all: {resident(server.process.pid):.0f} MB")
        before = processor(server.process.pid)
        time.sleep(5)
        print(f"idle: {(processor(server.process.pid) - before) / 5:.1f} ms of processor a second")
        for count in (8,):
            rate = several(server, [server.key] * count, document, 96)
            print(f"{count} in flight of one workspace: {rate:.1f}/s")
        if len(sys.argv) > 3:
            keys = [workspace(f"w{number}") for number in range(int(sys.argv[3]))]
            firsts = []
            for key in keys:
                time.sleep(2)
                firsts.append(post(server, key, document))
            print(f"first of a workspace, one started ahead: p50 {statistics.median(firsts):.3f} max {max(firsts):.3f} s")
            rate = several(server, keys, document, 12 * len(keys))
            print(f"{len(keys)} workspaces, one in flight each: {rate:.1f}/s")
        print(f"memory of all: {resident(server.process.pid):.0f} MB")
    finally:
        begin = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        server.process.wait()
        print(f"SIGTERM to exit: {(time.monotonic() - begin) * 1000:.0f} ms")
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
