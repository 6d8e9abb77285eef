"""What must not be torn away from a page while deliveries wait and fail, and how soon it shows what is new, in a real Chromium.

usage: live.py WONDER [SECONDS]; needs chromedriver. The times that are promised hold with SLACK=1 on a quiet machine; without
it they may be five times as long, for a busy one says nothing about them.
"""
import os, re, signal, subprocess, sys, time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from appliance import PASSWORD, Appliance, Receiver, root
from browser import Browser, Failure
from places import ready

wonder = os.path.realpath(sys.argv[1])
seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 30
slack = float(os.environ.get("SLACK", "5"))
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


def open_page(browser, appliance, path):
    browser.go(appliance.address + "/admin#" + path)
    ready(browser)


# Counts every element that is put into the page or taken out of it; what is renewed in place changes neither.
WATCH = """
window.torn = [];
window.watching?.disconnect();
window.watching = new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.removedNodes) if (node.nodeType === 1) window.torn.push(node.outerHTML.slice(0, 120));
});
window.watching.observe(document.querySelector(arguments[0]), { childList: true, subtree: true });
window.marked = document.querySelector(arguments[0]);
"""

STATE = """
const field = document.querySelector('#endpoint [name=url]');
return {
  secret: document.querySelector('#said code')?.textContent, typed: field?.value, focused: document.activeElement === field,
  caret: field?.selectionStart, scroll: Math.round(scrollY), chosen: document.querySelector('#endpoint [name=style]')?.value,
  details: [...document.querySelectorAll('main details[open]')].map((part) => part.closest('[id]')?.id + (part.parentElement.closest('details') ? ' within' : '')),
  body: document.querySelector('.delivery details[open] pre')?.scrollTop,
};
"""


def nothing_is_torn_away(browser, appliance, key, photo):
    """The page of webhooks: a secret, a half filled form, open details, scroll and focus, while deliveries wait and fail."""
    open_page(browser, appliance, "/w/demo/webhooks")
    browser.find("summary", "Add an endpoint").click()
    browser.fill("#endpoint", url=appliance.hook + "/also-bad")
    browser.click("#endpoint button.main")
    browser.wait_for_text("The secret of the new endpoint.")
    browser.until(lambda: browser.run("return !document.querySelector('#endpoint').checkVisibility()"), "the form to be folded")
    appliance.submit(key, ("waits.png", photo))
    browser.find(f"section[aria-label='{appliance.hook}/bad'] .delivery .badge", "Trying again")
    browser.click(f"section[aria-label='{appliance.hook}/bad'] .delivery summary")
    browser.wait_for_text("What was sent")
    browser.click(".delivery details[open] summary", "Headers")
    browser.wait_for_text("X-WonderConvert-Signature")
    browser.find("summary", "Add an endpoint").click()
    browser.run("document.querySelector('#endpoint [name=style]').value = 'koalapic'")
    field = browser.find("#endpoint [name=url]")
    field.type("https://half.typed/addr", clear=False)
    browser.run("const field = document.querySelector('#endpoint [name=url]'); field.setSelectionRange(5, 5); scrollTo(0, 260); document.querySelector('.delivery details[open] pre').scrollTop = 7")
    before = browser.run(STATE)
    browser.run(WATCH, "#endpoint")
    seen = browser.run("window.seen = document.querySelector('.delivery details[open]'); return document.querySelector('.delivery details[open] summary').innerText")
    waiting = "return document.querySelector('.side .badge').firstChild.data"
    waited = int(browser.run(waiting))
    appliance.ask("/api/v1/access-requests", body=b'{"email": "late@example.com", "company": "Late", "use_case": "Maps", "expected_volume": "9"}')
    end, sent = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        appliance.submit(key, (f"more-{sent}.png", photo))
        sent += 1
        time.sleep(1)
    after = browser.run(STATE)
    check("who asks to be let in meanwhile is counted in the menu", seconds < 20 or int(browser.run(waiting)) == waited + 1, browser.run(waiting))
    for part in before:
        check(f"{part} stays for {seconds} s", before[part] == after[part], f"{before[part]!r} became {after[part]!r}")
    check("the form is the same one, untouched", browser.run("return window.marked.isConnected && window.torn.length === 0"), browser.run("return window.torn"))
    check("so is the open delivery", browser.run("return window.seen.isConnected"))
    check("and the page went on meanwhile", f"more-{sent - 1}" and browser.run("return document.querySelectorAll('.delivery').length") > 3 + sent / 2)
    browser.click(".side a", "API keys")
    browser.wait_for_text("A key is how a program proves")
    check("a secret stays on other pages", browser.run("return document.querySelector('#said code').textContent") == before["secret"])
    browser.click("button[aria-label^='Show the webhook secret']")
    browser.wait_for_text("The webhook secret of", "#said")
    check("also beside another one, and beside what is said", browser.run("return [...document.querySelectorAll('#said code')].some((code) => code.textContent === arguments[0])", before["secret"]))
    browser.click("#said .kept button", "I have kept it")
    browser.until(lambda: browser.run("return document.querySelectorAll('#said .kept').length") == 1, "the other one to stay")
    browser.click("#said .kept button", "I have kept it")
    check("a secret goes when it is dismissed", browser.run("return !document.querySelector('#said code')"))
    return seen


