"""What KoalaPic's pages print, run against the built program: the curl line, the Flask receiver, an EventSource, batches.

usage: koalapic.py WONDER; prints a line for each check and exits 1 when one fails. Only host, key and secret are replaced.
"""
import io, json, os, re, shlex, signal, socket, subprocess, sys, tempfile, time, urllib.error, urllib.request, zipfile

wonder = os.path.realpath(sys.argv[1])
here = os.path.dirname(os.path.realpath(__file__))
picture = os.path.join(here, "../../Resources/samples/photo.png")
failed = 0

CURL = """curl -X POST https://koalapic.com/api/v1/convert \\
-H "Authorization: Bearer kp_your_api_key" \\
-F "file=@photo.png" \\
-F "output_format=bmp" \\
-F "webhook_url=https://your-app.com/hooks/conversion-123\""""


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class EventSource:
    """As a browser has it: no fields but its own, comes again with Last-Event-ID after each end, stops at 204."""

    def __init__(self, url):
        self.url, self.last, self.events, self.connections = url, "", [], 0

    def follow(self):
        while True:
            self.connections += 1
            fields = {"Accept": "text/event-stream"} | ({"Last-Event-ID": self.last} if self.last else {})
            with urllib.request.urlopen(urllib.request.Request(self.url, headers=fields), timeout=60) as answer:
                if answer.status == 204:
                    return self.events
                name, data = "message", []
                for line in answer:
                    line = line.decode().rstrip("\n")
                    if not line:
                        if data:
                            self.events.append((name, json.loads("\n".join(data))))
                        name, data = "message", []
                    elif line.startswith("event:"):
                        name = line[6:].strip()
                    elif line.startswith("data:"):
                        data.append(line[5:].strip())
                    elif line.startswith("id:"):
                        self.last = line[3:].strip()


with tempfile.TemporaryDirectory(prefix="wonder-koalapic-") as folder:
    data = os.path.join(folder, "data")
    subprocess.run(["cp", picture, os.path.join(folder, "photo.png")], check=True)

    def admin(*words):
        return subprocess.check_output([wonder, "admin", *words, "--data", data], text=True).strip()

    admin("workspace", "create", "koala", "--plan", "enterprise")
    key = admin("key", "issue", "koala", "--prefix", "kp_")
    number = json.loads(admin("keys", "--json"))[0]["id"]
    secret = admin("key", "webhook-secret", str(number))
    port = free_port()
    printed = open(os.path.join(folder, "printed"), "w+")
    receiver = subprocess.Popen(
        [sys.executable, "-u", os.path.join(here, "webhooks/koalapic.py")], stdout=printed, stderr=subprocess.DEVNULL,
        env=os.environ | {"SECRET": secret, "PORT": str(port)})
    server = subprocess.Popen(
        [wonder, "serve", "--data", data, "--listen", "127.0.0.1:0", "--allow-private-targets", "127.0.0.0/8"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        base = re.search(r"http://\S+", server.stdout.readline()).group(0)
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)

        def ask(method, path, body=None, fields=()):
            url = path if path.startswith("http") else base + path
            request = urllib.request.Request(url, body, {"Authorization": f"Bearer {key}", **dict(fields)}, method=method)
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.status, answer.read()
            except urllib.error.HTTPError as error:
                return error.code, error.read()

        def batch(files):
            parts = b"".join(
                f'--k\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n"
                for name, content in files)
            return ask("POST", "/api/v1/convert/batch", parts + b"--k--\r\n",
                       [("Content-Type", "multipart/form-data; boundary=k")])

        words = CURL.replace("https://koalapic.com", base).replace("kp_your_api_key", key)
        words = words.replace("https://your-app.com/hooks/conversion-123", f"http://127.0.0.1:{port}/webhooks/koalapic")
        words = shlex.split(words.replace("\\\n", " "))
        taken = json.loads(subprocess.check_output([words[0], "-s", *words[1:]], cwd=folder, text=True))
        check("the page's curl is taken", "id" in taken and "status_url" in taken, taken)
        seen = EventSource(taken["events_url"] + "?api_key=" + key).follow()
        check("an EventSource follows it to its end", seen and seen[-1][0] == "complete"
              and all(name == "progress" and set(event) == {"step", "percent"} for name, event in seen[:-1]), seen)
        for _ in range(200):
            printed.seek(0)
            text = printed.read()
            if "Conversion done!" in text:
                break
            time.sleep(0.05)
        link = re.search(r"Conversion done! Download: (\S+)", text)
        check("the page's Flask receiver verifies and prints", link is not None, text)
        if link:
            status, content = ask("GET", link.group(1).replace(re.match(r"http://[^/]+", link.group(1)).group(0), base))
            check("its link gives the file, also with the key", status == 200 and content[:2] == b"BM", status)

        good = open(picture, "rb").read()
        status, answer = batch([(f"p{number}.png", good) for number in range(10)])
        taken = json.loads(answer)
        check("a batch is taken", status == 202 and taken["total_files"] == 10, answer)
        source = EventSource(f"{base}/api/v1/convert/{taken['job_id']}/stream?api_key={key}")
        seen = source.follow()
        check("an EventSource follows a batch to its end", seen and seen[-1][0] == "complete", seen)
        percents = [event["percent"] for name, event in seen if name == "progress"]
        check("its percentages never fall", percents == sorted(percents), percents)
        check("and it stops at 204", source.connections <= 3, source.connections)
        state = json.loads(ask("GET", f"/api/v1/jobs/{taken['job_id']}")[1])
        check("the batch has completed", state["status"] == "completed" and state["completed_files"] == 10, state)
        with zipfile.ZipFile(io.BytesIO(ask("GET", state["zip_url"])[1])) as archive:
            check("its archive holds each file", archive.testzip() is None and len(archive.namelist()) == 10)
        status, answer = batch([("a.png", good), ("bad.png", good[:200])])
        number = json.loads(answer)["job_id"]
        for _ in range(400):
            state = json.loads(ask("GET", f"/api/v1/jobs/{number}")[1])
            if state["status"] != "processing":
                break
            time.sleep(0.05)
        check("a batch with a damaged file has failed", state["status"] == "failed" and "bad.png" in state["error"], state)
        check("its good file downloads", len(state["items"]) == 1
              and ask("GET", state["items"][0]["download_url"])[0] == 200, state)
        status, answer = batch([(f"p{number}.png", good) for number in range(51)])
        check("51 files are refused by name", status == 422 and json.loads(answer)["fields"] == ["files"], answer)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        receiver.kill()
        receiver.wait()
print("FAILED" if failed else "koalapic: all right")
sys.exit(1 if failed else 0)
