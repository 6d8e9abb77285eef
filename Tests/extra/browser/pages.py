"""The pages that the web servers of the test's internet give, and what was asked of them."""
import threading
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

_routes, _lock = {}, threading.Lock()
# Each request as (host, path with query, fields in lower case, address of the server).
asked = []


def page(path, body, kind="text/html; charset=utf-8", status=200, **fields):
    """Answers `path` with this; a body may be text, bytes, or a function of the request that gives one."""
    _routes[path] = (body, kind, status, fields)
    return path


def route(path):
    """Has the function answer all that begins with `path`, as it likes."""

    def keep(function):
        _routes[path] = function
        return function

    return keep


def requests(path=None, host=None):
    with _lock:
        return [one for one in asked if (path is None or one[1].startswith(path)) and (host is None or one[0] == host)]


class Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        # What looks for a way in by HTTPS without a certificate comes to nothing here.
        fields = {name.lower(): value for name, value in self.headers.items()}
        with _lock:
            asked.append((fields.get("host", ""), self.path, fields, self.server.server_address))
        self.content = self.rfile.read(int(fields.get("content-length", 0)))
        path = urlsplit(self.path).path
        found = _routes.get(path)
        if found is None:
            longest = max((name for name in _routes if name.endswith("/") and path.startswith(name)), key=len, default=None)
            found = _routes.get(longest)
        if callable(found):
            return found(self)
        body, kind, status, more = found or ("<h1>not here</h1>", "text/html", 404, {})
        self.give(body(self) if callable(body) else body, kind, status, **more)

    do_GET = do_POST = do_HEAD = do_OPTIONS = answer

    def give(self, body, kind="text/html; charset=utf-8", status=200, **fields):
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_):
        pass
