"""PDFs of pages, as poppler reads and draws them: paper, margins, headers, pages, and what is on them."""
import os, re, subprocess, tempfile

import numpy
from PIL import Image

from checks import check, many
from pages import page
from pixels import dot, near, STYLE
from pages import route

FIRST = "http://first.example"
MILLIMETRE = 72 / 25.4
SIZES = {
    "a0": (841, 1189), "a1": (594, 841), "a2": (420, 594), "a3": (297, 420), "a4": (210, 297), "a5": (148, 210), "a6": (105, 148),
    "b0": (1000, 1414), "b1": (707, 1000), "b2": (500, 707), "b3": (353, 500), "b4": (250, 353), "b5": (176, 250),
    "letter": (215.9, 279.4), "legal": (215.9, 355.6), "tabloid": (279.4, 431.8), "ledger": (431.8, 279.4)}

page("/note", "<!doctype html><meta charset=utf-8><title>A note</title><h1>Heading one</h1><p>note")
page("/corner", STYLE + "<div style='position:absolute;left:0;top:0;width:20px;height:20px;background:#f00'></div>x")
page("/many", "<!doctype html><meta charset=utf-8><title>Many</title><style>section{break-after:page}section:last-child{break-after:"
     "auto}</style>" + "".join(f"<section><h2>Part {n}</h2>text of {n}</section>" for n in range(1, 8)))
page("/on-paper", STYLE + "<style>.p{display:none}@media print{.p{display:block}.s{display:none}}</style><p class=p>on paper<p class=s>"
     "on screen")
page("/own-size", "<!doctype html><style>@page{size:A5 landscape;margin:0}</style><p>own size")
page("/heads", STYLE + "<header style='position:fixed;top:0'>FIXED</header><nav style='position:sticky;top:0'>STICKY</nav>"
     + "<p style='height:900px'>body</p>" * 6)
page("/letters-paper", "<!doctype html><meta charset=utf-8><p>漢字かな한국어 😀 Ünï — “quotes”</p>")
page("/late", STYLE + "".join(
    f"<div style='height:500px'><img loading=lazy width=40 height=40 src=/dots/{n}?paper></div>" for n in range(20)))
page("/late-watched", STYLE + "".join(
    f"<div style='height:500px'><img width=40 height=40 data-src=/dots/{n}?paper></div>" for n in range(20))
    + "<script>const o=new IntersectionObserver(l=>{for(const e of l)if(e.isIntersecting)e.target.src=e.target.dataset.src});"
      "document.querySelectorAll('img').forEach(i=>o.observe(i))</script>")
page("/background", STYLE + "<div style='height:200px;background:#f00;-webkit-print-color-adjust:economy'>x</div>")
page("/tall-paper", STYLE + "<div style='height:5000px'>top</div><p>bottom line")
page("/taller", STYLE + "<div style='height:30000px'>top</div>")


def read(one, folder, *words):
    path = os.path.join(folder, "a.pdf")
    with open(path, "wb") as file:
        file.write(one.data or b"")
    return subprocess.run([*words[:1], *words[1:], path] + (["-"] if words[0] == "pdftotext" else []),
                          capture_output=True, text=True, timeout=60).stdout


def drawn(one, folder, page=1):
    """A page at one pixel a point."""
    path = os.path.join(folder, "a.pdf")
    with open(path, "wb") as file:
        file.write(one.data or b"")
    subprocess.run(["pdftoppm", "-r", "72", "-f", str(page), "-l", str(page), "-png", "-singlefile", path, folder + "/page"], timeout=60)
    with Image.open(folder + "/page.png") as image:
        return image.convert("RGB")


def facts(one, folder):
    """How many pages, and how large the first one is in millimetres."""
    text = read(one, folder, "pdfinfo")
    count = re.search(r"^Pages:\s+(\d+)", text, re.M)
    size = re.search(r"^Page size:\s+([\d.]+) x ([\d.]+)", text, re.M)
    return (int(count.group(1)), *(round(float(side) / MILLIMETRE, 1) for side in size.groups())) if count and size else None


def is_size(found, width, height):
    return found is not None and abs(found[1] - width) < 1 and abs(found[2] - height) < 1


