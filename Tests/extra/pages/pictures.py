"""Pictures of every page in three widths, in light and dark and in German, of a server with 200 jobs, to be looked at.

usage: pictures.py WONDER FOLDER [PART-OF-A-NAME]
"""
import os, sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from appliance import PASSWORD, Appliance
from browser import Browser
from places import of_appliance, places, ready
from states import DOOR, STATES

wonder, folder = os.path.realpath(sys.argv[1]), sys.argv[2]
wanted = sys.argv[3] if len(sys.argv) > 3 else ""
# The last one is of pages as they are opened, for what is done on them is done by English words.
kinds = [("light", "light", 1280, 860), ("dark", "dark", 1280, 860), ("wide", "light", 1440, 900), ("phone", "light", 390, 800)]
german = ("german", "light", 1440, 900)
os.makedirs(folder, exist_ok=True)
appliance = Appliance(wonder, WONDER_SMTP_URL="smtp://127.0.0.1:9", WONDER_MAIL_FROM="wonder@example.com")
browser = Browser()


def picture(name, path, kinds, way=None):
    """One place in each kind, by its name."""
    for kind, scheme, width, height in kinds:
        browser.scheme(scheme)
        browser.size(width, height)
        if not way or kind == kinds[0][0]:
            browser.run("try { localStorage.setItem('language', arguments[0]) } catch {}", "de" if kind == "german" else "en")
            browser.go(appliance.address + path)
            ready(browser)
            if way:
                way(browser)
        browser.picture(f"{folder}/{name}-{kind}.png", width, height)


try:
    picture("door-nobody", "/admin", kinds)
    setup = appliance.setup_link()
    picture("setup", setup.removeprefix(appliance.address), kinds)
    browser.size(1280, 860)
    browser.go(setup)
    browser.fill("#setup", email="ops@example.com", password=PASSWORD)
    browser.click("#setup button")
    browser.wait_for_text("Signed in as")
    none = {"evil": "", "many": "", "broken": ""}
    for name, path in of_appliance(places(none)):
        if wanted in "fresh-" + name:
            picture("fresh-" + name, path, kinds)
    key, jobs = appliance.fill()
    batches = appliance.fill_up(key)
    appliance.admin("workspace", "create", "empty")
    empty = [("empty-" + name, path) for name, path in places(jobs, slug="empty") if "/w/empty" in path and "/jobs/" not in path]
    for name, path in places(jobs, batches) + empty:
        if wanted in name:
            picture(name, path, kinds + [german])
    for name, path, way in STATES:
        if wanted in name:
            picture(name, path, kinds, way)
    browser._ask("DELETE", "/cookie")
    for name, path, way in DOOR:
        if wanted in name:
            picture(name, path, kinds, way)
finally:
    browser.close()
    appliance.close()