def job_page_stays(browser, appliance, key, photo):
    """The page of a job: its deliveries wait, and somebody reads one."""
    request = appliance.submit(key, ("one.png", photo))
    appliance.ended(key, request)
    open_page(browser, appliance, f"/w/demo/jobs/{request}")
    browser.find(".delivery .badge", "Trying again")
    row = browser.run("return [...document.querySelectorAll('.delivery')].find((row) => row.textContent.includes('/bad')).innerText")
    check("a delivery says everything in its row", all(part in row for part in ("Trying again", "conversion.job.completed", appliance.hook + "/bad", "1 attempt", "tried again in", "answered with status 500")), row)
    browser.click(".delivery summary", "/bad")
    browser.wait_for_text("What was sent")
    browser.run("scrollTo(0, 300); document.querySelector('.delivery details[open] summary').focus()")
    browser.run(WATCH, "main")
    words = browser.run("return document.querySelector('time.until').textContent")
    place = browser.run("return Math.round(scrollY)")
    time.sleep(min(seconds, 12))
    check("nothing of the job's page is made anew", browser.run("return window.torn.length === 0"), browser.run("return window.torn"))
    check("and it is where it was", browser.run("return [Math.round(scrollY), document.activeElement.tagName, document.querySelectorAll('.delivery details[open]').length]") == [place, "SUMMARY", 1])
    check("the time until the next attempt goes on", browser.run("return document.querySelector('time.until').textContent") != words, words)


def what_is_chosen_stays(browser, appliance, key, photo):
    """The slider between two pictures and the language of the program, on a job's page that is renewed: both stay, and still move."""
    request = appliance.submit(key, ("slider.png", photo))
    appliance.ended(key, request)
    open_page(browser, appliance, f"/w/demo/jobs/{request}")
    browser.find(".delivery .badge", "Trying again")
    slide = "const slider = document.querySelector('.compared input'); slider.value = arguments[0]; slider.dispatchEvent(new Event('input'))"
    state = "return [document.querySelector('.compare').style.getPropertyValue('--at'), document.querySelector('[role=tab][aria-selected=true]').textContent, document.querySelector('[role=tablist] + div').textContent.includes('urllib.request')]"
    browser.run(slide, 80)
    browser.click("[role=tab]", "Python")
    browser.wait_for_text("urllib.request", "[role=tablist] + div")
    browser.run("window.attempts = () => document.querySelector('.deliveries').textContent; window.told = window.attempts()")
    appliance.admin("replay-job-webhook", request)
    browser.until(lambda: browser.run("return window.attempts() !== window.told"), "the page to be renewed")
    check("the slider and the program of a job stay as they were put", browser.run(state) == ["80%", "Python", True], browser.run(state))
    browser.run(slide, 20)
    browser.click("[role=tab]", "PHP")
    browser.wait_for_text("curl_setopt_array", "[role=tablist] + div")
    check("and can be moved on", browser.run(state) == ["20%", "PHP", False], browser.run(state))


