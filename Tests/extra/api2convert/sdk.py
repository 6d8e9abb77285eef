"""api2convert's own Python SDK (api2convert on PyPI) against the built program: only the base URL and the key are ours.

usage: sdk.py WONDER; prints a line for each check and exits 1 when one fails.
"""
import base64, http.server, io, json, os, re, shutil, signal, struct, subprocess, sys, tempfile, threading, time, zipfile

import httpx
from api2convert import Api2Convert, errors

wonder = os.path.realpath(sys.argv[1])
here = os.path.dirname(os.path.realpath(__file__))
picture = os.path.join(here, "../../../Resources/samples/photo.png")
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


def raises(name, kind, call):
    try:
        shown = call()
    except kind as problem:
        check(name, True)
        return problem
    except Exception as problem:
        shown = repr(problem)
    check(name, False, shown)


class Receiver(http.server.BaseHTTPRequestHandler):
    told = []
    ring = threading.Condition()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with Receiver.ring:
            Receiver.told.append((dict(self.headers), body))
            Receiver.ring.notify_all()
        self.send_response(200)
        self.end_headers()

    def do_GET(self):
        self.send_response(404 if self.path.startswith(("/gone", "/nothing")) else 200)
        self.send_header("Content-Type", "image/png" if self.path.startswith("/photo") else "text/html")
        self.end_headers()
        if self.path.startswith("/page"):
            self.wfile.write(b"<!doctype html><title>x</title><h1>Hello</h1>")
        if self.path.startswith("/photo"):
            self.wfile.write(open(picture, "rb").read())

    def log_message(self, *_):
        pass


def told_of(code):
    """The callbacks with this status, however many came before the first of them."""
    def found():
        return [body for _, body in Receiver.told if json.loads(body)["status"]["code"] == code]
    with Receiver.ring:
        Receiver.ring.wait_for(found, 30)
        return found()


def told(count):
    with Receiver.ring:
        Receiver.ring.wait_for(lambda: len(Receiver.told) >= count, 30)
        return list(Receiver.told)


