"""A small internet of its own: addresses that count as public, a name server, web servers, and a watch over every packet
that goes anywhere else. It is in a network and mount namespace, and all of its interface is `lo`."""
import ctypes, os, socket, ssl, struct, subprocess, sys, tempfile, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

INSIDE = "TEST_IN_NAMESPACE"
FIRST, SECOND, SIX = "93.184.216.34", "93.184.216.35", "2606:2800:220:1::1"
NAMES, SERVER, CLIENT = "127.0.0.53", "127.0.0.9", "127.0.0.8"
# All of these networks are this machine here, so that whoever asks for one of them gets an answer, and is seen.
INTERNAL = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "0.0.0.0/8", "198.18.0.0/15",
            "fd00::/8", "fe80::/10", "64:ff9b::/96", "2002::/16", "2001::/32", "::ffff:0:0/96"]
PORTS = [80, 81, 443, 1080, 2375, 3000, 3128, 5000, 6379, 8000, 8080, 8443, 8888, 9000, 9222, 9229]


def enter():
    """Goes on in namespaces of its own; ends the program where there can be none."""
    if os.environ.get(INSIDE):
        return
    words = ["unshare", "--net", "--mount"]
    if subprocess.run(words + ["ip", "link", "set", "lo", "up"], capture_output=True).returncode != 0:
        print("skip the browser: there can be no network namespace here, or `ip` (iproute2) is missing")
        sys.exit(0)
    os.execvpe("unshare", words + [sys.executable] + sys.argv, {**os.environ, INSIDE: "1"})


def command(*words):
    return subprocess.run(words, capture_output=True, text=True, timeout=20)