def new_jobs_show(browser, appliance, key, photo):
    """How soon a new job, and its end, is on each page that lists jobs; a second is what is promised."""
    appliance.admin("queue", "pause")
    for path in ("/w/demo", "/w/demo/jobs", "/all-jobs"):
        open_page(browser, appliance, path)
        name = f"new-{path.count('/')}-{len(path)}.png"
        browser.run("""
          window.shown = {};
          const name = arguments[0];
          window.look = setInterval(() => {
            const row = [...document.querySelectorAll('tr')].find((row) => row.textContent.includes(name));
            for (const state of ['Waiting', 'Done']) if (row?.textContent.includes(state)) window.shown[state] ??= Date.now();
          }, 10);
        """, name)
        request = appliance.submit(key, (name, photo))
        answered = time.time() * 1000
        shown = browser.until(lambda: browser.run("return window.shown.Waiting"), "the new job")
        check(f"a new job is on {path} within a second", shown - answered < 1000 * slack, shown - answered)
        chart = browser.run("return document.querySelector('.chart svg')?.getAttribute('aria-label') ?? ''")
        appliance.admin("queue", "resume")
        appliance.ended(key, request)
        ended = time.time() * 1000
        shown = browser.until(lambda: browser.run("return window.shown.Done"), "its end")
        check(f"its end too, on {path}", shown - ended < 1000 * slack, shown - ended)
        if chart:
            browser.until(lambda: browser.run("return document.querySelector('.chart svg').getAttribute('aria-label') !== arguments[0]", chart), "the chart to move")
            check("the chart moves", True)
        appliance.admin("queue", "pause")
    appliance.admin("queue", "resume")


def is_said_everywhere(browser, appliance):
    """What goes wrong is said on pages without secrets, too: the description of the API, and the door."""
    for path in ("/docs", "/admin#setup=none"):
        browser.go(appliance.address + path)
        browser.find("#said ~ *, h1")
        said = browser.run_async("const done = arguments[0]; import('./web/dom.js').then(({ say }) => { say('what went wrong', 'bad'); done(document.getElementById('said').innerText); }).catch((error) => done(String(error)))")
        check(f"something is said on {path}", said.strip() == "what went wrong", said)


def a_form_elsewhere(browser, appliance, key, photo):
    """A search that is being typed, an open list and a half written change of a plan, on other pages."""
    open_page(browser, appliance, "/w/demo/jobs")
    browser.find("[name=q]").type("half a na")
    open_page_state = "return [document.querySelector('[name=q]').value, document.activeElement.name]"
    for number in range(3):
        appliance.submit(key, (f"typing-{number}.png", photo))
        browser.wait_for_text(f"typing-{number}.png")
    check("what is typed into a search stays", browser.run(open_page_state) == ["half a na", "q"], browser.run(open_page_state))
    open_page(browser, appliance, "/plans")
    browser.fill("form[aria-label='Plan free']", jobs_per_month="4")
    appliance.admin("plan", "set", "pro", "jobs_per_month=77777")
    browser.until(lambda: browser.run("return document.querySelector(\"form[aria-label='Plan pro'] [name=jobs_per_month]\").value") == "77777", "the other plan")
    check("a half written change stays beside what others change", browser.run("return document.querySelector(\"form[aria-label='Plan free'] [name=jobs_per_month]\").value") == "4")
    open_page(browser, appliance, "/w/demo")
    browser.click("summary", "Show as a table")
    browser.run(WATCH, ".chart")
    appliance.ended(key, appliance.submit(key, ("table.png", photo)))
    browser.wait_for_text("table.png")
    check("the table of a chart stays open", browser.run("return document.querySelector('.chart details').open"))


