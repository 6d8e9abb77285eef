"""Pages that try by every way a browser has to get to networks inside: nothing but refusals comes of it.

That each way works at all is seen by the same page's tries for a server outside."""
import itertools, json, random, re, time

from checks import check, many
from pages import page, requests, route

# What Stripe's Smokescreen is tested with (smokescreen_test.go at a3294a6, MIT), without what its test configures, and the one
# address that is its own.
CASES = {
    "8.8.8.8": True, "8.8.9.8": True, "10.0.0.1": False, "10.0.1.1": False, "172.16.0.1": False, "172.16.1.1": False,
    "192.168.0.1": False, "192.168.1.1": False, "100.64.0.1": False, "100.64.0.100": False, "100.127.255.254": False,
    "100.63.255.254": True, "100.128.0.1": True, "1.1.1.1": True, "127.0.0.1": False, "127.255.255.255": False, "::1": False,
    "127.0.1.1": False, "169.254.169.254": False, "255.255.255.255": False, "ff02:0:0:0:0:0:0:2": False,
    "64:ff9b::ac1c:5": False, "64:ff9b::c000:201": False, "64:ff9b::a00:1": False, "64:ff9b::808:808": False,
    "64:ff9b::ffff:ffff": False, "2002:c000:201::1": False, "2002:a00:1::1": False, "2002:808:808::1": False,
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": False, "2001:0:1234:5678:9abc:def0:1234:5678": False,
    "2001:4860:4860::8888": True, "2606:4700:4700::1111": True, "64:ff9c::1": True, "192.168.1.100": False}
NAMES = ["inside", "meta", "own", "zero", "mixed", "mixedback", "mapped", "nat64", "local6", "own6"]
SPELLED = ["0", "127.1", "0x7f000001", "2130706433", "017700000001", "127.0.0.1.", "[::]", "[::ffff:10.0.0.1]", "[::ffff:0:a00:1]",
           "localhost", "x.localhost", "[fe80::1]", "[fd00::1]", "[64:ff9b:1::a00:1]"]
PORTS = [80, 81, 443, 2375, 3128, 3129, 8000, 8080, 9222, 9]


def tag(form):
    return lambda address: form.replace("@", address)


HTML = {name: tag(form) for name, form in {
    "img": "<img src='@'>", "srcset": "<picture><source srcset='@'><img></picture>", "script": "<script src='@'></script>",
    "module": "<script type=module src='@'></script>", "style": "<link rel=stylesheet href='@'>", "icon": "<link rel=icon href='@'>",
    "preload": "<link rel=preload as=image href='@'>", "prefetch": "<link rel=prefetch href='@'>",
    "preconnect": "<link rel=preconnect href='@'>", "dns": "<link rel=dns-prefetch href='@'>",
    "modulepreload": "<link rel=modulepreload href='@'>", "manifest": "<link rel=manifest href='@'>",
    "background": "<p style=\"background:url('@')\">x", "import": "<style>\1import '@';</style>",
    "font": "<style>\1font-face{font-family:N;src:url('@')} .N{font-family:N}</style><p class=N>x",
    "cursor": "<p style=\"list-style:url('@');display:list-item;border-image:url('@')\">x", "iframe": "<iframe src='@'></iframe>",
    "object": "<object data='@'></object>", "embed": "<embed src='@'>", "video": "<video src='@' autoplay></video>",
    "poster": "<video poster='@'></video>", "audio": "<audio src='@' autoplay></audio>", "svg": "<svg><image href='@'/></svg>",
    "use": "<svg><use href='@#a'/></svg>", "input": "<input type=image src='@'>",
    "refresh": "<iframe srcdoc=\"<meta http-equiv=refresh content='0;url=@'>\"></iframe>",
    "form": "<form action='@' method=post target=T></form><iframe name=T></iframe>"
            "<script>document.querySelector('form:last-of-type').submit()</script>",
    "rules": "<script type=speculationrules>{\"prerender\":[{\"source\":\"list\",\"urls\":[\"@\"]}],\"prefetch\":[{\"source\":\"list\","
             "\"urls\":[\"@\"]}]}</script>"}.items()}
