"""What pages look like when something has been done on them, and the way in: a name, an address, and what is done."""
from appliance import PASSWORD


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
    browser.click("button[aria-label='Sessions of ops@example.com']")
    browser.wait_for_text("Sessions of ops@example.com")


def open_folder(browser):
    browser.click("main a", "חברת")
    browser.find("td a", "onerror")


def search(browser):
    browser.run("document.activeElement.blur()")
    browser.press("/")
    browser.find("dialog input").type("Quarterly", clear=False)
    browser.find("dialog a", "Quarterly")


def open_menu(browser):
    browser.size(390, 800)
    browser.click(".menu")


def forget(browser):
    browser.click("summary", "Forgot")
    browser.fill("#forgotten", email="ops@example.com")


def take_second_step(browser):
    browser.fill("#signin", email="ops@example.com", password=PASSWORD)
    browser.run("""
      const asked = window.fetch;
      window.fetch = async (address, wish) => (String(address).endsWith("/session") && wish.method === "POST"
        ? new Response('{"code": "second_factor_required", "message": ""}', { status: 401 }) : asked(address, wish));
    """)
    browser.click("#signin button")
    browser.find("#second")


# What the way in looks like, for somebody who is not signed in.
DOOR = [("sign-in", "/admin", lambda browser: None), ("door-forgotten", "/admin", forget), ("door-second-step", "/admin", take_second_step),
        ("door-password", "/admin#password=none", lambda browser: None), ("door-refused", "/admin#refused=account_missing", lambda browser: None)]

# What pages look like when something has been done on them.
STATES = [
    ("try-chosen", "/admin#/w/demo/try", choose_file), ("try-done", "/admin#/w/demo/try", convert), ("key-made", "/admin#/w/demo/keys", make_key),
    ("webhooks-open", "/admin#/w/demo/webhooks", open_all), ("webhooks-question", "/admin#/w/demo/webhooks", ask), ("formats-tested", "/admin#/formats", test_now),
    ("account-code", "/admin#/account", show_code), ("presets-steps", "/admin#/w/demo/presets", edit_steps), ("people-sessions", "/admin#/users", show_sessions), ("rates-open", "/admin#/rates", open_all),
    ("files-folder", "/admin#/w/demo/files", open_folder), ("files-open", "/admin#/w/demo/files", open_all), ("search", "/admin#/w/demo/jobs", search), ("menu", "/admin#/w/demo", open_menu),
    ("health-open", "/admin#/health", open_all), ("settings-open", "/admin#/w/demo/settings", open_all), ("settings-ftp", "/admin#/w/demo/settings", edit_storage), ("requests-none", "/admin#/requests?status=rejected", lambda browser: None),
]
