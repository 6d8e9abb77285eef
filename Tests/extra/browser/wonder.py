"""A built wonder that runs as a server, and what it makes of pages."""
import http.client, json, os, re, signal, subprocess, tempfile, time, uuid

from world import CLIENT, SERVER


class Made:
    """What became of a job: a file, or a code and a sentence."""

    def __init__(self, answer, data=None, seconds=0.0):
        job = answer.get("job", {})
        error = job.get("error") if isinstance(job.get("error"), dict) else job
        self.answer, self.data, self.seconds = answer, data, seconds
        self.status = job.get("status")
        self.code = error.get("code") or error.get("error_code")
        self.sentence = error.get("message") or error.get("error_message") or ""

    def __repr__(self):
        if self.data is not None:
            return f"{len(self.data)} bytes in {self.seconds:.1f} s"
        return f"{self.status} {self.code}: {self.sentence} ({self.seconds:.1f} s)" if self.code else json.dumps(self.answer)[:600]


class Wonder:
    """`user` is whom the server runs as; None means whoever runs this."""

    def __init__(self, program, user=None, **settings):
        self.program = program
        self.user = {} if user is None else {"user": user, "group": user, "extra_groups": []}
        self.folder = tempfile.TemporaryDirectory(prefix="wonder-browser-")
        self.data = self.folder.name + "/data"
        if user is not None:
            os.chown(self.folder.name, user, user)
        self.environment = {
            **os.environ, "TMPDIR": self.folder.name, "WONDER_PAGE_WORKERS": "3", "WONDER_TARGET_PORTS": "1-65535", **settings}
        self.log_path = self.folder.name + "/log"
        self.log = open(self.log_path, "w")
        self.process = subprocess.Popen(
            [program, "serve", "--config", "/dev/null", "--data", self.data, "--listen", f"{SERVER}:0"],
            env=self.environment, stdout=subprocess.PIPE, stderr=self.log, text=True, **self.user)
        self.port = int(re.search(r"http://[^:]+:(\d+)", self.process.stdout.readline()).group(1))
        self.key = subprocess.run(
            [program, "quickstart", "--plan", "enterprise", "--key-only", "--config", "/dev/null", "--data", self.data],
            env=self.environment, capture_output=True, text=True, check=True, timeout=60, **self.user).stdout.strip()

    def ask(self, path, body=None, kind="application/json"):
        connection = http.client.HTTPConnection(SERVER, self.port, timeout=60, source_address=(CLIENT, 0))
        headers = {"X-API-Key": self.key}
        if body is not None:
            headers["Content-Type"] = kind
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, data

    def submit(self, source, to="png", form="url", **options):
        """A page by its address, or by the bytes of a file of HTML or a ZIP; gives the job's address, or why there is none."""
        fields = {"conversion_type": "document", "from": form, "to": to}
        if form == "url":
            body, kind = json.dumps({**fields, "inputs": [{"url": source}], "options": options}).encode(), "application/json"
        else:
            mark = uuid.uuid4().hex
            fields.update({f"options[{name}]": value if isinstance(value, str) else json.dumps(value)
                           for name, value in options.items()})
            body = b"".join(
                f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                for name, value in fields.items())
            body += (f'--{mark}\r\nContent-Disposition: form-data; name="files[]"; filename="page.{form}"\r\n\r\n'.encode()
                     + source + f"\r\n--{mark}--\r\n".encode())
            kind = f"multipart/form-data; boundary={mark}"
        status, data = self.ask("/api/v1/jobs", body, kind)
        answer = json.loads(data)
        return answer.get("request_id") if status < 300 else Made({"job": {"status": "refused", **answer}})

    def wait(self, request, limit=700):
        if isinstance(request, Made):
            return request
        begin = time.monotonic()
        while time.monotonic() - begin < limit:
            answer = json.loads(self.ask(f"/api/v1/jobs/{request}")[1])
            if answer["job"]["status"] in ("completed", "failed", "canceled"):
                break
            time.sleep(0.03)
        data = None
        if answer["job"]["status"] == "completed":
            link = answer["outputs"][0]["download_url"]
            data = self.ask("/" + link.split("/", 3)[3])[1]
        return Made(answer, data, time.monotonic() - begin)

    def make(self, source, to="png", form="url", limit=700, **options):
        return self.wait(self.submit(source, to, form, **options), limit)

    def told(self):
        with open(self.log_path) as file:
            return file.read()

    def descendants(self):
        """The server's processes, its own included, as (number, begin): a number may be given anew, both together never."""
        parents, begins = {}, {}
        for name in os.listdir("/proc"):
            try:
                rest = open(f"/proc/{name}/stat").read().rsplit(")", 1)[1].split() if name.isdigit() else None
            except OSError:
                rest = None
            if rest:
                parents[int(name)], begins[int(name)] = int(rest[1]), rest[19]
        found, more = set(), {self.process.pid}
        while more:
            found |= more
            more = {number for number, parent in parents.items() if parent in more} - found
        return {(number, begins[number]) for number in found if number in begins}

    def browsers(self):
        """Numbers of the processes of Chromium that are its first: no zygote, no renderer."""
        found = []
        for number, _ in self.descendants():
            try:
                words = open(f"/proc/{number}/cmdline", "rb").read()
            except OSError:
                continue
            if words.startswith(b"/usr/lib/chromium/") and b"--type=" not in words:
                found.append(number)
        return found

    def memory(self):
        """Of all its processes, in MB, where each shares what it shares (PSS)."""
        total = 0
        for number, _ in self.descendants():
            try:
                total += int(re.search(r"^Pss:\s+(\d+)", open(f"/proc/{number}/smaps_rollup").read(), re.M).group(1))
            except (OSError, AttributeError):
                continue
        return total / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        """Ends it; gives what it leaves: processes and files that are no database and no result."""
        before = self.descendants()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        time.sleep(0.2)
        left = []
        for number, begin in before:
            try:
                rest = open(f"/proc/{number}/stat").read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if rest[19] == begin and rest[0] != "Z":
                left.append(f"process {number}")
        for folder, folders, names in os.walk(self.folder.name):
            for name in names + [name for name in folders if name.startswith("tool-")]:
                path = os.path.relpath(os.path.join(folder, name), self.folder.name)
                if not re.fullmatch(r"log|data/(ballast|lock|redo-[12]|secret\.key|wonder\.db.*|files/../\w+)", path):
                    left.append(path)
        return left
