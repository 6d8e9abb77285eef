"""Names that lead to this machine's inside, tried against the built program: webhooks to hosts whose answers change
between two look-ups, mix public and internal addresses, or never come.

Runs in a network and mount namespace of its own, with a name server of its own and "public" addresses on its loopback
interface. A canary listens on every address; a connection to any but the public ones is a hit.

usage: rebind.py WONDER [TRIES]; prints a line for each check and exits 1 when one fails.
"""
import os, re, signal, socket, sqlite3, subprocess, sys, tempfile, threading, time, urllib.request

INSIDE = "TEST_IN_NAMESPACE"
PUBLIC = ["93.184.216.34", "2606:2800:220:1::1"]
INTERNAL = ["10.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "fd00::1", "64:ff9b::7f00:1"]
PORT = 8000

if INSIDE not in os.environ:
    words = ["unshare", "--net", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    if subprocess.run(words + ["ip", "link", "set", "lo", "up"], capture_output=True).returncode != 0:
        print("skip DNS rebinding: this user can make no network namespace here, or `ip` (iproute2) is missing")
        sys.exit(0)
    os.execvpe("unshare", words + [sys.executable] + sys.argv, {**os.environ, INSIDE: "1"})

from dnslib import A, AAAA, QTYPE, RR, DNSRecord, RCODE

wonder = os.path.realpath(sys.argv[1])
tries = int(sys.argv[2]) if len(sys.argv) > 2 else 300
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


# What each kind of name answers at its first look-up and at every later one.
four, six = PUBLIC
KINDS = {
    "public": ([four], [four]),
    "flip": ([four], ["127.0.0.1"]),
    "flipback": (["127.0.0.1"], [four]),
    "flip6": ([six], ["::1"]),
    "mixed": ([four, "127.0.0.1"], [four, "127.0.0.1"]),
    "mixedback": (["127.0.0.1", four], ["127.0.0.1", four]),
    "mixed6": ([four, "::1"], [four, "::1"]),
    "mapped": (["::ffff:7f00:1"], ["::ffff:a00:1"]),
    "nat64": (["64:ff9b::7f00:1"], ["64:ff9b::7f00:1"]),
    "private": (["10.0.0.1", "192.168.1.1"], ["169.254.169.254"]),
    "other6": (["fd00::1"], ["::"]),
    "zero": (["0.0.0.0"], ["100.64.0.1"]),
    "many": (["127.0.0.%d" % n for n in range(1, 60)] + [four], ["127.0.0.%d" % n for n in range(1, 60)]),
    "silent": (None, None),
}
# Few of the silent ones, because each takes its whole time.
ROUND = [kind for kind in KINDS if kind != "silent"]
asked = {}


def serve_names(server):
    while True:
        data, peer = server.recvfrom(4096)
        request = DNSRecord.parse(data)
        name = str(request.q.qname).rstrip(".")
        kind = name.split(".")[1] if name.count(".") > 1 else ""
        if kind == "silent":
            continue
        reply = request.reply()
        kinds = KINDS.get(kind)
        if kinds is None:
            reply.header.rcode = RCODE.NXDOMAIN
        else:
            wanted = QTYPE[request.q.qtype]
            seen = asked[(name, wanted)] = asked.get((name, wanted), 0) + 1
            for address in kinds[0] if seen == 1 else kinds[1]:
                if wanted == "AAAA" and ":" in address:
                    reply.add_answer(RR(request.q.qname, QTYPE.AAAA, rdata=AAAA(address), ttl=0))
                if wanted == "A" and ":" not in address:
                    reply.add_answer(RR(request.q.qname, QTYPE.A, rdata=A(address), ttl=0))
        server.sendto(reply.pack(), peer)


hits, taken = [], 0


def answer(connection):
    """Answers one request after the other with 200; every second connection is closed by its answer."""
    global taken
    local = connection.getsockname()[0].removeprefix("::ffff:")
    if local not in PUBLIC:
        hits.append(local)
        return connection.close()
    with connection:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return
            data += piece
        taken += 1
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        connection.recv(65536)


def listen(family, address, kind):
    made = socket.socket(family, kind)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if kind == socket.SOCK_DGRAM:
        # The server asks faster than a script answers; what is dropped would only be asked again.
        made.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_RCVBUFFORCE", 33), 1 << 24)
    made.bind((address, 53 if kind == socket.SOCK_DGRAM else PORT))
    return made


def accept_all(listener):
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def ip(*words):
    subprocess.run(["ip", *words], check=True)


with tempfile.TemporaryDirectory(prefix="wonder-rebind-") as folder:
    ip("link", "set", "lo", "up")
    for address in PUBLIC + INTERNAL:
        ip("address", "add", address + ("/128" if ":" in address else "/32"), "dev", "lo")
    names = os.path.join(folder, "resolv.conf")
    with open(names, "w") as file:
        file.write("nameserver 127.0.0.1\noptions timeout:2 attempts:4\n")
    subprocess.run(["mount", "--bind", names, os.path.realpath("/etc/resolv.conf")], check=True)
    threading.Thread(
        target=serve_names, args=(listen(socket.AF_INET, "127.0.0.1", socket.SOCK_DGRAM),), daemon=True).start()
    # A socket for :: takes the connections to IPv4 addresses too.
    catcher = listen(socket.AF_INET6, "::", socket.SOCK_STREAM)
    catcher.listen(4096)
    threading.Thread(target=accept_all, args=(catcher,), daemon=True).start()
    for address in ["127.0.0.1", "::1", "10.0.0.1"]:
        before = len(hits)
        socket.create_connection((address, PORT)).recv(1)
        check(f"the canary notices a connection to {address}", len(hits) == before + 1)
    hits.clear()

    data = os.path.join(folder, "data")

    def start():
        server = subprocess.Popen(
            [wonder, "serve", "--data", data, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        return server, re.search(r"http://\S+", server.stdout.readline()).group(0)

    def stop(server):
        server.send_signal(signal.SIGTERM)
        server.wait(60)

    server, base = start()
    subprocess.check_output([wonder, "quickstart", "--plan", "enterprise", "--key-only", "--data", data])
    stop(server)
    # Half of the tries are made now and half by another process, whose look-ups are new ones.
    count = tries // 2
    hosts = [f"n{number}.{ROUND[number % len(ROUND)]}.rebind.example" for number in range(count)]
    hosts[: count // 50] = [f"n{number}.silent.rebind.example" for number in range(count // 50)]
    now = int(time.time() * 1000)
    database = sqlite3.connect(os.path.join(data, "wonder.db"))
    workspace = database.execute("SELECT id FROM workspaces").fetchone()[0]
    results = {}
    for part in range(2):
        database.executemany(
            "INSERT INTO deliveries (workspace_id, event_id, event, style, url, host, secret, body, state, next_attempt_at,"
            " created_at) VALUES (?, ?, 'conversion.completed', 'enconvert', ?, ?, 's', x'7b7d', 'waiting', ?, ?)",
            [(workspace, f"evt_{part}_{n}", f"http://{h}:{PORT}/", f"{h}:{PORT}", now, now) for n, h in enumerate(hosts)])
        database.commit()
        database.close()
        server, base = start()
        began = time.time()
        database = sqlite3.connect(f"file:{data}/wonder.db?mode=ro", uri=True)
        while time.time() < began + 60 + tries / 20:
            left = database.execute("SELECT count(*) FROM deliveries WHERE state = 'waiting'").fetchone()[0]
            if not left:
                break
            time.sleep(0.05)
        check(f"round {part + 1}: all {count} tries have ended", not left, f"{left} have not")
        print(f"     after {time.time() - began:.1f} s")
        # The server's own port is closed to webhooks by whatever name; its own process answers here as ever.
        check("the server answers meanwhile", urllib.request.urlopen(base + "/healthz").status == 200)
        database.close()
        stop(server)
        database = sqlite3.connect(os.path.join(data, "wonder.db"))
    for url, state, error in database.execute("SELECT url, state, last_error FROM deliveries"):
        kind = url.split(".")[1]
        results.setdefault(kind, {}).setdefault(error or state, []).append(url)
    for kind, outcomes in sorted(results.items()):
        print(f"     {kind}: " + ", ".join(f"{len(urls)} {outcome}" for outcome, urls in sorted(outcomes.items())))
    check("public names were called", taken > 0 and set(results["public"]) == {"delivered"})
    refused = {"address not allowed"}
    for kind in ["mapped", "nat64", "private", "other6", "zero"]:
        check(f"{kind} names are refused with the one sentence", set(results[kind]) == refused, results[kind].keys())
    check("silent names end as not found", set(results["silent"]) == {"the name could not be resolved"},
          results["silent"].keys())
    check("names that flip were called at their public address and refused at the other",
          set(results["flip"]) == {"delivered", "address not allowed"}, results["flip"].keys())
    check(f"{len(hits)} hits on the canary in {2 * count} tries", not hits, hits[:10])
sys.exit(failed > 0)
