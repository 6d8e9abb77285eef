"""The commands of docs/quick-start.md, docs/api.md and the README's first job, run as they stand, in their order, against a fresh server; and
the samples for Prometheus in docs/operations.md, read by promtool.

usage: docs.py WONDER
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def blocks(page, language):
    with open(os.path.join(ROOT, page)) as file:
        return re.findall(r"```" + language + r"\n(.*?)```", file.read(), re.S)


def fail(what):
    print(f"docs: FAILED: {what}")
    sys.exit(1)


folder = tempfile.mkdtemp(prefix="wonder-docs-")
wonder = os.path.realpath(sys.argv[1])
os.mkdir(f"{folder}/bin")
os.symlink(wonder, f"{folder}/bin/wonder")
environment = {name: value for name, value in os.environ.items() if not name.startswith("WONDER_")}
environment.update(
    PATH=f"{folder}/bin:{os.environ['PATH']}", HOME=folder, XDG_CONFIG_HOME=f"{folder}/config",
    WONDER_DATA=f"{folder}/data", WONDER_LISTEN="127.0.0.1:0")
server = subprocess.Popen(
    [wonder, "serve"], env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
try:
    address = server.stdout.readline().rsplit("/", 1)[1].strip()
    count = 0
    script = "set -euo pipefail\n"
    for page in ("docs/quick-start.md", "docs/api.md"):
        for block in blocks(page, "sh"):
            count += 1
            script += f"echo '--- {page}, block {count}' >&2\n{block}\n"
    first_job = next(block for block in blocks("README.md", "sh") if "first-run-001" in block)
    script += "echo '--- README.md' >&2\n" + first_job.replace("wc_your_key_here", "$KEY") + "\n"
    for command in re.findall(r"\.build/bin/(wonder .*)", "".join(blocks("README.md", "sh"))):
        script += command + "\n"
    script = script.replace("127.0.0.1:8080", address)
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        fail(f"exit {done.returncode}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")
    for words in ('"status":200', "/admin#setup=", "event: ", "unsupported_conversion", '"usage"', "data directory"):
        if words not in done.stdout:
            fail(f"{words!r} is missing in what the commands print:\n{done.stdout[-3000:]}")
    if open(f"{folder}/small.jpg", "rb").read(3) != b"\xff\xd8\xff":
        fail("the guide's download is no JPEG")
    print(f"docs: {count} blocks of commands ran")

    with open(f"{folder}/prometheus.yml", "w") as file:
        file.write(blocks("docs/operations.md", "prometheus")[0])
    with open(f"{folder}/alerts.yml", "w") as file:
        file.write(blocks("docs/operations.md", "alerts")[0])
    for kind, name in (("config", "prometheus.yml"), ("rules", "alerts.yml")):
        checked = subprocess.run(["promtool", "check", kind, f"{folder}/{name}"], capture_output=True, text=True)
        if checked.returncode != 0:
            fail(checked.stdout + checked.stderr)
    print("docs: promtool reads the samples of docs/operations.md")

    # The night's backup as cron would run it, and the restoring of it.
    os.mkdir(f"{folder}/backups")
    os.mkdir(f"{folder}/trial")
    cron = blocks("docs/operations.md", "cron")[0].split("root", 1)[1].strip()
    script = "set -e\n" + cron.replace("\\%", "%").replace("/srv/backups", f"{folder}/backups")
    script += f"""
file=$(echo {folder}/backups/wonder-*.tar)
wonder admin verify "$file"
wonder admin restore "$file" --data {folder}/trial/data
"""
    done = subprocess.run(["sh", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        fail(f"backup and restore: exit {done.returncode}\n{done.stdout[-1000:]}\n{done.stderr[-1000:]}")
    trial = subprocess.Popen(
        [wonder, "serve", "--data", f"{folder}/trial/data", "--listen", "127.0.0.1:0"], env=environment, cwd=folder,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        if "http://" not in trial.stdout.readline():
            fail("what was restored cannot be served")
    finally:
        trial.terminate()
        trial.wait()
    print("docs: the backup of docs/operations.md was made, verified, restored and served")
finally:
    server.terminate()
    server.wait()
    shutil.rmtree(folder)
