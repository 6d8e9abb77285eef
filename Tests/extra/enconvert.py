"""Enconvert's own Python library and the curls of its page against the built program: 12 calls, 43 pairs, batches, a site,
callbacks and mail; what comes out is read by Poppler, Pillow and Python's own readers.

usage: enconvert.py WONDER; prints a line for each check and exits 1 when one fails. Only host, key and addresses are replaced.
Pairs whose program is not on this machine are named and left out.
"""
import concurrent.futures, csv, email, email.policy, http.server, io, json, os, re, shlex, shutil, signal, socket, subprocess, sys
import tempfile, threading, time, tomllib, urllib.error, urllib.request, zipfile
from xml.etree import ElementTree

# The library has the name of this file.
sys.path = [place for place in sys.path if os.path.realpath(place) != os.path.dirname(os.path.realpath(__file__))]
import yaml
from aiosmtpd.controller import Controller
from PIL import Image

import enconvert
from enconvert import APIError, AuthenticationError, Enconvert, FileData, PdfMargins, PdfOptions, QuotaError

wonder = os.path.realpath(sys.argv[1])
here = os.path.dirname(os.path.realpath(__file__))
photo = open(os.path.join(here, "../../Resources/samples/photo.png"), "rb").read()
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class Site(http.server.BaseHTTPRequestHandler):
    """Pages by name: /page-N, /bad-N with status 500, /hang that never answers, and a site with loops and traps."""

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/hang":
            time.sleep(600)
        if path.startswith("/bad") or path == "/robots.txt":
            self.send_error(404 if path == "/robots.txt" else 500)
            return
        if path == "/old":
            self.send_response(302)
            self.send_header("Location", "/site/3")
            self.end_headers()
            return
        if path == "/auth" and self.headers.get("Authorization") != "Basic dTpw":
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic realm=x")
            self.end_headers()
            return
        links = ""
        if path.startswith("/site/"):
            number = int(path.rsplit("/", 1)[1])
            links = "".join(f"<a href='/site/{n}'>{n}</a> " for n in ((number + 1) % 8, number // 2))
            links += "<a href='/old'>old</a> <a href='/private/x'>p</a> <a href='#here'>h</a>"
        seen = f"{self.headers.get('X-Test', '')} {self.headers.get('Cookie', '')}"
        body = (f"<!doctype html><title>{path}</title><main><h1>Heading of {path}</h1><p>Words {seen} of a page that is "
                f"long enough to be one. {links}</p></main>").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps callbacks by path and answers with the number in it; /hang does not answer at all."""
    taken = {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.taken.setdefault(self.path, []).append((json.loads(body), dict(self.headers)))
        if self.path == "/hang":
            time.sleep(600)
        self.send_response(int(self.path[1:4]) if self.path[1:4].isdigit() else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Taker:
    mails = []

    async def handle_DATA(self, server, session, envelope):
        Taker.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"


def run(handler):
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def zipped(*parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in parts:
            archive.writestr(name, text)
    return target.getvalue()


def opendocument(kind, body):
    """A whole document of one part, as ODF 1.2 has it."""
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"' for name, urn in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("presentation", "presentation"),
        ("svg", "svg-compatible")))
    media = f"application/vnd.oasis.opendocument.{kind}"
    manifest = (f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
                f'manifest:full-path="/" manifest:media-type="{media}"/><manifest:file-entry manifest:full-path="content.xml" '
                f'manifest:media-type="text/xml"/></manifest:manifest>')
    content = (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
               f"{body}</office:body></office:document-content>")
    return zipped(("mimetype", media), ("content.xml", content), ("META-INF/manifest.xml", manifest))


def office(parts, kind, main):
    """A document of Office Open XML: its parts, what the main one is, and where it stands."""
    package = "http://schemas.openxmlformats.org/package/2006/"
    document = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "".join(f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.{type}+xml"/>'
                    for name, type, _ in parts)
    return zipped(
        ("[Content_Types].xml", f'<Types xmlns="{package}content-types"><Default Extension="rels" ContentType='
         f'"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
         f"{types}</Types>"),
        ("_rels/.rels", f'<Relationships xmlns="{package}relationships"><Relationship Id="r1" Type="{document}/officeDocument" '
         f'Target="{main}"/></Relationships>'),
        *((name, text) for name, _, text in parts),
        *([("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}relationships"><Relationship Id="r1" Type='
            f'"{document}/worksheet" Target="sheet1.xml"/></Relationships>')] if kind == "xl" else []))


TABLE = ('<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>Heading</text:p>'
         "</table:table-cell></table:table-row></table:table>")
PAGE = ('<draw:page draw:name="p"><draw:frame svg:width="10cm" svg:height="3cm" svg:x="2cm" svg:y="2cm"><draw:text-box><text:p>'
        "Heading</text:p></draw:text-box></draw:frame></draw:page>")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SAMPLES = {
    "json": b'[{"name": "Heading", "number": 1}, {"name": "b", "number": 2}]', "csv": b"name,number\nHeading,1\nb,2\n",
    "xml": b"<root><item><name>Heading</name><number>1</number></item><item><name>b</name></item></root>",
    "yaml": b"name: Heading\nlist: [1, 2]\n", "toml": b'name = "Heading"\nlist = [1, 2]\n',
    "markdown": b"# Heading\n\nA *text* with a [link](https://example.com/).\n",
    "html": b"<!doctype html><title>t</title><h1>Heading</h1><p>A text.</p>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80"><rect width="60" height="80" fill="#c00"/></svg>',
    "png": photo, "odt": opendocument("text", "<office:text><text:p>Heading</text:p></office:text>"),
    "ods": opendocument("spreadsheet", f"<office:spreadsheet>{TABLE}</office:spreadsheet>"),
    "ots": opendocument("spreadsheet-template", f"<office:spreadsheet>{TABLE}</office:spreadsheet>"),
    "odp": opendocument("presentation", f"<office:presentation>{PAGE}</office:presentation>"),
    "doc": office([("word/document.xml", "wordprocessingml.document.main",
                    f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>Heading</w:t></w:r></w:p></w:body></w:document>')],
                  "word", "word/document.xml"),
    "excel": office([("xl/workbook.xml", "spreadsheetml.sheet.main",
                      f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'),
                     ("xl/sheet1.xml", "spreadsheetml.worksheet", f'<worksheet xmlns="{S}"><sheetData><row r="1"><c r="A1" '
                      f't="inlineStr"><is><t>Heading</t></is></c></row></sheetData></worksheet>')], "xl", "xl/workbook.xml"),
}
ENDINGS = {"markdown": "md", "doc": "docx", "excel": "xlsx", "ppt": "pptx"}
WORDS = {"doc", "excel", "ppt", "odt", "ods", "odp", "ots", "html", "markdown"}


def says(content, ending, target, source):
    """What is wrong with what was made, or nothing."""
    if target == "pdf":
        text = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True)
        return "" if text.returncode == 0 and (source not in WORDS or b"Heading" in text.stdout) else text
    if target in ("png", "jpeg", "webp"):
        picture = Image.open(io.BytesIO(content))
        picture.load()
        return "" if picture.format == target.upper() and min(picture.size) >= 80 else picture
    if target == "heic":
        return "" if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"mif1", b"heix") else content[:32]
    if target == "svg":
        return "" if ElementTree.fromstring(content).find(".//{*}image") is not None else content[:200]
    readers = {"json": lambda text: json.loads(text), "yaml": yaml.safe_load, "toml": tomllib.loads,
               "xml": ElementTree.fromstring, "csv": lambda text: list(csv.DictReader(io.StringIO(text)))}
    text = content.decode()
    value = readers.get(target, str)(text)
    return "" if value is not None and "Heading" in text else text[:200]


with tempfile.TemporaryDirectory(prefix="wonder-enconvert-") as folder:
    data = os.path.join(folder, "data")
    site, hooks = run(Site), run(Receiver)
    controller = Controller(Taker(), hostname="127.0.0.1", port=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()

    def admin(*words):
        return subprocess.check_output([wonder, "admin", *words, "--data", data], text=True).strip()

    admin("workspace", "create", "team", "--plan", "enterprise", "--owner", "owner@example.com")
    key = admin("key", "issue", "team", "--prefix", "sk_live_")
    admin("workspace", "create", "small", "--plan", "free")
    poor = admin("key", "issue", "small", "--prefix", "sk_live_")
    admin("workspace", "create", "middle", "--plan", "starter")
    middle = admin("key", "issue", "middle", "--prefix", "sk_live_")
    server = subprocess.Popen(
        [wonder, "serve", "--data", data, "--listen", "127.0.0.1:0", "--allow-private-targets", "127.0.0.0/8",
         "--page-workers", "4"], stdout=subprocess.PIPE, stderr=open(os.path.join(folder, "log"), "w"), text=True,
        env=os.environ | {"WONDER_SMTP_URL": f"smtp://127.0.0.1:{controller.port}",
                          "WONDER_MAIL_FROM": "wonder@example.com"})
    try:
        base = re.search(r"http://\S+", server.stdout.readline()).group(0)
        client = Enconvert(key, base_url=base)

        def ask(method, path, body=None, key=key, fields=()):
            content = json.dumps(body).encode() if isinstance(body, dict) else body
            request = urllib.request.Request(
                base + path, content, {"X-API-Key": key, "Content-Type": "application/json", **dict(fields)}, method=method)
            try:
                with urllib.request.urlopen(request, timeout=320) as answer:
                    return answer.status, answer.read(), answer.headers
            except urllib.error.HTTPError as error:
                return error.code, error.read(), error.headers

        def fetch(result):
            with urllib.request.urlopen(result.presigned_url, timeout=60) as answer:
                return answer.read()

        def refused(call, kind, words):
            try:
                return f"taken: {call()}"
            except kind as error:
                return "" if words in str(error) else str(error)

        def has(source, target):
            formats = json.loads(ask("GET", "/api/v1/formats")[1])["formats"]
            return any(row["from"] == source and target in row["to"] for row in formats)

        def found(program, source, target):
            """Whether it is here and has been tried, which the server does after its start."""
            if not shutil.which(program):
                return False
            until = time.time() + 20
            while time.time() < until and not has(source, target):
                time.sleep(0.2)
            return True

        hasBrowser = found("chromium-headless-shell", "url", "pdf")
        hasPictures, hasDrawings = found("vips", "png", "heic"), found("rsvg-convert", "svg", "png")
        # Its parts come in packages of their own: sheets and slides, beside texts.
        parts = [f"/usr/lib/libreoffice/program/lib{part}lo.so" for part in ("sc", "sd", "sw")]
        hasOffice = all(os.path.exists(part) for part in parts) and found("soffice", "pptx", "pdf")

        # What takes the longest goes on while all else is looked at: a host that hangs, and receivers that do not answer.
        batches = {}
        if hasBrowser:
            addresses = ([f"{site}/page-{n}" for n in range(16)] + [f"{site}/bad-{n}" for n in range(3)] + [f"{site}/hang"])
            body = {"url": addresses, "output_format": "zip", "callback_url": hooks + "/200-zip",
                    "notification_email": "team@yourcompany.com"}
            status, answer, _ = ask("POST", "/v1/convert/url-to-pdf", body)
            taken = json.loads(answer)
            check("a batch of 20 pages is taken as one archive", status == 202 and taken == {
                "status": "processing", "batch_id": taken.get("batch_id"), "url_count": 20, "output_format": "zip"}, answer)
            batches["zip"] = taken["batch_id"]
            for name in ("203", "500", "hang"):
                status, answer, _ = ask("POST", "/v1/convert/url-to-screenshot", {
                    "url": [f"{site}/page-1"], "async_mode": True, "callback_url": f"{hooks}/{name}",
                    "notification_email": "team@yourcompany.com"})
                batches[name] = json.loads(answer)["batch_id"]
            counts = []

            def watch():
                while True:
                    state = client.get_batch_status(batches["zip"])
                    counts.append((state.total, state.completed + state.failed + state.in_progress, len(state.items),
                                   state.status, state.zip_download_url))
                    if state.status != "processing":
                        return
                    time.sleep(0.2)

            watcher = threading.Thread(target=watch)
            watcher.start()
        else:
            print("skip pages, sites and HTML: chromium-headless-shell is not here")

        check("whoami", json.loads(ask("GET", "/v1/whoami")[1]) == {"project_id": "team", "plan_slug": "enterprise"})
        check("health needs no key", ask("GET", "/health", key="")[0] == 200)
        check("a key can be verified", ask("GET", "/v1/auth/verify")[0] == 200 and ask("GET", "/v1/auth/verify", key="x")[0] == 401)

        # The 43 pairs by the library.
        samples = dict(SAMPLES)
        if hasPictures:
            for kind, ending in (("webp", "webp"), ("heic", "heic"), ("jpeg", "jpeg")):
                made = client.convert_image(FileData(photo, "photo.png"), output_format=ending)
                samples[kind] = fetch(made)
        else:
            samples["jpeg"] = fetch(client.convert_image(FileData(photo, "photo.png"), output_format="jpeg"))
        samples["pdf"] = fetch(client.convert_document(FileData(SAMPLES["markdown"], "a.md")))
        if hasOffice:
            path = os.path.join(folder, "slides.odp")
            open(path, "wb").write(samples["odp"])
            subprocess.run([wonder, "convert", path, os.path.join(folder, "slides.pptx")], capture_output=True)
            path = os.path.join(folder, "slides.pptx")
            if os.path.exists(path):
                samples["ppt"] = open(path, "rb").read()
        left = {}

        def missing(source, target):
            if source not in samples:
                return "no sample of it can be made here"
            if not hasPictures and {source, target} & {"webp", "heic"}:
                return "libvips-tools is not here"
            if not hasDrawings and source == "svg":
                return "librsvg2-bin is not here"
            if not hasOffice and source in WORDS - {"html", "markdown"}:
                return "LibreOffice is not here"
            return "chromium-headless-shell is not here" if not hasBrowser and source == "html" else ""

        def pair(name):
            source, target = name.split("-to-")
            why = missing(source, target)
            if why:
                left[name] = why
                return name, ""
            file = FileData(samples[source], f"a sample.{ENDINGS.get(source, source)}")
            convert = client.convert_image if source in ("jpeg", "png", "svg", "heic", "webp", "pdf") else client.convert_document
            try:
                result = convert(file, output_format=target, output_filename="named")
                content = fetch(result)
                ending = os.path.splitext(result.filename)[1]
                shape = re.fullmatch(r"named_\d{8}_\d{9}\.\w+", result.filename) and len(content) == result.file_size
                return name, says(content, ending, target, source) if shape else result
            except Exception as error:
                return name, repr(error)

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            wrong = {name: problem for name, problem in pool.map(pair, sorted(enconvert.IMPLEMENTED_CONVERSIONS)) if problem}
        check(f"{43 - len(left)} of 43 pairs are made and read by others", not wrong and len(enconvert.IMPLEMENTED_CONVERSIONS) == 43, wrong)
        for name in sorted(left):
            print("skip", name + ":", left[name])

        # What the documentation says of files.
        two = fetch(client.convert_document(FileData(b"# One\n\n" + b"text\n\n" * 120, "two.md")))
        several = client.convert_image(FileData(two, "two.pdf"), output_format="jpeg")
        with zipfile.ZipFile(io.BytesIO(fetch(several))) as archive:
            check("several pages become a ZIP of pictures", several.filename.endswith(".zip") and archive.testzip() is None
                  and archive.namelist()[:2] == ["page_1.jpeg", "page_2.jpeg"], archive.namelist())
        path = os.path.join(folder, "out", "saved.md")
        client.convert_to_markdown(FileData(samples["doc"], "a.docx"), save_to=path)
        check("convert_to_markdown saves a document", "Heading" in open(path).read())
        whole = client.convert_to_pdf(FileData(b"plain words", "a.txt"))
        check("convert_to_pdf takes a text", fetch(whole)[:5] == b"%PDF-")
        check("and a picture", fetch(client.convert_to_pdf(FileData(photo, "a.png")))[:5] == b"%PDF-")
        made = client.get_job_status(whole.job_id)
        check("the state of a job is found by the client's name", made.status == "success" and made.object_key == whole.object_key, made)
        status, answer, fields = ask("GET", "/v1/convert/download/" + urllib.request.quote(whole.object_key))
        check("the object's key gives the file", status == 200 and answer[:5] == b"%PDF-", answer[:200])

        # The vendor's shell client sends no direct_download and takes the address out with grep.
        sample = os.path.join(folder, "photo.png")
        open(sample, "wb").write(photo)
        curl = ["curl", "-s", "-H", f"X-API-Key: {key}", "-F", f"file=@{sample}"]
        text = subprocess.check_output([*curl, base + "/v1/convert/png-to-jpeg"], text=True)
        address = re.search(r'"presigned_url":"([^"]*)"', text)
        check("grep finds the address in the answer", address and subprocess.check_output(
            ["curl", "-s", address.group(1)])[:2] == b"\xff\xd8", text)
        content = subprocess.check_output([*curl, "-F", "direct_download=true", base + "/v1/convert/png-to-jpeg"])
        check("direct_download gives the bytes", content[:2] == b"\xff\xd8")
        large = io.BytesIO()
        Image.open(io.BytesIO(photo)).convert("RGB").save(large, "JPEG", quality=98)
        open(os.path.join(folder, "large.jpg"), "wb").write(large.getvalue())
        content = subprocess.check_output([
            "curl", "-s", "-H", f"X-API-Key: {key}", "-F", f"file=@{folder}/large.jpg", "-F", "target_size_kb=20",
            "-F", "direct_download=true", base + "/v1/convert/compress-image"])
        check("compress-image keeps to target_size_kb", len(content) <= 20 * 1024 and Image.open(io.BytesIO(content)).format == "JPEG",
              content[:200])
        check("a file that is none of its ending is refused at once",
              not (shown := refused(lambda: client.convert_image(FileData(b"GIF89a,", "a.png"), output_format="jpeg"),
                                    APIError, "[400]")), shown)
        check("an empty CSV is refused at once",
              not (shown := refused(lambda: client.convert_document(FileData(b"", "a.csv"), output_format="json"), APIError, "[400]")), shown)
        check("a picture is no document for Markdown",
              not (shown := refused(lambda: client.convert_to_markdown(FileData(photo, "a.png")), APIError, "[400]")), shown)
        name = "f" * 32
        form = (f"--k\r\nContent-Disposition: form-data; name=\"job_id\"\r\n\r\n{name}\r\n--k\r\nContent-Disposition: form-data; "
                "name=\"file\"; filename=\"a.json\"\r\n\r\n{\"a\":1}\r\n--k--\r\n").encode()
        multipart = [("Content-Type", "multipart/form-data; boundary=k")]
        first = ask("POST", "/v1/convert/json-to-yaml", form, fields=multipart)
        second = ask("POST", "/v1/convert/json-to-xml", form, fields=multipart)
        check("a name of a job is used once", first[0] == 200 and second[0] == 409
              and json.loads(second[1])["detail"] == "job_id already in use", second[1])
        check("a wrong key is an AuthenticationError", not (shown := refused(
            lambda: Enconvert("sk_live_wrong", base_url=base).get_job_status(name), AuthenticationError, "")), shown)
        check("what version 2 lacks is a QuotaError", not (shown := refused(
            lambda: client.v2.lookup("words"), QuotaError, "not available on this server")), shown)

        if hasBrowser:
            page = client.convert_url_to_pdf(
                f"{site}/auth", auth=enconvert.HttpBasicAuth("u", "p"), headers={"X-Test": "fieldvalue"},
                cookies=[enconvert.BrowserCookie("c", "cookievalue", domain="127.0.0.1")], output_filename="page",
                pdf_options=PdfOptions(page_size="A5", margins=PdfMargins(top=20), scale=0.8))
            text = subprocess.run(["pdftotext", "-", "-"], input=fetch(page), capture_output=True).stdout
            check("url-to-pdf sends password, fields and cookies", b"fieldvalue" in text and b"cookievalue" in text, text)
            shot = Image.open(io.BytesIO(fetch(client.convert_url_to_screenshot(f"{site}/page-1", viewport_width=800, viewport_height=600))))
            check("url-to-screenshot has the width of the window", shot.format == "PNG" and shot.width == 800, shot)
            text = fetch(client.convert_url_to_markdown(f"{site}/page-1", load_media=False, enable_scroll=False)).decode()
            check("url-to-markdown has the words of the page", "# Heading of /page-1" in text, text)
            shown = refused(lambda: client.convert_url_to_pdf(f"{site}/bad-1"), APIError, "Page answered with an error")
            check("a page that answers with an error is told", not shown, shown)
            check("an address without a host is 400", not (shown := refused(
                lambda: client.convert_url_to_pdf("http://nowhere.invalid/"), APIError, "[400]")), shown)
            found = client.convert_website_to_pdf(
                f"{site}/site/0", crawl_mode="full", exclude_patterns=[r"/private/", r"/site/[67]$"], callback_url=hooks + "/200-site")
            check("a site is searched before the answer", found.url_count == found.total_discovered == 6
                  and found.discovery_method == "full_crawl" and found.output_format == "zip", found)
            check("a site without a page is 400", not (shown := refused(
                lambda: client.convert_website_to_screenshot(f"{site}/bad-1"), APIError, "[400] No URLs were discovered")), shown)
            path = os.path.join(folder, "site.zip")
            state = client.wait_for_batch(found.batch_id, interval_seconds=0.2, timeout_seconds=120, save_to=path)
            with zipfile.ZipFile(path) as archive:
                check("the archive of a site has each page once", state.status == "completed" and state.total == 6
                      and archive.testzip() is None and len(set(archive.namelist())) == 6, (state, archive.namelist()))

            # The curls of the seed page, but for host, key and addresses.
            seed = [
                {"url": f"{site}/page-1", "async_mode": True, "notification_email": "team@yourcompany.com"},
                {"url": f"{site}/page-1", "async_mode": True, "callback_url": hooks + "/200-one"},
                {"url": [f"{site}/page-1", f"{site}/page-2"], "notification_email": "team@yourcompany.com",
                 "callback_url": hooks + "/200-both"},
            ]
            for number, body in enumerate(seed):
                line = (f"curl -s -X POST {base}/v1/convert/url-to-pdf -H \"X-API-Key: {key}\" -H \"Content-Type: "
                        f"application/json\" -d '{json.dumps(body)}'")
                taken = json.loads(subprocess.check_output(shlex.split(line)))
                count = len(body["url"]) if isinstance(body["url"], list) else 1
                check(f"curl {number + 1} of the page is taken", taken == {
                    "status": "processing", "batch_id": taken.get("batch_id"), "url_count": count,
                    "output_format": "individual"}, taken)
                state = client.wait_for_batch(taken["batch_id"], interval_seconds=0.2)
                check("and polled to its end", state.status == "completed" and all(
                    item.status == "Success" and item.source_url.startswith(site) and re.fullmatch(r"\d+\.\d\d", item.duration)
                    and item.output_file_size and urllib.request.urlopen(item.download_url).read(5) == b"%PDF-"
                    for item in state.items), state)

            status, answer, _ = ask("POST", "/v1/convert/url-to-pdf", {"url": f"{site}/page-1", "async_mode": True}, key=poor)
            check("async needs a plan that has it", status == 403 and b"Async processing is not available on your current plan" in answer, answer)
            status, answer, _ = ask("POST", "/v1/convert/url-to-pdf", {
                "url": f"{site}/page-1", "async_mode": True, "callback_url": hooks + "/never"}, key=middle)
            check("callbacks need a plan that has them", status == 403 and b"Webhook callbacks" in answer, answer)

            watcher.join(120)
            state = client.get_batch_status(batches["zip"])
            check("a batch with failures is partial", (state.status, state.total, state.completed, state.failed, state.in_progress)
                  == ("partial", 20, 16, 4, 0), state)
            check("its counts were right at every poll", all(total == summed == items == 20 for total, summed, items, *_ in counts)
                  and all(link for *_, status, link in counts if status != "processing"), counts)
            path = os.path.join(folder, "pages.zip")
            client.wait_for_batch(batches["zip"], save_to=path)
            with zipfile.ZipFile(path) as archive:
                check("its archive has one file for each page that worked", archive.testzip() is None and len(archive.namelist()) == 16,
                      archive.namelist())
            until = time.time() + 40

            def deliveries(state=None):
                words = ["--workspace", "team", "--limit", "100", "--json"] + (["--status", state] if state else [])
                return [row for row in json.loads(admin("deliveries", *words)) if row["style"] == "enconvert"]

            while time.time() < until and len(deliveries("failed")) < 3:
                time.sleep(0.3)
            taken = Receiver.taken.get("/200-zip", [])
            body = taken[0][0] if taken else {}
            check("an archive is told once", len(taken) == 1 and body["job_id"] == body["batch_id"] == batches["zip"]
                  and body["status"] == "success" and (body["total_tasks"], body["successful_tasks"], body["failed_tasks"]) == (20, 16, 4)
                  and body["gcs_uri"].endswith(body["filename"]) and body["filename"].endswith(".zip"), body)
            tasks = {task["url"]: task for task in body.get("tasks", [])}
            check("with each task", len(tasks) == 20 and tasks[f"{site}/hang"] == {
                "url": f"{site}/hang", "status": "failed", "error": "Page load timeout"}
                and sorted(tasks[f"{site}/page-3"]) == ["filename", "status", "url"], tasks.get(f"{site}/hang"))
            both = [body for body, _ in Receiver.taken.get("/200-both", [])]
            check("in individual mode each address is told by itself", len(both) == 2 and all(
                sorted(body) == ["batch_id", "file_size", "filename", "gcs_uri", "job_id", "status"] for body in both), both)
            check("a callback is JSON without a signature", all(
                fields["Content-Type"] == "application/json" and not any("signature" in name.lower() for name in fields)
                for _, fields in taken))
            rows = deliveries("failed")
            check("203, 500 and silence fail after one attempt", len(rows) == 3 and all(row["attempts"] == 1 for row in rows)
                  and all(len(Receiver.taken.get(f"/{name}", [])) == 1 for name in ("203", "500", "hang")), rows)
            row = next((row for row in rows if row["url"].endswith("/500")), None)
            admin("delivery", "replay", str(row["id"]))
            until = time.time() + 10
            while time.time() < until and len(Receiver.taken["/500"]) < 2:
                time.sleep(0.1)
            check("and can be sent again", len(Receiver.taken["/500"]) == 2)

            def mails(batch):
                return [mail for to, mail in Taker.mails
                        if batch in mail.get_body(("plain",)).get_content()]

            until = time.time() + 10
            while time.time() < until and not mails(batches["zip"]):
                time.sleep(0.1)
            found = mails(batches["zip"])
            text = found[0].get_body(("plain",)).get_content() if found else ""
            check("an archive has one mail with a table", len(found) == 1 and found[0]["Subject"] == "Job Completion: SUCCESS"
                  and text.count("/page-") >= 16 and "/hang" in text, text)
            check("whoever names nobody is the owner", any(to == ["owner@example.com"] for to, _ in Taker.mails),
                  [to for to, _ in Taker.mails])
            check("a site that has no page is told by mail", any(mail["Subject"] == "Job Completion: FAILED" and to == ["owner@example.com"]
                                                                   for to, mail in Taker.mails))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        controller.stop()
        if failed:
            print(open(os.path.join(folder, "log")).read()[-3000:])
print("FAILED" if failed else "enconvert: all right")
sys.exit(1 if failed else 0)
