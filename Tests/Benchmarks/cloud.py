"""Files of S3 that are large, many, or on a bad day: nanio and moto as stores, and a door before them that disturbs.

usage: cloud.py WONDER [large] [small] [wrong] [clock] [slow] [cut] [lies] [styles] [kill] [--bytes N] [--files N]

All of them when none is named; 5 GB and 1,000 files unless told otherwise. Needs nanio, boto3 and "moto[s3,server]" of
PyPI, and for `large` seven times its bytes of disk where temporary files go (TMPDIR). Prints a line for each check and exits 1
when one fails.
"""
import argparse, hashlib, http.client, json, os, re, shutil, signal, socket, socketserver, subprocess, sys, tarfile, tempfile
import threading, time, urllib.error, urllib.request, zipfile

import boto3
from botocore.config import Config

PART = 16 << 20
WHOLE = 64 << 20
TRIALS = ["large", "small", "wrong", "clock", "slow", "cut", "lies", "styles", "kill"]
USER, SECRET = "AKIATRIAL", "a secret of the trial"
here = os.path.dirname(os.path.realpath(__file__))
photo = open(os.path.join(here, "../../Resources/samples/photo.png"), "rb").read()
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def until(what, wait=60):
    end = time.monotonic() + wait
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.02)
    return None


class Process:
    """A program that is ended with its trial."""

    def __init__(self, command, port, **others):
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **others)
        self.port = port
        until(self.listens)

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
            return True
        except OSError:
            return False

    def end(self):
        self.process.kill()
        self.process.wait()


def nanio(folder, late=0):
    """nanio checks signatures, the payload's hash and the clock; `late` is by how many seconds its own is wrong."""
    port = free_port()
    program = f"""
import sys, datetime
import nanio.auth.sigv4 as signing
class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.now(tz) + datetime.timedelta(seconds={late})
if {late}: signing.datetime = Clock
from nanio.cli import main
sys.argv = ["nanio", "serve", "--data-dir", {folder!r}, "--host", "127.0.0.1", "--port", "{port}"]
sys.exit(main())
"""
    os.makedirs(folder, exist_ok=True)
    return Process([sys.executable, "-c", program], port,
                   env=os.environ | {"NANIO_ACCESS_KEY": USER, "NANIO_SECRET_KEY": SECRET})


def client(port, user=USER, secret=SECRET, service="s3"):
    return boto3.client(service, endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1", aws_access_key_id=user,
                        aws_secret_access_key=secret, config=Config(s3={"addressing_style": "path"}))


class Door:
    """A server before a store, which passes everything on but what `meddle` does otherwise.

    `meddle` is given the method, the target and the fields of a request, and a socket; it answers True when it has answered
    itself, or a number of bytes, after which the body of the answer is cut.
    """

    def __init__(self, port, meddle):
        door = self
        self.seen = []

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                try:
                    while self.one():
                        pass
                except (OSError, http.client.HTTPException):
                    pass

            def one(self):
                line = self.rfile.readline(65536).decode("latin-1").split()
                if len(line) != 3:
                    return False
                fields = []
                while (text := self.rfile.readline(65536).decode("latin-1").strip()):
                    name, value = text.split(":", 1)
                    fields.append((name.lower(), value.strip()))
                door.seen.append((line[0], line[1]))
                answer = meddle(line[0], line[1], dict(fields), self)
                if answer is True:
                    return False
                size = int(dict(fields).get("content-length", 0))
                store = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
                store.putrequest(line[0], line[1], skip_host=True, skip_accept_encoding=True)
                for name, value in fields:
                    store.putheader(name, value)
                store.endheaders()
                while size > 0:
                    piece = self.rfile.read(min(size, 1 << 18))
                    if not piece:
                        return False
                    size -= len(piece)
                    store.send(piece)
                reply = store.getresponse()
                rewrite = answer if callable(answer) else None
                told = [(n, v) for n, v in reply.getheaders() if n.lower() not in ("connection", "transfer-encoding")]
                body = None
                if reply.getheader("content-length") is None and line[0] != "HEAD":
                    body = reply.read()
                    told.append(("Content-Length", str(len(body))))
                if rewrite:
                    body = reply.read() if body is None else body
                    told, body = rewrite(told, body)
                head = f"HTTP/1.1 {reply.status} {reply.reason}\r\n" + "".join(f"{n}: {v}\r\n" for n, v in told)
                self.wfile.write((head + "Connection: close\r\n\r\n").encode("latin-1"))
                rest = answer if isinstance(answer, int) and answer is not False else None
                while line[0] != "HEAD":
                    piece = body if body is not None else reply.read(1 << 18)
                    body = b"" if body is not None else None
                    if not piece:
                        break
                    if rest is not None:
                        piece = piece[:rest]
                        rest -= len(piece)
                    self.wfile.write(piece)
                    if rest == 0:
                        break
                return False

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self):
        self.server.shutdown()
        self.server.server_close()


