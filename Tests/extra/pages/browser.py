"""Chromium over WebDriver (W3C WebDriver level 2) with nothing but Python's standard library."""
import base64, json, os, shutil, socket, subprocess, time, urllib.error, urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE = 20


class Failure(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Element:
    def __init__(self, browser, id):
        self.browser, self.id = browser, id

    def _ask(self, method, path, body=None):
        return self.browser._ask(method, f"/element/{self.id}{path}", body)

    def click(self):
        self._ask("POST", "/click", {})

    def type(self, text, clear=True):
        if clear:
            self._ask("POST", "/clear", {})
        self._ask("POST", "/value", {"text": text})

    def choose_file(self, *paths):
        self._ask("POST", "/value", {"text": "\n".join(paths)})

    @property
    def text(self):
        return self._ask("GET", "/text")


class Browser:
    """A session with its own profile; console messages and every request are kept."""

    def __init__(self, downloads=None, prefs=None, zone="Europe/Vienna"):
        self.port = free_port()
        driver = shutil.which("chromedriver") or "/usr/lib/chromium/chromedriver"
        environment = {**os.environ, "TZ": zone, "LANG": "en_GB.UTF-8"}
        self.driver = subprocess.Popen([driver, f"--port={self.port}", "--log-level=SEVERE"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, env=environment)
        self.session = None
        arguments = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-device-scale-factor=1", "--window-size=1280,860",
                     "--disable-background-networking", "--disable-component-update", "--no-first-run"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        options = {"args": arguments, "binary": shutil.which("chromium") or "chromium"}
        options["prefs"] = {"download.default_directory": downloads or "/nonexistent", "download.prompt_for_download": False, **(prefs or {})}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options,
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._ask("POST", "", {"capabilities": {"alwaysMatch": wanted}}, root="/session")
                break
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
        self.session = answer["sessionId"]
        # A machine that is busy takes its time for a long page.
        self._ask("POST", "/timeouts", {"script": 120000})

    def _ask(self, method, path, body=None, root=None):
        root = root or f"/session/{self.session}"
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{root}{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise Failure(f"{value['error']}: {value['message'].splitlines()[0]}") from None

    def go(self, address):
        """Opens an address; one that differs only behind the # is loaded anew as well."""
        self._ask("POST", "/url", {"url": "about:blank"})
        self._ask("POST", "/url", {"url": address})

    def run(self, script, *arguments):
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        return self._ask("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def find(self, css, containing=None):
        """Waits for a visible element, if asked one that contains a text; then gives it."""
        script = """
        const [css, text] = arguments;
        return [...document.querySelectorAll(css)].find((element) => element.checkVisibility() && (!text || element.textContent.includes(text))) ?? null;
        """
        return Element(self, self.until(lambda: self.run(script, css, containing), f"{css} with {containing!r}")[ELEMENT])

    def until(self, test, what):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                found = test()
            except Failure:
                found = None
            if found:
                return found
            if time.monotonic() > end:
                shown = self.run("return document.body.innerText.slice(0, 900)")
                raise Failure(f"waited in vain for {what}; the page says:\n{shown}")
            time.sleep(0.05)

    def wait_for_text(self, text, css="body"):
        self.until(lambda: self.run("return document.querySelector(arguments[0])?.innerText.includes(arguments[1])", css, text), repr(text))

    def click(self, css, containing=None):
        """Clicks where the element is by then, for a page may be drawn anew in between."""
        def attempt():
            self.find(css, containing).click()
            return True
        self.until(attempt, f"a click on {css} with {containing!r}")

    def press(self, key):
        """Presses one key wherever the focus is."""
        self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def fill(self, form, **fields):
        for name, value in fields.items():
            self.find(f"{form} [name={name}]").type(value)

    def size(self, width, height):
        self._ask("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}})

    def scheme(self, name):
        self._ask("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {
            "features": [{"name": "prefers-color-scheme", "value": name}, {"name": "prefers-reduced-motion", "value": "reduce"}]}})

    def picture(self, path, width, height):
        """The whole page as wide as the window, however long it is."""
        self.size(width, height)
        long = self.run("return document.documentElement.scrollHeight")
        shot = self._ask("POST", "/goog/cdp/execute", {"cmd": "Page.captureScreenshot", "params": {
            "format": "png", "captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": width, "height": min(max(long, height), 4000), "scale": 1}}})
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def complaints(self):
        """Console messages since the last call that are errors or warnings."""
        return [entry["message"] for entry in self._ask("POST", "/se/log", {"type": "browser"}) if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        """Addresses that were asked for since the last call."""
        found = []
        for entry in self._ask("POST", "/se/log", {"type": "performance"}):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found

    def close(self):
        try:
            if self.session:
                self._ask("DELETE", "")
        except (Failure, OSError):
            pass
        self.driver.terminate()
        self.driver.wait(10)