def what_was_done_stays(browser, appliance, key, photo):
    """The field of a plan that was saved, the reason of a refused upload, and a tab whose session another one has replaced."""
    open_page(browser, appliance, "/plans")
    field = "form[aria-label='Plan pro'] [name=jobs_per_month]"
    browser.find(field).type("81818")
    browser.press("\ue007")
    browser.until(lambda: browser.run("return document.querySelector(arguments[0]).defaultValue", field) == "81818", "the plan to be saved")
    browser.until(lambda: browser.run("return document.activeElement === document.querySelector(arguments[0])", field), "the field to have the focus again")
    check("a plan that is saved by the Enter key keeps its field", True)
    open_page(browser, appliance, "/w/demo/webhooks")
    browser.find("summary", "Add an endpoint").click()
    browser.fill("#endpoint", url=appliance.hook + "/boxes")
    browser.run("document.querySelector('#endpoint [name=event]').focus()")
    browser.press("\ue007")
    browser.wait_for_text("The secret of the new endpoint.")
    browser.wait_for_text("/boxes", "main")
    check("a form with boxes of one name is saved by the Enter key, too", not browser.run("return document.querySelector('.link').textContent"))
    browser.click("#said .kept button", "I have kept it")
    appliance.admin("plan", "set", "free", "max_upload=100")
    appliance.admin("workspace", "create", "narrow", "--plan", "free")
    narrow = appliance.admin("key", "issue", "narrow").split()[0]
    open_page(browser, appliance, "/w/narrow/files")
    browser.find(".drop input[type=file]").choose_file(os.path.join(root, "Resources/samples/photo.png"))
    browser.find(".drop .note.bad")
    appliance.ask("/api/v1/jobs", narrow, b'{"conversion_type": "data", "from": "json", "to": "yaml", "inputs": [{"file_name": "a.json", "base64": "e30="}]}')
    looks = "return performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/files')).length"
    before = browser.run(looks)
    browser.until(lambda: browser.run(looks) > before + 1, "the page to be renewed")
    check("the reason of a refused upload stays", browser.run("return Boolean(document.querySelector('.drop .note.bad')?.checkVisibility())"))
    open_page(browser, appliance, "/w/demo/settings")
    browser.run_async("""
      const done = arguments[arguments.length - 1];
      fetch('admin/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email: 'ops@example.com', password: arguments[0] }) }).then(() => done(true));
    """, PASSWORD)
    browser.run("document.querySelector('[name=retention]').value = '2d'")
    browser.click("form button.main")
    browser.wait_for_text("X-CSRF-Token")
    browser.until(lambda: (browser.click("form button.main"), "2d" in appliance.admin("workspace", "show", "demo"))[1], "the next try to be taken")
    check("a tab whose session was replaced works on", True)
    browser.complaints()


def failed_ones_alone(browser, appliance, key, photo):
    """Sending failed webhooks again, from the page: the healthy receiver gets nothing."""
    appliance.admin("endpoint", "add", "demo", appliance.hook + "/gone", "--style", "standard")
    request = appliance.submit(key, ("again.png", photo))
    appliance.ended(key, request)
    open_page(browser, appliance, f"/w/demo/jobs/{request}")
    browser.find(".delivery .badge", "Failed")
    number = re.search(r"(?m)^(\d+) .*/gone", appliance.admin("endpoints")).group(1)
    appliance.admin("endpoint", "enable", number)
    counts = lambda path: sum(path == other for other, _ in Receiver.received)
    browser.until(lambda: browser.run("return [...document.querySelectorAll('.delivery')].find((row) => row.textContent.includes('/good'))?.textContent.includes('Delivered')"), "the good one on the page")
    good, gone = counts("/good"), counts("/gone")
    browser.click("button", "Send failed webhooks again")
    browser.wait_for_text("being sent again")
    browser.until(lambda: counts("/gone") > gone, "the failed one")
    check("a replay of what has failed sends nothing to a healthy receiver", counts("/good") == good)
    appliance.admin("endpoint", "enable", number)
    open_page(browser, appliance, "/w/demo/webhooks")
    browser.click("summary", "Send again what failed in a time")
    browser.run("""
      const text = (date) => new Date(date - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16);
      document.querySelector('#again [name=since]').value = text(Date.now() - 3600000);
      document.querySelector('#again [name=endpoint]').value = arguments[0];
    """, number)
    good, gone = counts("/good"), counts("/gone")
    browser.click("#again button.main")
    browser.wait_for_text("being sent again.")
    browser.until(lambda: counts("/gone") > gone, "the failed one once more")
    check("so does one of a time and an endpoint", counts("/good") == good)


