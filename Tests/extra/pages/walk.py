"""The pages in a real Chromium: the main ways through them, and what must hold on every one.

usage: walk.py WONDER; needs chromedriver, and beside this Python axe.min.js from PyPI's axe-playwright-python, zxing-cpp and numpy.
"""
import base64, glob, hmac, importlib.util, json, os, re, struct, subprocess, sys, tempfile, time, urllib.request, zipfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import numpy, zxingcpp
from appliance import ANSWER, PASSWORD, Appliance, Receiver, root
from browser import Browser, Failure
from places import go_to, places, ready
from states import DOOR, STATES

wonder = os.path.realpath(sys.argv[1])
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


def axe_source():
    found = importlib.util.find_spec("axe_playwright_python")
    with open(os.path.join(os.path.dirname(found.origin), "axe.min.js")) as file:
        return file.read()


def enter_by_setup_link(browser, appliance):
    browser.go(appliance.setup_link())
    browser.find("#setup")
    check("the link's token goes from the address", browser.run("return location.hash") == "")
    browser.fill("#setup", email="ops@example.com", password=PASSWORD)
    browser.click("#setup button")
    browser.wait_for_text("Signed in as")


def sign_in(browser, appliance, email, password=PASSWORD):
    browser.go(appliance.address + "/admin")
    browser.fill("#signin", email=email, password=password)
    browser.click("#signin button")


def convert_watch_and_replay(browser, appliance, folder):
    """Setup link, conversion, live end, webhook attempts, replay."""
    photo = os.path.join(root, "Resources/samples/photo.png")
    browser.go(appliance.address + "/admin#/w/demo/try")
    browser.find("input[type=file]").choose_file(photo)
    browser.find("#conversion")
    shown = {target: browser.run("""
        const to = document.querySelector('#conversion [name=to]');
        to.value = arguments[0];
        to.dispatchEvent(new Event('change'));
        return [...document.querySelectorAll('#conversion [data-option]')].filter((one) => !one.hidden).map((one) => one.dataset.option);
        """, target) for target in ("md5", "pdf", "jpeg")}
    check("only the target's own options are shown", shown["md5"] == [] and "merge" in shown["pdf"] and "quality" in shown["jpeg"]
          and not {"user_password", "merge", "split"} & set(shown["jpeg"]), str(shown))
    browser.click("#conversion button.main")
    browser.find(".card .badge", "Done")
    check("a conversion ends on the page by itself", True)
    browser.click(".card a", "Download")
    # Chromium takes the name before it has the bytes.
    saved = browser.until(lambda: [path for path in glob.glob(folder + "/photo.jp*g") if os.path.getsize(path)], "the download")
    with open(saved[0], "rb") as file:
        check("the download is a JPEG picture", file.read(3) == b"\xff\xd8\xff")
    browser.click("a", "See the job")
    browser.wait_for_text("What happened")
    browser.wait_for_text("Delivered")
    browser.wait_for_text("conversion.completed")
    before = len(Receiver.received)
    browser.click("button", "Replay webhooks")
    browser.wait_for_text("The webhooks are being sent again.")
    browser.until(lambda: len(Receiver.received) > before, "the replayed webhook")
    browser.wait_for_text("sent again")
    check("webhooks are replayed from the job's page", True)


def store_and_convert(browser, appliance):
    """A file is stored, found, renamed and moved, converted, and deleted."""
    photo = os.path.join(root, "Resources/samples/photo.png")
    browser.go(appliance.address + "/admin#/w/demo/files")
    browser.find("summary", "New folder").click()
    browser.fill("#folder", name="Pictures")
    browser.click("#folder button.main")
    browser.wait_for_text("The folder Pictures is there.")
    browser.find("input[type=file]").choose_file(photo)
    browser.wait_for_text("1 file stored.")
    browser.run("document.querySelector(\"form[aria-label='Change photo.png']\").closest('details').open = true")
    browser.fill("form[aria-label='Change photo.png']", name="kept & seen.png")
    browser.click("form[aria-label='Change photo.png'] button.main")
    browser.wait_for_text("kept & seen.png")
    check("a stored file is renamed", True)
    browser.click("td a.button", "Convert")
    browser.find("#conversion")
    browser.click("#conversion button.main")
    browser.find(".card .badge", "Done")
    check("a stored file is converted from its list", True)
    browser.go(appliance.address + "/admin#/w/demo/files")
    browser.click("button[aria-label='Delete kept & seen.png']")
    browser.click("dialog button", "Delete")
    browser.until(lambda: "kept & seen" not in browser.run("return document.querySelector('main').innerText"), "the file to go")