class Names(threading.Thread):
    """Answers for every name under .example; what a name is called says how: see `addresses`."""

    def __init__(self):
        super().__init__(daemon=True)
        self.asked = {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((NAMES, 53))
        self.start()

    def addresses(self, name, kind):
        label = name.split(".")[-2] if name.endswith(".example") else ""
        word = label.split("-")[0]
        turn = self.asked[name, kind] - 1
        four = {
            "first": [FIRST], "second": [SECOND], "secure": [FIRST], "dead": ["93.184.216.36"],
            "flip": [FIRST if turn == 0 else "127.0.0.1"], "back": ["127.0.0.1" if turn == 0 else FIRST],
            "turn": [FIRST if turn % 2 == 0 else "10.0.0.1"],
            "mixed": [FIRST, "127.0.0.1"], "mixedback": ["10.0.0.1", FIRST], "inside": ["10.0.0.1"],
            "meta": ["169.254.169.254"], "own": [SERVER], "zero": ["0.0.0.0"],
        }.get(word, [])
        six = {"six": [SIX], "flip6": [SIX if turn == 0 else "::1"], "own6": ["::1"], "mapped": ["::ffff:7f00:1"],
               "nat64": ["64:ff9b::7f00:1"], "local6": ["fd00::1"]}.get(word, [])
        return (four, six)[kind == 28]

    def run(self):
        while True:
            question, peer = self.socket.recvfrom(2000)
            try:
                self.socket.sendto(self.answer(question), peer)
            except (IndexError, UnicodeDecodeError, struct.error):
                continue

    def answer(self, question):
        labels, place = [], 12
        while question[place]:
            labels.append(question[place + 1:place + 1 + question[place]].decode())
            place += question[place] + 1
        kind = struct.unpack(">H", question[place + 1:place + 3])[0]
        name = ".".join(labels).lower()
        self.asked[name, kind] = self.asked.get((name, kind), 0) + 1
        known = name.endswith(".example") and not labels[-2].startswith("nowhere")
        found = self.addresses(name, kind) if known and kind in (1, 28) else []
        body = question[12:place + 5]
        for address in found:
            packed = socket.inet_pton(socket.AF_INET6 if kind == 28 else socket.AF_INET, address)
            body += struct.pack(">HHHLH", 0xC00C, kind, 1, 0, len(packed)) + packed
        return question[:2] + struct.pack(">HHHHH", 0x8180 if known else 0x8183, 1, len(found), 0, 0) + body


class Watch(threading.Thread):
    """Sees the first packet of every connection, and every datagram, on `lo`, whoever listens or does not."""

    def __init__(self):
        super().__init__(daemon=True)
        self.hits, self.seen = [], 0
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        # IPv4 TCP with SYN and without ACK, IPv6 TCP the same, and all UDP; nothing else comes to this program.
        steps = [(0x28, 0, 0, 12), (0x15, 0, 7, 0x800), (0x30, 0, 0, 23), (0x15, 12, 0, 17), (0x15, 0, 12, 6), (0xB1, 0, 0, 14),
                 (0x50, 0, 0, 27), (0x54, 0, 0, 0x12), (0x15, 7, 8, 2), (0x15, 0, 7, 0x86DD), (0x30, 0, 0, 20),
                 (0x15, 4, 0, 17), (0x15, 0, 4, 6), (0x30, 0, 0, 67), (0x54, 0, 0, 0x12), (0x15, 0, 1, 2),
                 (6, 0, 0, 200), (6, 0, 0, 0)]
        program = b"".join(struct.pack("HBBI", *step) for step in steps)
        self.room = ctypes.create_string_buffer(program)
        self.socket.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HL", len(steps), ctypes.addressof(self.room)))
        self.socket.bind(("lo", 3))
        self.start()

    def run(self):
        while True:
            packet, about = self.socket.recvfrom(200)
            if about[2] == 4:  # The same packet on its way out.
                continue
            self.seen += 1
            version = packet[12:14]
            if version == b"\x08\x00":
                source, target = socket.inet_ntoa(packet[26:30]), socket.inet_ntoa(packet[30:34])
                ports = struct.unpack(">HH", packet[14 + 4 * (packet[14] & 15):][:4])
                protocol = packet[23]
            else:
                source, target = (socket.inet_ntop(socket.AF_INET6, packet[n:n + 16]) for n in (22, 38))
                ports, protocol = struct.unpack(">HH", packet[54:58]), packet[20]
            if self.is_fine(source, target, ports, protocol):
                continue
            self.hits.append(f"{'udp' if protocol == 17 else 'tcp'} {source} -> {target} port {ports[1]}")

    @staticmethod
    def is_fine(source, target, ports, protocol):
        if protocol == 17 and 53 in ports and NAMES in (source, target):
            return True
        return target in (FIRST, SECOND, SIX, "93.184.216.36") and protocol == 6 or (source, target) == (CLIENT, SERVER)


class Six(ThreadingHTTPServer):
    address_family = socket.AF_INET6


class World:
    """All of it together; `pages` is a class for BaseHTTPRequestHandler's place that answers requests."""

    def __init__(self, pages):
        self.folder = tempfile.mkdtemp(prefix="wonder-browser-")
        self.prepare()
        self.names, self.watch = Names(), Watch()
        ThreadingHTTPServer.request_queue_size = 256
        ThreadingHTTPServer.daemon_threads = True
        places = [(address, port) for address in (FIRST, SECOND) for port in (80, 81, 8080)]
        for place in places:
            self.serve(ThreadingHTTPServer(place, pages))
        self.serve(Six((SIX, 80), pages))
        secure = ThreadingHTTPServer((FIRST, 443), pages)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.folder}/cert.pem", f"{self.folder}/key.pem")
        secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
        secure.handle_error = lambda *_: None
        self.serve(secure)
        for port in PORTS:
            self.listen(port)

    def prepare(self):
        command("ip", "link", "set", "lo", "up")
        for address in (FIRST, SECOND, SIX):
            command("ip", "address", "add", address + ("/128" if ":" in address else "/32"), "dev", "lo")
        for network in INTERNAL:
            command("ip", "-6" if ":" in network else "-4", "route", "add", "local", network, "dev", "lo")
        with open(f"{self.folder}/resolv.conf", "w") as file:
            file.write(f"nameserver {NAMES}\noptions timeout:2 attempts:1\n")
        # What is mounted hides the machine's own from this namespace alone.
        path = os.path.realpath("/etc/resolv.conf")
        done = command("mount", "--bind", f"{self.folder}/resolv.conf", path)
        if done.returncode != 0:
            print("skip the browser: nothing can be mounted here:", done.stderr.strip())
            sys.exit(0)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=secure.example",
             "-addext", "subjectAltName=DNS:secure.example", "-keyout", f"{self.folder}/key.pem", "-out",
             f"{self.folder}/cert.pem"], check=True, capture_output=True, timeout=60)

    @staticmethod
    def serve(server):
        server.handle_error = lambda *_: None
        threading.Thread(target=server.serve_forever, daemon=True).start()

    @staticmethod
    def listen(port):
        """Greets whoever comes, so that a page that gets through would find something to tell of."""
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "10.0.0.1"), (socket.AF_INET6, "::1")):
            listener = socket.socket(family, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((host, port))
            except OSError:
                continue
            listener.listen(64)

            def greet(listener=listener):
                while True:
                    connection = listener.accept()[0]
                    connection.settimeout(2)
                    try:
                        connection.recv(1000)
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n"
                                           b"Access-Control-Allow-Origin: *\r\n\r\nSECRET")
                    except OSError:
                        pass
                    connection.close()

            threading.Thread(target=greet, daemon=True).start()

    def is_watched(self):
        """True when the watch sees a connection that goes to one of those networks."""
        before = len(self.watch.hits)
        for host, family in (("10.1.2.3", socket.AF_INET), ("fd00::7", socket.AF_INET6)):
            with socket.socket(family) as probe:
                probe.settimeout(1)
                try:
                    probe.connect((host, 12345))
                except OSError:
                    pass
        time.sleep(0.3)
        found = len(self.watch.hits) - before
        del self.watch.hits[before:]
        return found >= 2