class Service:
    def __init__(self, data):
        self.data, self.key, self.other = data, None, None

    def admin(self, *words):
        return subprocess.check_output([wonder, "admin", *words, "--data", self.data], text=True).strip()

    def start(self, listen="127.0.0.1:0"):
        self.process = subprocess.Popen(
            [wonder, "serve", "--data", self.data, "--listen", listen, "--allow-private-targets", "127.0.0.0/8",
             "--signed-callbacks", "api2convert"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.base = re.search(r"http://\S+", self.process.stdout.readline()).group(0).rstrip("/")
        while True:
            try:
                if httpx.get(self.base + "/v2/conversions").json():
                    return
            except httpx.HTTPError:
                time.sleep(0.05)

    def client(self, key=None):
        return Api2Convert(key or self.key, base_url=self.base + "/v2", sleeper=lambda span: time.sleep(min(span, 0.1)))


receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=receiver.serve_forever, daemon=True).start()
elsewhere = f"http://127.0.0.1:{receiver.server_address[1]}"


def sdk(service, folder):
    client = service.client()
    result = client.convert(picture, "jpg", {"quality": 60, "width": 40})
    check("convert(path)", result.contents()[:3] == b"\xff\xd8\xff")
    saved = result.save(folder)
    check("save() names it", saved.name == "photo.jpg", saved)
    stream = open(picture, "rb")
    check("convert(stream)", client.convert(stream, "bmp", filename="a b.png").contents()[:2] == b"BM")
    check("convert(url)", client.convert(elsewhere + "/photo.png", "jpg").output().filename == "photo.jpg")

    class Once(io.RawIOBase):
        source = open(picture, "rb")

        def readable(self): return True
        def read(self, size=-1): return self.source.read(size)
    check("convert(stream without a length)", client.convert(Once(), "jpg", filename="p.png").contents()[:2] == b"\xff\xd8")
    check("two outputs as one archive",
          zipfile.is_zipfile(io.BytesIO(client.convert(zipped(), "files", filename="z.zip").contents())))
    several = client.convert(zipped(), "files", {"allow_multiple_outputs": True}, filename="z.zip")
    check("allow_multiple_outputs", [o.filename for o in several.outputs()] == ["a.txt", "b.txt"], several.outputs())

    job = client.convert_async(picture, "jpg", callback=elsewhere + "/hook")
    done = client.jobs.wait(job.id)
    last = told_of("completed")
    check("the callback is the job", json.loads(last[0]) == client.jobs.get(job.id).raw, (last, done.raw))
    headers = told(2)[0][0]
    check("the callback's User-Agent", headers["User-Agent"] == "API2Convert API v2 Client (https://api.api2convert.com)")
    event = client.webhooks().construct_event(last[0], None, "")
    check("construct_event without a secret", event.job.is_completed())
    secret = service.admin("key", "webhook-secret", str(json.loads(service.admin("keys", "--json"))[0]["id"]))
    signed = [(h["X-Oc-Signature"], b) for h, b in told(2)][-1]
    check("construct_event with the key's secret",
          client.webhooks().construct_event(signed[1], signed[0], secret).job.id == job.id)
    raises("construct_event with another", errors.SignatureVerificationError,
           lambda: client.webhooks().construct_event(signed[1], signed[0], "other"))

    job = client.jobs.create({"conversion": [{"target": "jpg"}, {"target": "bmp"}], "process": False})
    check("jobs.create", job.status.code == "incomplete" and job.server == service.base, job.raw)
    added = client.jobs.add_input(job.id, {"type": "remote", "source": elsewhere + "/photo.png"})
    check("jobs.add_input", added.id and added.type == "remote", added)
    uploaded = client.jobs.upload(job, picture)
    check("jobs.upload", uploaded.status == "ready" and uploaded.filename == "photo.png" and uploaded.type == "upload")
    deadline = time.time() + 20
    while client.jobs.get(job.id).status.code != "ready" and time.time() < deadline:
        time.sleep(0.05)
    check("a filled job is ready", client.jobs.get(job.id).status.code == "ready")
    client.jobs.start(job.id)
    done = client.jobs.wait(job.id)
    check("two inputs, two conversions", len(done.output) == 4, done.raw)
    check("jobs.outputs", [o.id for o in client.jobs.outputs(job.id)] == [o.id for o in done.output])
    check("jobs.list", job.id in [j.id for j in client.jobs.list()])
    check("jobs.list by status", all(j.status.code == "completed" for j in client.jobs.list(status="completed")))
    check("jobs.list past the end", client.jobs.list(page=99) == [])
    job = client.jobs.create({"conversion": [{"target": "jpg"}], "process": False})
    check("jobs.update", client.jobs.update(job.id, {"notify_status": True}).raw["notify_status"] is True)
    client.jobs.cancel(job.id)
    check("jobs.cancel", client.jobs.get(job.id).is_canceled())
    raises("a canceled job takes no start", errors.Api2ConvertError, lambda: client.jobs.start(job.id))

    one = client.jobs.create({"conversion": [{"target": "jpg"}], "process": False}, idempotency_key="k-1")
    two = client.jobs.create({"conversion": [{"target": "jpg"}], "process": False}, idempotency_key="k-1")
    check("one key, one job", one.id == two.id)

    check("options()", client.options("jpg")["quality"]["maximum"] == 100, client.options("jpg"))
    check("conversions by category", all(row["category"] == "hash" for row in client.conversions.list(category="hash")))
    pages = 1
    while client.conversions.list(page=pages):
        pages += 1
    check("the catalogue ends with an empty page", 1 < pages < 20, pages)

    preset = client.presets.create({"name": "Small one", "target": "jpg", "category": "image", "scope": "private",
                                    "options": {"width": 20, "resize_handling": "keep_aspect_ratio"}})
    check("presets.create", preset.id and preset.name == "Small one" and preset.options["width"] == 20, preset)
    check("presets.list", preset.id in [p.id for p in client.presets.list(target="jpg")])
    check("presets.update", client.presets.update(preset.id, {"name": "Smaller"}).name == "Smaller")
    small = client.convert(picture, "jpg", {"preset": preset.id})
    check("a job with a preset", small.output().metadata["width"] == 20, small.output())
    check("presets.get", client.presets.get(preset.id).target == "jpg")
    client.presets.delete(preset.id)
    raises("presets.delete", errors.NotFoundError, lambda: client.presets.get(preset.id))
    day = time.strftime("%Y-%m-%d", time.gmtime())
    check("stats", client.stats.day(day)["jobs"] > 3 and client.stats.month(day[:7], "all")["completed"] > 3
          and client.stats.year(day[:4])["jobs"] > 3)
    raises("stats of no day", errors.ValidationError, lambda: client.stats.day("yesterday"))
    check("contracts", client.contracts.get()["contracts"][0]["contract_type"] == "enterprise")

    raises("a wrong key", errors.AuthenticationError, lambda: service.client("nobody").jobs.list())
    raises("an unknown target", errors.ValidationError, lambda: client.convert(picture, "nothing"))
    wrong = raises("an unknown option", errors.ValidationError, lambda: client.convert(picture, "jpg", {"nonsense": 1}))
    check("is named", wrong and "nonsense" in str(wrong), wrong)
    raises("an unknown job", errors.NotFoundError, lambda: client.jobs.get("00000000-0000-8000-8000-000000000000"))
    raises("another workspace's job", errors.NotFoundError, lambda: service.client(service.other).jobs.get(job.id))
    raises("a file that is not there", errors.ConversionFailedError,
           lambda: client.convert(elsewhere + "/nothing.png", "jpg"))
    raises("nothing to pick up elsewhere", errors.ValidationError,
           lambda: client.jobs.create({"input": [{"type": "cloud", "source": "azure"}], "conversion": [{"target": "jpg"}]}))

    locked = client.convert(picture, "jpg", download_password="pa55")
    check("a download with its password", locked.contents()[:2] == b"\xff\xd8")
    raises("and without", errors.AuthenticationError, lambda: client.download(locked.output()).contents())
    counted = client.jobs.get(locked.job.id).raw["output"][0]
    check("downloads are counted", counted["downloads_counter"] == 1, counted)


def zipped():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.txt", "a" * 100)
        file.writestr("b.txt", "b" * 100)
    archive.seek(0)
    return archive


def wave():
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + 88200, b"WAVE", b"fmt ", 16, 1, 1, 44100, 88200, 2, 16,
                         b"data", 88200)
    return io.BytesIO(header + bytes(range(252)) * 350)