def several_as_zip(browser, appliance, folder):
    """Two files in one job, downloaded as an archive made in the browser."""
    with open(os.path.join(root, "Resources/samples/photo.png"), "rb") as file:
        picture = file.read()
    paths = [os.path.join(folder, name) for name in ("one.png", "zwei & drei.png")]
    for path in paths:
        with open(path, "wb") as file:
            file.write(picture)
    browser.go(appliance.address + "/admin#/w/demo/try")
    browser.find("input[type=file]").choose_file(*paths)
    browser.find("#conversion")
    browser.run("document.querySelector('#conversion [name=to]').value = 'qoi'")
    browser.click("#conversion button.main")
    browser.click("button", "All as ZIP")
    saved = browser.until(lambda: glob.glob(folder + "/req_*.zip"), "the archive")
    with zipfile.ZipFile(saved[0]) as archive:
        check("the archive is sound and has both files", archive.testzip() is None and sorted(archive.namelist()) == ["one.qoi", "zwei & drei.qoi"], archive.namelist())


def convert_again_and_compare(browser, appliance, folder):
    """Two formats at once, a double click, the slider, once more by one click, and the same as a program."""
    photo = os.path.join(root, "Resources/samples/photo.png")
    text = os.path.join(folder, "notes.md")
    with open(text, "w") as file:
        file.write("# Notes")
    count = lambda: len(json.loads(appliance.admin("jobs", "--workspace", "demo", "--limit", "1000", "--json")))
    browser.go(appliance.address + "/admin#/w/demo/try")
    browser.find("input[type=file]").choose_file(photo, text)
    browser.until(lambda: browser.run("return document.querySelectorAll('form.wish').length") == 2, "a form for each format")
    browser.run("document.querySelectorAll('form.wish')[1].querySelector('button[type=button]').click()")
    hidden = browser.run("return document.querySelector('#conversion [name=watermark]').closest('label').hidden")
    check("a picture can be laid over a picture", not hidden)
    before = count()
    browser.run("const send = document.querySelector('#conversion button.main'); send.click(); send.click(); document.querySelector('#conversion')?.requestSubmit()")
    browser.find(".compare img")
    check("a double click makes one job", count() == before + 1, (before, count()))
    browser.run("const slider = document.querySelector('.compared input'); slider.value = 80; slider.dispatchEvent(new Event('input'))")
    check("the slider moves what is seen of the original", browser.run("return document.querySelector('.compare').style.getPropertyValue('--at')") == "80%")
    browser.click("button", "The same again")
    browser.until(lambda: browser.run("return document.querySelectorAll('.compare').length") == 2, "a second result")
    check("the same again is another job", count() == before + 2, count())
    browser.find("summary", "The same by a program").click()
    for language, word in (("Python", "urllib.request"), ("JavaScript", "FormData"), ("PHP", "curl_setopt_array"), ("curl", "-F 'to=jpeg'")):
        browser.click("[role=tab]", language)
        browser.wait_for_text(word, "[role=tablist] + div")
    check("the same is there as a program in four languages", True)
    browser.run("""
      const data = new DataTransfer();
      data.items.add(new File(['a,b'], 'pasted.csv', { type: 'text/csv' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    """)
    browser.wait_for_text("pasted.csv")
    check("a file comes from the clipboard", True)
    browser.go(appliance.address + "/admin#/w/demo/try")
    if browser.until(lambda: browser.run("return document.querySelector('main').dataset.ready"), "the page") and browser.run("return Boolean(document.querySelector('#page-address'))"):
        browser.fill("#page-address", page="https://example.com/")
        browser.click("#page-address button")
        browser.wait_for_text("The page becomes")
        check("the address of a page is an input", True)


def jump_and_close(browser, appliance):
    """`/` finds pages and jobs anywhere; Escape closes what is open; the arrows go through a table."""
    browser.go(appliance.address + "/admin#/w/demo/jobs")
    ready(browser)
    browser.run("document.activeElement.blur()")
    browser.press("/")
    browser.find("dialog input").type("Backup", clear=False)
    browser.press("\ue007")
    browser.wait_for_text("Make a backup")
    check("/ leads to a page by its name", browser.run("return location.hash") == "#/backup")
    browser.press("/")
    browser.find("dialog input").type("broken", clear=False)
    browser.find("dialog a", "broken.png")
    check("and to a job by a file's name", True)
    browser.press("\ue00c")
    browser.until(lambda: not browser.run("return document.querySelector('dialog')"), "the dialog to close")
    browser.go(appliance.address + "/admin#/w/demo/keys")
    ready(browser)
    browser.click("summary", "Make a key")
    browser.press("\ue00c")
    check("Escape closes a fold, and the focus stays at it", browser.run("return !document.activeElement.parentElement.open && document.activeElement.nodeName") == "SUMMARY")
    browser.go(appliance.address + "/admin#/w/demo/jobs")
    ready(browser)
    browser.run("document.querySelector('tbody a').focus()")
    browser.press("\ue015")
    check("an arrow leads to the next row", browser.run("return document.activeElement.closest('tr') === document.querySelectorAll('tbody tr')[1]"))
    outline = browser.run("return getComputedStyle(document.activeElement).outlineStyle")
    check("what has the focus shows it", outline == "solid", outline)
    moving = browser.run("return matchMedia('(prefers-reduced-motion: reduce)').matches && getComputedStyle(document.querySelector('button')).transitionDuration")
    browser.scheme("light")
    moving = browser.run("return getComputedStyle(document.querySelector('button')).transitionDuration")
    check("nothing moves for who wants less motion", moving in ("0s", ""), moving)


