"""Every page, by a name and its address."""


def places(jobs, batches=(), slug="demo"):
    own = f"/admin#/w/{slug}"
    return [
        ("front", "/"), ("docs", "/docs"), ("overview", own), ("jobs", own + "/jobs"), ("jobs-none", own + "/jobs?q=nothing"),
        ("job", own + "/jobs/" + jobs["evil"]), ("job-many", own + "/jobs/" + jobs["many"]), ("job-failed", own + "/jobs/" + jobs["broken"]),
        ("batches", own + "/batches"), *((f"batch-{number}", own + "/batches/" + batch) for number, batch in enumerate(batches)),
        ("overview-week", own + "?period=week"), ("usage-month", own + "/usage?period=month"), ("health-week", "/admin#/health?period=week"),
        ("try", own + "/try"), ("presets", own + "/presets"), ("files", own + "/files"), ("webhooks", own + "/webhooks"), ("keys", own + "/keys"), ("usage", own + "/usage"), ("settings", own + "/settings"),
        ("requests", "/admin#/requests"), ("workspaces", "/admin#/workspaces"), ("people", "/admin#/users"), ("plans", "/admin#/plans"),
        ("all-jobs", "/admin#/all-jobs"), ("formats", "/admin#/formats"), ("rates", "/admin#/rates"), ("machines", "/admin#/machines"), ("health", "/admin#/health"), ("audit", "/admin#/audit"),
        ("backup", "/admin#/backup"), ("account", "/admin#/account"),
    ]


def of_appliance(places):
    """Those of the pages that show the whole appliance, of the reader or of nobody."""
    return [(name, path) for name, path in places if "/w/" not in path and "period" not in path]


def ready(browser):
    """Waits until a page has drawn what it has asked for."""
    browser.until(lambda: browser.run("""
      const main = document.querySelector("main");
      return document.readyState === "complete" && main && (location.pathname === "/" ? !document.body.innerText.includes("Asking the server") : main.dataset.ready === "yes")
        && [...document.images].every((image) => image.complete);
    """), "the page to be drawn")


def go_to(browser, appliance, path):
    """Opens a page; one of the signed-in ones from another of them by its address alone, as a link does."""
    if not path.startswith("/admin#/") or not browser.run("""
      const main = document.querySelector("main[data-ready]:not(.door)");
      if (!main || !location.pathname.endsWith("/admin")) return false;
      delete main.dataset.ready;
      if (location.hash === arguments[0]) dispatchEvent(new Event("hashchange"));
      else location.hash = arguments[0];
      return true;
    """, path.removeprefix("/admin")):
        browser.go(appliance.address + path)
    ready(browser)
