"""The mixed work of long.py: one operation of each kind in five dialects, as its client would do it, and how it stands later.

A kind submits, tells by what its state is asked for, and reads that state: what it has become, the links of its outputs, and
why it failed.
"""

import hashlib
import http.client
import io
import json
import os
import random
import struct
import time
import zipfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
ENDS = ("completed", "failed", "canceled")
NOISE = random.Random(1).randbytes(1 << 16)


class NoAnswer(Exception):
    """Nothing came, so that nobody knows whether it was taken."""


class Refused(Exception):
    """An answer that takes nothing: the status, and what stands in it."""


class Door:
    """One connection to the server, kept as long as it lasts."""

    def __init__(self, port, key):
        self.port, self.key, self.connection = port, key, None

    def ask(self, method, path, body=None, headers=()):
        """Status and body of the answer; NoAnswer when none comes."""
        if path.startswith("http"):
            path = "/" + path.split("/", 3)[3]
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            self.connection.request(method, path, body, {"X-API-Key": self.key, **dict(headers)})
            reply = self.connection.getresponse()
            content = reply.read()
            if reply.headers.get("Connection") == "close":
                self.close()
            return reply.status, content
        except (OSError, http.client.HTTPException) as problem:
            self.close()
            raise NoAnswer(repr(problem)) from problem

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def document(self, method, path, body=None, headers=()):
        """A document that came with 2xx; Refused otherwise, and NoAnswer for a server that is about to stop."""
        status, content = self.ask(method, path, body, headers)
        if status // 100 != 2:
            raise Refused(status, content[:300].decode(errors="replace"))
        return json.loads(content) if content else None


def picture(number, side=96):
    """A PNG whose pixels no other number has: noise, and the number in its first row."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    width = side * 3
    rows = [b"".join(bytes([255 * (number >> bit & 1)]) * (width // 24) for bit in range(24))] * 8
    for row in range(8, side):
        start = (number * 131 + row * 977) % (len(NOISE) - width)
        rows.append(NOISE[start:start + width])
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 1)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", packed) + chunk(b"IEND", b""))


def rows_of(number):
    return json.dumps([{"number": number, "row": row, "name": f"row {row} of {number}"} for row in range(40)]).encode()


def text_of(number):
    paragraphs = "\n\n".join(f"Paragraph {n} of {number}, which has *some* words and a [link](https://example.com/{number})." for n in range(12))
    return f"# Number {number}\n\n{paragraphs}\n".encode()


def office_text(number, paragraphs=20):
    """A Word document; forty paragraphs are about a page."""
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    # Without a time, for what is sent again under one key must be the same.
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml"), f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/'
                         f'vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{office}"/></Types>')
        archive.writestr(zipfile.ZipInfo("_rels/.rels"), f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="http://schemas.'
                         'openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>')
        archive.writestr(zipfile.ZipInfo("word/document.xml"), f'<w:document xmlns:w="{words}"><w:body>' + "".join(
            f"<w:p><w:r><w:t>Paragraph {n} of {number}</w:t></w:r></w:p>" for n in range(paragraphs)) + "</w:body></w:document>")
    return target.getvalue()


def form(fields, files):
    """The body of a form and its header."""
    mark = "wonder-long-5kQ"
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields]
    for field, name, content in files:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode(), [("Content-Type", f"multipart/form-data; boundary={mark}")]


class Kind:
    """One kind of work: `share` of a hundred operations, what tells of it, and how many jobs it makes."""

    tells, jobs, knows_key = True, 1, True

    def __init__(self, name, share, source=None, target=None, content=None):
        self.name, self.share, self.source, self.target, self.content = name, share, source, target, content


class House(Kind):
    """`POST /api/v1/jobs` with a key of idempotency and a webhook."""

    dialect = "wonder"

    def __init__(self, name, share, source, target, content, conversion="image"):
        super().__init__(name, share, source, target, content)
        self.conversion = conversion

    def submit(self, door, number, key, hook):
        body, headers = form(
            [("conversion_type", self.conversion), ("from", self.source), ("to", self.target), ("webhook_url", hook)],
            [("files[]", f"{number}.{self.source}", self.content(number))])
        return door.document("POST", "/api/v1/jobs", body, [*headers, ("Idempotency-Key", key)])["request_id"]

    def state(self, door, remote):
        found = door.document("GET", f"/api/v1/jobs/{remote}")
        links = [output["download_url"] for output in found.get("outputs") or []]
        return found["job"]["status"], links, found["job"].get("error_code")


class Batch(Kind):
    """`POST /api/v1/batches` of four pictures into one archive."""

    dialect, jobs = "wonder", 5

    def submit(self, door, number, key, hook):
        body, headers = form([("to", "jpg"), ("from", "png"), ("mode", "zip"), ("webhook_url", hook)],
                             [("files[]", f"{number}-{n}.png", picture(number * 4 + n + (1 << 22))) for n in range(4)])
        return door.document("POST", "/api/v1/batches", body, [*headers, ("Idempotency-Key", key)])["batch_id"]

    def state(self, door, remote):
        found = door.document("GET", f"/api/v1/batches/{remote}?limit=1")["batch"]
        link = found.get("download_url")
        return {"partial": "completed"}.get(found["status"], found["status"]), [link] if link else [], found.get("error_message")


class Steps(Kind):
    """api2convert's job in steps: made, a file brought, started."""

    dialect = "api2convert"

    def submit(self, door, number, key, hook):
        made = door.document("POST", "/v2/jobs", json.dumps(
            {"process": False, "callback": hook, "conversion": [{"target": self.target}]}), [("Idempotency-Key", key)])
        name = made["id"]
        # What was answered to nobody is not done twice: a file that came is seen in the job, and so is a start.
        if not made["input"]:
            body, headers = form([], [("file", f"{number}.{self.source}", self.content(number))])
            door.document("POST", f"/upload-file/{name}", body, headers)
        if made["status"]["code"] in ("incomplete", "ready") and not made["process"]:
            try:
                door.document("PATCH", f"/v2/jobs/{name}", '{"process":true}')
            except Refused as refusal:
                if refusal.args[0] != 409:
                    raise
        return name

    def state(self, door, remote):
        found = door.document("GET", f"/v2/jobs/{remote}")
        reason = "; ".join(error["message"] for error in found.get("errors") or [])
        return found["status"]["code"], [output["uri"] for output in found["output"]], reason