def to_and_fro(browser, appliance):
    """The way back leads to where the reader was, and away from a question; files are taken wherever they are dropped."""
    go_to(browser, appliance, "/admin#/w/demo/jobs")
    browser.run("scrollTo(0, 500)")
    browser.until(lambda: browser.run("return history.state?.y") == 500, "the place to be kept")
    browser.run("[...document.querySelectorAll('tbody a')].find((link) => link.getBoundingClientRect().top > 100).click()")
    browser.wait_for_text("What happened")
    check("another page begins at its top", browser.run("return scrollY") == 0)
    browser._ask("POST", "/back", {})
    browser.until(lambda: browser.run("return scrollY") == 500, "the place where the reader was")
    check("the way back leads to where the reader was", True)
    go_to(browser, appliance, "/admin#/w/demo/webhooks")
    browser.click("button", "Remove")
    browser.find("dialog")
    browser._ask("POST", "/back", {})
    browser.until(lambda: browser.run("return !document.querySelector('dialog') && location.hash === '#/w/demo/jobs'"), "the question to go")
    check("and away from a question, which is no yes", appliance.admin("endpoints").count("http") >= 2)
    drop = """
      const data = new DataTransfer();
      data.items.add(new File(['a,b'], 'dropped.csv', { type: 'text/csv' }));
      const event = (type) => new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
      document.querySelector('h1').dispatchEvent(event('dragover'));
      return document.querySelector('h1').dispatchEvent(event('drop'));
    """
    check("a file that is dropped where none is wanted opens nothing", browser.run(drop) is False)
    go_to(browser, appliance, "/admin#/w/demo/try")
    browser.run(drop)
    browser.wait_for_text("dropped.csv")
    go_to(browser, appliance, "/admin#/w/demo/files")
    browser.run(drop)
    browser.wait_for_text("1 file stored.")
    check("one is taken wherever it is dropped on a page for files", True)
    browser.click("button[aria-label='Delete dropped.csv']")
    browser.click("dialog button", "Delete")


def a_workspace_goes_by_its_name(browser, appliance):
    appliance.admin("workspace", "create", "leaving")
    browser.go(appliance.address + "/admin#/workspaces")
    browser.click("button[aria-label='Delete leaving']")
    check("a workspace is not deleted before its name is typed", browser.run("return document.querySelector('dialog .danger').disabled"))
    browser.find("dialog input").type("leaving")
    browser.click("dialog button.danger")
    browser.until(lambda: not browser.run("return document.querySelector(\"button[aria-label='Delete leaving']\")"), "the workspace to go")
    check("and then it is", "leaving" not in appliance.admin("workspaces"))
    appliance.admin("workspace", "create", "left")
    browser.go(appliance.address + "/admin#/w/left")
    ready(browser)
    appliance.admin("workspace", "delete", "left", "--yes")
    browser.go(appliance.address + "/admin#/w/left/keys")
    browser.wait_for_text("This page cannot be shown")
    browser.click(".brand")
    browser.until(lambda: browser.run("return location.hash") == "#/w/demo", "a workspace that is there")
    check("one that is gone leads to another", browser.run("return document.querySelector('.side select').value") == "demo")
    browser.complaints()


def another_language(browser, appliance):
    """The choice on the account page, and back to what the browser says."""
    browser.go(appliance.address + "/admin#/account")
    browser.find("#language")
    browser.run("document.querySelector('#language [name=language]').value = 'de'")
    browser.click("#language button")
    browser.wait_for_text("Ihr Konto")
    check("the pages are German for whoever chooses it", browser.run("return document.documentElement.lang") == "de" and "Aufträge" in browser.find(".side").text)
    browser.go(appliance.address + "/admin#/w/demo/jobs")
    browser.wait_for_text("Eingegangen")
    check("the name of a file is not translated", browser.run("return [...document.querySelectorAll('bdi')].some((name) => name.textContent === 'photo.png')"))
    browser.run("localStorage.removeItem('language')")
    browser.complaints()


