"""Convertly's libraries as they send their requests, run against the built program: JavaScript, MCP server, PHP.

usage: convertly.py WONDER; prints a line for each check and exits 1 when one fails.
"""
import json, os, re, shutil, signal, subprocess, sys, tempfile, time, urllib.error, urllib.request, uuid

wonder = os.path.realpath(sys.argv[1])
here = os.path.dirname(os.path.realpath(__file__))
picture = os.path.join(here, "../../Resources/samples/photo.png")
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


def form(parts):
    """A form of (name, value) and (name, (file name, bytes)), and its media type."""
    mark = uuid.uuid4().hex
    body = b""
    for name, value in parts:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, tuple):
            body += f'{head}; filename="{value[0]}"\r\nContent-Type: image/png\r\n\r\n'.encode() + value[1] + b"\r\n"
        else:
            body += f"{head}\r\n\r\n{value}\r\n".encode()
    return body + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


with tempfile.TemporaryDirectory(prefix="wonder-convertly-") as folder:
    data = os.path.join(folder, "data")

    def admin(*words):
        return subprocess.check_output([wonder, "admin", *words, "--data", data], text=True).strip()

    admin("workspace", "create", "team", "--plan", "enterprise")
    key = admin("key", "issue", "team", "--prefix", "cvly_")
    server = subprocess.Popen(
        [wonder, "serve", "--data", data, "--listen", "127.0.0.1:0", "--allow-private-targets", "127.0.0.0/8"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        base = re.search(r"http://\S+", server.stdout.readline()).group(0).rstrip("/")
        while True:
            try:
                urllib.request.urlopen(base + "/health", timeout=5).read()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.05)
        arguments = ["node", os.path.join(here, "convertly/sdk.mjs"), base, key, picture]
        if shutil.which("ffmpeg"):
            film = os.path.join(folder, "film.mp4")
            subprocess.run(
                ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=2", "-f", "lavfi", "-i",
                 "sine=duration=2", "-pix_fmt", "yuv420p", film], check=True)
            arguments.append(film)
        check("the JavaScript library's calls", subprocess.run(arguments).returncode == 0)

        def mcp(path, fields, parts=None, token=key):
            """As postMediaFile has it: the file under two names, empty fields left out, JSON whatever happens."""
            content = open(picture, "rb").read()
            parts = parts or [("files", ("photo.png", content)), ("file", ("photo.png", content))]
            body, kind = form(parts + [(n, v) for n, v in fields.items() if v != ""] + [("saveToStorage", "false")])
            request = urllib.request.Request(
                base + path, data=body, headers={"Authorization": "Bearer " + token, "Content-Type": kind})
            try:
                return json.load(urllib.request.urlopen(request, timeout=60))
            except urllib.error.HTTPError as error:
                return json.load(error)

        content = open(picture, "rb").read()
        for tool, fields in [
            ("convert", {"format": "jpg", "compression": "82"}), ("compress", {"mode": "quality", "quality": "82", "lossless": "false"}),
            ("media/thumbnail", {"format": "jpg", "width": "64", "height": "64", "fit": "cover", "quality": "82", "timestamp": "1"}),
            ("media/inspect", {}),
            ("media/transform", {"format": "png", "fit": "cover", "rotate": "0", "flip": "false", "flop": "false", "quality": "86"}),
            ("media/adjust", {"quality": "86", "brightness": "1", "saturation": "1", "hue": "0", "contrast": "1", "grayscale": "true",
                              "invert": "false", "sharpen": "false", "volume": "1", "normalize": "false", "fadeIn": "0", "fadeOut": "0"}),
        ]:
            told = mcp("/api/" + tool, fields)
            files = told.get("files") or [{}]
            got = urllib.request.urlopen(files[0]["downloadUrl"]).read() if files[0].get("downloadUrl") else b""
            check(f"the MCP server's {tool}", len(files) == 1 and len(got) > 0, told)
            if tool == "media/inspect":
                check("what it reads of the file", json.loads(got or "{}").get("width") == 320, got[:200])
        told = mcp("/api/media/image-to-pdf", {"pageSize": "auto"}, [("files", ("a.png", content)), ("files", ("b.png", content))])
        check("its images_to_pdf", len(told.get("files", [])) == 1, told)
        told = mcp("/api/media/watermark", {"position": "center", "opacity": "0.5", "margin": "8"}, [
            ("files", ("a.png", content)), ("file", ("a.png", content)), ("watermarkFile", ("logo.png", content))])
        check("its watermark", len(told.get("files", [])) == 1, told)
        check("its wrong key is told in JSON", "error" in mcp("/api/convert", {}, token="cvly_x"))

        if shutil.which("php") and subprocess.run(["php", "-r", "exit(function_exists('curl_init') ? 0 : 1);"]).returncode == 0:
            printed = subprocess.run(
                ["php", os.path.join(here, "convertly/client.php"), base, key, picture], capture_output=True, text=True)
            made, again, jobs, small, wrong = [json.loads(line) for line in printed.stdout.splitlines()]
            check("the PHP library's createJob", made["status"] != 400 and "jobId" in made, made)
            check("the same job again", again.get("jobId") == made.get("jobId"), again)
            check("its list", any(job["jobId"] == made.get("jobId") and job["totalFiles"] == 2 for job in jobs["jobs"]), jobs)
            check("its compressFile", len(small.get("files", [])) == 1, small)
            check("its refusal, without a notice of PHP", "compression" in wrong["error"] and not printed.stderr, (wrong, printed.stderr))
        else:
            print("skip PHP: php with curl is not here", flush=True)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
sys.exit(1 if failed else 0)
