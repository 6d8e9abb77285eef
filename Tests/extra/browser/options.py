"""What is asked for of a page's opening: fields, cookies and passwords for its own server alone, waits, and what it may load."""
import base64, io, json, re, subprocess, tempfile, time

from PIL import Image

from checks import check, many
from pages import page, requests, route

FIRST, SECOND = "http://first.example", "http://second.example"
SECRET, LOGIN = "s3cr3t-value", "Basic " + base64.b64encode(b"who:pa:ss").decode()


def text(one):
    if one.data is None:
        return ""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(one.data)
        file.flush()
        return subprocess.run(["pdftotext", file.name, "-"], capture_output=True, text=True, timeout=60).stdout


@route("/locked/")
def locked(request):
    if request.headers.get("Authorization") != LOGIN:
        return request.give("<h1>Who?</h1>", status=401, WWW_Authenticate='Basic realm="here"')
    request.give("<h1>Unlocked</h1><img src=http://second.example/foreign-locked/a.png><img src=/locked/b.png>")


@route("/foreign-locked/")
def foreign_locked(request):
    request.give("<h1>Who?</h1>", status=401, WWW_Authenticate='Basic realm="here"')


@route("/slow/")
def slow(request):
    time.sleep(float(request.path.rsplit("/", 1)[1]))
    request.give("<p>slow", "text/html")


@route("/late-frame/")
def late_frame(request):
    time.sleep(0.6)
    request.give("document.body.append('fetched late')", "text/javascript")


def echo(request):
    own = {name: value for name, value in request.headers.items()}
    return "<h1>fields</h1><pre>" + json.dumps(own).replace("<", "&lt;") + "</pre>"


page("/echo", echo)
page("/leaks", lambda request: "<h1>page</h1><img src=/own-part><img src=http://second.example/their-part>"
     "<iframe src=http://second.example/their-frame></iframe><script>fetch('http://second.example/their-fetch',{mode:'no-cors'});"
     "fetch('http://first.example:8080/other-port',{mode:'no-cors'})</script>")
for name in ("own-part", "their-part", "their-frame", "their-fetch", "other-port", "moved-to"):
    page("/" + name, "<p>part")
page("/moved", "", status=302, Location=SECOND + "/moved-to")
page("/moved-image", "<h1>page</h1><img src=/image-on>")
page("/image-on", "", status=307, Location=SECOND + "/their-part?image")
page("/moved-lock", "", status=302, Location=SECOND + "/foreign-locked/page")
page("/script", "<!doctype html><h1>static</h1><noscript>no scripts here</noscript><script>document.write('scripts run')</script>")
page("/says", "<!doctype html><p id=p></p><script>p.textContent=[navigator.userAgent,navigator.language,new Date(0).getHours(),"
     "Intl.DateTimeFormat().resolvedOptions().timeZone,(1234.5).toLocaleString(),document.cookie].join('|')</script>")
page("/comes", "<!doctype html><h1>first</h1><script>setTimeout(()=>{document.body.innerHTML+='<p id=here>it came</p>'},900)</script>")
page("/waits", "<!doctype html><h1>dom</h1><p id=s>not loaded</p><script>onload=()=>{s.textContent='loaded'};addEventListener("
     "'DOMContentLoaded',()=>0)</script><iframe src=/slow/1></iframe>")
page("/waits-long", "<!doctype html><h1>dom</h1><p id=s>not loaded</p><script>onload=()=>{s.textContent='loaded'}</script>"
     "<iframe src=/slow/5></iframe>")
page("/idle", "<!doctype html><h1>idle</h1><script>onload=()=>setTimeout(()=>{const s=document.createElement('script');s.src="
     "'/late-frame/a';document.body.append(s)},50)</script>")
page("/parts", "<!doctype html><style>@font-face{font-family:N;src:url(/part/font.woff2)}p{font-family:N}</style><p>parts</p>"
     "<img src=/part/image.png><video src=/part/film.mp4></video><audio src=/part/sound.mp3 preload=auto></audio>"
     "<script src=http://www.google-analytics.com/ads.js></script><script src=/part/script.js></script>")
page("/onward", "<meta http-equiv=refresh content='0;url=/arrived'><h1>leaving</h1>")
page("/onward-script", "<h1>leaving</h1><script>location.replace('/arrived')</script>")
page("/onward-later", "<h1>leaving</h1><script>onload=()=>setTimeout(()=>{location='/arrived'},10)</script>")
page("/arrived", "<h1>arrived</h1>")
page("/keeps", "<h1>kept</h1><script>document.cookie='kept=yes;max-age=9999';localStorage.kept='yes';new BroadcastChannel('b')."
     "postMessage('yes');indexedDB.open('kept');caches?.open('kept');setInterval(()=>new BroadcastChannel('b').postMessage('yes'),20)</script>"
     "<script src=/cached.js></script>")