def ask_approve_use(browser, appliance):
    """The form on the front page, its approval, and the key that comes of it."""
    browser.go(appliance.address + "/")
    browser.fill("#ask-access", email="jo@example.com", company="Ünder <i>& Söhne</i>", expected_volume="900 a day", use_case="Invoices")
    browser.click("#ask-access button")
    browser.wait_for_text("An operator reviews the request")
    browser.go(appliance.address + "/admin#/requests")
    browser.wait_for_text("Ünder <i>& Söhne</i>")
    browser.click("article[aria-label^='Ünder'] button", "Approve")
    browser.wait_for_text("is let in")
    key = browser.until(lambda: browser.find("#said code").text, "the key")
    status, answer = appliance.ask("/api/v1/usage", key)
    check("an approved request has a key that works", status == 200 and answer["workspace"]["plan"] == "pro", answer)


def endpoint_and_test(browser, appliance):
    """An endpoint, its secret, a test, and the strip of deliveries; then the same endpoint goes."""
    browser.go(appliance.address + "/admin#/w/demo/webhooks")
    browser.find("summary", "Add an endpoint").click()
    browser.fill("#endpoint", url=appliance.hook + "/tested")
    browser.click("#endpoint button.main")
    browser.wait_for_text("The secret of the new endpoint.")
    check("the secret is shown once", browser.find("#said code").text.startswith("whsec_"))
    own = f"section[aria-label='{appliance.hook}/tested']"
    browser.click(own + " button", "Send a test")
    browser.wait_for_text("The sample was not taken")
    browser.until(lambda: any(path == "/tested" for path, _ in Receiver.received), "the sample")
    browser.until(lambda: (browser.run("dispatchEvent(new Event('hashchange'))"), time.sleep(0.3), browser.run("return Boolean(document.querySelector(arguments[0]))", own + " .strip a"))[2], "the strip")
    browser.click(own + " .strip a")
    browser.wait_for_text("Attempt 1", own)
    check("an answer full of markup is text", ANSWER in browser.run("return document.querySelector(arguments[0]).innerText", own + " pre"))
    browser.click(own + " button", "Remove")
    browser.click("dialog button", "Remove")
    browser.until(lambda: not browser.run("return document.querySelector(arguments[0])", own), "the endpoint to go")


def reject_preset_plan_backup(browser, appliance, folder):
    """The smaller ways of administrators: a refusal with its reason, a preset, a limit, and a backup."""
    browser.go(appliance.address + "/admin#/requests")
    card = "article[aria-label='Rivers']"
    browser.click(card + " summary", "Reject")
    browser.fill(card + " details", reason="No <u>room</u>")
    browser.click(card + " details button", "Reject")
    browser.until(lambda: not browser.run("return document.querySelector(arguments[0])", card), "the card to go")
    browser.go(appliance.address + "/admin#/requests?status=rejected")
    browser.wait_for_text("No <u>room</u>")
    check("a request is rejected with its reason, as text", True)
    browser.go(appliance.address + "/admin#/w/demo/presets")
    browser.find("summary", "Add or change a preset").click()
    browser.fill("#preset", name="small")
    browser.click("#preset button.main")
    browser.wait_for_text("The preset small is there.")
    browser.click("button[aria-label='Delete small']")
    browser.click("dialog button", "Delete")
    browser.until(lambda: not browser.run("return document.querySelector(\"button[aria-label='Delete small']\")"), "the preset to go")
    store_and_convert(browser, appliance)
    browser.go(appliance.address + "/admin#/plans")
    browser.fill("form[aria-label='Plan free']", max_upload="30MB")
    browser.click("form[aria-label='Plan free'] button")
    browser.wait_for_text("Plan free is changed")
    limit = browser.run("return document.querySelector(\"form[aria-label='Plan free'] [name=max_upload]\").value")
    check("a limit takes words such as 30MB, and says them", limit == "30MB", limit)
    browser.fill("form[aria-label='Plan free']", jobs_per_month="many")
    browser.click("form[aria-label='Plan free'] button")
    browser.wait_for_text("jobs_per_month", "form[aria-label='Plan free']")
    browser.complaints()
    browser.go(appliance.address + "/admin#/backup")
    browser.click("button", "Make a backup")
    saved = browser.until(lambda: glob.glob(folder + "/wonder-*.tar"), "the backup")
    verified = subprocess.run([wonder, "admin", "verify", saved[0]], capture_output=True, text=True)
    check("a downloaded backup is sound", verified.returncode == 0, verified.stdout + verified.stderr)


