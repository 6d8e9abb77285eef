#!/usr/bin/env python3
"""What confinement costs: processor time of a program of others as wonder calls it, and of the same call without wonder.

usage: confined.py WONDER FOLDER [ROUNDS]

FOLDER holds an input for each conversion of the table below; one whose input or program is missing is left out. The call is
taken from a real `wonder convert` under strace, which holds it back until its folder is copied. Then `wonder tool`, the
process that confines it, is given the same order, in turn with the bare program in a folder of the same files, and with the
order's every layer left out (`masked`). Times are user and system time of the whole tree, medians; the ratios are medians of
the rounds' own ratios. For root, as the server's keepers are.
"""

import json
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

CONVERSIONS = [
    ("cwebp", "photo.png", "webp"), ("vips", "photo.png", "avif"), ("vips thumbnail", "photo.heic", "jpg"),
    ("rsvg-convert", "drawing.svg", "png"), ("pdftoppm", "short.pdf", "png"), ("pdftotext", "long.pdf", "txt"),
    ("qpdf", "long.pdf", "pdf", "rotate=90"), ("gs", "short.pdf", "pdf", "compress=ebook"),
    ("LibreOffice", "text.docx", "pdf"), ("pandoc", "text.md", "docx"), ("ffmpeg", "film.mp4", "webm"),
    ("exiftool", "photo.heic", "json"), ("tesseract", "page.png", "txt"), ("potrace", "page.png", "svg", "trace=true"),
]


def capture(wonder, source, target, options, place):
    """The orders that reach `wonder tool`, each with a copy of its folder as the program finds it."""
    os.chmod(place, 0o755)
    log = os.path.join(place, "strace")
    words = [wonder, "convert", source, os.path.join(place, "made." + target)]
    for option in options:
        words += ["--set", option]
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-s", "200000", "-e", "trace=sendmsg,execve", "-e", "inject=execve:delay_enter=700000", "-o",
         log, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "TMPDIR": place})
    copies = {}
    while tracer.poll() is None:
        for process in filter(str.isdigit, os.listdir("/proc")):
            try:
                folder = os.readlink(f"/proc/{process}/cwd")
                isHeld = os.readlink(f"/proc/{process}/exe") == wonder and not folder.endswith(" (deleted)")
                if isHeld and os.path.basename(folder).startswith("tool-") and (process, folder) not in copies:
                    copy = os.path.join(place, f"copy-{len(copies)}")
                    shutil.copytree(f"/proc/{process}/cwd", copy, symlinks=True)
                    copies[process, folder] = copy
            except OSError:
                pass
        time.sleep(0.02)
    orders = []
    for line in open(log, errors="replace"):
        found = re.search(r'iov_base="((?:[^"\\]|\\.)*)"', line)
        if found and r'\"arguments\"' in found[1]:
            orders.append(json.loads(found[1].encode().decode("unicode_escape")))
    return list(zip(orders, copies.values())) if len(orders) == len(copies) else []


def spent(process):
    _, status, usage = os.wait4(process, 0)
    return (usage.ru_utime + usage.ru_stime) * 1000, status


def fresh(order, copy):
    """A folder as the program finds it, but for what is opened for it to print into."""
    folder = tempfile.mkdtemp(dir=os.path.dirname(copy))
    os.rmdir(folder)
    shutil.copytree(copy, folder, symlinks=True)
    if order.get("printed") and os.path.exists(os.path.join(folder, order["printed"])):
        os.unlink(os.path.join(folder, order["printed"]))
    for path, folders, files in os.walk(folder):
        for name in [".", *folders, *files]:
            os.chown(os.path.join(path, name), 65534, 65534)
    os.chmod(folder, 0o700)
    return folder


def confined(wonder, order, copy, masked):
    folder = fresh(order, copy)
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = os.fork()
    if process == 0:
        os.dup2(os.open("/dev/null", os.O_RDWR), 0)
        os.dup2(theirs.fileno(), 3)
        os.execv(wonder, [wonder, "tool"])
    theirs.close()
    socket.send_fds(mine, [json.dumps({**order, "masked": masked}).encode()], [directory])
    report = b""
    while True:
        message = mine.recv(8192)
        if not message:
            break
        report = message
    time_spent, _ = spent(process)
    os.close(directory)
    shutil.rmtree(folder)
    code = json.loads(report or b"{}").get("code")
    assert code is not None, report
    return time_spent, code


def bare(order, copy):
    folder = fresh(order, copy)
    environment = dict(pair.split("=", 1) for pair in order["environment"])
    process = os.fork()
    if process == 0:
        null = os.open("/dev/null", os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.chdir(folder)
        if order.get("fed"):
            os.dup2(os.open(order["fed"], os.O_RDONLY), 0)
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        if order.get("printed"):
            os.dup2(os.open(order["printed"], os.O_WRONLY | os.O_CREAT, 0o644), 1)
        os.nice(10)
        os.execve(order["path"], [order["path"], *order["arguments"]], environment)
    time_spent, status = spent(process)
    shutil.rmtree(folder)
    return time_spent, os.waitstatus_to_exitcode(status)


def main():
    wonder, inputs = os.path.abspath(sys.argv[1]), sys.argv[2]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    print(f"load {os.getloadavg()[0]:.1f}, {rounds} rounds; ms of processor: bare, unconfined, confined; of bare, of unconfined")
    for name, file, target, *options in CONVERSIONS:
        source = os.path.join(inputs, file)
        if not os.path.exists(source):
            print(f"{name:15} no {file}")
            continue
        place = tempfile.mkdtemp(prefix="wonder-confined-")
        # What is confined is another user.
        os.chmod(place, 0o755)
        try:
            for _ in range(5):
                calls = capture(wonder, source, target, options, tempfile.mkdtemp(dir=place))
                if calls:
                    break
            else:
                print(f"{name:15} no call")
                continue
            # The dearest is the program's own; others look at what there is.
            order, copy = max(calls, key=lambda call: bare(*call)[0])
            runs = []
            for _ in range(rounds):
                plain, masked, held = bare(order, copy), confined(wonder, order, copy, 255), confined(wonder, order, copy, 0)
                assert plain[1] == masked[1] == held[1], (name, plain, masked, held)
                runs.append((plain[0], masked[0], held[0]))
            plain, masked, held = (statistics.median(column) for column in zip(*runs))
            ratio = statistics.median(run[2] / run[0] for run in runs)
            other = statistics.median(run[2] / run[1] for run in runs)
            print(f"{name:15} {plain:8.1f} {masked:8.1f} {held:8.1f}   {ratio:.3f} {other:.3f}  {os.path.basename(order['path'])}",
                  flush=True)
        finally:
            shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
