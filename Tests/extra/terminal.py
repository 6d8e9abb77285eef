"""Which session the workers of a server are in: one of their own beside a terminal, which they must not reach, and the
server's without one, for a nice level counts within a session only.

usage: terminal.py WONDER
"""
import os, pty, re, signal, subprocess, sys, tempfile, time

wonder = os.path.abspath(sys.argv[1])
failed = 0


def check(what, holds, detail=""):
    global failed
    print(("  ok  " if holds else "FAIL  ") + what + ("" if holds else f": {detail}"))
    failed += not holds


def fields(process):
    """Parent, group, session and terminal, as proc(5) has them."""
    return [int(word) for word in open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[1:5]]


def workers(server):
    """What the server has started, once there is something."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                if fields(name)[0] == server:
                    found.append(fields(name))
            except OSError:
                continue
        if found:
            return found
        time.sleep(0.05)
    return []


def serve(data):
    return [wonder, "serve", "--config", "/dev/null", "--data", data, "--listen", "127.0.0.1:0"]


with tempfile.TemporaryDirectory() as folder:
    # Its own session, and no terminal in it, as a service has it.
    server = subprocess.Popen(serve(folder + "/a"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
    server.stdout.readline()
    found = workers(server.pid)
    check("without a terminal workers are in the server's session",
          found and all(session == server.pid and group != server.pid for _, group, session, _ in found), found)
    server.send_signal(signal.SIGTERM)
    check("it stops", server.wait(60) == 0)

    process, terminal = pty.fork()
    if process == 0:
        os.execv(wonder, serve(folder + "/b"))
    said = b""
    while not re.search(rb"http://\S+\s", said):
        said += os.read(terminal, 65536)
    found = workers(process)
    check("beside a terminal they are in sessions of their own",
          found and all(session not in (0, process) and tty == 0 for _, _, session, tty in found), found)
    os.write(terminal, b"\x03")
    check("Ctrl-C stops it", os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0)
sys.exit(1 if failed else 0)