def answer(handler, status, body="", fields=()):
    """Reads no body, says this, and hangs up."""
    body = body.encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in fields)
    handler.wfile.write((head + "\r\n").encode() + body)
    return True


def error(handler, status, code, more=""):
    return answer(handler, status, f"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message>{more}</Error>")


class Wonder:
    """The server, whose memory is looked at ten times a second."""

    def __init__(self, wonder, folder, settings=()):
        self.wonder, self.data, self.settings = wonder, os.path.join(folder, "wonder"), dict(settings)
        subprocess.check_output([wonder, "admin", "workspace", "create", "trial", "--plan", "enterprise", "--data", self.data])
        self.key = subprocess.check_output([wonder, "admin", "key", "issue", "trial", "--data", self.data], text=True).strip()
        self.log = open(os.path.join(folder, "wonder.log"), "a+")
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.wonder, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--allow-private-targets", "127.0.0.0/8"],
            stdout=subprocess.PIPE, stderr=self.log, text=True, env=os.environ | {"WONDER_ENGINES": "none"} | self.settings)
        self.base = re.search(r"http://\S+", self.process.stdout.readline()).group(0)

    def memory(self, name="VmRSS"):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(name):
                return int(line.split()[1]) / 1024

    def forget_peak(self):
        with open(f"/proc/{self.process.pid}/clear_refs", "w") as file:
            file.write("5")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def ask(self, method, path, document=None):
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(
            self.base + path, body, {"X-API-Key": self.key, "Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, json.loads(reply.read())
        except urllib.error.HTTPError as failure:
            return failure.code, json.loads(failure.read())

    def begin(self, source, targets=(), form="image", change=("png", "jpg")):
        status, taken = self.ask("POST", "/api/v1/jobs", {
            "conversion_type": form, "from": change[0], "to": change[1], "inputs": [source], "outputs": list(targets)})
        if status != 202:
            sys.exit(f"not taken: {taken}")
        return taken["request_id"]

    def job(self, name):
        return self.ask("GET", "/api/v1/jobs/" + name)[1]

    def ended(self, name, wait=120):
        def look():
            found = self.job(name)
            return found if found["job"]["status"] in ("completed", "failed") else None
        return until(look, wait) or self.job(name)

    def run(self, *words, wait=120, **others):
        return self.ended(self.begin(*words, **others), wait)


def place(port, bucket, key, **others):
    return {"s3": {"endpoint": f"http://127.0.0.1:{port}", "bucket": bucket, "key": key, "access_key_id": USER,
                   "secret_access_key": SECRET, **others}}


def states(found):
    return [target["status"] for target in found["job"].get("targets", [])]


def words(found):
    job = found["job"]
    return " | ".join([job.get("error_code") or "", job.get("error_message") or ""]
                      + [target.get("message") or "" for target in job.get("targets", [])])


class Bed:
    """A store with two buckets and a server."""

    def __init__(self, wonder, folder, name, settings=()):
        self.folder = os.path.join(folder, name)
        self.objects = os.path.join(self.folder, "objects")
        self.store = nanio(self.objects)
        self.s3 = client(self.store.port)
        for bucket in ["sources", "results"]:
            self.s3.create_bucket(Bucket=bucket)
        self.s3.put_object(Bucket="sources", Key="photo.png", Body=photo)
        self.server = Wonder(wonder, self.folder, settings)
        self.doors = []

    def door(self, meddle):
        self.doors.append(Door(self.store.port, meddle))
        return self.doors[-1]

    def close(self):
        self.server.end()
        self.store.end()
        for door in self.doors:
            door.end()
        self.server.log.seek(0)
        text = self.server.log.read()
        check("no secret is in the log", SECRET not in text)
        dump = subprocess.run(["strings", "-a", os.path.join(self.server.data, "wonder.db")], capture_output=True, text=True)
        check("none is left in the database", SECRET not in dump.stdout)
        shutil.rmtree(self.folder)


LARGE = {"WONDER_MAX_OUTPUT": "20GB", "WONDER_MAX_JOB_OUTPUT": "20GB", "WONDER_MAX_UPLOAD": "20GB",
         "WONDER_CONVERSION_TIME": "60m", "WONDER_JOB_TIME": "60m", "WONDER_DOWNLOAD_TIME": "60m"}


def large_tar(path, size):
    """Four members of bytes that no archive makes smaller, with the beginning of a JPEG."""
    block = os.urandom(8 << 20)
    with tarfile.open(path, "w") as archive:
        for number in range(4):
            entry = tarfile.TarInfo(f"part-{number}.jpg")
            entry.size = size // 4

            class Source:
                left, first = entry.size, True

                def read(self, count):
                    count = min(count, self.left, len(block))
                    piece = block[:count]
                    if self.first:
                        piece, self.first = (b"\xff\xd8\xff\xe0" + piece)[:count], False
                    self.left -= count
                    return piece
            archive.addfile(entry, Source())


def copied(folder, size):
    """How fast this disk copies a file of so many bytes, MB a second."""
    source, copy = os.path.join(folder, "in.tar"), os.path.join(folder, "copy")
    began = time.monotonic()
    with open(source, "rb") as left, open(copy, "wb") as right:
        shutil.copyfileobj(left, right, 1 << 20)
        os.fsync(right.fileno())
    os.unlink(copy)
    return size / 1e6 / (time.monotonic() - began)


def large(wonder, folder, options):
    bed = Bed(wonder, folder, "large", LARGE)
    server = bed.server
    os.makedirs(os.path.join(bed.objects, "sources"), exist_ok=True)
    large_tar(os.path.join(bed.objects, "sources", "in.tar"), options.bytes)
    size = bed.s3.head_object(Bucket="sources", Key="in.tar")["ContentLength"]
    print(f"     the disk copies {copied(os.path.join(bed.objects, 'sources'), size):.0f} MB a second")
    before = server.memory()
    server.forget_peak()
    began = time.monotonic()
    name = server.begin(place(bed.store.port, "sources", "in.tar"), [place(bed.store.port, "results", "out.zip")], form="archive",
                        change=("tar", "zip"))
    marks, most = [], 0
    spool = os.path.join(server.data, "spool")
    while True:
        found = server.job(name)
        most = max(most, server.memory())
        step = (found["job"]["status"], "".join(states(found)))
        if not marks or marks[-1][0] != step:
            marks.append((step, time.monotonic() - began, server.memory()))
        if step[0] in ("completed", "failed"):
            break
        time.sleep(0.1)
    for step, after, memory in marks:
        print(f"     {after:7.1f} s  {' '.join(step):24} {memory:.1f} MB resident")
    check("a large object becomes a large object", states(found) == ["completed"], found)
    peak = server.memory("VmHWM")
    print(f"     resident before {before:.1f} MB, at most {peak:.1f} MB")
    check("and the server's memory stays flat", peak - before < 32, f"{before} {peak}")
    if states(found) != ["completed"]:
        return bed.close()
    head = bed.s3.head_object(Bucket="results", Key="out.zip")
    parts = -(-head["ContentLength"] // PART)
    check(f"in {parts} parts", head["ETag"].endswith(f'-{parts}"'), head["ETag"])
    check("with the type of an archive", head["ContentType"] == "application/zip", head["ContentType"])
    with zipfile.ZipFile(os.path.join(bed.objects, "results", "out.zip")) as archive:
        check("which is sound", archive.testzip() is None and len(archive.namelist()) == 4)
    check("no upload is left open", not bed.s3.list_multipart_uploads(Bucket="results").get("Uploads"))
    bed.close()


def small(wonder, folder, options):
    bed = Bed(wonder, folder, "small")
    server, names = bed.server, [f"{number:04}.png" for number in range(options.files)]
    for name in names:
        bed.s3.put_object(Bucket="sources", Key=name, Body=photo)
    before = server.memory()
    server.forget_peak()
    began = time.monotonic()
    jobs = [server.begin(place(bed.store.port, "sources", name), [place(bed.store.port, "results", "made/{stem}-{job}.{extension}")])
            for name in names]
    taken = time.monotonic() - began
    ended = [server.ended(job, 600) for job in jobs]
    whole = time.monotonic() - began
    check(f"{len(names)} objects come and go", all(states(found) == ["completed"] for found in ended),
          next((found for found in ended if states(found) != ["completed"]), ""))
    made = set(os.listdir(os.path.join(bed.objects, "results", "made")))
    check("each under its own name", made == {f"{name[:4]}-{job}.jpg" for name, job in zip(names, jobs)})
    print(f"     taken after {taken:.1f} s, all there after {whole:.1f} s; resident before {before:.1f} MB, at most "
          f"{server.memory('VmHWM'):.1f} MB")
    bed.close()


def wrong(wonder, folder, options):
    bed = Bed(wonder, folder, "wrong")
    server, port = bed.server, bed.store.port
    good = place(port, "sources", "photo.png")
    for name, change, code, said in [
        ("a wrong secret", {"secret_access_key": "x"}, "download_denied", "SignatureDoesNotMatch"),
        ("an unknown key", {"access_key_id": "AKIAX"}, "download_denied", "InvalidAccessKeyId"),
        ("a bucket that is not there", {"bucket": "nothing"}, "download_missing", "no such bucket"),
        ("an object that is not there", {"key": "nothing.png"}, "download_missing", "no such file"),
    ]:
        found = server.run({"s3": good["s3"] | change})
        check(f"{name} is said of an input", code in words(found) and said in words(found), words(found))
        found = server.run(good, [{"s3": place(port, "results", "x")["s3"] | change}])
        check(f"{name} is said of a target" if name[3:] != "object that is not there" else "any name is one for a target",
              states(found) == (["completed"] if "key" in change else ["failed"])
              and ("key" in change or said in words(found)), words(found))
    bed.close()


def clock(wonder, folder, options):
    for late in [3600, -3600]:
        bed = Bed(wonder, folder, f"clock{late}")
        other = nanio(bed.objects, late)
        found = bed.server.run(place(other.port, "sources", "photo.png"))
        check(f"clocks that differ by {late} s are said of an input",
              "download_clock" in words(found) and "clocks" in words(found), words(found))
        name = bed.server.begin(place(bed.store.port, "sources", "photo.png"), [place(other.port, "results", "x")])
        held = until(lambda: "output not sent yet" in open(bed.server.log.name).read(), 30)
        check("and a target waits for them to agree", held and states(bed.server.job(name)) != ["failed"])
        bed.server.ask("DELETE", "/api/v1/jobs/" + name)
        other.end()
        bed.close()


def slow(wonder, folder, options):
    bed = Bed(wonder, folder, "slow", {"WONDER_DOWNLOAD_TIME": "8s", "WONDER_UPLOAD_TIME": "5s"})

    def drip(method, target, fields, handler):
        if method != "GET":
            return hold(handler)
        handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(photo)}\r\n\r\n".encode())
        for byte in photo:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.05)
        return True

    def hold(handler):
        time.sleep(60)
        return True

    def once_slow(method, target, fields, handler):
        time.sleep(2)
        return None
    door = bed.door(drip)
    began = time.monotonic()
    found = bed.server.run(place(door.port, "sources", "photo.png"))
    check("a store that drips is left when the time is over", "download_timeout" in words(found), words(found))
    print(f"     after {time.monotonic() - began:.1f} s")
    name = bed.server.begin(place(bed.store.port, "sources", "photo.png"), [place(door.port, "results", "x")])
    held = until(lambda: "no complete answer in time" in open(bed.server.log.name).read(), 30)
    check("one that takes nothing is tried again later", held and states(bed.server.job(name)) != ["failed"])
    bed.server.ask("DELETE", "/api/v1/jobs/" + name)
    patient = bed.door(once_slow)
    found = bed.server.run(place(patient.port, "sources", "photo.png"), [place(patient.port, "results", "y")])
    check("one that only takes its time is waited for", states(found) == ["completed"], words(found))
    bed.close()


def cut(wonder, folder, options):
    bed = Bed(wonder, folder, "cut", LARGE)
    server = bed.server
    size = 200 << 20
    large_tar(os.path.join(bed.objects, "sources", "in.tar"), size)
    times = [0]

    def halfway(method, target, fields, handler):
        if method == "GET" and "in.tar" in target:
            times[0] += 1
            if times[0] <= 2:
                return 60 << 20
        return None

    def part_lost(method, target, fields, handler):
        if method == "PUT" and "partNumber=3" in target and times[0] < 1:
            times[0] += 1
            handler.rfile.read(1 << 20)
            return True
        return None
    door = bed.door(halfway)
    found = server.run(place(door.port, "sources", "in.tar"), form="archive", change=("tar", "zip"), wait=300)
    check("an object that is cut twice comes whole in the end", found["job"]["status"] == "completed", words(found))
    print(f"     after {times[0]} requests")
    times[0] = 0
    door = bed.door(part_lost)
    found = server.run(place(bed.store.port, "sources", "in.tar"), [place(door.port, "results", "cut.zip")], form="archive",
                       change=("tar", "zip"), wait=300)
    check("a part that is cut is sent again alone", states(found) == ["completed"], words(found))
    again = [target for method, target in door.seen if "partNumber=3&" in target]
    others = [target for method, target in door.seen if "partNumber=" in target]
    check("and only that", len(again) == 2 and len(others) == len(set(others)) + 1, door.seen)
    with zipfile.ZipFile(os.path.join(bed.objects, "results", "cut.zip")) as archive:
        check("and the object is sound", archive.testzip() is None)
    always = bed.door(lambda method, target, fields, handler: 0)
    found = server.run(place(always.port, "sources", "photo.png"), wait=180)
    check("one that is always cut fails in words", "download_lost" in words(found), words(found))
    bed.close()


def lies(wonder, folder, options):
    bed = Bed(wonder, folder, "lies", LARGE)
    server = bed.server
    good = place(bed.store.port, "sources", "photo.png")

    def changed(fields, body):
        return fields, body[:5000] + bytes([body[5000] ^ 1]) + body[5001:]

    def sum_of_another(fields, body):
        return fields + [("x-amz-checksum-sha256", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")], body

    def shorter(fields, body):
        return [(n, "5000" if n.lower() == "content-length" else v) for n, v in fields], body[:5000]

    def longer(fields, body):
        return [(n, str(len(body) + 5000) if n.lower() == "content-length" else v) for n, v in fields], body

    def html(fields, body):
        page = b"<html><body>Log in to the hotel's network</body></html>"
        return [("Content-Type", "text/html"), ("Content-Length", str(len(page)))], page

    for name, rewrite, said in [
        ("a checksum of other bytes", sum_of_another, "download_damaged"),
        ("bytes that are not those of the checksum", lambda f, b: (
            f + [("x-amz-checksum-sha256", __import__("base64").b64encode(hashlib.sha256(b).digest()).decode())],
            changed(f, b)[1]), "download_damaged"),
        ("fewer bytes than there are", shorter, "ends too early"),
        ("more bytes than come", longer, "download_lost"),
        ("a page in place of the object", html, "download_wrong_type"),
    ]:
        door = bed.door(lambda method, target, fields, handler: rewrite)
        found = server.run(place(door.port, "sources", "photo.png"), wait=180)
        check(f"{name}: in words", found["job"]["status"] == "failed" and said in words(found), words(found))
        print("     " + words(found))

    inner = free_port()
    reached = []
    trap = socket.create_server(("127.0.0.1", inner))

    def catch():
        while True:
            try:
                connection = trap.accept()[0]
            except OSError:
                return
            reached.append(1)
            connection.close()
    threading.Thread(target=catch, daemon=True).start()
    for status in [301, 302, 303, 307, 308]:
        for where in [f"http://127.0.0.1:{inner}/", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd"]:
            door = bed.door(lambda m, t, f, handler: answer(handler, status, "", [("Location", where)]))
            found = server.run(place(door.port, "sources", "photo.png"), [])
            check(f"{status} to {where} is not followed", "download_status" in words(found), words(found))
    door = bed.door(lambda m, t, f, handler: answer(handler, 307, "", [("Location", f"http://127.0.0.1:{inner}/")]))
    found = server.run(good, [place(door.port, "results", "x")])
    check("nor with an output", states(found) == ["failed"] and not reached, words(found))
    trap.close()

    large_tar(os.path.join(bed.objects, "sources", "in.tar"), 100 << 20)
    times = [0]

    def finish_fails(method, target, fields, handler):
        if method == "POST" and "uploadId=" in target and times[0] < 1:
            times[0] += 1
            handler.rfile.read(int(fields["content-length"]))
            return error(handler, 200, "InternalError")
        return None

    def finish_waits(method, target, fields, handler):
        """What a store does that has much to put together: it says 200, and blanks until it knows."""
        if method == "POST" and "uploadId=" in target:
            return lambda told, body: (
                [(n, str(len(body) + 9000) if n.lower() == "content-length" else v) for n, v in told],
                b"<?xml version=\"1.0\"?>" + b" \n" * 4490 + b"\n" * 20 + body[body.index(b"?>") + 2:].ljust(len(body) - 21))
        return None

    def no_tag(method, target, fields, handler):
        if method == "PUT" and "partNumber=2" in target and times[0] < 1:
            times[0] += 1
            return lambda told, body: ([(n, v) for n, v in told if n.lower() != "etag"], body)
        return None

    def wrong_tag(method, target, fields, handler):
        if method == "PUT" and "partNumber=2" in target and times[0] < 1:
            times[0] += 1
            return lambda told, body: (
                [(n, '"00000000000000000000000000000000"' if n.lower() == "etag" else v) for n, v in told], body)
        return None

    def forgets(method, target, fields, handler):
        if method == "PUT" and "partNumber=4" in target and times[0] < 1:
            times[0] += 1
            handler.rfile.read(int(fields["content-length"]))
            return error(handler, 404, "NoSuchUpload")
        return None
    for name, meddle in [("an error below 200 at the end", finish_fails), ("a store that says it slowly", finish_waits),
                         ("a part without a tag", no_tag), ("a part with a wrong tag", wrong_tag),
                         ("a store that forgets the upload", forgets)]:
        times[0] = 0
        door = bed.door(meddle)
        key = name.replace(" ", "-") + ".zip"
        found = server.run(place(bed.store.port, "sources", "in.tar"), [place(door.port, "results", key)], form="archive",
                           change=("tar", "zip"), wait=240)
        sound = False
        if states(found) == ["completed"]:
            with zipfile.ZipFile(os.path.join(bed.objects, "results", key)) as archive:
                sound = archive.testzip() is None
        check(f"{name}: the object is there and sound", sound, words(found))
        print(f"     {len(door.seen)} requests  {words(found)}")
    bed.close()


def styles(wonder, folder, options):
    bed = Bed(wonder, folder, "styles")
    port = free_port()
    moto = Process([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], port,
                   env=os.environ | {"INITIAL_NO_AUTH_ACTION_COUNT": "3"})
    anybody = client(port, "a", "b", "iam")
    anybody.create_user(UserName="ann")
    anybody.put_user_policy(UserName="ann", PolicyName="all", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
    opened = anybody.create_access_key(UserName="ann")["AccessKey"]
    keys = {"access_key_id": opened["AccessKeyId"], "secret_access_key": opened["SecretAccessKey"]}
    s3 = client(port, *keys.values())
    s3.create_bucket(Bucket="pictures")
    s3.put_object(Bucket="pictures", Key="photo.png", Body=photo, ChecksumAlgorithm="SHA256")
    for style, host in [("path", "127.0.0.1"), ("host", "localhost")]:
        endpoint = {"endpoint": f"http://{host}:{port}", "style": style}
        key = "made by " + style + "/{stem}.jpg"
        found = bed.server.run(place(port, "pictures", "photo.png", **keys, **endpoint),
                               [place(port, "pictures", key, **keys, **endpoint)])
        check(f"a bucket in the {style}", states(found) == ["completed"], words(found))
        listed = [entry["Key"] for entry in s3.list_objects_v2(Bucket="pictures").get("Contents", [])]
        check("with its name as it is", key.replace("{stem}", "photo") in listed, listed)

    # moto checks the signatures of such names wrongly, boto3's, too, and nanio those with a percent sign.
    odd = "ä+ö&='a'(b)*!;,@$~ photo.png"
    bed.s3.put_object(Bucket="sources", Key=odd, Body=photo)
    found = bed.server.run(place(bed.store.port, "sources", odd), [place(bed.store.port, "results", "made/" + odd)])
    check("any sign may be in a key", states(found) == ["completed"], words(found))
    listed = [entry["Key"] for entry in bed.s3.list_objects_v2(Bucket="results").get("Contents", [])]
    check("which stays as it is", listed == ["made/" + odd], listed)

    def elsewhere(method, target, fields, handler):
        if "/eu-central-1/s3/" in fields["authorization"]:
            return None
        return error(handler, 400, "AuthorizationHeaderMalformed", "<Region>eu-central-1</Region>")
    door = Door(port, elsewhere)
    found = bed.server.run(place(door.port, "pictures", "photo.png", **keys),
                           [place(door.port, "pictures", "region.jpg", **keys)])
    check("a region is found on the way", states(found) == ["completed"] and len(door.seen) == 4, (words(found), door.seen))
    door.end()
    moto.end()
    bed.close()


def kill(wonder, folder, options):
    bed = Bed(wonder, folder, "kill", LARGE)
    server = bed.server
    large_tar(os.path.join(bed.objects, "sources", "in.tar"), 400 << 20)
    door = bed.door(lambda method, target, fields, handler: time.sleep(0.15) if "partNumber=" in target else None)
    name = server.begin(place(bed.store.port, "sources", "in.tar"), [place(door.port, "results", "killed.zip")], form="archive",
                        change=("tar", "zip"))
    kills = 0
    for wanted in [2, 6, 11, 17, 22]:
        if until(lambda: len([1 for _, target in door.seen if "partNumber=" in target]) >= wanted, 120):
            server.kill()
            kills += 1
            server.start()
    found = server.ended(name, 300)
    check(f"an upload survives {kills} kills", kills == 5 and states(found) == ["completed"], words(found))
    parts = [target for _, target in door.seen if "partNumber=" in target]
    begun = [target for _, target in door.seen if target.endswith("?uploads=")]
    check("and sends again at most the part that was under way", len(parts) <= len(set(parts)) + kills and len(begun) == 1,
          (len(parts), len(set(parts)), begun))
    print(f"     {len(set(parts))} parts, {len(parts)} requests for them")
    with zipfile.ZipFile(os.path.join(bed.objects, "results", "killed.zip")) as archive:
        check("the object is sound", archive.testzip() is None and len(archive.namelist()) == 4)
    check("no upload is left open", not bed.s3.list_multipart_uploads(Bucket="results").get("Uploads"))
    bed.close()


reader = argparse.ArgumentParser()
reader.add_argument("wonder")
reader.add_argument("trials", nargs="*", choices=TRIALS + [[]])
reader.add_argument("--bytes", type=int, default=5 << 30)
reader.add_argument("--files", type=int, default=1000)
options = reader.parse_args()
with tempfile.TemporaryDirectory(prefix="wonder-cloud-") as folder:
    for trial in options.trials or TRIALS:
        print(trial, flush=True)
        began = time.monotonic()
        globals()[trial](os.path.realpath(options.wonder), folder, options)
        print(f"     {time.monotonic() - began:.1f} s", flush=True)
print("FAILED" if failed else "cloud: all right")
sys.exit(1 if failed else 0)