def document():
    """A DOCX with one picture."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/'
                      '2006/content-types"><Default Extension="png" ContentType="image/png"/><Override PartName="/word/'
                      'document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.'
                      'main+xml"/></Types>')
        file.writestr("_rels/.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
                      '2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
                      'relationships/officeDocument" Target="word/document.xml"/></Relationships>')
        file.writestr("word/document.xml", '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/'
                      'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>x</w:t></w:r></w:p></w:body></w:document>')
        file.write(picture, "word/media/image1.png")
    archive.seek(0)
    return archive


def scenarios(service):
    """What the vendor's example guides do, where no program of others is needed."""
    client = service.client()
    made = client.convert(picture, "thumbnail", {"width": 30, "thumbnail_target": "png", "pages": "first"},
                          category="operation").output()
    check("thumbnail", made.content_type == "image/png" and made.metadata["width"] == 30, made)
    jpeg = io.BytesIO(client.convert(picture, "jpg", {"quality": 95}).contents())
    before = len(jpeg.getvalue())
    small = client.convert(jpeg, "compress", {"compression_level": "high"}, category="operation", filename="p.jpg")
    check("compress", len(small.contents()) < before)
    jpeg.seek(0)
    same = client.convert(jpeg, "jpg", {"quality": 40}, filename="p.jpg")
    check("a format into itself", len(same.contents()) < before)
    job = client.jobs.create({"conversion": [{"category": "archive", "target": "zip"}], "process": False})
    client.jobs.upload(job, picture)
    client.jobs.upload(job, io.BytesIO(b"hello"), "hello.txt")
    client.jobs.start(job.id)
    output = client.jobs.wait(job.id).output
    packed = zipfile.ZipFile(io.BytesIO(client.download(output[0]).contents()))
    check("an archive of two", len(output) == 1 and sorted(packed.namelist()) == ["hello.txt", "photo.png"], output)
    check("a sum", len(client.convert(picture, "sha256", category="hash").contents().strip()) == 64)
    assets = client.convert(document(), "extract-assets", category="operation", filename="d.docx")
    check("extract-assets", assets.output().size > 0, assets.output())
    told = client.convert(picture, "json", {"output_mode": "basic"}, category="metadata").contents()
    check("metadata", "format" in json.loads(told), told)
    job = client.jobs.create({"conversion": [{"category": "operation", "target": "compare-image",
                                              "options": {"method": "ssim", "threshold": 1}}], "process": False})
    client.jobs.upload(job, picture)
    client.jobs.upload(job, picture)
    client.jobs.start(job.id)
    done = client.jobs.wait(job.id)
    check("compare-image", "ssim" in json.loads(client.download(done.output[0]).contents()), done.raw)
    resized = client.convert(picture, "resize-image", {"width": 20, "height": 20, "resize_by": "px",
                             "resize_handling": "keep_aspect_ratio_crop"}, category="operation").output()
    check("resize-image", (resized.metadata["width"], resized.metadata["height"]) == (20, 20), resized)
    job = client.jobs.create({"conversion": [{"target": "pdf", "options": {"merge": True}}], "process": False})
    client.jobs.upload(job, picture)
    client.jobs.upload(job, picture)
    client.jobs.start(job.id)
    check("merge", len(client.jobs.wait(job.id).output) == 1)
    if shutil.which("qpdf") and shutil.which("pdfinfo"):
        page = client.convert(picture, "pdf").contents()
        job = client.jobs.create({"conversion": [{"category": "document", "target": "pdf",
                                                  "options": {"stamp": True, "alignment": "bottom-right"}}], "process": False})
        client.jobs.upload(job, io.BytesIO(page), "page.pdf")
        client.jobs.upload(job, picture)
        client.jobs.start(job.id)
        done = client.jobs.wait(job.id)
        check("stamp", len(done.output) == 1 and done.output[0].size > len(page) and len(done.warnings) == 1, done.raw)
        thumb = client.convert(io.BytesIO(page), "thumbnail", {"width": 50, "pages": "first"}, category="operation",
                               filename="page.pdf").output()
        check("thumbnail of a page", thumb.content_type == "image/png" and thumb.filename == "page.png", thumb)
    if shutil.which("chromium-headless-shell") or shutil.which("chromium"):
        job = client.jobs.create({"input": [{"type": "remote", "source": elsewhere + "/page.html", "engine": "screenshot",
                                             "options": {"screen_width": 400, "screen_height": 300}}],
                                  "conversion": [{"category": "image", "target": "png"}]})
        done = client.jobs.wait(job.id)
        check("screenshot", done.output[0].metadata["width"] == 400, done.raw)
    if shutil.which("ffmpeg"):
        sound = client.convert(wave(), "aac", {"audio_codec": "aac", "audio_bitrate": 96, "channels": "mono",
                                               "frequency": 22050}, category="audio", filename="a.wav")
        check("sound", sound.output().size > 0, sound.output())
    job = client.convert_async(picture, "jpg", callback="http://127.0.0.1:9/nobody")
    check("a callback that nobody takes fails no job", client.jobs.wait(job.id).is_completed())