def keys_and_members(browser, appliance):
    """A key made and revoked; a member who sees their workspace and cannot change it; ends of sessions."""
    browser.go(appliance.address + "/admin#/w/demo/keys")
    browser.find("summary", "Make a key").click()
    browser.fill("#key", name="Shop, by the walk")
    browser.click("#key button.main")
    browser.wait_for_text("The new key.")
    key = browser.find("#said code").text
    check("a key from the page works", appliance.ask("/api/v1/usage", key)[0] == 200)
    browser.click("button[aria-label='Revoke Shop, by the walk']")
    browser.click("dialog button", "Revoke")
    browser.wait_for_text("Revoked keys (1)")
    check("a revoked key is refused", appliance.ask("/api/v1/usage", key)[0] == 401)
    browser.go(appliance.address + "/admin#/users")
    browser.find("summary", "Add a person").click()
    browser.fill("#person", email="m@example.com")
    browser.click("#person button.main")
    browser.wait_for_text("A link for m@example.com")
    link = browser.find("#said code").text
    browser.click("button", "Sign out")
    browser.wait_for_text("You are signed out.")
    browser.go(link)
    browser.fill("#password", password=PASSWORD)
    browser.click("#password button")
    browser.wait_for_text("The password is set")
    browser.fill("#signin", email="m@example.com", password="a wrong password")
    browser.click("#signin button")
    browser.wait_for_text("The address or the password is not right.")
    browser.complaints()
    browser.fill("#signin", email="m@example.com", password=PASSWORD)
    browser.click("#signin button")
    browser.wait_for_text("m@example.com")
    menu = browser.find(".side").text
    check("a member sees no page of the appliance", "Audit log" not in menu and "Webhooks" in menu, menu)
    browser.go(appliance.address + "/admin#/w/demo/webhooks")
    ready(browser)
    check("a member sees endpoints and changes none", "/good" in browser.run("return document.body.innerText") and not browser.run("return [...document.querySelectorAll('main button')].some((button) => button.textContent === 'Remove')"))
    browser.go(appliance.address + "/admin#/account")
    browser.click("button", "Sign out everywhere else")
    browser.wait_for_text("Every other session has ended.")
    appliance.admin("user", "remove", "m@example.com")
    browser.run("location.hash = '#/w/demo/keys'")
    browser.wait_for_text("Your session has ended")
    check("a session that ends says so", True)
    browser.complaints()


