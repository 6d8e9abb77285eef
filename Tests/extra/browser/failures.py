"""Addresses that lead to no page: each has a code and a sentence, which tells nothing of networks inside."""
import re, socket, time

from checks import check, many
from pages import page, route

FIRST = "http://first.example"
INSIDE = ["http://inside.example/", "http://127.0.0.1:6379/", "http://[::1]:8000/", "http://meta.example/latest/meta-data/",
          "http://own.example/", "http://0/", "http://2130706433/", "http://0x7f.1/", "http://017700000001/",
          "http://[::ffff:127.0.0.1]/", "http://mapped.example/", "http://nat64.example/", "http://mixed.example/",
          "http://localhost:8080/", "http://10.9.8.7/", "http://169.254.169.254/", "http://first.example:22/"]
NOBODY = ["http://nowhere.example/", "http://first.example:4/", "http://first.example:82/", "http://dead.example/"]
NO_WEB = ["file:///etc/passwd", "chrome://version/", "chrome://crash/", "view-source:http://first.example/plain",
          "data:text/html,<h1>data</h1>", "javascript:alert(1)", "about:blank", "blob:http://first.example/1", "ftp://first.example/",
          "ws://first.example/", "http://", "http:///x", "filesystem:http://first.example/temporary/x", "devtools://devtools/"]

page("/plain", "<h1>Plain</h1>")
page("/gone", "<h1>Gone</h1>", status=404)
page("/broken", "<h1>Broken</h1>", status=500)
page("/bare", "", status=503)
page("/empty", "")
page("/blank", "<!doctype html><title>only a title</title><body>   </body>")
page("/none", "", status=204)
page("/saved", "<h1>saved</h1>", Content_Disposition="attachment; filename=page.html")
page("/pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", "application/pdf")
page("/octets", b"\0\1\2" * 99, "application/octet-stream")
page("/zip", b"PK\5\6" + bytes(18), "application/zip")
page("/loop", "", status=302, Location="/loop")
page("/inward", "", status=302, Location="http://127.0.0.1:8000/")
page("/to-file", "", status=302, Location="file:///etc/passwd")
page("/to-chrome", "", status=302, Location="chrome://version/")
page("/to-data", "", status=302, Location="data:text/html,<h1>data</h1>")
page("/to-nowhere", "", status=302, Location="http://nowhere.example/")
page("/to-pdf", "", status=302, Location="/pdf")
page("/asks", "<h1>Who?</h1>", status=401, WWW_Authenticate='Basic realm="here"')
page("/two-loops-a", "", status=302, Location="http://second.example/two-loops-b")
page("/two-loops-b", "", status=302, Location="http://first.example/two-loops-a")


@route("/endless/")
def endless(request):
    number = int(request.path.rsplit("/", 1)[1]) + 1
    request.give("", status=302, Location=f"/endless/{number}")


@route("/silent")
def silent(request):
    time.sleep(4)


@route("/half")
def half(request):
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10000\r\n\r\n<h1>Half")
    request.connection.shutdown(socket.SHUT_RDWR)


@route("/reset")
def reset(request):
    request.connection.shutdown(socket.SHUT_RDWR)


@route("/rubbish")
def rubbish(request):
    request.wfile.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
    request.close_connection = True


@route("/drip")
def drip(request):
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>Drip</h1>")
    for _ in range(40):
        time.sleep(0.1)
        request.wfile.write(b"<p>drop")


def run(world, wonder):
    expected = {
        "/gone": ("page_status", "404"), "/broken": ("page_status", "500"), "/bare": ("page_status", "503"),
        "/empty": ("page_empty", "empty"), "/blank": ("page_empty", "empty"),
        "/saved": ("page_is_file", "file"), "/pdf": ("page_is_file", "application/pdf"),
        "/octets": ("page_is_file", "file"), "/zip": ("page_is_file", "file"), "/to-pdf": ("page_is_file", "application/pdf"),
        "/loop": ("page_failed", "again and again"), "/endless/0": ("page_failed", "again and again"),
        "/two-loops-a": ("page_failed", "again and again"), "/asks": ("page_status", "401"),
        "/inward": ("page_unreachable", "could not be reached"), "/to-nowhere": ("page_unreachable", "could not be reached"),
        "/to-file": ("page_failed", "none of the web's"), "/to-chrome": ("page_failed", "none of the web's"),
        "/to-data": ("page_failed", "none of the web's"), "/half": (None, ""), "/reset": (None, ""), "/rubbish": (None, ""),
        "/none": (None, ""),
    }
    orders = [(FIRST + path, "png", {}) for path in expected]
    orders += [(FIRST + path, "pdf", {"load_time": 1}) for path in ("/silent", "/drip")]
    orders.append(("https://secure.example/plain", "png", {}))
    made = many(wonder, orders)
    for (path, (code, words)), one in zip(expected.items(), made):
        if code is None:
            holds = one.data is None and (one.code or "").startswith("page_")
        else:
            holds = one.code == code and words in one.sentence
        check(f"{path} is {code or 'a failure of the page'}", holds, one)
    for path, one in zip(("/silent", "/drip"), made[-3:]):
        check(f"{path} ends by its limit", one.code == "page_timeout" and "1 second" in one.sentence, one)
    check("a wrong certificate is told", made[-1].code == "page_certificate", made[-1])

    # Whoever asks cannot tell an address inside from a name that nobody has.
    made = many(wonder, [(address, "png", {}) for address in INSIDE + NOBODY])
    for address, one in zip(INSIDE + NOBODY, made):
        told = (one.code, one.sentence)
        check(f"{address} is not reached", told == ("page_unreachable", "the page's server could not be reached"), one)
    shown = [str(one.answer) for one in made if re.search(r"(\d+\.){3}\d+|::|refused|private|port", one.sentence)]
    check("no sentence tells of addresses", not shown, shown)

    for address in NO_WEB:
        one = wonder.make(address)
        holds = one.data is None and "root:" not in str(one.answer) and bool(one.code) and bool(one.sentence)
        check(f"{address} is refused", holds, one)

    accepted = many(wonder, [
        (FIRST + "/gone", "png", {"accept_errors": True}), (FIRST + "/bare", "png", {"accept_errors": True}),
        (FIRST + "/drip", "pdf", {"accept_incomplete": True, "load_time": 1}),
        (FIRST + "/silent", "pdf", {"accept_incomplete": True, "load_time": 1})])
    for name, one in zip(("a page of an error", "an empty page of an error", "a page that drips"), accepted):
        check(f"{name} is taken when that is asked for", one.data is not None, one)
    check("a page that never began is never taken", accepted[3].code == "page_timeout", accepted[3])
