#!/usr/bin/env python3
"""A server under half of what it can do, for hours, with faults on a schedule; and a server that is killed all the time.

usage: long.py WONDER [--hours 8] [--folder F] [--upgrade PROGRAM] [--keep MINUTES]    an endurance run
       long.py WONDER --calm [--hours 8] …                                              the same without faults
       long.py WONDER --kills 10000 [--folder F] [--life SECONDS]                       SIGKILL at random moments under the same mix

The mix is longmix.py's: five dialects, pictures mostly, some data and documents. First the full rate is measured, then half
of it is sent. The faults' times are parts of the whole, so that a run of 5 minutes has the same ones: see `schedule`. As
root the data directory is a file system of its own (a loop file of 32 GB, sparse), so that its disk can be filled;
with a C compiler the server's clock can be set (clockshift.c). What cannot be done here is named in the report.

All is kept in FOLDER (./wonder-long): break it off as you like, and the same command goes on where it was. The report is
printed as Markdown at the end and stays in FOLDER/report.md, the samples in FOLDER/samples.csv. Exit code 1 when a limit
is missed. Python's standard library only; the server listens on 127.0.0.1.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request

from longparts import Ledger, Load, probe, receive
from longreport import Audit, report

HERE = os.path.dirname(os.path.abspath(__file__))


def schedule(span, seed):
    """The faults: when, which, and for how long, all in seconds of the run. An hour of 8 hours is an eighth of any other."""
    hour, chance = span / 8, random.Random(seed)
    plan = [((0.1 + n * 0.15) * hour, "server killed", 0) for n in range(5)]
    plan += [((n + 0.85) * hour, "backup", 0) for n in range(8)]
    plan += [(1.3 * hour, "disk full", min(60, hour / 5)), (1.8 * hour, "receiver down", min(300, hour / 6)),
             (2.2 * hour, "reader", hour), (3.4 * hour, "clock ahead", min(600, hour / 5)), (4.3 * hour, "upgrade", 0),
             (4.8 * hour, "clock back", min(600, hour / 5)), (5.3 * hour, "receiver down", min(300, hour / 6)),
             (6.3 * hour, "disk full", min(60, hour / 5))]
    plan += [(chance.uniform(0.02, 0.98) * span, name, 0) for name in ("worker killed", "child killed") for _ in range(100)]
    return sorted(plan)


class Disk:
    """The data directory: on a file system of its own where this user may mount one."""

    def __init__(self, folder, size="32G"):
        self.mount, self.image = f"{folder}/disk", f"{folder}/disk.img"
        self.data, self.is_own = f"{folder}/data", False
        if os.geteuid() or not shutil.which("mkfs.ext4") or os.path.exists(self.data):
            return
        os.makedirs(self.mount, exist_ok=True)
        if not os.path.exists(self.image):
            subprocess.run(["truncate", "-s", size, self.image], check=True)
            subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", self.image], check=True)
        self.is_own = os.path.ismount(self.mount) or not subprocess.run(["mount", "-o", "loop", self.image, self.mount]).returncode
        if self.is_own:
            self.data = f"{self.mount}/data"

    def free(self):
        found = os.statvfs(self.mount if self.is_own else os.path.dirname(self.data))
        return found.f_bavail * found.f_frsize

    def fill(self, name="ballast-of-the-run"):
        """Takes what is free; called again for what has become free meanwhile."""
        with open(f"{self.mount}/{name}", "ab") as file:
            for piece in (1 << 30, 1 << 24, 1 << 20, 1 << 16, 1 << 12):
                while self.free() >= piece:
                    try:
                        os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, piece)
                    except OSError:
                        break

    def empty(self, name="ballast-of-the-run"):
        if os.path.exists(f"{self.mount}/{name}"):
            os.unlink(f"{self.mount}/{name}")

    def leave(self):
        # What the server had started may take a moment to end.
        for _ in range(20 if self.is_own else 0):
            if not subprocess.run(["umount", self.mount], stderr=subprocess.DEVNULL).returncode:
                return
            time.sleep(0.5)


class Server:
    """The program under trial, at one address and one data directory through all of its lives."""

    def __init__(self, run):
        self.run, self.process, self.lock = run, None, threading.RLock()
        self.is_expected = True

    def start(self, waits=True):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WONDER_")}
        environment.update(WONDER_ALLOW_PRIVATE_TARGETS="127.0.0.0/8", WONDER_LOG_LEVEL="warning", WONDER_RETENTION=f"{self.run.keeps}s")
        if self.run.clock:
            environment.update(LD_PRELOAD=self.run.clock, CLOCK_SHIFT=f"{self.run.folder}/clock")
        with open(f"{self.run.folder}/server.log", "ab") as log:
            self.process = subprocess.Popen(
                [self.run.program, "serve", "--data", self.run.disk.data, "--listen", f"127.0.0.1:{self.run.port}"], env=environment,
                stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True)
        self.began = time.time()
        self.run.ledger.put("server", self.process.pid)
        if waits:
            line = self.process.stdout.readline()
            if "http" not in line:
                raise SystemExit(f"the server did not start; see {self.run.folder}/server.log")
            self.run.ledger.put("lives", self.run.ledger.get("lives", 0) + 1)

    def end(self, number, seconds=60):
        """The exit code and how long the end took."""
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(seconds)
        self.process.stdout.close()
        return code, time.monotonic() - began

    def again(self, number):
        with self.lock:
            code, seconds = self.end(number)
            self.start()
            return f"exit code {code} after {seconds:.2f} s"

    def children(self, of=None):
        found = []
        of = of or self.process.pid
        try:
            for task in os.listdir(f"/proc/{of}/task"):
                found += map(int, open(f"/proc/{of}/task/{task}/children").read().split())
        except OSError:
            pass
        return found

    def workers(self):
        return [child for child in self.children() if self.command(child).startswith(b"wonder\0worker") or b"\0worker" in self.command(child)]

    @staticmethod
    def command(process):
        try:
            return open(f"/proc/{process}/cmdline", "rb").read()
        except OSError:
            return b""


class Run:
    def __init__(self, options):
        self.folder = os.path.abspath(options.folder)
        os.makedirs(f"{self.folder}/backups", exist_ok=True)
        self.ledger = Ledger(self.folder)
        self.kills, self.span, self.life, self.is_calm = options.kills, options.hours * 3600, options.life, options.calm
        if (was := self.ledger.get("asked")) not in (None, f"{self.kills} {self.span}"):
            raise SystemExit(f"{self.folder} holds another run ({was}); name another --folder, or the same --hours or --kills")
        self.ledger.put("asked", f"{self.kills} {self.span}")
        self.upgrade = os.path.abspath(options.upgrade or options.wonder)
        self.program = f"{self.folder}/wonder"
        if not os.path.exists(self.program):
            shutil.copy(options.wonder, self.program)
        self.end_last_server()
        self.disk = Disk(self.folder)
        self.keeps = 60 * options.keep or (86_400 if self.span < 2 * 3600 or self.kills else 3600)
        self.disk.empty()
        self.clock = self.prepare_clock()
        self.parts, self.over, self.receiver = [], threading.Event(), None
        self.last_rows = 0
        self.prepare()
        self.port = int(self.ledger.get("port"))
        self.server = Server(self)

    def end_last_server(self):
        """The server of a run that was broken off without its leave."""
        last = self.ledger.get("server")
        if last and f"{self.folder}/".encode() in Server.command(last):
            os.kill(last, signal.SIGTERM)
            while Server.command(last):
                time.sleep(0.1)

    def prepare_clock(self):
        library = f"{self.folder}/clockshift.so"
        with open(f"{self.folder}/clock", "wb") as file:
            file.write(bytes(8))
        if not os.path.exists(library):
            if not shutil.which("cc"):
                return None
            subprocess.run(["cc", "-O2", "-shared", "-fPIC", f"{HERE}/clockshift.c", "-o", library], check=True)
        return library

    def set_clock(self, seconds):
        with open(f"{self.folder}/clock", "r+b") as file:
            file.write(seconds.to_bytes(8, "little", signed=True))

    def admin(self, *words):
        return subprocess.run([self.program, "admin", *words, "--data", self.disk.data], capture_output=True, text=True)

    def prepare(self):
        if self.ledger.get("key"):
            return
        for name in ("port", "hooks"):
            with socket.create_server(("127.0.0.1", 0)) as probe_:
                self.ledger.put(name, probe_.getsockname()[1])
        self.ledger.put("run", f"r{random.randrange(1 << 32):08x}")
        # A document takes longer than a short life, so that in the end every client would wait for one.
        self.ledger.put("office", int(bool(shutil.which("soffice")) and (not self.kills or self.life >= 5)))
        made = self.admin("workspace", "create", "long", "--plan", "enterprise")
        if made.returncode:
            raise SystemExit(made.stderr)
        self.ledger.put("key", self.admin("key", "issue", "long").stdout.split()[0])

    def part(self, *words):
        process = subprocess.Popen([sys.executable, os.path.abspath(__file__), "--part", self.folder, *map(str, words)])
        self.parts.append(process)
        return process

    def say(self, *words):
        print(time.strftime("%H:%M:%S"), *words, flush=True)

    def stop_parts(self, parts):
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait()
            self.parts.remove(part)

    def measure(self):
        """Operations a second of the mix when clients send the next one after each end."""
        seconds = max(15, min(60, self.span / 20))
        self.say(f"measuring the full rate for {seconds:.0f} s")
        loads = [self.part("load", 0, 12, 2) for _ in range(2)]
        time.sleep(seconds / 4)
        begin = time.time()
        time.sleep(seconds)
        end = time.time()
        self.stop_parts(loads)
        count, = self.ledger.run("SELECT count(*) FROM ops WHERE ended BETWEEN ? AND ?", begin, end)[0]
        self.ledger.put("full rate", count / (end - begin))
        self.ledger.put("full load", os.getloadavg()[0])
        self.say(f"{count / (end - begin):.1f} operations a second, load {os.getloadavg()[0]:.1f}")

    def endure(self):
        self.server.start()
        self.receiver = self.part("receive")
        if not self.ledger.get("full rate"):
            self.measure()
        rate = self.ledger.get("full rate") / 2
        parts = [self.part("load", rate / 2, 64, 2) for _ in range(2)] + [self.part("probe")]
        self.ledger.run("UPDATE faults SET ended = ?, note = 'broken off with the run' WHERE ended IS NULL", time.time())
        begun = {row for row in self.ledger.run("SELECT name, at FROM faults")}
        planned = [] if self.is_calm else schedule(self.span, 1)
        plan = [fault for fault in planned if (fault[1], fault[0]) not in begun]
        elapsed, last, faults = self.ledger.get("elapsed", 0.0), time.monotonic(), []
        self.say(f"{rate:.1f} operations a second from {elapsed:.0f} s to {self.span:.0f} s, {len(plan)} faults to come")
        step = max(1, min(5, self.span / 300))
        due = last
        try:
            while elapsed < self.span and not self.over.is_set():
                now = time.monotonic()
                elapsed, last = elapsed + now - last, now
                while plan and plan[0][0] <= elapsed:
                    at, name, seconds = plan.pop(0)
                    thread = threading.Thread(target=self.fault, args=(name, at, seconds), daemon=True)
                    thread.start()
                    faults.append(thread)
                with self.server.lock:
                    if self.server.process.poll() is not None:
                        self.note("server ended by itself", f"exit code {self.server.process.returncode}")
                        self.server.start()
                if now >= due:
                    due = now + step
                    self.sample(elapsed)
                    self.ledger.put("elapsed", elapsed)
                self.over.wait(0.1)
        finally:
            self.ledger.put("elapsed", elapsed)
            if self.over.is_set():
                self.leave()
        for thread in faults:
            thread.join()
        self.stop_parts(parts)

    def leave(self):
        self.say("broken off; the same command goes on from here")
        self.disk.empty()
        for part in self.parts:
            part.terminate()
        for part in self.parts:
            part.wait()
        self.server.end(signal.SIGTERM)
        self.disk.leave()
        sys.stdout.flush()
        os._exit(75)

    def note(self, name, text):
        self.say(name, text)
        self.ledger.run("INSERT INTO faults (name, at, began, ended, note) VALUES (?, -1, ?, ?, ?)", name, time.time(), time.time(), text)

    def fault(self, name, at, seconds):
        number = self.ledger.run("INSERT INTO faults (name, at, began) VALUES (?, ?, ?) RETURNING id", name, at, time.time())[0][0]
        try:
            note = getattr(self, "do_" + name.replace(" ", "_"))(seconds)
        except Exception as problem:
            note = "PROBLEM " + repr(problem)
        if "killed" not in name or name == "server killed" or note.startswith("PROBLEM"):
            self.say(f"{name}, {seconds:.0f} s: {note}")
        self.ledger.run("UPDATE faults SET ended = ?, note = ? WHERE id = ?", time.time(), note, number)

    def do_server_killed(self, _):
        return self.server.again(signal.SIGKILL)

    def do_worker_killed(self, _):
        return self.strike(self.server.workers())

    def do_child_killed(self, _):
        return self.strike([child for worker in self.server.workers() for child in self.server.children(worker)])

    @staticmethod
    def strike(victims):
        if not victims:
            return "none was there"
        try:
            os.kill(random.choice(victims), signal.SIGKILL)
        except ProcessLookupError:
            return "it had just ended"
        return "killed"

    def do_upgrade(self, _):
        shutil.copy(self.upgrade, self.program + ".new")
        os.rename(self.program + ".new", self.program)
        return self.server.again(signal.SIGTERM)

    def do_disk_full(self, seconds):
        if not self.disk.is_own:
            return "SKIPPED: no file system of its own could be mounted"
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.over.is_set():
            self.disk.fill()
            time.sleep(0.3)
        self.disk.empty()
        return self.well_again()

    def well_again(self):
        began = time.monotonic()
        while time.monotonic() < began + 60:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return f"ready {time.monotonic() - began:.1f} s after it"
            except OSError as problem:
                text = problem.read().decode() if hasattr(problem, "read") else repr(problem)
            time.sleep(0.2)
        return f"PROBLEM not ready a minute after it, so started again ({text.strip()}; {self.server.again(signal.SIGTERM)})"

    def do_receiver_down(self, seconds):
        self.receiver.kill()
        self.receiver.wait()
        self.parts.remove(self.receiver)
        self.over.wait(seconds)
        self.receiver = self.part("receive")
        return "back"

    def do_clock_ahead(self, seconds, shift=3 * 86_400):
        if not self.clock:
            return "SKIPPED: no C compiler"
        self.set_clock(shift)
        self.over.wait(seconds)
        self.set_clock(0)
        return f"{shift} s and back"

    def do_clock_back(self, seconds):
        return self.do_clock_ahead(seconds, -3600)

    def do_reader(self, seconds):
        database = sqlite3.connect(f"file:{self.disk.data}/wonder.db?mode=ro", uri=True, isolation_level=None)
        database.execute("BEGIN")
        count, = database.execute("SELECT count(*) FROM jobs").fetchone()
        self.over.wait(seconds)
        again, = database.execute("SELECT count(*) FROM jobs").fetchone()
        database.close()
        return f"saw {count} jobs at its beginning and {again} at its end"

    def do_backup(self, _):
        if self.ledger.run("SELECT count(*) FROM faults WHERE name = 'backup' AND ended IS NULL")[0][0] > 1:
            return "SKIPPED: the one before is still being made"
        target = f"{self.folder}/backups/{time.time():.0f}.tar"
        began = time.monotonic()
        made = self.admin("backup", target)
        seconds = time.monotonic() - began
        if made.returncode:
            return f"PROBLEM {made.stderr.strip().splitlines()[-1][:300]}"
        for name in os.listdir(f"{self.folder}/backups"):
            if f"{self.folder}/backups/{name}" != target:
                os.unlink(f"{self.folder}/backups/{name}")
        return f"{os.path.getsize(target) / (1 << 20):.0f} MiB in {seconds:.1f} s"

    def sample(self, elapsed):
        columns = {"elapsed": round(elapsed, 1), "wall": round(time.time(), 1), "life": self.ledger.get("lives", 0),
                   "age": round(time.time() - self.server.began, 1)}
        columns |= self.figures("", [self.server.process.pid]) | self.figures("workers_", self.server.workers())
        columns["own_descriptors"] = columns["descriptors"] - self.clients()
        data = self.disk.data
        try:
            columns["log_bytes"] = os.path.getsize(f"{data}/wonder.db-wal")
            columns["database_bytes"] = os.path.getsize(f"{data}/wonder.db")
            columns["spool_files"] = sum(len(files) for _, _, files in os.walk(f"{data}/spool"))
        except OSError:
            return
        columns["free_megabytes"] = self.disk.free() >> 20
        columns["machine_load"] = os.getloadavg()[0]
        (columns["ended"],), (columns["under_way"],) = self.ledger.run(
            "SELECT count(*) FROM ops WHERE ended IS NOT NULL UNION ALL SELECT count(*) FROM ops WHERE state = 'taken'")
        columns |= self.polls()
        under_way = self.ledger.run("SELECT DISTINCT name FROM faults WHERE ended IS NULL")
        columns["faults"] = "+".join(name for name, in under_way)
        path = f"{self.folder}/samples.csv"
        is_new = not os.path.exists(path)
        with open(path, "a") as file:
            if is_new:
                file.write(",".join(columns) + "\n")
            file.write(",".join(map(str, columns.values())) + "\n")

    def clients(self):
        """The connections that the server has accepted and not closed."""
        ends = f":{self.port:04X}"
        with open("/proc/net/tcp") as file:
            rows = [line.split() for line in file][1:]
        return sum(row[1].endswith(ends) and row[3] in ("01", "08") for row in rows)

    @staticmethod
    def figures(prefix, processes):
        """Resident and anonymous kilobytes, descriptors and threads of processes together."""
        sums = dict.fromkeys(("rss_kb", "anon_kb", "descriptors", "threads"), 0)
        for process in processes:
            try:
                text = open(f"/proc/{process}/status").read()
                sums["descriptors"] += len(os.listdir(f"/proc/{process}/fd"))
                for name, field in (("rss_kb", "VmRSS"), ("anon_kb", "RssAnon"), ("threads", "Threads")):
                    sums[name] += int(re.search(rf"^{field}:\s+(\d+)", text, re.M).group(1))
            except (OSError, AttributeError):
                pass
        return {prefix + name: value for name, value in sums.items()} | ({prefix + "count": len(processes)} if prefix else {})

    def polls(self):
        """Median and 99th percentile of the probe's polls since the sample before."""
        try:
            with open(f"{self.folder}/probes.csv") as file:
                file.seek(self.last_rows or max(0, os.path.getsize(file.name) - 2000))
                lines = file.read().split("\n")
                self.last_rows = file.tell()
        except OSError:
            return {"poll_p50": "", "poll_p99": ""}
        times = sorted(float(line.split(",")[1]) for line in lines if line.count(",") == 1 and not line.endswith(",-1.000"))
        if not times:
            return {"poll_p50": "", "poll_p99": ""}
        return {"poll_p50": round(times[len(times) // 2], 2), "poll_p99": round(times[len(times) * 99 // 100], 2)}

    def kill_and_kill(self):
        """SIGKILL at random moments, every tenth one while the server starts."""
        done = self.ledger.get("kills done", 0)
        self.server.start()
        self.receiver = self.part("receive")
        parts = [self.part("load", 0, 16, 0.05) for _ in range(2)]
        began = time.monotonic()
        while done < self.kills and not self.over.is_set():
            if done % 10 == 9:
                self.server.end(signal.SIGKILL)
                self.server.start(waits=False)
                time.sleep(random.uniform(0, 0.06))
                self.server.end(signal.SIGKILL)
                self.server.start()
                done += 1
            self.over.wait(random.uniform(0, self.life))
            self.server.again(signal.SIGKILL)
            done += 1
            self.ledger.put("kills done", done)
            if done % 50 < 2:
                count, = self.ledger.run("SELECT count(*) FROM ops WHERE remote IS NOT NULL")[0]
                self.say(f"{done} kills, {count} operations taken, load {os.getloadavg()[0]:.1f}")
        self.ledger.put("elapsed", self.ledger.get("elapsed", 0.0) + time.monotonic() - began)
        if self.over.is_set():
            self.leave()
        self.stop_parts(parts)

    def drain(self):
        """Until no job waits or runs and no webhook is due; gives what was left of them."""
        deadline = time.monotonic() + 900
        while time.monotonic() < deadline and not self.over.is_set():
            stats = json.loads(self.admin("stats", "--json").stdout)
            stats = stats.get("stats", stats)
            if stats["waiting"] + stats["running"] == 0:
                break
            time.sleep(1)
        self.ledger.put("left in the queue", stats["waiting"] + stats["running"])

    def main(self):
        signal.signal(signal.SIGTERM, lambda *_: self.over.set())
        signal.signal(signal.SIGINT, lambda *_: self.over.set())
        if not self.ledger.get("began"):
            self.ledger.put("began", time.time())
        if self.ledger.get("phase", "work") == "work":
            self.kill_and_kill() if self.kills else self.endure()
            self.ledger.put("phase", "audit")
        else:
            self.server.start()
            self.receiver = self.part("receive")
        self.say("draining")
        self.drain()
        if self.over.is_set():
            self.leave()
        self.say("asking for everything that was taken")
        audit = Audit(self)
        audit.ask_for_all()
        if self.over.is_set():
            self.leave()
        audit.settle_webhooks()
        audit.look_while_it_runs()
        audit.stopped = self.server.end(signal.SIGTERM)
        audit.look_at_the_database()
        self.stop_parts(list(self.parts))
        is_well, text = report(self, audit)
        with open(f"{self.folder}/report.md", "w") as file:
            file.write(text)
        print(text)
        self.disk.leave()
        return 0 if is_well else 1


def main():
    if sys.argv[1] == "--part":
        folder, part, *numbers = sys.argv[2:]
        if part == "load":
            rate, clients, longest = map(float, numbers)
            Load(folder, rate, int(clients), longest).serve()
        (probe if part == "probe" else receive)(folder)
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("wonder")
    parser.add_argument("--hours", type=float, default=8)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--folder", default="./wonder-long")
    parser.add_argument("--life", type=float, default=1, help="the most seconds that a server lives before its next kill")
    parser.add_argument("--keep", type=int, default=0, help="minutes that files are kept, where the disk does not hold an hour's")
    parser.add_argument("--calm", action="store_true", help="no faults: what memory does by itself")
    parser.add_argument("--upgrade", help="the program that takes its place in the middle; without it the same one")
    sys.exit(Run(parser.parse_args()).main())


if __name__ == "__main__":
    main()
