"""wonder behind Caddy and nginx, each with the configuration that docs/operations.md shows: a large upload, event streams,
absolute links and clients' addresses. Proxies that are not installed are skipped, and named.

usage: proxies.py WONDER [MEGABYTES]        megabytes of the upload (64; by hand 1024)
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

WONDER, SIZE = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 64
NAME = "files.example.com"
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)
        print(f"proxies: FAILED: {what}", flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def documented(language):
    with open(os.path.join(ROOT, "docs/operations.md")) as page:
        return re.search(r"```" + language + r"\n(.*?)```", page.read(), re.S).group(1)


def replaced(text, old, new):
    assert old in text, f"the documented configuration has no {old!r}"
    return text.replace(old, new)


def nginx(folder, port, backend):
    site = replaced(documented("nginx"), "listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    site = replaced(site, "127.0.0.1:8080", f"127.0.0.1:{backend}")
    site = replaced(site, "client_max_body_size 100m;", f"client_max_body_size {SIZE + 16}m;")
    site = replaced(site, "/etc/ssl/certs/files.example.com.pem", f"{folder}/cert.pem")
    site = replaced(site, "/etc/ssl/private/files.example.com.key", f"{folder}/key.pem")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
    with open(f"{folder}/nginx.conf", "w") as file:
        file.write(
            f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;\nevents {{}}\n"
            f"http {{ access_log off;\n{temporary}{site} }}\n")
    return ["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"]


def caddy(folder, port, backend):
    site = replaced(
        documented("caddy"), f"{NAME} {{",
        "{\n  admin off\n  auto_https disable_redirects\n}\n"
        f"https://{NAME}:{port} {{\n  bind 127.0.0.1\n  tls {folder}/cert.pem {folder}/key.pem")
    site = replaced(site, "127.0.0.1:8080", f"127.0.0.1:{backend}")
    with open(f"{folder}/Caddyfile", "w") as file:
        file.write(site)
    return ["caddy", "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


def picture(path):
    """A valid PPM of SIZE megabytes, with two bytes a sample, so that no side is longer than allowed."""
    width = 12288
    height = SIZE * 1024 * 1024 // (width * 6)
    row = bytes(range(256)) * (width * 6 // 256)
    with open(path, "wb") as file:
        file.write(b"P6\n%d %d\n65535\n" % (width, height))
        for _ in range(height):
            file.write(row)


def try_proxy(make, large):
    kind = make.__name__
    folder = tempfile.mkdtemp(prefix="wonder-proxy-")
    processes = []
    try:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
             "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"],
            check=True, capture_output=True)
        backend, port = free_port(), free_port()
        log = open(f"{folder}/wonder.log", "w")
        processes.append(subprocess.Popen(
            [WONDER, "serve", "--config", "/dev/null", "--data", f"{folder}/data", "--listen", f"127.0.0.1:{backend}",
             "--trusted-proxies", "127.0.0.1", "--max-upload", f"{SIZE + 16}MB", "--max-pixels", "1000M",
             "--conversion-time", "5m"], stdout=subprocess.PIPE, stderr=log, text=True))
        processes[0].stdout.readline()
        key = subprocess.run(
            [WONDER, "quickstart", "--key-only", "--config", "/dev/null", "--data", f"{folder}/data"],
            capture_output=True, text=True, check=True).stdout.strip()
        environment = dict(os.environ, HOME=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder)
        processes.append(subprocess.Popen(
            make(folder, port, backend), env=environment, stdout=open(f"{folder}/proxy.log", "w"),
            stderr=subprocess.STDOUT))
        curl = ["curl", "-sS", "--cacert", f"{folder}/cert.pem", "--connect-to", f"{NAME}:443:127.0.0.1:{port}",
                "--interface", "127.0.0.2", "--max-time", "300", "-H", f"X-API-Key: {key}"]

        def get(url, *more):
            return subprocess.run([*curl, *more, url], capture_output=True, check=False).stdout

        def admin(*words):
            subprocess.run([WONDER, "admin", *words, "--config", "/dev/null", "--data", f"{folder}/data"], check=True,
                           capture_output=True)

        for _ in range(100):
            if get(f"https://{NAME}/healthz") == b"ok\n":
                break
            time.sleep(0.1)
        else:
            check(False, f"{kind} does not answer: {open(folder + '/proxy.log').read()[-400:]}")
            return

        form = ["-F", "conversion_type=image", "-F", "from=ppm", "-F", "to=jpg", "-F", "total_files=1", "-F",
                "total_size=1", "-F", "options[width]=512"]
        start = time.monotonic()
        answer = json.loads(get(
            f"https://{NAME}/api/v1/jobs", *form, "-F", f"files[]=@{large}", "-H", "X-Forwarded-For: 6.6.6.6"))
        took = time.monotonic() - start
        check(answer.get("status") == 202, f"{kind}: an upload of {SIZE} MB gives {answer}")
        link = answer.get("job_status_url", "")
        check(link.startswith(f"https://{NAME}/api/v1/jobs/req_"), f"{kind}: the status link is {link!r}")
        job = {}
        for _ in range(600):
            document = json.loads(get(link))
            job = document["job"]
            if job["status"] in ("completed", "failed"):
                break
            time.sleep(0.2)
        check(job.get("status") == "completed", f"{kind}: the large job is {job}")
        outputs = document.get("outputs") or job.get("outputs") or [{}]
        download = outputs[0].get("download_url", "")
        check(download.startswith(f"https://{NAME}/files/"), f"{kind}: the download link is {download!r}")
        check(get(download)[:3] == b"\xff\xd8\xff", f"{kind}: the download is no JPEG")

        # While the queue stands still, the first event has to come all the same.
        admin("queue", "pause")
        get(f"https://{NAME}/samples/photo.png", "-o", f"{folder}/photo.png")
        small = [word.replace("from=ppm", "from=png") for word in form]
        answer = json.loads(get(f"https://{NAME}/api/v1/jobs", *small, "-F", f"files[]=@{folder}/photo.png"))
        stream = subprocess.Popen(
            [*curl, "-N", answer["job_status_url"] + "/events"], stdout=subprocess.PIPE, text=True)
        alarm = threading.Timer(20, stream.kill)
        alarm.start()
        first = ""
        for line in stream.stdout:
            first += line
            if "submitted" in line:
                break
        check("submitted" in first, f"{kind}: the first event does not come while the stream is open: {first!r}")
        admin("queue", "resume")
        rest = stream.stdout.read()
        alarm.cancel()
        check("completed" in rest, f"{kind}: the last event does not come: {rest!r}")

        peers = set(re.findall(r"path=/api/v1/jobs status=202 .*peer=(\S+)", open(f"{folder}/wonder.log").read()))
        check(peers == {"127.0.0.2"}, f"{kind}: the log names {peers} instead of the client")
        memory = int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{processes[0].pid}/status").read()).group(1)) / 1024
        print(f"proxies: {kind}: {SIZE} MB in {took:.1f} s, links, events and addresses looked at; "
              f"peak memory of the server {memory:.0f} MB", flush=True)
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()
        shutil.rmtree(folder)


with tempfile.TemporaryDirectory() as scratch:
    large = f"{scratch}/large.ppm"
    picture(large)
    for make in (caddy, nginx):
        if shutil.which(make.__name__):
            try_proxy(make, large)
        else:
            print(f"proxies: skipped {make.__name__}, which is not installed (apt-get install {make.__name__})")
sys.exit(1 if failures else 0)
