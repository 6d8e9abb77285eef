"""Pages that come as files: HTML alone, or in an archive with what belongs to it; neither reads files of the server's."""
import io, zipfile

from checks import check, many
from options import text
from pages import page, requests

PROBES = ("<iframe src='file:///etc/passwd'></iframe><img src='file:///etc/hostname'><object data='file:///etc/passwd'></object>"
          "<embed src='file:///proc/self/environ'><link rel=stylesheet href='file:///etc/passwd'><iframe src='view-source:file:///etc/passwd'>"
          "</iframe><iframe src='chrome://version/'></iframe><iframe src='/../../../../etc/passwd'></iframe><script>"
          "for (const a of ['file:///etc/passwd', '/etc/passwd', '//localhost/etc/passwd', 'filesystem:/x']) { fetch(a).then(r => r.text()).then(t =>"
          "document.body.append(t)).catch(() => 0); const x = new XMLHttpRequest(); try { x.open('GET', a, false); x.send();"
          "document.body.append(x.responseText) } catch {} }</script>")


def archive(files):
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as file:
        for name, content in files.items():
            file.writestr(name, content)
    return room.getvalue()


def run(world, wonder):
    page("/arrived-file", "<h1>arrived</h1>")
    page("/of-file.png", b"", "image/png")
    files = {
        "plain": (b"<p>just text", "just text"),
        "UTF-8": ("<p>h\u00e9llo \u6f22".encode(), "h\u00e9llo \u6f22"), "UTF-16": ("\ufeff<p>h\u00e9llo".encode("utf-16le"), "h\u00e9llo"),
        "Latin-1": (b"<p>caf\xe9 au lait", "caf\u00e9 au lait"),
        "declared": ("<meta charset=koi8-r><p>\u043f\u0440\u0438\u0432\u0435\u0442".encode("koi8-r"), "\u043f\u0440\u0438\u0432\u0435\u0442"),
        "of files": (b"<p>still here" + PROBES.encode(), "still here"),
        "to a file": (b"<p>still here<meta http-equiv=refresh content='0;url=file:///etc/passwd'>", "still here"),
        "to its source": (b"<p>still here<script>location='view-source:http://first.example/'</script>", "still here"),
        "to the browser": (b"<p>still here<script>location='chrome://crash'</script>", "still here"),
        "to data": (b"<p>still here<script>location='data:text/html,<h1>data'</script>", "still here"),
        "onward": (b"<p>leaving<meta http-equiv=refresh content='0;url=http://first.example/arrived-file'>", "arrived"),
        "outward": (b"<p>with<img src=http://first.example/of-file.png>", "with"),
    }
    archives = {
        "archive": ({"index.html": "<link rel=stylesheet href=css/a.css><img src='img/a b.png'><p class=n>shown</p><p class=h>hidden</p>"
                     "<script src=/js/x.js></script>", "css/a.css": ".h{display:none}", "js/x.js": "document.write('script of it')"},
                    "shown", "script of it"),
        "deep archive": ({"a/b/page.html": "<p>deep", "a/b/c/index.html": "<p>deeper"}, "deep"),
        "index first": ({"site/z.html": "<p>other", "site/index.htm": "<p>index"}, "index"),
        "odd names": ({"\u00fc \u00f6/#1?.html": "<p>odd name"}, "odd name"), "coded": ({"%2e%2e/a.html": "<p>coded name"}, "coded name"),
        "of files in it": ({"index.html": "<p>still here" + PROBES, "etc/passwd": "own file"}, "still here"),
    }
    orders = [(content, "pdf", "html", {"delay": 0.3} if "to" in name or name == "onward" else {}) for name, (content, _) in files.items()]
    orders += [(archive(content), "pdf", "zip", {}) for content, *_ in archives.values()]
    made = dict(zip([*files, *archives], many(wonder, orders)))
    for name, (_, *words) in [*files.items(), *archives.items()]:
        found = text(made[name])
        check(f"file {name}: {', '.join(words)}", all(word in " ".join(found.split()) for word in words)
              and not any(word in found for word in ("root:", "hidden", "HOME=", "Chromium")), (found[:200], made[name]))
    page("/russian", "<meta charset=windows-1251><p>\u043f\u0440\u0438\u0432\u0435\u0442".encode("windows-1251"), "text/html")
    for to in ("html", "md", "txt"):
        one = wonder.make("http://first.example/russian", to)
        found = (one.data or b"").decode("utf-8", "replace")
        check(f"a page of another encoding as {to}", "\u043f\u0440\u0438\u0432\u0435\u0442" in found and "1251" not in found, (found[:200], one))
    got = requests("/of-file.png")
    check("a file's page gets pictures from outside", len(got) == 1 and SERVERLESS not in str(got), got)
    for name, content, code in (("an archive without a page", {"x.txt": "no"}, "unsupported_conversion"),
                                ("an archive that leads out", {"../../x.html": "<p>up", "index.html": "<p>in"}, "damaged_file")):
        one = wonder.make(archive(content), "pdf", "zip")
        check(f"{name} has its sentence", one.code == code and bool(one.sentence), one)


SERVERLESS = "127.0.0."
