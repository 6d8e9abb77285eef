"""The processes around the server of long.py: clients that keep a ledger, a probe that polls, and a receiver of webhooks."""

import http.server
import json
import os
import queue
import random
import signal
import sqlite3
import threading
import time

import longmix


class Ledger:
    """What the clients know, and how far the run is; one file for all of its processes."""

    def __init__(self, folder):
        self.lock = threading.Lock()
        self.database = sqlite3.connect(f"{folder}/ledger.db", timeout=120, isolation_level=None, check_same_thread=False)
        # A machine that dies ends the run; a process that does not.
        self.database.executescript("""
            PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
            CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value);
            CREATE TABLE IF NOT EXISTS ops (id INTEGER PRIMARY KEY, kind TEXT, began REAL, tries INTEGER, remote TEXT, taken REAL,
              state TEXT, reason TEXT, links INTEGER, digest TEXT, ended REAL, checked TEXT);
            CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY, name TEXT, at REAL, began REAL, ended REAL, note TEXT);
        """)

    def run(self, sql, *values):
        with self.lock:
            return self.database.execute(sql, values).fetchall()

    def get(self, name, otherwise=None):
        rows = self.run("SELECT value FROM meta WHERE name = ?", name)
        return rows[0][0] if rows else otherwise

    def put(self, name, value):
        self.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, value)

    def begin(self, kind):
        with self.lock:
            return self.database.execute(
                "INSERT INTO ops (kind, began, tries, state) VALUES (?, ?, 0, 'sent')", (kind, time.time())).lastrowid


def alive_with_parent():
    """Ends this process with the one that started it."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)
    threading.Thread(target=watch, daemon=True).start()


class Load:
    """A process of clients. `rate` operations a second, whatever the server does; 0 is as many as it takes."""

    def __init__(self, folder, rate, clients, longest):
        self.ledger = Ledger(folder)
        self.rate, self.clients, self.longest = rate, clients, longest
        self.port, self.key = int(self.ledger.get("port")), self.ledger.get("key")
        self.hooks, self.run = int(self.ledger.get("hooks")), self.ledger.get("run")
        self.has_office = bool(self.ledger.get("office"))
        self.over = threading.Event()
        self.tokens = queue.Queue(clients)
        self.missed = 0

    def serve(self):
        alive_with_parent()
        signal.signal(signal.SIGTERM, lambda *_: self.over.set())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threads = [threading.Thread(target=self.work, daemon=True) for _ in range(self.clients)]
        for thread in threads:
            thread.start()
        due = time.monotonic()
        while not self.over.wait(max(0, due - time.monotonic())):
            due += random.expovariate(self.rate) if self.rate else 0.001
            try:
                self.tokens.put_nowait(None)
            except queue.Full:
                if self.rate:
                    self.missed += 1
                else:
                    self.over.wait(0.01)
        deadline = time.monotonic() + 60
        for thread in threads:
            thread.join(max(0.1, deadline - time.monotonic()))
        if self.missed:
            self.ledger.run("INSERT INTO meta VALUES ('missed', ?1) ON CONFLICT DO UPDATE SET value = value + ?1", self.missed)
        os._exit(0)

    def work(self):
        door, chance = longmix.Door(self.port, self.key), random.Random()
        while not self.over.is_set():
            try:
                self.tokens.get(timeout=0.5)
            except queue.Empty:
                continue
            kind = longmix.chosen(chance, self.has_office)
            number = self.ledger.begin(kind.name)
            try:
                self.operate(door, kind, number)
            except (longmix.Refused, longmix.NoAnswer, KeyError, ValueError, TypeError) as problem:
                self.ledger.run("UPDATE ops SET reason = ? WHERE id = ?", repr(problem)[:400], number)

    def operate(self, door, kind, number):
        key, tries = f"{self.run}-{number}", 0

        def submit():
            nonlocal tries
            tries += 1
            return kind.submit(door, number, key, f"http://127.0.0.1:{self.hooks}/hook/{number}")
        try:
            remote = longmix.patiently(submit, self.over.is_set, self.longest) if kind.knows_key else submit()
        except longmix.Refused as refusal:
            return self.ledger.run("UPDATE ops SET state = 'refused', tries = ?, reason = ? WHERE id = ?",
                                   tries, str(refusal.args)[:400], number)
        except longmix.NoAnswer:
            self.ledger.run("UPDATE ops SET state = 'unanswered', tries = ? WHERE id = ?", tries, number)
            self.over.wait(self.longest)
            return None
        self.ledger.run("UPDATE ops SET state = 'taken', tries = ?, remote = ?, taken = ? WHERE id = ?",
                        tries, remote, time.time(), number)
        pause, deadline = 0.04, time.monotonic() + 600
        while True:
            status, links, reason = self.ask(lambda: kind.state(door, remote))
            if status in longmix.ENDS:
                break
            if self.over.is_set() or time.monotonic() > deadline:
                return None
            time.sleep(pause)
            pause = min(1, pause * 1.5)
        ended = time.time()
        digest = self.ask(lambda: longmix.taken(door, kind.state(door, remote)[1])) if status == "completed" else None
        return self.ledger.run("UPDATE ops SET state = ?, reason = ?, links = ?, digest = ?, ended = ? WHERE id = ?",
                               status, reason, len(links), digest, ended, number)

    def ask(self, action):
        return longmix.patiently(action, self.over.is_set, self.longest)


def probe(folder):
    """Polls of a job that has ended, fifty a second, each with its moment and milliseconds; -1 where nothing answered."""
    alive_with_parent()
    ledger = Ledger(folder)
    door, target, looked = longmix.Door(int(ledger.get("port")), ledger.get("key")), None, 0
    with open(f"{folder}/probes.csv", "a", buffering=1) as file:
        while True:
            if time.monotonic() > looked + 5:
                rows = ledger.run("SELECT remote FROM ops WHERE kind = 'picture' AND state = 'completed' ORDER BY id DESC LIMIT 1")
                target, looked = rows[0][0] if rows else None, time.monotonic()
            began = time.perf_counter()
            if target:
                try:
                    status, _ = door.ask("GET", f"/api/v1/jobs/{target}")
                except longmix.NoAnswer:
                    status = 0
                milliseconds = (time.perf_counter() - began) * 1000
                file.write(f"{time.time():.3f},{milliseconds if status == 200 else -1:.3f}\n")
            time.sleep(max(0.001, 0.02 - (time.perf_counter() - began)))


class Hooks(http.server.BaseHTTPRequestHandler):
    """The receiver: a webhook is a line of a file before it is answered."""

    protocol_version = "HTTP/1.1"
    file = -1

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        event = self.headers.get("X-WonderConvert-Delivery") or self.headers.get("webhook-id")
        try:
            document = json.loads(body)
            event = event or document.get("id")
        except ValueError:
            event = "no JSON"
        os.write(Hooks.file, f"{time.time():.3f} {self.path.rsplit('/', 1)[1]} {event}\n".encode())
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Receiver(http.server.ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, *_):
        """A server that is killed breaks its connections, which is no news here."""


def receive(folder):
    alive_with_parent()
    Hooks.file = os.open(f"{folder}/hooks.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    Receiver(("127.0.0.1", int(Ledger(folder).get("hooks"))), Hooks).serve_forever()
