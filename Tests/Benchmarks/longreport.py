"""What is asked at the end of long.py, and its report: everything that was taken, webhooks, counters, and the lines of its samples."""

import collections
import csv
import json
import os
import sqlite3
import statistics
import threading
import time

import longmix

TERMINAL = "('completed', 'failed', 'canceled')"


class Audit:
    """Everything that clients were told, compared with what the server says and with its database."""

    def __init__(self, run):
        self.run, self.ledger, self.counts = run, run.ledger, {}

    def ask_for_all(self):
        """Asks for each operation that was taken; its state and its outputs must be what they were at the first answer."""
        rows = iter(self.ledger.run("SELECT id, kind, remote, state, digest, links, coalesce(ended, taken) FROM ops WHERE remote IS NOT NULL AND checked IS NULL"))
        lock, keeps = threading.Lock(), self.run.keeps

        def look():
            door = longmix.Door(self.run.port, self.ledger.get("key"))
            while not self.run.over.is_set():
                with lock:
                    row = next(rows, None)
                if row is None:
                    return
                try:
                    verdict, *seen = self.verdict(door, keeps, *row[1:])
                except longmix.NoAnswer as problem:
                    verdict, seen = f"nothing answers: {problem}", None
                if seen:
                    self.ledger.run("UPDATE ops SET checked = ?, state = ?, reason = ?, links = ?, digest = ?, ended = ? WHERE id = ?",
                                    verdict, *seen, time.time(), row[0])
                else:
                    self.ledger.run("UPDATE ops SET checked = ? WHERE id = ?", verdict, row[0])
        threads = [threading.Thread(target=look) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def verdict(self, door, keeps, name, remote, state, digest, links, ended):
        """A word, and state, reason, links and digest where they are told for the first time."""
        kind, deadline = longmix.BY_NAME[name], time.monotonic() + 600
        try:
            while True:
                found, addresses, reason = longmix.patiently(lambda: kind.state(door, remote), self.run.over.is_set)
                if found in longmix.ENDS or time.monotonic() > deadline or self.run.over.is_set():
                    break
                time.sleep(1)
        except longmix.Refused as refusal:
            return f"lost: {refusal.args[0]}",
        if found not in longmix.ENDS:
            return "never ended",
        is_told = state in longmix.ENDS
        if is_told and found != state:
            return f"changed from {state} to {found}",
        if ended and time.time() - ended > keeps - 300:
            return ("right, its files are over",) if is_told else ("right, ended unseen, its files are over", found, reason, None, None)
        new = None
        if found == "completed":
            if not addresses:
                return "without an output",
            try:
                new = longmix.taken(door, addresses)
            except longmix.Refused as refusal:
                return f"output gone: {refusal.args[0]}",
            if digest and new != digest:
                return "other bytes",
            if is_told and links is not None and links != len(addresses):
                return "other outputs",
        return ("right",) if is_told else ("right, ended meanwhile", found, reason, len(addresses), new)

    def hooks(self):
        """The events that came for each operation."""
        found = collections.defaultdict(list)
        try:
            with open(f"{self.run.folder}/hooks.log") as file:
                for line in file:
                    _, number, event = line.split(None, 2)
                    found[int(number)].append(event.strip())
        except OSError:
            pass
        return found

    def owed(self):
        names = [kind.name for kind in longmix.BY_NAME.values() if kind.tells]
        marks = ",".join("?" * len(names))
        ended = {row for row, in self.ledger.run(f"SELECT id FROM ops WHERE kind IN ({marks}) AND state IN {TERMINAL}", *names)}
        return ended - set(self.hooks())

    def settle_webhooks(self):
        """Waits for those under way, then sends what has failed once more, as an operator would."""
        def settle(most):
            deadline, last, quiet = time.monotonic() + most, len(self.owed()), 0
            while last and quiet < 20 and time.monotonic() < deadline and not self.run.over.is_set():
                time.sleep(1)
                now = len(self.owed())
                waits = json.loads(self.run.admin("deliveries", "--status", "waiting", "--limit", "1", "--json").stdout or "[]")
                waits = waits.get("deliveries", []) if isinstance(waits, dict) else waits
                quiet, last = (quiet + 1 if now == last and not waits else 0), now
            return last
        before = settle(300)
        if before:
            self.run.admin("replay-failed-webhooks", "--limit", "1000000")
            settle(300)
        hooks = self.hooks()
        several = sum(len(set(events)) < len(events) for events in hooks.values())
        self.counts |= {"hooks": len(hooks), "hooks by replay": before - len(self.owed()), "hooks owed": len(self.owed()),
                        "hooks twice": several, "hooks of two events": sum(len(set(events)) > 1 for events in hooks.values())}

    def look_while_it_runs(self):
        door = longmix.Door(self.run.port, self.ledger.get("key"))
        self.usage = door.document("GET", "/api/v1/usage")["api_jobs"]
        checked = self.run.admin("check")
        self.check = checked.returncode, (checked.stdout + checked.stderr).strip()

    def look_at_the_database(self):
        # A LibreOffice that waits has a folder there for as long as the server runs.
        self.spool = os.listdir(f"{self.run.disk.data}/spool")
        database = sqlite3.connect(f"file:{self.run.disk.data}/wonder.db?mode=ro", uri=True)

        def one(sql):
            return database.execute(sql).fetchone()[0]
        # An archive is made by a job that no client has asked for, and that does not count.
        archives = "SELECT archive_job_id FROM batches WHERE archive_job_id IS NOT NULL"
        self.rows = dict(database.execute(f"SELECT status, count(*) FROM jobs WHERE id NOT IN ({archives}) GROUP BY status").fetchall())
        self.by_dialect = dict(database.execute("SELECT dialect, count(*) FROM jobs WHERE batch_id IS NULL AND id NOT IN "
                                               f"({archives}) GROUP BY dialect").fetchall())
        self.counts |= {
            "jobs": sum(self.rows.values()),
            "ended twice": one(f"SELECT count(*) FROM (SELECT job_id FROM events WHERE job_id IS NOT NULL AND kind IN {TERMINAL} "
                               "GROUP BY job_id HAVING count(*) > 1)"),
            # One in steps whose creation nobody was answered for waits for a start that nobody can give; what a client knows
            # of is asked for one by one.
            "not ended": one(f"SELECT count(*) FROM jobs WHERE status NOT IN {TERMINAL} AND status <> 'incomplete'"),
            "in the queue": one("SELECT count(*) FROM queue"),
            "keys twice": one("SELECT count(*) FROM (SELECT idempotency_key FROM jobs WHERE idempotency_key IS NOT NULL AND batch_id IS NULL "
                              "GROUP BY dialect, idempotency_key HAVING count(*) > 1)"),
        }
        database.close()


def slope(samples, column):
    """Units an hour by least squares with a level of its own for each life of the server, and its standard error."""
    lives = collections.defaultdict(list)
    for sample in samples:
        lives[sample["life"]].append((float(sample["elapsed"]) / 3600, float(sample[column])))
    xs, ys = [], []
    for pairs in lives.values():
        mean_x, mean_y = (statistics.fmean(values) for values in zip(*pairs))
        xs += [x - mean_x for x, _ in pairs]
        ys += [y - mean_y for _, y in pairs]
    square = sum(x * x for x in xs)
    if not square or len(xs) < 10:
        return None, None
    found = sum(x * y for x, y in zip(xs, ys)) / square
    rest = sum((y - found * x) ** 2 for x, y in zip(xs, ys)) / (len(xs) - len(lives) - 1)
    return found, (rest / square) ** 0.5


def quantile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


class Lines:
    """The rows of the report, each with a limit where there is one."""

    def __init__(self):
        self.rows, self.is_well = [], True

    def add(self, what, found, limit="", holds=True):
        self.is_well &= holds
        self.rows.append(f"| {what} | {found} | {limit + ('' if holds else ': **missed**') if limit else ''} |")


def poll_lines(run, lines, faults):
    backups = [(began, ended or began) for name, _, began, ended, _ in faults if name == "backup"]
    others = [(began, (ended or began) + 2) for name, _, began, ended, _ in faults
              if name in ("server killed", "upgrade", "disk full", "server ended by itself")]
    during, without, silent = [], [], 0
    try:
        with open(f"{run.folder}/probes.csv") as file:
            for line in file:
                at, milliseconds = map(float, line.split(","))
                if milliseconds < 0:
                    silent += 1
                elif not any(began <= at <= ended for began, ended in others):
                    (during if any(began <= at <= ended for began, ended in backups) else without).append(milliseconds)
    except OSError:
        return
    lines.add("polls without a backup, p50 / p99", f"{quantile(without, 0.5):.2f} / {quantile(without, 0.99):.2f} ms of {len(without):,}")
    ratio = quantile(during, 0.99) / quantile(without, 0.99)
    lines.add("polls during backups, p50 / p99",
              f"{quantile(during, 0.5):.2f} / {quantile(during, 0.99):.2f} ms of {len(during):,}; p99 {ratio:.2f} of without",
              "p99 within 2 times", not during or ratio <= 2)
    lines.add("polls that got no answer, of restarts", silent)


def sample_lines(run, lines, faults):
    with open(f"{run.folder}/samples.csv") as file:
        samples = list(csv.DictReader(file))
    warm = [sample for sample in samples if float(sample["elapsed"]) > run.span / 8 and float(sample["age"]) > run.span / 16]
    if len(warm) < 20:
        return
    found, error = slope(warm, "rss_kb")
    shown = f"{found / 1024:.2f} ± {error / 1024:.2f} MiB an hour"
    span = (float(warm[-1]["elapsed"]) - float(warm[0]["elapsed"])) / 3600
    lines.add(f"resident memory of the server, slope over {span:.2f} h", shown, "0.5 MiB an hour", found / 1024 <= 0.5)
    anonymous, error = slope(warm, "anon_kb")
    lines.add("its anonymous part", f"{anonymous / 1024:.2f} ± {error / 1024:.2f} MiB an hour")
    values = [int(sample["rss_kb"]) / 1024 for sample in samples]
    lines.add("resident memory, least / median / most", f"{min(values):.1f} / {statistics.median(values):.1f} / {max(values):.1f} MiB")
    workers = [int(sample["workers_rss_kb"]) / 1024 for sample in samples]
    lines.add("of all worker processes together, median / most", f"{statistics.median(workers):.1f} / {max(workers):.1f} MiB")
    quarter = len(warm) // 4
    for column, words in (("own_descriptors", "descriptors without clients' connections"), ("threads", "threads"),
                          ("workers_descriptors", "descriptors of the workers")):
        first, last = (statistics.median(int(s[column]) for s in part) for part in (warm[:quarter], warm[-quarter:]))
        most = max(int(sample[column]) for sample in samples)
        lines.add(f"{words}, median of the first and the last quarter", f"{first:g} and {last:g}, at most {most}",
                  "flat", abs(last - first) <= max(3, first / 10))
    reading = [sample for sample in samples if "reader" in sample["faults"]]
    # What a reader has kept goes at the first folding after it.
    after = {index + 1 + n for index, sample in enumerate(samples) if "reader" in sample["faults"] for n in range(12)}
    others = [int(s["log_bytes"]) for index, s in enumerate(samples) if "reader" not in s["faults"] and index not in after]
    lines.add("write-ahead log, at most", f"{max(others) / (1 << 20):.1f} MiB", "64 MiB", max(others) <= 66 << 20)
    if reading:
        lines.add("write-ahead log while a reader holds the database open, at most",
                  f"{max(int(sample['log_bytes']) for sample in reading) / (1 << 20):.1f} MiB")
    changed = [at for name, at, _, _, _ in faults if name == "upgrade"]
    if changed:
        before, later = ([int(s["log_bytes"]) / (1 << 20) for index, s in enumerate(samples)
                          if (float(s["elapsed"]) < changed[0]) == is_before and "reader" not in s["faults"] and index not in after]
                         for is_before in (True, False))
        lines.add("the same before and after the upgrade, without the reader", f"{max(before):.1f} and {max(later, default=0):.1f} MiB")
    lines.add("database at the end", f"{int(samples[-1]['database_bytes']) / (1 << 20):.0f} MiB")
    loads = [float(sample["machine_load"]) for sample in samples]
    lines.add("load of the machine, least / median / most", f"{min(loads):.1f} / {statistics.median(loads):.1f} / {max(loads):.1f}")


def report(run, audit):
    """Whether all limits were kept, and the report."""
    ledger, lines = run.ledger, Lines()
    faults = ledger.run("SELECT name, at, began, ended, note FROM faults ORDER BY began")
    states = dict(ledger.run("SELECT state, count(*) FROM ops GROUP BY state"))
    verdicts = dict(ledger.run("SELECT checked, count(*) FROM ops WHERE remote IS NOT NULL GROUP BY checked"))
    taken = sum(verdicts.values())
    wrong = {verdict: count for verdict, count in verdicts.items() if not str(verdict).startswith("right")}
    elapsed = ledger.get("elapsed", 0)
    if run.kills:
        lines.add("SIGKILLs of the server", ledger.get("kills done"))
    else:
        full = ledger.get("full rate")
        lines.add("full rate, and half of it for the run", f"{full:.1f} operations a second (load {ledger.get('full load'):.1f}); {full / 2:.1f}")
    lines.add("time under load", f"{elapsed / 60:.1f} minutes, {ledger.get('lives')} lives of the server")
    lines.add("operations sent / taken", f"{sum(states.values()):,} / {taken:,}"
              + (f"; {ledger.get('missed')} left out while all clients waited" if ledger.get("missed") else ""))
    lines.add("ended completed / failed", f"{states.get('completed', 0):,} / {states.get('failed', 0):,}")
    for reason, count in ledger.run("SELECT reason, count(*) FROM ops WHERE state IN ('failed', 'canceled') GROUP BY 1 ORDER BY 2 DESC LIMIT 8"):
        lines.add("failed because", f"{count}: {reason}")
    lines.add("refused / no answer, by APIs that know no key of idempotency", f"{states.get('refused', 0)} / {states.get('unanswered', 0)}")
    lines.add("asked for at the end: lost, changed, without their outputs or with others", f"{wrong or 'none'} of {taken:,}", "none", not wrong)
    counts = audit.counts
    lines.add("jobs that ended twice / not at all / two of one key", f"{counts['ended twice']} / {counts['not ended']} / {counts['keys twice']}",
              "none", not counts["ended twice"] + counts["not ended"] + counts["keys twice"] + counts["in the queue"])
    same, = ledger.run("SELECT count(*) FROM (SELECT digest FROM ops WHERE digest IS NOT NULL AND kind LIKE '%picture%' "
                       "GROUP BY kind, digest HAVING count(*) > 1)")[0]
    lines.add("outputs of two pictures that are the same", same, "none", not same)
    extra = {}
    for dialect in ("wonder", "api2convert", "convertly", "enconvert", "koalapic"):
        names = [kind.name for kind in longmix.BY_NAME.values() if kind.dialect == dialect and kind.name != "batch"]
        marks = ",".join("?" * len(names))
        (known,), (unknown,) = ledger.run(
            f"SELECT count(*) FROM ops WHERE remote IS NOT NULL AND kind IN ({marks}) UNION ALL "
            f"SELECT count(*) FROM ops WHERE remote IS NULL AND state IN ('sent', 'unanswered') AND kind IN ({marks})", *names, *names)
        rest = audit.by_dialect.get(dialect, 0) - known
        extra[dialect] = (rest, unknown)
    lines.add("jobs beyond those that clients know of, and unanswered requests that may have made them",
              "; ".join(f"{dialect} {rest} of {unknown}" for dialect, (rest, unknown) in extra.items()))
    usage, rows = audit.usage, audit.rows
    agree = usage["submitted"] == counts["jobs"] and all(usage[name] == rows.get(name, 0) for name in ("completed", "failed", "canceled"))
    lines.add("counters of usage and rows of the database", f"{usage} and {rows}", "the same", agree)
    lines.add("operations whose webhook came / only after `replay-failed-webhooks` / is owed",
              f"{counts['hooks']:,} / {counts['hooks by replay']} / {counts['hooks owed']}", "none owed", not counts["hooks owed"])
    lines.add("an event that came more than once, under the same id", counts["hooks twice"])
    lines.add("spool at the end", f"{len(audit.spool)} files {audit.spool[:3] or ''}", "empty", not audit.spool)
    lines.add("`wonder admin check`", f"exit code {audit.check[0]}", "sound", audit.check[0] == 0)
    if not run.kills:
        poll_lines(run, lines, faults)
        sample_lines(run, lines, faults)
    code, seconds = audit.stopped
    lines.add("SIGTERM at the end", f"exit code {code} after {seconds:.2f} s", "0", code == 0)
    problems = [(name, note) for name, _, _, _, note in faults if (note or "").startswith("PROBLEM") or name == "server ended by itself"]
    for name, note in problems:
        lines.add(name, note, "no problem", False)
    tally = collections.Counter(name for name, *_ in faults)
    title = f"{run.kills} kills" if run.kills else f"{run.span / 3600:.2f} hours"
    text = [f"## {title}, {time.strftime('%Y-%m-%d')}", "", "| | found | limit |", "|---|---|---|", *lines.rows, ""]
    if tally:
        text += ["Faults: " + ", ".join(f"{name} {count}" for name, count in tally.items()) + ".", ""]
        text += [f"- {name} at {at / 60:.1f} min: {note}" for name, at, _, _, note in faults
                 if name not in ("worker killed", "child killed") and at >= 0]
    kinds = ledger.run(f"SELECT kind, count(*), sum(state IN {TERMINAL}), avg(ended - taken) FROM ops WHERE remote IS NOT NULL GROUP BY kind")
    text += ["", "| kind | taken | ended | until its end was seen, mean |", "|---|---|---|---|"]
    text += [f"| {kind} | {count:,} | {ended:,} | {(span or 0) * 1000:.0f} ms |" for kind, count, ended, span in kinds]
    return lines.is_well, "\n".join(text) + "\n"