def run(world, wonder):
    route("/dots/")(dot)
    head = "<div style='font-size:10px;width:100%;text-align:center'>HEAD <span class=title></span> <span class=url></span></div>"
    foot = "<div style='font-size:10px;width:100%;text-align:right'>Page <span class=pageNumber></span> of <span class=totalPages></span></div>"
    orders = {name: ("/note", {"page_size": name}) for name in SIZES}
    orders.update({
        "plain": ("/note", {}), "wide": ("/note", {"page_size": "a4", "page_orientation": "landscape"}),
        "upright ledger": ("/note", {"page_size": "ledger", "page_orientation": "portrait"}),
        "own": ("/note", {"page_width": 100, "page_height": 60.5}), "own wide": ("/note", {"page_width": 80, "page_height": 120,
                                                                                       "page_orientation": "landscape"}),
        "css size": ("/own-size", {"css_page_size": True}), "no css size": ("/own-size", {}),
        "corner": ("/corner", {"margin": 0}), "margin": ("/corner", {"margin": 25}),
        "margins": ("/corner", {"margin_top": 40, "margin_left": 5}), "all margin": ("/note", {"margin_left": 110, "margin_right": 110}),
        "scaled": ("/corner", {"margin": 0, "scale": 2}),
        "head": ("/many", {"header_html": head, "footer_html": foot, "margin": 20}), "foot": ("/many", {"footer_html": foot, "margin": 20}),
        "pages": ("/many", {"pages": "2-3,6"}), "last": ("/many", {"pages": "r1"}), "far": ("/many", {"pages": "50-60"}),
        "print": ("/on-paper", {}), "screen": ("/on-paper", {"css_media": "screen"}), "heads": ("/heads", {}),
        "letters": ("/letters-paper", {}), "late": ("/late", {"margin": 0}), "watched": ("/late-watched", {"margin": 0}),
        "backgrounds": ("/background", {"margin": 0}), "no backgrounds": ("/background", {"margin": 0, "backgrounds": False}),
        "one": ("/tall-paper", {"single_page": True}), "one sized": ("/tall-paper", {"single_page": True, "page_size": "a5"}),
        "one many": ("/many", {"single_page": True}), "one taller": ("/taller", {"single_page": True}),
        "gray": ("/background", {"margin": 0, "grayscale": True}),
        "script head": ("/note", {"header_html": "<script>document.write('RAN')</script><img src='http://127.0.0.1:8000/a'>"
                                  "<iframe src='file:///etc/passwd'></iframe>HEAD"}),
    })
    made = dict(zip(orders, many(wonder, [(FIRST + path, "pdf", options) for path, options in orders.values()])))
    with tempfile.TemporaryDirectory() as folder:
        for name, (width, height) in SIZES.items():
            found = facts(made[name], folder)
            check(f"paper {name}", is_size(found, width, height), (found, made[name]))

        def size(name, width, height, count=None):
            found = facts(made[name], folder)
            check(f"{name}: is {width} by {height}" + (f", {count} pages" if count else ""),
                  is_size(found, width, height) and count in (None, found[0]), (found, made[name]))

        def text(name, page=None):
            return read(made[name], folder, "pdftotext", "-layout", *(["-f", str(page), "-l", str(page)] if page else []))

        size("plain", 210, 297, 1)
        size("wide", 297, 210)
        size("upright ledger", 279.4, 431.8)
        size("own", 100, 60.5)
        size("own wide", 120, 80)
        size("css size", 210, 148)
        size("no css size", 210, 297)

        def corner(name):
            """Where the red square is, in millimetres, and how large."""
            if made[name].data is None:
                return None
            image = numpy.asarray(drawn(made[name], folder)).astype(int)
            rows, columns = numpy.nonzero((image[:, :, 0] > 200) & (image[:, :, 1] < 60))
            return tuple(round(float(value) / MILLIMETRE, 1) for value in (
                columns.min(), rows.min(), columns.max() - columns.min() + 1)) if len(rows) else None

        for name, wanted in {"corner": (0, 0, 5.3), "margin": (25, 25, 5.3), "margins": (5, 40, 5.3), "scaled": (0, 0, 10.6)}.items():
            found = corner(name)
            check(f"{name}: begins where it should", found is not None and all(abs(a - b) < 0.8 for a, b in zip(found, wanted)),
                  (found, made[name]))
        check("all margin: has its sentence", made["all margin"].code == "page_failed" and "margins" in made["all margin"].sentence,
              made["all margin"])

        head_text = [text("head", number) for number in (1, 4, 7)]
        check("head: title and address are at the top", all("HEAD Many http://first.example/many" in " ".join(one.split())
                                                            for one in head_text), head_text)
        check("head: pages are numbered", all(f"Page {number} of 7" in one for number, one in zip((1, 4, 7), head_text)), head_text)
        boxes = read(made["head"], folder, "pdftotext", "-bbox", "-f", "2", "-l", "2")
        places = {word: float(top) for top, word in re.findall(r'yMin="([\d.]+)".*?>([^<]+)</word>', boxes)}
        check("head: the header is above and the footer below", places.get("HEAD", 99) < 57 and places.get("of", 0) > 785, places)
        check("foot: no header of the browser's own", re.search(r"Many|first\.example|\d/\d/\d", text("foot", 2)) is None, text("foot", 2))
        chosen = text("pages")
        check("pages: those that were asked for", [n for n in range(1, 8) if f"Part {n}" in chosen] == [2, 3, 6], chosen)
        check("last: a page from the end has a page or a sentence", made["last"].data is not None and "Part 7" in text("last")
              or made["last"].code == "page_failed" and "counted from its first" in made["last"].sentence, made["last"])
        check("far: pages that are not there have a sentence", made["far"].code in ("page_failed", "unsupported_option", "option_invalid")
              and "could not do what was asked" not in made["far"].sentence, made["far"])
        check("print: styles for paper count", "on paper" in text("print") and "on screen" not in text("print"), text("print"))
        check("screen: styles for the screen count", "on screen" in text("screen") and "on paper" not in text("screen"), text("screen"))
        check("heads: what sticks is there once", text("heads").count("STICKY") == 1, text("heads").count("STICKY"))
        check("heads: what is fixed is not on each page", text("heads").count("FIXED") == 1, text("heads").count("FIXED"))
        found = text("letters").replace(" ", "")
        check("letters: text can be read", all(part in found for part in ("漢字かな", "한국어", "Ünï")), found)
        for name in ("late", "watched"):
            count = facts(made[name], folder)
            reds = 0
            for number in range(1, (count or (0,))[0] + 1):
                column = numpy.asarray(drawn(made[name], folder, number)).astype(int)[:, 15]
                runs = (abs(column[:, 0] - 200) < 8) & (abs(column[:, 2] - 30) < 8)
                reds += len(set(column[runs][:, 1] // 3))
            check(f"{name}: 20 of 20 pictures on paper", made[name].data is not None and reds >= 20, (reds, count, made[name]))
        for name, wanted in {"backgrounds": (255, 0, 0), "no backgrounds": (255, 255, 255)}.items():
            shown = drawn(made[name], folder).getpixel((300, 60))
            check(f"{name}: as they were asked for", near(shown, wanted, 10), shown)
        shown = drawn(made["gray"], folder).getpixel((300, 60))
        check("gray: no colour is left on paper", max(shown) - min(shown) < 6 and max(shown) < 200, shown)
        for name in ("one", "one sized", "one many"):
            count = facts(made[name], folder)
            check(f"{name}: one page", count is not None and count[0] == 1, (count, made[name]))
        check("one: all of it", "bottom line" in text("one") and facts(made["one"], folder)[2] > 1300, facts(made["one"], folder))
        check("one sized: as wide as the paper", abs(facts(made["one sized"], folder)[1] - 148) < 1 and "bottom line" in text("one sized"),
              facts(made["one sized"], folder))
        check("one many: all of it", all(f"Part {n}" in text("one many") for n in range(1, 8)), text("one many")[:300])
        check("one taller: has its sentence", made["one taller"].code == "page_too_large", made["one taller"])
        found = text("script head")
        check("script head: no script and nothing from elsewhere in a header", "HEAD" in found and "RAN" not in found and "root" not in found,
              (found, made["script head"]))
        outline = read(made["plain"], folder, "pdfinfo", "-dests") + read(made["plain"], folder, "pdfinfo")
        check("plain: the title of the page", re.search(r"^Title:\s+A note", outline, re.M) is not None, outline[:200])
