"""Other machines and a stand-by over real TLS: behind Caddy with a certificate that the system's list knows, and with one that it
does not.

usage: Tests/extra/encrypted.py WONDER      as root, with caddy, openssl and unshare; else it says "skipped"
"""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

WONDER = os.path.realpath(sys.argv[1])
LIST = "/etc/ssl/certs/ca-certificates.crt"
STANDBY_TOKEN = "a token for stand-bys under test"
failures = 0


def report(name, is_right, detail=""):
    global failures
    failures += not is_right
    print(f"{'ok  ' if is_right else 'FAIL'} {name}{': ' + str(detail) if detail else ''}", flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def text(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


class Trial:
    def __init__(self, folder):
        self.folder, self.processes = folder, []
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("WONDER_")}
        self.environment.update(
            WONDER_ENGINES="none", WONDER_STANDBY_TOKEN=STANDBY_TOKEN, WONDER_STANDBY_INTERVAL="200ms", WONDER_LAUNCH_LANES="quick",
            HOME=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder, TMPDIR=folder)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=first.test", "-addext",
             "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"],
            check=True, capture_output=True)
        with open(f"{folder}/list.crt", "w") as known:
            known.write(text(LIST) + text(f"{folder}/cert.pem"))

    def start(self, name, words, **more):
        log = open(f"{self.folder}/{name}.log", "ab")
        process = subprocess.Popen(words, env={**self.environment, **more}, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def serve(self):
        self.start("serve", [WONDER, "serve", "--data", f"{self.folder}/data", "--listen", "127.0.0.1:0",
                             "--trusted-proxies", "127.0.0.1"])
        line = wait(lambda: re.search(r"http://127\.0\.0\.1:(\d+)", text(f"{self.folder}/serve.log")))
        self.port, self.encrypted = int(line.group(1)), free_port()
        with open(f"{self.folder}/Caddyfile", "w") as site:
            site.write(f"{{\n admin off\n auto_https disable_redirects\n}}\nhttps://127.0.0.1:{self.encrypted} {{\n bind 127.0.0.1\n"
                       f" tls {self.folder}/cert.pem {self.folder}/key.pem\n reverse_proxy 127.0.0.1:{self.port}\n}}\n")
        self.start("caddy", ["caddy", "run", "--config", f"{self.folder}/Caddyfile", "--adapter", "caddyfile"])
        wait(lambda: socket.socket().connect_ex(("127.0.0.1", self.encrypted)) == 0)
        self.url = f"https://127.0.0.1:{self.encrypted}"

    def knowing(self, words):
        """The words in a namespace whose list of authorities has the certificate, too."""
        return ["unshare", "-m", "sh", "-c", f'mount --bind {self.folder}/list.crt {LIST} && exec "$0" "$@"', *words]

    def admin(self, *words):
        return subprocess.run([WONDER, "admin", *words, "--data", f"{self.folder}/data"], env=self.environment, check=True,
                              capture_output=True, text=True).stdout

    def metrics(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(f"{self.folder}/data/wonder.sock")
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            text = b""
            while piece := client.recv(65536):
                text += piece
        return text.decode()

    def submit(self, key, number):
        """A text that is large enough to go elsewhere, whose sum comes back."""
        boundary, content = "wonder-encrypted-5kQ", (f"{number}\n".encode() + b"x" * 99) * 90000
        fields = [("from", "txt"), ("to", "sha256"), ("conversion_type", "other"), ("sync", "true"), ("download", "true")]
        body = b"".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                        for name, value in fields)
        body += (f'--{boundary}\r\nContent-Disposition: form-data; name="files[]"; filename="a.txt"\r\n\r\n'.encode() + content
                 + f"\r\n--{boundary}--\r\n".encode())
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/jobs", body,
            {"X-API-Key": key, "Content-Type": f"multipart/form-data; boundary={boundary}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            if answer.read()[:64].decode() != hashlib.sha256(content).hexdigest():
                report("a sum", False, number)

    def stop(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def try_nodes(trial, key):
    token = json.loads(trial.admin("node", "add", "second", "--json"))["token"]
    words = [WONDER, "join", trial.url, "--join-jobs", "1"]
    stranger = trial.start("stranger", words, WONDER_NODE_TOKEN=token)
    said = wait(lambda: re.search(r"(?i)certificate", text(f"{trial.folder}/stranger.log")), 20)
    report("a machine that does not know the certificate does not join", bool(said) and 'node="' not in trial.metrics())
    stranger.terminate()
    stranger.wait(60)
    trial.start("join", trial.knowing(words), WONDER_NODE_TOKEN=token)

    def done():
        trial.submit(key, time.monotonic_ns())
        return re.search(r'wonder_node_orders_total\{node="[^"]+",outcome="done"\} [1-9]', trial.metrics())
    report("a machine that knows it takes orders, with their files there and back", bool(wait(done)),
           text(f"{trial.folder}/join.log")[-300:])


def try_standby(trial):
    words = [WONDER, "standby", "--from", trial.url, "--data"]
    trial.start("lost", [*words, f"{trial.folder}/lost"])
    said = wait(lambda: re.search(r"(?i)certificate", text(f"{trial.folder}/lost.log") + text(f"{trial.folder}/lost/standby")), 20)
    report("a stand-by that does not know the certificate holds nothing", bool(said) and not os.path.exists(f"{trial.folder}/lost/wonder.db"))
    trial.start("follow", trial.knowing([*words, f"{trial.folder}/second"]))
    held = wait(lambda: (json.loads(text(f"{trial.folder}/second/standby") or "{}").get("held")))
    report("one that knows it follows, with every file", bool(held) and os.path.exists(f"{trial.folder}/second/wonder.db"), held)


def main():
    for tool in ("caddy", "openssl", "unshare"):
        if not shutil.which(tool):
            return print(f"encrypted: skipped: {tool} is missing")
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
        return print("encrypted: skipped: it takes root to give a process another list of authorities")
    folder = tempfile.mkdtemp(prefix="wonder-encrypted-")
    trial = Trial(folder)
    try:
        trial.serve()
        trial.admin("workspace", "create", "enc", "--plan", "enterprise")
        key = re.search(r"wc_[0-9A-Za-z]+", trial.admin("key", "issue", "enc")).group(0)
        try_nodes(trial, key)
        try_standby(trial)
    finally:
        trial.stop()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failures else 0)


main()