HTML = {name: lambda address, form=form: form(address).replace("\1", "@") for name, form in HTML.items()}
SCRIPTS = {
    "fetch": "fetch(u,{mode:'no-cors'})", "cors": "fetch(u,{method:'PUT',headers:{'X-A':'1'}})", "keepalive":
    "fetch(u,{mode:'no-cors',method:'POST',keepalive:true})",
    "xhr": "const x=new XMLHttpRequest();x.open('POST',u);x.send('a')", "ws": "new WebSocket(u.replace(/^http/,'ws'))",
    "events": "new EventSource(u)", "beacon": "navigator.sendBeacon(u,'x')", "image": "new Image().src=u",
    "worker": "new Worker(URL.createObjectURL(new Blob([`fetch('${u}',{mode:'no-cors'})`])))",
    "workers": "new Worker(URL.createObjectURL(new Blob([`importScripts('${u}')`])))",
    "shared": "new SharedWorker('data:text/javascript,'+encodeURIComponent(`fetch('${u}',{mode:'no-cors'})`),u)",
    "service": "navigator.serviceWorker.register(u)", "dynamic": "import(u)", "window": "window.open(u)",
    "face": "new FontFace('F','url('+u+')').load()", "frame": "const f=document.createElement('iframe');document.body.append(f);"
    "f.contentWindow.location=u", "transport": "new WebTransport(u.replace(/^http:/,'https:'))",
    "rtc": "const r=new RTCPeerConnection({iceServers:[{urls:'stun:'+h},{urls:'turn:'+h,username:'a',credential:'b'},"
    "{urls:'turn:'+h+'?transport=tcp',username:'a',credential:'b'}]});r.createDataChannel('x');"
    "r.createOffer().then(o=>r.setLocalDescription(o))",
    "candidate": "const r=new RTCPeerConnection();r.createDataChannel('x');r.createOffer().then(async o=>{await r.setLocalDescription(o);"
    "const q=new RTCPeerConnection();await q.setRemoteDescription(o);const a=await q.createAnswer();await r.setRemoteDescription(a);"
    "r.addIceCandidate({candidate:'candidate:1 1 udp 2122260223 '+h.replace(/:(\\\\d+)$/,' $1')+' typ host',sdpMid:'0'})})",
    "link": "const a=document.createElement('a');a.href=u;a.ping=u;a.target='_blank';document.body.append(a);a.click()"}
# What has to come to a server outside; of the others some need HTTPS, and some are answered by the browser itself.
SEEN = {"img", "srcset", "script", "module", "style", "preload", "background", "import", "font", "iframe", "object", "embed", "video",
        "poster", "audio", "svg", "input", "refresh", "form", "fetch", "cors", "keepalive", "xhr", "ws", "events", "beacon", "image",
        "worker", "workers", "dynamic", "face", "frame"}
PRELUDE = "<!doctype html><title>tries</title><h1>tries</h1>"


def tries_of(address, ways):
    """HTML that tries an address by these ways."""
    parts = []
    for way in ways:
        if way in HTML:
            parts.append(HTML[way](address))
        else:
            host = re.sub(r"^https?://|/.*", "", address)
            parts.append(f"<script>try{{const u='{address}',h='{host}';{SCRIPTS[way]}}}catch(e){{}}</script>".replace(
                "const u", "let u").replace("<script>try{", "<script>{try{").replace("</script>", "}</script>", 1))
    return "".join(parts)


def inner_addresses():
    hosts = [f"[{case}]" if ":" in case else case for case, is_fine in CASES.items() if not is_fine]
    hosts += SPELLED + [name + ".example" for name in NAMES]
    return [f"http{'s' * (port == 443)}://{host}:{port}/secret" for host, port in itertools.product(hosts, PORTS)]