def code_of(key):
    """What an app shows now for a key (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(key), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start:start + 4], 'big') & 0x7FFFFFFF) % 1000000:06d}"


def second_step(browser, appliance):
    """Turned on by a key and a code, asked for at the door, and reset on the command line."""
    sign_in(browser, appliance, "ops@example.com")
    browser.wait_for_text("Signed in as")
    browser.go(appliance.address + "/admin#/account")
    browser.click("summary", "Turn it on")
    browser.fill("#second-on", password=PASSWORD)
    browser.click("#second-on button.main")
    browser.wait_for_text("The key for your app.")
    key = browser.find(".kept .secret code").text
    address = scanned(browser)
    check("the code for a camera is the app's address", address.startswith("otpauth://totp/") and f"secret={key}" in address, address)
    browser.fill("#second-confirm", code=code_of(key))
    browser.click("#second-confirm button.main")
    browser.wait_for_text("Your recovery codes, each good once.")
    codes = browser.find(".kept .secret code").text.split()
    check("ten recovery codes are shown", len(set(codes)) == 10, str(codes))
    browser.wait_for_text("10 recovery codes left")
    browser.click(".side button", "Sign out")
    browser.wait_for_text("You are signed out.")
    browser.complaints()
    sign_in(browser, appliance, "ops@example.com")
    browser.wait_for_text("One more step")
    browser.fill("#second", code="000000")
    browser.click("#second button.main")
    browser.wait_for_text("This code is not right")
    browser.fill("#second", code=codes[0])
    browser.click("#second button.main")
    browser.wait_for_text("Signed in as")
    appliance.admin("user", "reset-2fa", "ops@example.com")
    browser.go(appliance.address + "/admin#/account")
    browser.wait_for_text("a stolen password alone opens nothing")
    check("a second step is turned on, asked for and reset", True)
    browser.complaints()


def scanned(browser):
    """What a camera reads of the code on the page."""
    side, path = browser.run("const code = document.querySelector('svg.qr'); return [code.viewBox.baseVal.width, code.firstChild.getAttribute('d')]")
    light = numpy.full((side, side), 255, dtype=numpy.uint8)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path):
        light[int(y), int(x)] = 0
    found = zxingcpp.read_barcodes(numpy.kron(light, numpy.ones((4, 4), dtype=numpy.uint8)))
    return found[0].text if found else ""


def sessions_of_others(browser, appliance):
    """An administrator sees where somebody is signed in, and ends it there."""
    token = appliance.admin("user", "add", "away@example.com", "--role", "admin").strip().split("=")[-1]
    appliance.ask("/admin/api/v1/password", body=json.dumps({"token": token, "password": PASSWORD}).encode())
    request = urllib.request.Request(appliance.address + "/admin/api/v1/session", json.dumps({"email": "away@example.com", "password": PASSWORD}).encode(),
                                     {"Content-Type": "application/json", "User-Agent": "Mozilla/5.0 (Android 15; Mobile) Firefox/140.0"})
    with urllib.request.urlopen(request) as answer:
        cookie = answer.headers["Set-Cookie"].split(";")[0]
    browser.go(appliance.address + "/admin#/users")
    browser.click("button[aria-label='Sessions of away@example.com']")
    browser.wait_for_text("Firefox, Android", ".sessions")
    browser.click(".sessions td button", "End")
    browser.wait_for_text("is signed in nowhere", ".sessions")
    try:
        urllib.request.urlopen(urllib.request.Request(appliance.address + "/admin/api/v1/session", headers={"Cookie": cookie}))
        status = 200
    except urllib.error.HTTPError as error:
        status = error.code
    check("an administrator ends a session of somebody else", status == 401, status)
    browser.click(".sessions button", "Hide")
    browser.until(lambda: not browser.run("return document.querySelector('.sessions')"), "the sessions to go")


def keep_storages(browser, appliance):
    """A place of FTP kept in the form, tried, changed and removed; its password is in no part of the page again."""
    browser.go(appliance.address + "/admin#/w/demo/settings")
    browser.find("summary", "Add or change a storage").click()
    browser.run("const kind = document.querySelector('#storage [name=kind]'); kind.value = 'ftp'; kind.dispatchEvent(new Event('change', { bubbles: true }))")
    browser.fill("#storage", name="drop", host="127.0.0.1:1", user="ann", password="hush-hush")
    check("a kind of storage has its own fields", browser.run("return document.querySelector('#storage [name=endpoint]').checkVisibility()") is False)
    browser.click("#storage button.main")
    browser.wait_for_text("The storage drop is there.")
    browser.click("button[aria-label='Try drop']")
    browser.wait_for_text("drop: could not connect.")
    page = browser.run("return document.documentElement.outerHTML + [...document.querySelectorAll('input')].map((one) => one.value)")
    check("a kept password is nowhere in the page", "hush-hush" not in page)
    browser.complaints()
    browser.click("button[aria-label='Change drop']")
    browser.find("#storage [name=host]")
    shown = browser.run("return ['name', 'host', 'user', 'password'].map((name) => document.querySelector(`#storage [name=${name}]`).value)")
    check("a storage opens with what may be shown", shown == ["drop", "127.0.0.1:1", "ann", ""], shown)
    browser.click("button[aria-label='Delete drop']")
    browser.click("dialog button", "Delete")
    browser.until(lambda: not browser.run("return document.querySelector(\"button[aria-label='Delete drop']\")"), "the storage to go")


def steps_and_rates(browser, appliance):
    """A preset of two steps that change places, changed once more; a rate by hand."""
    browser.go(appliance.address + "/admin#/w/demo/presets")
    browser.find("summary", "Add or change a preset").click()
    browser.fill("#preset", name="twice")
    browser.click("#preset button", "One more step")
    understood = "return [...document.querySelectorAll('.step')].map((step) => [step.querySelector('legend').textContent, step.querySelector('[name=to]').value, [...step.querySelectorAll('[data-option]')].filter((one) => !one.hidden).map((one) => one.dataset.option)])"
    steps = browser.run(understood)
    check("a step that keeps the format has the options of the format before it", [step[:2] for step in steps] == [["Step 1", "jpeg"], ["Step 2", ""]] and "quality" in steps[1][2] and "duration" not in steps[1][2], steps)
    browser.run("document.querySelectorAll('.step details')[1].open = true")
    browser.find(".step:nth-child(2) [name='options[width]']").type("40")
    browser.click(".step:nth-child(2) button", "Earlier")
    browser.click("#preset button.main")
    browser.wait_for_text("The preset twice is there.")
    browser.wait_for_text("1. as it comes width=40")
    browser.wait_for_text("2. jpeg")
    browser.click("button[aria-label='Change twice']")
    check("a preset of steps opens as it is", [step[1] for step in browser.run(understood)] == ["", "jpeg"] and browser.run("return document.querySelector(\".step [name='options[width]']\").value") == "40")
    browser.click(".step:nth-child(1) button", "Remove")
    browser.click("#preset button.main")
    browser.until(lambda: not browser.run("return document.body.innerText.includes('1. as it comes width=40')"), "the step to go")
    browser.click("button[aria-label='Delete twice']")
    browser.click("dialog button", "Delete")
    browser.until(lambda: not browser.run("return document.querySelector(\"button[aria-label='Delete twice']\")"), "the preset to go")
    browser.go(appliance.address + "/admin#/w/demo/try")
    browser.click("button", "Use the sample picture")
    browser.find("#conversion")
    browser.run("const preset = document.querySelector('#conversion [name=preset]'); preset.value = 'shop'; preset.dispatchEvent(new Event('change'))")
    browser.click("#conversion button.main")
    browser.find(".card .badge", "Done")
    check("the page Convert goes through the steps of a preset", browser.run("return document.querySelector('.card li bdi')?.textContent ?? ''").endswith(".jpg"))
    browser.go(appliance.address + "/admin#/rates")
    browser.find("summary", "Set a rate").click()
    browser.fill("#rate", base="eur", rate="1.0876", quote="usd")
    browser.click("#rate button.main")
    browser.wait_for_text("1 rate came")
    row = browser.until(lambda: browser.run("return [...document.querySelectorAll('main tbody tr')].find((row) => row.innerText.includes('1.0876'))?.innerText"), "the rate")
    check("a rate is set by hand", "EUR" in row and "1.0876" in row and "USD" in row and "ops@example.com" in row, row)


def cookies_refused(appliance):
    """A browser that keeps no cookie is told so, and does not go round in circles."""
    browser = Browser(prefs={"profile.default_content_setting_values.cookies": 2})
    try:
        sign_in(browser, appliance, "ops@example.com")
        browser.wait_for_text("the browser did not keep the cookie")
        check("a refused cookie is said", True)
    finally:
        browser.close()


def shape(browser, name, width):
    """Nothing wider than the screen, nothing clipped or out of its shape, and names of others only as text of their own direction."""
    seen = browser.run("""
      const range = document.createRange();
      const lines = (cell) => {
        const text = [...cell.childNodes].find((node) => node.nodeType === 3);
        if (text) range.selectNodeContents(text);
        return text ? range.getClientRects().length : 0;
      };
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const loose = [];
      while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode;
        if (/[\u0590-\u08ff]/.test(data) && !parentElement.closest('bdi, option, pre, code, script')) loose.push(data.slice(0, 80));
      }
      return {
        wide: [document.documentElement, ...document.querySelectorAll('.table:not(.map)')].filter((one) => one.scrollWidth > one.clientWidth + 1)
          .map((one) => [one.getAttribute('aria-label'), one.scrollWidth, one.clientWidth]),
        spread: [...document.querySelectorAll('main img')].filter((image) => image.complete && image.naturalWidth && getComputedStyle(image).objectFit === 'fill'
          && Math.abs(image.width / image.height - image.naturalWidth / image.naturalHeight) > 0.1).map((image) => image.src),
        narrow: [...document.querySelectorAll('main :is(input:not([type=checkbox]), select)')].filter((one) => one.checkVisibility() && one.clientWidth < 60)
          .map((one) => one.outerHTML.slice(0, 120)),
        clipped: [...document.querySelectorAll('.chart svg[role=img] text')].filter((text) => {
          const [own, all] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
          return own.left < all.left - 1 || own.right > all.right + 1 || own.height < 8;
        }).map((text) => text.textContent),
        broken: [...document.querySelectorAll('td.number > div')].filter((cell) => innerWidth > 390 && lines(cell) > 1).map((cell) => cell.textContent),
        made: [...document.querySelectorAll('main :is(b, i, script, img[onerror])')].map((element) => element.outerHTML), loose,
      };""")
    for part, words in (("wide", "is not wider than the screen, nor a list than its card"), ("spread", "has no picture out of its shape"), ("narrow", "has no field too narrow to read"), ("clipped", "has no clipped or tiny text in a chart"), ("broken", "has no number on two lines"),
                        ("made", "has no element that a file or a person named"), ("loose", "has no name that turns the words around it")):
        check(f"{width}: {name} {words}", not seen[part], seen[part])


def look_over(browser, name, width, scheme, alike=()):
    """The shape of a page, and no finding of axe."""
    shape(browser, name, width)
    # What there is many times is there a few times for axe, whose time grows with the page.
    browser.run("for (const css of arguments[0]) for (const one of document.querySelectorAll(css)) one.remove()", list(alike))
    if not browser.run("return Boolean(window.axe)"):
        browser.run(axe_source())
    found = browser.run_async("""
      const done = arguments[0];
      axe.run(document, { resultTypes: ['violations'] }).then((result) => done(result.violations.filter((entry) => entry.impact !== 'minor')
        .map((entry) => [entry.id, entry.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))])));
      """)
    check(f"axe: {name}, {scheme}", not found, found)


def every_page(browser, appliance, jobs, batches):
    """Each page, wide and light, and on a phone in the dark; no complaint in the console, no request to anybody else."""
    browser.complaints(), browser.requests()
    for name, path in places(jobs, batches):
        for scheme, width in (("light", 1440), ("dark", 390)):
            browser.scheme(scheme)
            browser.size(width, 860)
            go_to(browser, appliance, path)
            if scheme == "light":
                browser.run("for (const part of document.querySelectorAll('details')) part.open = true")
            # The rows of the table of formats are alike, and so are the calls of the API and their fields.
            look_over(browser, name, width, scheme, [".map tr:nth-child(n+4)", ".docs section > section.card:nth-of-type(n+3)", ".docs dl > :nth-child(n+13)"])
        browser.size(1280, 860)
        go_to(browser, appliance, path)
        shape(browser, name, 1280)
        complaints = browser.complaints()
        check(f"console: {name}", not complaints, complaints)
        strangers = {address for address in browser.requests() if not address.startswith((appliance.address, "data:", "blob:", "about:"))}
        check(f"requests: {name}", not strangers, strangers)
    browser.scheme("light")
    browser.size(1280, 860)


def every_state(browser, appliance):
    """The same where something was done: a dialog, a result, a secret, the menu of a phone."""
    for name, path, way in STATES:
        if name.endswith(("-open", "-tested", "-steps", "-none")):
            continue
        browser.size(1280, 860)
        go_to(browser, appliance, path)
        way(browser)
        for scheme, width in (("light", 1280), ("dark", 390))[name == "menu":]:
            browser.scheme(scheme)
            browser.size(width, 860)
            look_over(browser, name, width, scheme)
    browser.scheme("light")
    browser.size(1280, 860)
    browser.go(appliance.address + "/admin")
    browser.find("main")
    browser.complaints()


def every_door(appliance):
    """The way in, of a browser in which nobody is signed in."""
    browser = Browser()
    try:
        for name, path, way in DOOR:
            browser.go(appliance.address + path)
            ready(browser)
            way(browser)
            for scheme, width in (("light", 1280), ("dark", 390)):
                browser.scheme(scheme)
                browser.size(width, 860)
                look_over(browser, name, width, scheme)
    finally:
        browser.close()


def keyboard(browser, appliance):
    browser.go(appliance.address + "/admin#/w/demo")
    ready(browser)
    browser.run("document.activeElement.blur()")
    browser.press("\ue004")
    check("the first stop of the tab key skips the menu", browser.run("return document.activeElement.id") == "skip")
    browser.press("\ue007")
    check("and leads to the content", browser.run("return document.activeElement.id") == "content")
    chart = lambda: browser.run("return document.querySelector('.chart svg[role=img]')?.viewBox.baseVal.width")
    wide = browser.until(chart, "the chart")
    browser.size(390, 800)
    browser.until(lambda: chart() < wide, "the chart to be drawn for a phone")
    browser.size(1280, 860)
    check("a chart is drawn anew when a phone is turned", True)
    seen = browser.run("return [...document.querySelectorAll('a, button, input, select, textarea, summary')].filter((element) => element.checkVisibility() && element.tabIndex < 0 && element.getAttribute('role') !== 'tab').map((element) => element.outerHTML)")
    check("everything can be reached", not seen, seen)


def first_page(browser, appliance):
    """How soon the first page is there, beside a page with nothing in it; a figure and no check, for it depends on the machine."""
    def shown(address):
        browser.go(address)
        return browser.until(lambda: browser.run("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"), "the first paint")
    empty = [shown("data:text/html,<h1>x") for _ in range(5)]
    times = [shown(appliance.address + "/") for _ in range(5)]
    print(f"     the first page was shown after {min(times):.0f} to {max(times):.0f} ms, one with nothing in it after {min(empty):.0f} to {max(empty):.0f} ms")
    weight = browser.run("return performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.decodedBodySize, 0)")
    check("the first page is light", weight < 60_000, weight)


appliance = Appliance(wonder, WONDER_SMTP_URL="smtp://127.0.0.1:9", WONDER_MAIL_FROM="wonder@example.com")
folder = tempfile.TemporaryDirectory()
browser = Browser(downloads=folder.name)
try:
    browser.go(appliance.address + "/admin")
    browser.wait_for_text("Nobody is in charge yet")
    check("before the setup the page says how to begin", "wonder admin setup-link" in browser.run("return document.body.innerText"))
    key, jobs = appliance.fill()
    batches = appliance.fill_up(key, 30)
    enter_by_setup_link(browser, appliance)
    for step in (lambda: convert_watch_and_replay(browser, appliance, folder.name), lambda: several_as_zip(browser, appliance, folder.name),
                 lambda: convert_again_and_compare(browser, appliance, folder.name), lambda: ask_approve_use(browser, appliance), lambda: endpoint_and_test(browser, appliance),
                 lambda: reject_preset_plan_backup(browser, appliance, folder.name),
                 lambda: sessions_of_others(browser, appliance), lambda: steps_and_rates(browser, appliance), lambda: keep_storages(browser, appliance),
                 lambda: jump_and_close(browser, appliance), lambda: to_and_fro(browser, appliance), lambda: a_workspace_goes_by_its_name(browser, appliance),
                 lambda: another_language(browser, appliance), lambda: every_page(browser, appliance, jobs, batches), lambda: every_state(browser, appliance), lambda: every_door(appliance),
                 lambda: keyboard(browser, appliance), lambda: first_page(browser, appliance),
                 lambda: keys_and_members(browser, appliance), lambda: second_step(browser, appliance),
                 lambda: cookies_refused(appliance)):
        began = time.monotonic()
        try:
            step()
        except Failure as failure:
            check("a way through the pages", False, failure)
        print(f"     {step.__code__.co_names[0]}: {time.monotonic() - began:.1f} s", flush=True)
finally:
    browser.close()
    appliance.close()
sys.exit(failed > 0)
