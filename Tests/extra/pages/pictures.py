"""Pictures of every page in three widths, in light and dark and in German, of a server with 200 jobs, to be looked at.

usage: pictures.py WONDER FOLDER [PART-OF-A-NAME]
"""
import os, sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from appliance import PASSWORD, Appliance
from browser import Browser
from places import places, ready



def choose_file(browser):
    browser.click("button", "Use the sample picture")
    browser.find("#conversion")
    browser.run("for (const part of document.querySelectorAll('details')) part.open = true")


def convert(browser):
    browser.click("button", "Use the sample picture")
    browser.click("#conversion button.main")
    browser.find(".card .badge", "Done")


def make_key(browser):
    browser.find("summary", "Make a key").click()
    browser.fill("#key", name="Shop")
    browser.click("#key button.main")
    browser.wait_for_text("The new key.")


def open_all(browser):
    browser.run("for (const part of document.querySelectorAll('details')) part.open = true")


def ask(browser):
    browser.click("button", "Remove")
    browser.find("dialog")


def test_now(browser):
    browser.click("button", "Test now")
    browser.find("table[role=table] .badge")
    browser.wait_for_text("executable memory")


def show_code(browser):
    browser.click("summary", "Turn it on")
    browser.fill("#second-on", password=PASSWORD)
    browser.click("#second-on button.main")
    browser.wait_for_text("The key for your app.")


def edit_steps(browser):
    browser.click("summary", "Add or change a preset")
    browser.click("button", "One more step")
    open_all(browser)


def edit_storage(browser):
    browser.run("document.querySelector('[aria-label=\"Change inbox\"]').click()")
    browser.find("#storage [name=host]")


def show_sessions(browser):
    browser.click("td button", "Sessions")
    browser.wait_for_text("Sessions of ops@example.com")


# What pages look like when something has been done on them.
STATES = [
    ("try-chosen", "/admin#/w/demo/try", choose_file), ("try-done", "/admin#/w/demo/try", convert), ("key-made", "/admin#/w/demo/keys", make_key),
    ("webhooks-open", "/admin#/w/demo/webhooks", open_all), ("webhooks-question", "/admin#/w/demo/webhooks", ask), ("formats-tested", "/admin#/formats", test_now),
    ("account-code", "/admin#/account", show_code), ("presets-steps", "/admin#/w/demo/presets", edit_steps), ("people-sessions", "/admin#/users", show_sessions), ("rates-open", "/admin#/rates", open_all),
    ("health-open", "/admin#/health", open_all), ("settings-open", "/admin#/w/demo/settings", open_all), ("settings-ftp", "/admin#/w/demo/settings", edit_storage), ("requests-none", "/admin#/requests?status=rejected", lambda browser: None),
]

wonder, folder = os.path.realpath(sys.argv[1]), sys.argv[2]
wanted = sys.argv[3] if len(sys.argv) > 3 else ""
# The last one is of pages as they are opened, for what is done on them is done by English words.
kinds = [("light", "light", 1280, 860), ("dark", "dark", 1280, 860), ("wide", "light", 1440, 900), ("phone", "light", 390, 800)]
german = ("german", "light", 1440, 900)
os.makedirs(folder, exist_ok=True)
appliance = Appliance(wonder)
browser = Browser()
try:
    key, jobs = appliance.fill()
    batches = appliance.fill_up(key)
    appliance.admin("workspace", "create", "empty")
    browser.scheme("light")
    browser.go(appliance.setup_link())
    browser.find("#setup")
    for name, scheme, width, height in kinds:
        browser.scheme(scheme)
        browser.picture(f"{folder}/setup-{name}.png", width, height)
    browser.size(1280, 860)
    browser.fill("#setup", email="ops@example.com", password=PASSWORD)
    browser.click("#setup button")
    browser.wait_for_text("Signed in as")
    empty = [("empty-" + name, path) for name, path in places(jobs, slug="empty") if "/w/empty" in path and "/jobs/" not in path]
    for place, path in places(jobs, batches) + empty:
        if wanted not in place:
            continue
        for name, scheme, width, height in kinds + [german]:
            browser.scheme(scheme)
            browser.size(width, height)
            browser.run("localStorage.setItem('language', arguments[0])", "de" if name == "german" else "en")
            browser.go(appliance.address + path)
            ready(browser)
            browser.picture(f"{folder}/{place}-{name}.png", width, height)
    browser.run("localStorage.setItem('language', 'en')")
    for place, path, way in STATES:
        if wanted not in place:
            continue
        browser.size(1280, 860)
        browser.go(appliance.address + path)
        ready(browser)
        way(browser)
        for name, scheme, width, height in kinds:
            browser.scheme(scheme)
            browser.picture(f"{folder}/{place}-{name}.png", width, height)
    if wanted in "sign-in":
        browser._ask("DELETE", "/cookie")
        browser.go(appliance.address + "/admin")
        ready(browser)
        for name, scheme, width, height in kinds:
            browser.scheme(scheme)
            browser.picture(f"{folder}/sign-in-{name}.png", width, height)
finally:
    browser.close()
    appliance.close()