def a_failing_endpoint_is_told(browser, appliance):
    open_page(browser, appliance, "/w/demo/webhooks")
    card = f"section[aria-label='{appliance.hook}/bad']"
    heading = browser.run("return document.querySelector(arguments[0] + ' .row').innerText", card)
    check("a failing endpoint is no green On", ("Failing" in heading or "Resting" in heading) and "On" not in heading.split(), heading)
    check("and says since when, and why", re.search(r"Failing since[\s\S]*answered with status 500", browser.run("return document.querySelector(arguments[0]).innerText", card)))


def a_lost_server(browser, appliance, key, photo):
    """A server that is stopped is said, typed text stays, and what is new shows after its start."""
    open_page(browser, appliance, "/w/demo/jobs")
    browser.find("[name=q]").type("kept")
    appliance.process.send_signal(signal.SIGTERM)
    appliance.process.wait(60)
    gone = time.monotonic()
    browser.wait_for_text("The server does not answer.")
    check("a lost server is said within five seconds", time.monotonic() - gone < 5 * slack, time.monotonic() - gone)
    appliance.process = subprocess.Popen([wonder, "serve", "--data", appliance.data, "--listen", f"127.0.0.1:{appliance.port}"], env=appliance.environment,
                                         stdout=subprocess.PIPE, stderr=appliance.log, text=True)
    appliance.process.stdout.readline()
    back = time.monotonic()
    browser.wait_for_text("The server answers again")
    check("and found again by itself", time.monotonic() - back < 8 * slack, time.monotonic() - back)
    check("with what was typed", browser.run("return document.querySelector('[name=q]').value") == "kept")
    appliance.submit(key, ("after.png", photo))
    browser.wait_for_text("after.png")
    check("and new jobs show again", True)
    browser.complaints()


appliance = Appliance(wonder)
browser = Browser()
try:
    key, _ = appliance.fill()
    photo = appliance.photo()
    browser.go(appliance.setup_link())
    browser.fill("#setup", email="ops@example.com", password=PASSWORD)
    browser.click("#setup button")
    browser.wait_for_text("Signed in as")
    for step in (lambda: job_page_stays(browser, appliance, key, photo), lambda: what_is_chosen_stays(browser, appliance, key, photo), lambda: nothing_is_torn_away(browser, appliance, key, photo),
                 lambda: new_jobs_show(browser, appliance, key, photo), lambda: a_form_elsewhere(browser, appliance, key, photo), lambda: is_said_everywhere(browser, appliance),
                 lambda: a_failing_endpoint_is_told(browser, appliance), lambda: failed_ones_alone(browser, appliance, key, photo), lambda: what_was_done_stays(browser, appliance, key, photo)):
        try:
            step()
        except Failure as failure:
            check("a page", False, failure)
    complaints = browser.complaints()
    check("nothing is complained about in the console", not complaints, complaints)
    try:
        a_lost_server(browser, appliance, key, photo)
    except Failure as failure:
        check("a lost server", False, failure)
finally:
    browser.close()
    appliance.close()
sys.exit(failed > 0)
