"""Pictures of pages: whole from top to bottom, with what loads late, and without what covers."""
import io, re, time

import numpy
from PIL import Image

from checks import check, many
from pages import page, requests, route

FIRST = "http://first.example"
STYLE = "<!doctype html><meta charset=utf-8><style>*{margin:0;padding:0}body{background:#fff}</style>"


def picture(one):
    """Of what was made; None when nothing was."""
    return None if one.data is None else Image.open(io.BytesIO(one.data)).convert("RGB")


def near(pixel, wanted, most=6):
    return all(abs(one - other) <= most for one, other in zip(pixel, wanted))


def bands(height, count=30):
    """A page of bands, each with a colour that says which it is."""
    high = height // count
    return STYLE + "".join(
        f"<div style='height:{high}px;background:rgb({8 * n},{255 - 8 * n},{(n * 37) % 256})'></div>" for n in range(count))


def are_bands(shown, height, count=30):
    high = height // count
    return all(near(shown.getpixel((x, n * high + y)), (8 * n, 255 - 8 * n, (n * 37) % 256))
               for n in range(count) for x in (3, shown.width // 2, shown.width - 3) for y in (2, high // 2, high - 3))


def dot(request):
    """A picture of one colour, a little late."""
    number = int(request.path.rsplit("/", 1)[1].split("?")[0])
    time.sleep(0.05)
    room = io.BytesIO()
    Image.new("RGB", (40, 40), (200, 10 * number, 30)).save(room, "PNG")
    request.give(room.getvalue(), "image/png", Cache_Control="no-store")


route("/dots/")(dot)
page("/long", bands(30000))
page("/lazy", STYLE + "".join(
    f"<div style='height:700px'><img loading=lazy width=40 height=40 src=/dots/{n}?lazy></div>" for n in range(20)))
page("/watched", STYLE + "".join(
    f"<div style='height:700px'><img width=40 height=40 data-src=/dots/{n}?watched></div>" for n in range(20))
    + "<script>const o=new IntersectionObserver(l=>{for(const e of l)if(e.isIntersecting){e.target.src=e.target.dataset.src;"
      "o.unobserve(e.target)}});document.querySelectorAll('img').forEach(i=>o.observe(i))</script>")
page("/sticky", STYLE + "<div style='position:sticky;top:0;height:50px;background:#f00'></div>"
     "<div style='position:fixed;bottom:0;left:0;right:0;height:40px;background:#00f'></div><div style='height:6000px'></div>")
BANNER = ("<div id=cookie-banner style='position:fixed;bottom:0;left:0;right:0;height:200px;background:#f0f'>We use cookies "
          "<button>Accept</button></div>")
OWN_BANNER = ("<div class=x7 style='position:fixed;top:0;left:0;right:0;height:200px;background:#f0f'>This site asks for your consent"
              " <a href=#>OK</a></div>")
page("/banner", STYLE + "<h1>Page</h1>" + BANNER)
page("/own-banner", STYLE + "<style>body{overflow:hidden;height:100vh}</style>" + OWN_BANNER + "<div style='height:3000px'>Page</div>")
page("/letters", STYLE + "<style>p{font:100px/150px sans-serif;height:150px;width:300px}</style>"
     "<p>漢字</p><p>한국</p><p>かな</p><p>😀🚀</p><p>\ue123\U0010fff0</p>")
page("/element", STYLE + "<div style='height:1500px'></div><div id=it style='margin-left:100px;width:300px;height:200px;"
     "background:#0a0'></div><div style='height:900px'></div>")
page("/wide", STYLE + "<div style='width:3000px;height:100px;background:linear-gradient(90deg,#f00,#00f)'></div>")
page("/colour", STYLE + "<div style='height:800px;background:#f00'></div>")
page("/scheme", STYLE + "<style>div{height:800px;background:#f00}@media(prefers-color-scheme:dark){div{background:#00f}}"
     "@media print{div{background:#0f0}}</style><div></div>")
page("/tall", STYLE + "<div style='height:40000px;background:#0a0'></div>")
page("/as-high", STYLE + "<div style='height:100vh;background:#0a0'></div><div style='height:300px;background:#f00'></div>"
     "<img loading=lazy width=40 height=40 src=/dots/3?high style='display:block'>")
page("/tiny", "<!doctype html><p>x")


def run(world, wonder):
    orders = {
        "long": ("/long", "png", {}), "long wide": ("/long", "png", {"viewport_width": 1920}),
        "long jpeg": ("/long", "jpg", {}), "lazy": ("/lazy", "png", {}), "watched": ("/watched", "png", {}),
        "not lazy": ("/lazy", "png", {"load_lazy": False}), "sticky": ("/sticky", "png", {}),
        "stuck": ("/sticky", "png", {"full_page": False}),
        "banner": ("/banner", "png", {"hide_banners": True}), "own banner": ("/own-banner", "png", {"hide_banners": True}),
        "with banner": ("/banner", "png", {}), "letters": ("/letters", "png", {}),
        "element": ("/element", "png", {"element": "#it"}), "no element": ("/element", "png", {"element": "#other"}),
        "bad element": ("/element", "png", {"element": "###"}), "wide": ("/wide", "png", {}),
        "twofold": ("/element", "png", {"element": "#it", "device_scale": 2}), "gray": ("/colour", "png", {"grayscale": True}),
        "dark": ("/scheme", "png", {"colour_scheme": "dark"}), "printed": ("/scheme", "png", {"css_media": "print"}),
        "light": ("/scheme", "png", {}), "tall": ("/tall", "png", {}), "tall webp": ("/long", "webp", {}),
        "window": ("/tall", "png", {"full_page": False, "viewport_width": 500, "viewport_height": 300}),
        "webp": ("/colour", "webp", {}), "tiny": ("/tiny", "png", {"viewport_width": 320, "viewport_height": 240}),
        "half": ("/colour", "png", {"device_scale": 0.5}),
    }
    made = dict(zip(orders, many(wonder, [(FIRST + path, to, options) for path, to, options in orders.values()])))
    shown = {name: picture(one) for name, one in made.items()}

    def see(name, what, condition):
        image = shown[name]
        try:
            holds = image is not None and condition(image)
        except IndexError:
            holds = False
        check(f"{name}: {what}", holds, (image.size if image else None, made[name]))

    see("long", "30,000 px are whole", lambda image: image.size == (1280, 30000) and are_bands(image, 30000))
    see("long wide", "30,000 px are whole at 1920", lambda image: image.size == (1920, 30000) and are_bands(image, 30000))
    see("long jpeg", "30,000 px are whole", lambda image: image.size == (1280, 30000) and near(image.getpixel((600, 29990)), (232, 23, 49), 12))

    def dots(high):
        return lambda image: [n for n in range(20) if not near(image.getpixel((20, high * n + 20)), (200, 10 * n, 30))] == []

    see("lazy", "20 of 20 pictures that load late", dots(700))
    see("watched", "20 of 20 pictures that a script watches for", dots(700))
    see("not lazy", "what loads late stays away when not wanted", lambda image: not dots(700)(image))
    see("sticky", "what sticks is there once", lambda image: sum(
        near(image.getpixel((600, y)), (255, 0, 0)) for y in range(5, image.height, 10)) == 5)
    see("sticky", "what is fixed is there once", lambda image: sum(
        near(image.getpixel((600, y)), (0, 0, 255)) for y in range(5, image.height, 10)) in range(1, 6))
    see("stuck", "what sticks stays in a window's picture", lambda image: near(image.getpixel((600, 790)), (0, 0, 255)))
    pink = lambda image: bool((numpy.abs(numpy.asarray(image).astype(int) - (255, 0, 255)).sum(axis=2) < 20).any())
    see("banner", "a banner for cookies is gone", lambda image: not pink(image))
    see("own banner", "a banner of the page's own making is gone", lambda image: not pink(image))
    see("own banner", "the page behind it is whole", lambda image: image.height >= 3000)
    see("with banner", "a banner stays when nothing is said", pink)

    def letters(image):
        cells = [numpy.asarray(image.crop((0, 150 * n, 300, 150 * n + 150)).convert("L")).astype(int) for n in range(4)]
        left, right = cells[0][:, :100], cells[0][:, 100:200]
        colours = numpy.asarray(image.crop((0, 450, 300, 600))).astype(int)
        return (all((255 - cell).sum() > 50000 for cell in cells) and (left != right).any()
                and (numpy.abs(cells[0] - cells[2]).sum() > 50000)
                and (numpy.ptp(colours, axis=2) > 60).sum() > 500)

    see("letters", "Chinese, Korean, Japanese and emoji are drawn", letters)
    see("element", "one element alone", lambda image: image.size == (300, 200) and near(image.getpixel((150, 100)), (0, 170, 0))
        and near(image.getpixel((2, 2)), (0, 170, 0)) and near(image.getpixel((297, 197)), (0, 170, 0)))
    see("twofold", "one element twice as large", lambda image: image.size == (600, 400) and near(image.getpixel((597, 397)), (0, 170, 0)))
    for name in ("no element", "bad element"):
        check(f"{name}: has its sentence", made[name].code == "page_failed" and re.search("element|selector", made[name].sentence), made[name])
    see("wide", "what is wider than the window is there", lambda image: image.width == 3000 and near(image.getpixel((2990, 50)), (0, 0, 255)))
    see("gray", "no colour is left", lambda image: numpy.ptp(numpy.asarray(image.crop((0, 0, 100, 100))).astype(int), axis=2).max() < 3)
    see("dark", "a page is asked for its dark look", lambda image: near(image.getpixel((9, 99)), (0, 0, 255)))
    see("printed", "a page is asked for its print", lambda image: near(image.getpixel((9, 99)), (0, 255, 0)))
    see("light", "a page shows its own look else", lambda image: near(image.getpixel((9, 99)), (255, 0, 0)))
    check("tall: a page that is too large has its sentence", made["tall"].code == "page_too_large"
          and "40000" in made["tall"].sentence, made["tall"])
    check("tall webp: WebP has no more than 16383", made["tall webp"].code == "page_too_large" and "16383" in made["tall webp"].sentence,
          made["tall webp"])
    see("window", "the window alone", lambda image: image.size == (500, 300))
    see("webp", "a WebP", lambda image: image.size == (1280, 800) and near(image.getpixel((9, 99)), (255, 0, 0), 12))
    see("tiny", "a small page fills its window", lambda image: image.size == (320, 240))
    see("half", "half as large", lambda image: image.size == (640, 400))
    other = wonder.make(FIRST + "/scheme")
    one = wonder.make(FIRST + "/as-high")
    shown["as high"], made["as high"] = picture(one), one
    see("as high", "what is as high as the window does not grow with it", lambda image: image.height == 1140
        and near(image.getpixel((9, 790)), (0, 170, 0)) and near(image.getpixel((9, 810)), (255, 0, 0)) and near(
            image.getpixel((20, 1120)), (200, 30, 30)))
    check("as high: it takes no longer than others", one.seconds < 5 + 5 * other.seconds, (one, other))
    check("an answer tells the sides", made["half"].answer["outputs"][0].get("width") in (640, None), made["half"].answer)
