"""The clients that WonderConvert's page prints, run against the built program: its JavaScript in node, its curl lines.

usage: seed.py WONDER; prints a line for each check and exits 1 when one fails. Only the host and the key are replaced.
"""
import json, os, re, shlex, signal, subprocess, sys, tempfile, urllib.request

wonder = os.path.realpath(sys.argv[1])
here = os.path.dirname(os.path.realpath(__file__))
picture = os.path.join(here, "../../../Resources/samples/photo.png")
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown)


SUBMIT = """curl -X POST "https://wonderconvert.com/api/v1/jobs" \\
-H "X-API-Key: wc_your_key_here" \\
-H "Idempotency-Key: invoice-2026-03-12-run-001" \\
-F "conversion_type=image" \\
-F "from=png" \\
-F "to=jpg" \\
-F "webhook_url=https://client.example/webhooks/wonderconvert" \\
-F "webhook_secret=client_shared_secret" \\
-F "total_files=1" \\
-F "total_size=0.25" \\
-F "files[]=@output.png\""""
POLL = """curl "https://wonderconvert.com/api/v1/jobs/req_xxxxx" \\
-H "Authorization: Bearer wc_your_key_here\""""
USAGE = """curl "https://wonderconvert.com/api/v1/usage" \\
-H "X-API-Key: wc_your_key_here\""""

with tempfile.TemporaryDirectory(prefix="wonder-seed-") as folder:
    data = os.path.join(folder, "data")
    subprocess.run(["cp", picture, os.path.join(folder, "output.png")], check=True)
    server = subprocess.Popen(
        [wonder, "serve", "--data", data, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)
    try:
        base = re.search(r"http://\S+", server.stdout.readline()).group(0)
        key = subprocess.check_output([wonder, "quickstart", "--key-only", "--data", data], text=True).strip()

        def curl(line, request="req_xxxxx"):
            line = line.replace("https://wonderconvert.com", base).replace("wc_your_key_here", key)
            words = shlex.split(line.replace("\\\n", " ").replace("req_xxxxx", request))
            return json.loads(subprocess.check_output([words[0], "-s", *words[1:]], cwd=folder, text=True))

        created = curl(SUBMIT)
        check("curl: the submission is accepted", created.get("status") == 202, created)
        check("curl: it has the members of the page",
              list(created) == ["status", "message", "job_id", "request_id", "job_status_url"]
              and isinstance(created["job_id"], int), created)
        check("curl: sent again it is the same job", curl(SUBMIT)["request_id"] == created["request_id"])
        # The event stream of the job ends with the job.
        events = urllib.request.Request(created["job_status_url"] + "/events", headers={"X-API-Key": key})
        urllib.request.urlopen(events, timeout=60).read()
        job = curl(POLL, created["request_id"])
        check("curl: the job is completed", job.get("job", {}).get("status") == "completed", job)
        check("curl: it has the members of the page", list(job) == ["status", "workspace", "job", "outputs"]
              and list(job["job"]) == ["request_id", "status", "conversion_type", "source_format", "target_format"], job)
        check("curl: formats are told as they were sent",
              (job["job"]["source_format"], job["job"]["target_format"]) == ("png", "jpg"), job)
        file = urllib.request.urlopen(job["outputs"][0]["download_url"], timeout=60).read()
        check("curl: the output is a JPEG named after its input",
              file[:3] == b"\xff\xd8\xff" and job["outputs"][0]["file_name"] == "output.jpg", job)
        usage = curl(USAGE)
        check("curl: usage counts it", usage["api_jobs"]["completed"] == 1 and usage["usage"]["api"]["jobs"] == 1, usage)

        script = open(os.path.join(here, "submit-and-poll.mjs")).read().replace("https://wonderconvert.com", base)
        path = os.path.join(folder, "client.mjs")
        open(path, "w").write(script)
        run = subprocess.run(["node", path, os.path.join(folder, "output.png")], capture_output=True, text=True,
                             env={**os.environ, "WONDERCONVERT_API_KEY": key}, timeout=120)
        outputs = json.loads(run.stdout or "[]")
        check("node: submitAndPoll gives the outputs", len(outputs) == 1 and outputs[0]["file_name"] == "output.jpg",
              run.stdout + run.stderr)
        again = urllib.request.urlopen(outputs[0]["download_url"], timeout=60).read() if outputs else b""
        check("node: the same picture as curl's", again == file)
        broken = os.path.join(folder, "broken.png")
        open(broken, "wb").write(open(picture, "rb").read()[:5000])
        run = subprocess.run(["node", path, broken], capture_output=True, text=True,
                             env={**os.environ, "WONDERCONVERT_API_KEY": key}, timeout=120)
        check("node: a failed job throws with its reason", run.returncode != 0 and "PNG file is damaged" in run.stderr,
              run.stderr)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
sys.exit(1 if failed else 0)
