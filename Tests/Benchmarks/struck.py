#!/usr/bin/env python3
"""Jobs of many kinds while their programs are killed at random: each ends once, made or with its sentence.

usage: struck.py WONDER FOLDER [JOBS] [KILLS A SECOND]

FOLDER is that of confined.py. The victims are processes below the server that are none of wonder's own.
"""

import collections
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import urllib.request

from confined import CONVERSIONS
from office import submit
from through import Wonder, tree


def submitted(server, source, target, body, fields):
    """The id of a job, whose type of conversion the server tells where the first guess is wrong."""
    for kind in ("image", "document", "video"):
        try:
            return submit(server, server.key, source, target, body, kind, False, fields)[1]
        except RuntimeError as failure:
            if "does not fit" not in str(failure):
                raise
    raise RuntimeError(f"{source} to {target}: no type of conversion fits")


def get(server, path):
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", headers={"X-API-Key": server.key})
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def main():
    program, inputs = os.path.abspath(sys.argv[1]), sys.argv[2]
    jobs, rate = int((sys.argv[3:4] or ["500"])[0]), float((sys.argv[4:5] or ["3"])[0])
    kinds = [row for row in CONVERSIONS if os.path.exists(os.path.join(inputs, row[1]))]
    folder = tempfile.mkdtemp(prefix="wonder-struck-")
    server = Wonder(program, folder)
    isOver = threading.Event()
    struck = collections.Counter()

    def strike():
        while not isOver.wait(random.expovariate(rate)):
            names = []
            for process in tree(server.process.pid)[1:]:
                try:
                    name = os.path.basename(os.readlink(f"/proc/{process}/exe").removesuffix(" (deleted)"))
                    if "wonder" not in name:
                        names.append((process, name))
                except OSError:
                    pass
            if names:
                process, name = random.choice(names)
                try:
                    os.kill(process, random.choice([signal.SIGKILL, signal.SIGSEGV]))
                    struck[name] += 1
                except ProcessLookupError:
                    pass

    try:
        print(f"load {os.getloadavg()[0]:.1f}")
        time.sleep(15)
        threading.Thread(target=strike, daemon=True).start()
        begin, taken = time.monotonic(), []
        random.seed(1)
        for number in range(jobs):
            _, file, target, *options = random.choice(kinds)
            body = open(os.path.join(inputs, file), "rb").read()
            fields = {f"options[{option.split('=')[0]}]": option.split("=")[1] for option in options}
            taken.append(submitted(server, file.rsplit(".", 1)[1], target, body, fields))
        ends, open_jobs = {}, set(taken)
        while open_jobs and time.monotonic() - begin < 3600:
            for job in sorted(open_jobs):
                document = get(server, f"/api/v1/jobs/{job}")
                if document["job"]["status"] in ("completed", "failed", "canceled"):
                    ends[job] = document
                    open_jobs.discard(job)
            time.sleep(1)
        isOver.set()
        statuses = collections.Counter(document["job"]["status"] for document in ends.values())
        reasons = collections.Counter(
            (document["job"].get("error") or document["job"].get("error_message") or "?") if isinstance(document["job"], dict)
            else "?" for document in ends.values() if document["job"]["status"] == "failed")
        print(f"{len(taken)} jobs in {time.monotonic() - begin:.0f} s: {dict(statuses)}, {len(open_jobs)} open;"
              f" {sum(struck.values())} killed: {dict(struck)}")
        for reason, count in reasons.most_common():
            print(f"  {count} failed: {reason}")
        # What was told must stay.
        changed = sum(get(server, f"/api/v1/jobs/{job}")["job"]["status"] != document["job"]["status"]
                      for job, document in ends.items())
        print(f"{changed} changed afterwards; load {os.getloadavg()[0]:.1f}")
    finally:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait()
        left = [process for process in filter(str.isdigit, os.listdir("/proc")) if b"soffice" in cmdline(process)]
        folders = [name for name in os.listdir(os.path.join(folder, "data", "spool")) if name.startswith("tool-")]
        print(f"after the end: {len(left)} processes of LibreOffice, {len(folders)} folders")
        shutil.rmtree(folder)


def cmdline(process):
    try:
        return open(f"/proc/{process}/cmdline", "rb").read()
    except OSError:
        return b""


if __name__ == "__main__":
    main()