def run(world, wonder, tries=1000):
    @route("/v/")
    def seen(request):
        request.give(b"", "text/plain", Access_Control_Allow_Origin="*", Access_Control_Allow_Headers="*",
                     Access_Control_Allow_Methods="*")

    ways = [*HTML, *SCRIPTS]
    # Each way once for a server outside.
    page("/outward", PRELUDE + "".join(tries_of(f"http://second.example:8080/v/{way}", [way]) for way in ways))
    one = wonder.make("http://first.example/outward", delay=1)
    came = {path.split("/")[2].split("?")[0] for _, path, _, _ in requests("/v/")}
    check("a page gets to servers outside by each way", one.data is not None and SEEN <= came, (one, SEEN - came))

    addresses, dice = inner_addresses(), random.Random(7)
    dice.shuffle(addresses)
    stream = itertools.cycle(addresses)
    pages, done, number = [], 0, 0
    order = itertools.cycle(ways)
    while done < tries:
        parts = []
        for _ in range(min(200, tries - done)):
            parts.append(tries_of(next(stream), [next(order)]))
            done += 1
        pages.append(page(f"/inward-{number}", PRELUDE + "".join(parts)))
        number += 1
    begin, refused = len(world.watch.hits), wonder.told().count("a page did not get an answer")
    for address in ("http://10.0.0.1:8000/report", "http://127.0.0.1:8080/report", "http://[fd00::1]:80/report"):
        reports = json.dumps({"group": "default", "max_age": 999, "endpoints": [{"url": address}]})
        pages.append(page(
            f"/reports-{len(pages)}", PRELUDE + "<img src=/forbidden><script>document.domain='x'</script>",
            Content_Security_Policy=f"img-src 'none'; report-uri {address}; report-to default", Report_To=reports, NEL=json.dumps(
                {"report_to": "default", "max_age": 999, "success_fraction": 1}), Reporting_Endpoints=f'default="{address}"',
            Link=f"<{address}>; rel=preload; as=script, <{address}>; rel=preconnect, <{address}>; rel=prefetch",
            Alt_Svc=f'h2="10.0.0.1:443", h3="10.0.0.1:443"', SourceMap=address, Set_Cookie="a=b; domain=example"))
    options = {"delay": 1, "load_time": 20, "accept_incomplete": True, "load_lazy": False, "full_page": False}
    made = many(wonder, [("http://first.example" + path, "png", options) for path in pages], 600)
    check("pages that try networks inside are shown for all that", all(one.data for one in made), [one for one in made if not one.data])

    refused = wonder.told().count("a page did not get an answer") - refused
    check("the proxy refuses most of these tries, and the browser the rest", refused > done * 0.4, (refused, done))

    # Names whose answer changes between two look-ups, each of its own so that nothing is kept.
    turns = []
    for kind in ("flip", "back", "turn", "flip6"):
        for number in range(2):
            host = f"{kind}-{number}.example"
            body = PRELUDE + f"<script>let n=0;setInterval(()=>{{fetch('http://{host}/secret?'+n++,{{mode:'no-cors'}})}},40)</script>"
            page(f"/turn-{host}", body)
            turns.append((f"http://first.example/turn-{host}", "png", {"delay": 1}))
        page(f"/self-{kind}", PRELUDE + "<script>setInterval(()=>fetch('/secret?'+Math.random()),40)</script>")
        turns.append((f"http://{kind}-9.example/self-{kind}", "png", {"delay": 1}))
    many(wonder, turns)
    names = sum(world.names.asked.values())
    check("names that turn inward were asked for more than once", world.names.asked.get(("turn-0.example", 1), 0) > 2, names)

    # Addresses themselves, as pages, and where answers lead.
    denied = [case for case, is_fine in CASES.items() if not is_fine]
    asked = [f"http://[{case}]/" if ":" in case else f"http://{case}/" for case in denied]
    made = many(wonder, [(address, "png", {}) for address in asked])
    wrong = [(address, one) for address, one in zip(asked, made) if one.code != "page_unreachable"]
    check(f"{len(denied)} addresses of Smokescreen's are refused as pages", not wrong, wrong[:5])
    for number, address in enumerate(asked):
        page(f"/on-{number}", "", status=(301, 302, 303, 307, 308)[number % 5], Location=address)
        page(f"/on-meta-{number}", f"{PRELUDE}<meta http-equiv=refresh content='0;url={address}'>")
        page(f"/on-script-{number}", f"{PRELUDE}<script>location={json.dumps(address)}</script>")
        page(f"/on-field-{number}", PRELUDE, Refresh=f"0;url={address}", Link=f"<{address}>;rel=preload;as=image")
    ways = ["on", "on-meta", "on-script", "on-field"]
    made = many(wonder, [(f"http://first.example/{ways[number % 4]}-{number}", "png", {"delay": 0.2}) for number in range(len(asked))])
    shown = [one for one in made if one.data is None and one.code not in ("page_unreachable", "page_failed", "page_empty", "page_timeout")]
    check("what leads to them leads nowhere", not shown, shown[:3])
    hits = world.watch.hits[begin:]
    check(f"{done} tries come to nothing", not hits, (len(hits), hits[:10]))
