"""Pages that hang, loop, allocate, ask, or never stay: each ends by its limit with a sentence, and the next one is served."""
import re, time

from checks import check, many
from pages import page, route, requests

FIRST = "http://first.example"


def script(path, text, body="<h1>before</h1>", **fields):
    return page(path, f"<!doctype html><title>wild</title>{body}<script>{text}</script><p>after", **fields)


# What a page does, and what comes of it: None for a file, else the codes that it may end with.
WILD = {
    script("/loop-now", "for(;;);"): ["page_timeout"],
    script("/loop-later", "setTimeout(() => { for(;;); }, 50)"): None,
    script("/loop-promise", "(async () => { for(;;) await 0; })()"): ["page_timeout"],
    script("/loop-print", "addEventListener('beforeprint', () => { for(;;); })"): "any",
    script("/alert", "alert('1'); document.title = prompt('2') + confirm('3')"): None,
    script("/alerts", "setInterval(() => alert(1), 1)"): None,
    script("/print", "window.print(); onload = () => { for (let n = 0; n < 100; n++) window.print(); }"): None,
    script("/unload", "onbeforeunload = e => { e.preventDefault(); return 'stay'; }; onunload = () => alert(1)"): None,
    script("/windows", "for (let n = 0; n < 1000; n++) window.open('/plain')"): None,
    script("/links", "for (let n = 0; n < 300; n++) { const a = document.createElement('a'); a.href = '/plain'; a.target = "
           "'_blank'; document.body.append(a); a.click(); }"): "any",
    script("/forms", "for (let n = 0; n < 100; n++) { const f = document.createElement('form'); f.action = '/plain'; f.target = "
           "'_blank'; document.body.append(f); f.submit(); }"): "any",
    script("/downloads", "for (let n = 0; n < 100; n++) { const a = document.createElement('a'); a.href = 'data:application/"
           "octet-stream,x'; a.download = 'x' + n; document.body.append(a); a.click(); }"): None,
    script("/away", "location = '/away?' + Math.random()"): ["page_timeout", "page_failed"],
    script("/away-later", "onload = () => setTimeout(() => { location = '/away-later?' + Math.random() }, 20)"): "any",
    page("/refresh", "<meta http-equiv=refresh content='0;url=/refresh'><h1>again</h1>"): "any",
    script("/reload", "onload = () => location.reload()"): "any",
    script("/history", "setInterval(() => { for (let n = 0; n < 100; n++) history.pushState(0, '', '?' + Math.random()) }, 1)"): None,
    script("/close", "window.close(); setTimeout(() => window.close(), 20)"): None,
    script("/debugger", "debugger;"): None,
    script("/stop", "window.stop(); onload = () => window.stop()"): "any",
    script("/wipe", "setTimeout(() => { document.documentElement.remove() }, 0)"): "any",
    script("/grow", "setInterval(() => { for (let n = 0; n < 500; n++) document.body.append(document.createElement('p'), 'x') }, 1)"):
        None,
    script("/write", "setInterval(() => document.write('<p>more'), 1)"): None,
    page("/frames", "<h1>frames</h1>" + "<iframe src=/frames></iframe>" * 3): None,
    page("/frames-many", "<h1>frames</h1>" + "<iframe srcdoc='<p>x'></iframe>" * 500): "any",
    script("/workers", "for (let n = 0; n < 300; n++) new Worker(URL.createObjectURL(new Blob(['for(;;);'])))"): "any",
    script("/sockets", "for (let n = 0; n < 500; n++) new WebSocket('ws://first.example/plain')"): None,
    script("/fetches", "(async () => { for (;;) await fetch('/plain?' + Math.random()).catch(() => 0) })()"): None,
    script("/overrides", "for (const name of ['Promise', 'MutationObserver', 'setTimeout', 'requestAnimationFrame', 'getComputedStyle',"
           "'IntersectionObserver']) window[name] = () => { throw 1 }; Object.freeze(Object.prototype);"
           "document.querySelectorAll = document.querySelector = () => { throw 1 };"
           "Object.defineProperty(document, 'documentElement', {get() { throw 1 }})"): None,
    page("/deep", "<div>" * 20000 + "deep"): None,
    page("/svg-loop", "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width=50 height=50><defs>"
         "<g id=a><rect width=9 height=9 /></g>" + "".join(
             f"<g id={chr(98 + n)}>" + f"<use xlink:href='#{chr(97 + n)}'/>" * 10 + "</g>" for n in range(9))
         + "</defs><use xlink:href='#j'/></svg>"): "any",
    script("/canvas", "for (let n = 0; n < 50; n++) { const c = document.createElement('canvas'); c.width = c.height = 16000;"
           "c.getContext('2d').fillRect(0, 0, 9, 9); document.body.append(c) }"): "any",
    script("/allocate", "const all = []; for (;;) all.push(new Array(1e6).fill(Math.random()))"): "any",
    script("/allocate-bytes", "const all = []; setInterval(() => { for (let n = 0; n < 8; n++) all.push(new Uint8Array(1 << 25).fill(7)) }, 20)"):
        "any",
}


@route("/endless-body")
def endless(request):
    """A document without an end, as fast as it goes."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>more</h1>")
    piece = b"<p>and more of it</p>" * 4000
    end = time.monotonic() + 10
    while time.monotonic() < end:
        request.wfile.write(piece)


def holds(codes, one):
    """Whether a page has ended as it may."""
    limit_met = one.code in ("time_limit", "page_timeout", "page_crashed", "page_too_large", "page_empty") or (
        one.code == "page_failed" and "again and again" in one.sentence)
    if codes is None:
        return one.data is not None
    if codes == "any":
        return one.data is not None or limit_met
    return one.code in codes


def run(world, wonder):
    page("/fine", "<h1>Fine</h1>")
    begin = len(wonder.told())
    orders = [(FIRST + path, ("png", "pdf")[number % 2], {"load_time": 3}) for number, path in enumerate(WILD)]
    orders.append((FIRST + "/endless-body", "png", {"load_time": 3}))
    made = many(wonder, orders, 200)
    alone = 0
    for order, (path, codes), one in zip(orders, [*WILD.items(), ("/endless-body", ["page_timeout", "page_too_large"])], made):
        if not holds(codes, one):
            # Where the processors are busy, one that takes its browser down may take a neighbour with it, which has ended
            # with a sentence then; by itself it must end as it may.
            check(f"{path} has a sentence", bool(one.sentence), one)
            alone += 1
            [one] = many(wonder, [order], 200)
        check(f"{path} ends as it should", holds(codes, one) and (one.data is not None or bool(one.sentence)), one)
    print(f"     {alone} of {len(orders)} asked for again, alone", flush=True)
    again = [line[:300] for line in wonder.told()[begin:].splitlines() if re.search(r"attempt=[2-9]", line)]
    check("no page has its limit twice", not again, again[:3])
    one = wonder.make(FIRST + "/fine")
    check("the next page is served", one.data is not None, one)
    opened = [one for one in requests("/plain") if one[2].get("referer", "").endswith("/windows")]
    check("windows that a script opens stay closed", not opened, len(opened))