def raw(service):
    """What the SDK hides: header names, bodies without a type, arrays, states, parts of jobs."""
    base = service.base + "/v2"
    key = {"X-Oc-Api-Key": service.key}
    send = lambda method, path, body=None, headers=key: httpx.request(
        method, base + path, headers=headers, content=None if body is None else json.dumps(body).encode())
    made = send("POST", "/jobs", {"process": False})
    job = made.json()
    check("a job of nothing", made.status_code == 201 and job["status"]["code"] == "incomplete", made.text)
    path = "/jobs/" + job["id"]
    check("a UUID", re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", job["id"]))
    token = {"X-Oc-Token": job["token"]}
    check("the token is enough", send("GET", path, headers=token).status_code == 200)
    other = job["id"][:-1] + ("1" if job["id"][-1] == "0" else "0")
    check("but for another job", send("GET", "/jobs/" + other, headers=token).status_code in (401, 404))
    check("and for no list", send("GET", "/jobs", headers=token).status_code == 401)
    added = send("POST", path + "/conversions", [{"target": "jpg", "options": []}, {"target": "bmp"}], token)
    check("conversions in an array", added.status_code == 201 and len(added.json()) == 2, added.text)
    second = added.json()[1]["id"]
    changed = send("PATCH", f"{path}/conversions/{second}", {"options": {"grayscale": True}})
    check("PATCH of a conversion", changed.status_code == 200 and changed.json()["options"] == {"grayscale": True}, changed.text)
    check("DELETE of a conversion", send("DELETE", f"{path}/conversions/{second}", []).status_code == 204)
    check("one is left", len(send("GET", path + "/conversions").json()) == 1)
    empty = send("PATCH", path, {"process": True})
    check("a start without files", empty.status_code == 400 and "input" in empty.json()["errors"], empty.text)
    text = base64.b64encode(open(picture, "rb").read()).decode()
    inputs = send("POST", path + "/input", [{"type": "base64", "source": text, "filename": "one.png"},
                                            {"type": "base64", "source": text, "filename": "two.png"}])
    check("inputs in an array", inputs.status_code == 201 and [i["filename"] for i in inputs.json()] == ["one.png", "two.png"], inputs.text)
    check("they are not shown again", text not in inputs.text)
    check("DELETE of an input", send("DELETE", f"{path}/input/{inputs.json()[1]['id']}").status_code == 204)
    check("ready", send("GET", path).json()["status"]["code"] == "ready")
    started = send("PATCH", path, {"process": True}, token)
    check("PATCH process", started.status_code == 200 and started.json()["process"] is True, started.text)
    while send("GET", path).json()["status"]["code"] not in ("completed", "failed"):
        time.sleep(0.05)
    done = send("GET", path).json()
    check("completed", done["status"]["code"] == "completed", done)
    check("PATCH of what has ended", send("PATCH", path, {"process": True}).status_code == 409)
    output = done["output"][0]
    check("an output's source", output["source"] == {"conversion": added.json()[0]["id"], "input": [inputs.json()[0]["id"]]}, output)
    head = httpx.head(output["uri"])
    check("HEAD has the name", 'filename="one.jpg"' in head.headers["Content-Disposition"], head.headers)
    check("a download's address", "/download-file/" in output["uri"])
    renamed = send("PATCH", f"{path}/output/{output['id']}", {"filename": "holiday", "download_password": "x"})
    check("PATCH of an output", renamed.status_code == 200 and renamed.json()["filename"] == "holiday.jpg", renamed.text)
    check("opens with its password", httpx.get(renamed.json()["uri"]).status_code == 401
          and httpx.get(renamed.json()["uri"], headers={"X-Oc-Download-Password": "x"}).status_code == 200)
    check("history", [e["status"] for e in send("GET", path + "/history").json()][0] == "incomplete")
    check("threads", send("GET", path + "/threads").json()[0]["status"] == 0)
    again = send("POST", "/jobs", {"input": [{"type": "output", "source": output["id"]}], "conversion": [{"target": "png"}]})
    check("another job's output as an input", again.status_code == 201 and again.json()["input"][0]["type"] == "output", again.text)
    by_token = send("POST", "/jobs/" + send("POST", "/jobs", {"process": False}).json()["id"] + "/input",
                    {"type": "output", "source": output["id"]}, token)
    check("not with a token", by_token.status_code == 401, by_token.text)
    check("DELETE of an output", send("DELETE", f"{path}/output/{output['id']}").status_code == 204)
    check("DELETE of what has ended", send("DELETE", path).status_code == 204 and send("GET", path).status_code == 404)
    waiting = send("POST", "/jobs", {"conversion": [{"target": "jpg"}]}).json()
    upload = httpx.post(f"{waiting['server']}/upload-file/{waiting['id']}", headers={"X-Oc-Token": waiting["token"]},
                        files={"file": open(picture, "rb")})
    check("process is true by itself", upload.status_code == 200
          and send("GET", "/jobs/" + waiting["id"]).json()["process"] is True, upload.text)
    counted = send("GET", "/jobs?page=1")
    check("X-Count", int(counted.headers["X-Count"]) >= len(counted.json()) and len(counted.json()) <= 50)
    check("none is 204", send("GET", "/jobs?page=77").status_code == 204)
    forgiving = send("POST", "/jobs", {"fail_on_input_error": False, "conversion": [{"target": "jpg"}], "input": [
        {"source": elsewhere + "/photo.png"}, {"source": elsewhere + "/gone.png"}]}).json()
    while (now := send("GET", "/jobs/" + forgiving["id"]).json())["status"]["code"] not in ("completed", "failed"):
        time.sleep(0.05)
    check("fail_on_input_error", now["status"]["code"] == "completed" and len(now["output"]) == 1
          and now["errors"][0]["source"] == "input" and now["errors"][0]["code"] == 404, now)
    forgiving = send("POST", "/jobs", {"fail_on_conversion_error": False, "conversion": [{"target": "jpg"}], "input": [
        {"type": "base64", "source": text, "filename": "a.png"},
        {"type": "base64", "source": text[:2000], "filename": "b.png"}]}).json()
    while (now := send("GET", "/jobs/" + forgiving["id"]).json())["status"]["code"] not in ("completed", "failed"):
        time.sleep(0.05)
    check("fail_on_conversion_error", now["status"]["code"] == "completed" and len(now["output"]) == 1
          and now["errors"][0]["source"] == "conversion", now)
    check("a body of nothing", httpx.post(base + "/jobs", headers=key).json()["code"] == 8)
    check("the older SDK's presets", httpx.get(service.base + "/presets", headers=key).json() == [])
    check("statuses", [s["code"] for s in httpx.get(base + "/statuses").json()][:2] == ["incomplete", "ready"])
    pushed = send("POST", "/jobs", {"conversion": [{"target": "jpg", "output_target": [{"type": "azure"}]}]})
    check("an unknown place", pushed.status_code == 400 and "output_target[0].type" in pushed.text, pushed.text)


def together(service, seconds):
    """Eight clients at once: no error, no lost job."""
    problems, ids, end = [], [], time.time() + seconds

    def work():
        client = service.client()
        while time.time() < end:
            try:
                ids.append(client.convert(picture, "jpg", {"width": 30}).job.id)
            except Exception as problem:
                problems.append(repr(problem))
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client = service.client()
    check(f"eight clients, {len(ids)} jobs", not problems and all(client.jobs.get(i).is_completed() for i in ids), problems[:3])


def killed(service):
    """A kill between upload and start loses nothing that was answered."""
    client = service.client()
    job = client.jobs.create({"conversion": [{"target": "jpg"}], "process": False})
    client.jobs.upload(job, picture)
    service.process.kill()
    service.process.wait()
    service.start(re.sub("^http://", "", service.base))
    client = service.client()
    kept = client.jobs.get(job.id)
    check("the upload is kept", kept.status.code == "ready" and kept.input[0].size == os.path.getsize(picture), kept.raw)
    client.jobs.start(job.id)
    check("and starts", client.jobs.wait(job.id).is_completed())


with tempfile.TemporaryDirectory(prefix="wonder-api2convert-") as folder:
    service = Service(os.path.join(folder, "data"))
    for name in ["mine", "other"]:
        service.admin("workspace", "create", name, "--plan", "enterprise")
    service.key = service.admin("key", "issue", "mine")
    service.other = service.admin("key", "issue", "other")
    service.start()
    try:
        sdk(service, folder)
        scenarios(service)
        raw(service)
        together(service, 4)
        killed(service)
    finally:
        service.process.send_signal(signal.SIGTERM)
        service.process.wait()
sys.exit(1 if failed else 0)