class Convertly(Kind):
    """`POST /api/jobs`, whose key of idempotency stands in the form."""

    dialect = "convertly"

    def submit(self, door, number, key, hook):
        body, headers = form(
            [("jobType", "convert"), ("format", self.target), ("idempotencyKey", key), ("callbackUrl", hook)],
            [("files", f"{number}.{self.source}", self.content(number))])
        return door.document("POST", "/api/jobs", body, headers)["jobId"]

    def state(self, door, remote):
        found = door.document("GET", f"/api/jobs/{remote}")
        links = [result["downloadUrl"] for result in found.get("results") or [] if result.get("downloadUrl")]
        return found["status"], links, found.get("errorMessage")


class Tool(Convertly):
    """One of Convertly's media tools in the background, which knows no key of idempotency."""

    tells, knows_key = False, False

    def submit(self, door, number, key, hook):
        body, headers = form([("async", "true"), ("format", "jpg"), ("width", "64"), ("height", "64")],
                             [("file", f"{number}.png", picture(number))])
        return door.document("POST", "/api/media/thumbnail", body, headers)["jobId"]


class Enconvert(Kind):
    """Enconvert's request that waits for its file; the client's own name of the job finds it after a break."""

    dialect, tells = "enconvert", False

    def __init__(self, name, share, pair, source, content):
        super().__init__(name, share, source, None, content)
        self.pair = pair

    def submit(self, door, number, key, hook):
        body, headers = form([("job_id", key)], [("file", f"{number}.{self.source}", self.content(number))])
        try:
            door.document("POST", f"/v1/convert/{self.pair}", body, headers)
        except Refused as refusal:
            # The name is in use, so the answer to an earlier try was lost; or the job has failed, which its state says.
            if refusal.args[0] not in (409, 422, 504):
                raise
            if refusal.args[0] == 422 and door.ask("GET", f"/v1/convert/status/{key}")[0] == 404:
                raise
        return key

    def state(self, door, remote):
        found = door.document("GET", f"/v1/convert/status/{remote}")
        status = {"success": "completed"}.get(found["status"], found["status"])
        return status, [found["presigned_url"]] if found.get("presigned_url") else [], found.get("error")


class Koala(Kind):
    """KoalaPic's conversion, which knows no key of idempotency."""

    dialect, knows_key = "koalapic", False

    def submit(self, door, number, key, hook):
        body, headers = form([("output_format", self.target), ("webhook_url", hook)],
                             [("file", f"{number}.{self.source}", self.content(number))])
        return door.document("POST", "/api/v1/convert", body, headers)["id"]

    def state(self, door, remote):
        found = door.document("GET", f"/api/v1/convert/{remote}")
        return found["status"], [found["download_url"]] if found.get("download_url") else [], found.get("error")


KINDS = [
    House("picture", 26, "png", "jpg", picture),
    House("larger picture", 3, "png", "jpg", lambda number: picture(number, 640)),
    House("data", 7, "json", "csv", rows_of, "other"),
    House("document", 4, "md", "pdf", text_of, "document"),
    Batch("batch", 4),
    Steps("picture in steps", 12, "png", "bmp", picture),
    Steps("data in steps", 3, "json", "yaml", rows_of),
    Convertly("convertly", 10, "png", "jpg", picture),
    Tool("convertly tool", 5),
    Enconvert("enconvert picture", 8, "png-to-jpeg", "png", picture),
    Enconvert("enconvert data", 4, "json-to-csv", "json", rows_of),
    Enconvert("enconvert document", 3, "markdown-to-pdf", "md", text_of),
    Koala("koalapic", 10, "png", "bmp", picture),
]
OFFICE = House("office document", 1, "docx", "pdf", office_text, "document")
BY_NAME = {kind.name: kind for kind in [*KINDS, OFFICE]}


def chosen(chance, has_office):
    kinds = [*KINDS, OFFICE] if has_office else KINDS
    return chance.choices(kinds, [kind.share for kind in kinds])[0]


def taken(door, links):
    """The SHA-256 of all outputs together."""
    digest = hashlib.sha256()
    for link in links:
        status, content = door.ask("GET", link)
        if status != 200:
            raise Refused(status, f"a download: {content[:100]!r}")
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def patiently(action, isOver, longest=2, most=120):
    """Tries again while nothing answers, or a server that stops, is full or is out of order says so for the moment."""
    deadline, pause = time.monotonic() + most, min(0.1, longest)
    while True:
        try:
            return action()
        except NoAnswer:
            problem = None
        except Refused as refusal:
            if refusal.args[0] not in (429, 500, 503):
                raise
            problem = refusal
        if isOver() or time.monotonic() > deadline:
            raise problem or NoAnswer("nothing answers")
        time.sleep(pause)
        pause = min(longest, pause * 1.5)