page("/keeps-not", "<p id=p></p><script>new BroadcastChannel('b').onmessage=e=>p.append('heard');indexedDB.databases().then(d=>p.append("
     "'databases:'+d.length));p.append('cookie:'+document.cookie+' storage:'+localStorage.kept+' window:'+(window.opener||window.name))"
     "</script><script src=/cached.js></script>")
page("/cached.js", "0", "text/javascript", Cache_Control="public, max-age=9999")
page("/form-on", "<form id=f method=post action=/arrived></form><script>f.submit()</script>")


@route("/part/")
def part(request):
    request.give(b"", "application/octet-stream")


def run(world, wonder):
    orders = {
        "locked": (FIRST + "/locked/a", {"page_user": "who", "page_password": "pa:ss"}),
        "wrong password": (FIRST + "/locked/a", {"page_user": "who", "page_password": "no"}),
        "no password": (FIRST + "/locked/a", {}),
        "moved lock": (FIRST + "/moved-lock", {"page_user": "who", "page_password": "pa:ss"}),
        "fields": (FIRST + "/leaks", {"headers": json.dumps({"X-Own": SECRET, "Authorization": "Bearer " + SECRET})}),
        "moved": (FIRST + "/moved", {"headers": json.dumps({"X-Own": SECRET, "Authorization": "Bearer " + SECRET})}),
        "moved image": (FIRST + "/moved-image", {"headers": json.dumps({"X-Own": SECRET, "Authorization": "Bearer " + SECRET})}),
        "cookies": (FIRST + "/leaks?c", {"cookies": f"a={SECRET}; b = two=2"}),
        "cookies moved": (FIRST + "/moved?c", {"cookies": f"a={SECRET}"}),
        "cookies JSON": (FIRST + "/echo", {"cookies": json.dumps([{"name": "n", "value": "v", "path": "/echo", "http_only": True},
                                                                {"name": "other", "value": "w", "domain": "second.example"}])}),
        "agent": (FIRST + "/says", {"user_agent": "Own Agent/1", "locale": "de-DE", "time_zone": "Asia/Tokyo"}),
        "plain": (FIRST + "/says", {}), "no scripts": (FIRST + "/script", {"javascript": False}),
        "scripts": (FIRST + "/script", {}),
        "selector": (FIRST + "/comes", {"wait_selector": "#here"}), "no selector": (FIRST + "/comes", {}),
        "never": (FIRST + "/comes", {"wait_selector": "#never", "wait_selector_time": 1}),
        "never accepted": (FIRST + "/comes", {"wait_selector": "#never", "wait_selector_time": 1.5, "accept_incomplete": True}),
        "bad selector": (FIRST + "/comes", {"wait_selector": "p["}), "delay": (FIRST + "/comes", {"delay": 1.5}),
        "dom": (FIRST + "/waits-long", {"wait_until": "dom"}), "load": (FIRST + "/waits", {"wait_until": "load"}),
        "idle": (FIRST + "/idle", {"wait_until": "idle"}),
        "all parts": (FIRST + "/parts?all", {}), "no parts": (FIRST + "/parts?none", {"block": "ads,media,images,fonts"}),
        "onward": (FIRST + "/onward", {}), "onward script": (FIRST + "/onward-script", {}), "onward later": (FIRST + "/onward-later", {}),
        "keeps": (FIRST + "/keeps", {"delay": 0.6}), "keeps not": (FIRST + "/keeps-not", {"delay": 0.4}),
        "form on": (FIRST + "/form-on", {}),
        "bad zone": (FIRST + "/says", {"time_zone": "Nowhere/Town"}), "bad fields": (FIRST + "/says", {"headers": "{\"Host\":\"a\"}"}),
        "fields with lines": (FIRST + "/says", {"headers": json.dumps({"X-A": "b\r\nX-C: d"})}),
        "bad cookies": (FIRST + "/says", {"cookies": "no equals sign"}), "bad block": (FIRST + "/says", {"block": "everything"}),
        "bad locale": (FIRST + "/says", {"locale": "not a locale"}),
    }
    before = len(requests())
    made = dict(zip(orders, many(wonder, [(address, "pdf", options) for address, options in orders.values()])))

    def says(name, what, *words, but=()):
        found = text(made[name])
        check(f"{name}: {what}", all(word in found for word in words) and not any(word in found for word in but),
              (found[:300], made[name]))

    says("locked", "a password opens the page", "Unlocked")
    for name in ("wrong password", "no password"):
        check(f"{name}: is told as its status", made[name].code == "page_status" and "401" in made[name].sentence, made[name])
    check("moved lock: is told as its status", made["moved lock"].code == "page_status", made["moved lock"])
    theirs = [one for one in requests(host="second.example") if "authorization" in one[2]]
    check("no other server gets a password", not theirs, theirs[:3])
    own = [one for one in requests("/locked/b.png") if one[2].get("authorization") == LOGIN]
    check("what belongs to the page gets the password too", len(own) >= 1, requests("/locked/b.png")[:2])
    tries = len([one for one in requests("/locked/a") if one[2].get("authorization") not in (None, LOGIN)])
    check("a wrong password is not tried for ever", 1 <= tries <= 6, tries)

    for path in ("/leaks", "/own-part", "/moved"):
        got = [one[2] for one in requests(path, "first.example") if one[2].get("x-own") == SECRET]
        check(f"fields come to {path}", got and all(one.get("authorization") == "Bearer " + SECRET for one in got), requests(path)[:2])
    leaks = [(one[0], one[1]) for one in requests()[before:] if one[0] not in ("first.example",) and SECRET in json.dumps(one[2])]
    check("no other server and no other port gets fields or cookies", not [one for one in leaks if "8080" not in one[0]], leaks[:5])
    fields = [one for one in requests("/other-port") if "x-own" in one[2]]
    check("another port of the same server gets no fields", not fields, fields[:2])
    parts = {path for path in ("/their-part", "/their-frame", "/their-fetch", "/moved-to", "/their-part?image") if requests(path)}
    check("other servers were asked at all", len(parts) == 5, parts)
    got = [one[2].get("cookie") for one in requests("/leaks?c")]
    check("cookies come as they were given", got == [f"a={SECRET}; b=two=2"], (got, made["cookies"]))
    got = [one[2].get("cookie") for one in requests("/echo")]
    check("cookies JSON: each goes where it belongs", got == ["n=v"], got)

    says("agent", "agent, language and time", "Own Agent/1|de-DE|9|Asia/Tokyo|1.234,5")
    says("plain", "English and UTC else, and no cookies of others", "|en-US|0|UTC|1,234.5|\n")
    says("no scripts", "a page without its scripts", "static", "no scripts here", but=["scripts run"])
    says("scripts", "a page with its scripts", "static", "scripts run")
    says("selector", "what comes late is waited for", "it came")
    says("no selector", "and is not there else", "first", but=["it came"])
    check("never: has its sentence", made["never"].code == "page_timeout" and "wait_selector" in made["never"].sentence, made["never"])
    says("never accepted", "the page as it is", "first")
    check("bad selector: has its sentence", made["bad selector"].code == "page_failed" and "selector" in made["bad selector"].sentence,
          made["bad selector"])
    says("delay", "what comes in that time is there", "it came")
    says("dom", "the document alone", "not loaded")
    says("load", "all that belongs to it", "loaded", but=["not loaded"])
    says("idle", "until nothing is asked for", "fetched late")
    for name, wanted in {"all": {"font.woff2", "image.png", "film.mp4", "script.js"}, "none": {"script.js"}}.items():
        found = {one[1].rsplit("/", 1)[1] for one in requests("/part/") if one[2].get("referer", "").endswith("?" + name)}
        check(f"{name} of the parts are loaded", wanted <= found and (name == "all" or found == wanted), found)
    advertised = world.names.asked.get(("www.google-analytics.com", 1), 0)
    check("advertisers are not even looked up when they are blocked", advertised == 1, advertised)
    for name in ("onward", "onward script", "onward later", "form on"):
        says(name, "a page that leads on is followed", "arrived")
    says("keeps not", "no page knows of another", "cookie:", "storage:undefined", "databases:0", but=["kept", "heard", "yes"])
    check("what one page has loaded another loads anew", len(requests("/cached.js")) == 2, len(requests("/cached.js")))
    for name in ("bad zone", "bad fields", "fields with lines", "bad cookies", "bad block", "bad locale"):
        one = made[name]
        check(f"{name}: has a sentence of its own", one.data is None and bool(one.sentence or one.answer["job"].get("message"))
              and "could not do what was asked" not in one.sentence, one)
    secrets = [line for line in wonder.told().splitlines() if SECRET in line or "pa:ss" in line]
    check("no secret is in the log", not secrets, secrets[:2])
