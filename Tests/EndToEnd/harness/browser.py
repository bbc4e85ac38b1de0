"""A person with a browser: finds elements by label and role, as people and assistive tools do."""

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

# The controls that a keyboard user must reach. Of a group of radio buttons, one suffices.
CONTROLS = """() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  return [...document.querySelectorAll(all)].filter(element =>
    element.checkVisibility({ visibilityProperty: true }) && !element.disabled
    && !(element.type === "radio" && !element.checked
      && document.querySelector(`input[type=radio][name="${element.name}"]:checked`)));
}"""
# Tests if the focus is visible, on the element or on an element around it.
SHOWS_FOCUS = """element => {
  for (let at = element, level = 0; at && level < 3; at = at.parentElement, level++)
    if (getComputedStyle(at).outlineStyle !== "none") return true;
  return false;
}"""
SCREENSHOTS = Path(__file__).resolve().parent.parent / "screenshots"
# The same browser without windows needs half the CPU time.
CHROMIUM = "/usr/bin/chromium-headless-shell"


@dataclass(frozen=True)
class Look:
    """One configuration of the browser."""

    javascript: bool
    width: int
    scheme: str

    def __str__(self):
        script = "script" if self.javascript else "no-script"
        return f"{script}-{self.width}-{self.scheme}"


LOOKS = [
    Look(javascript, width, scheme)
    for javascript in (True, False)
    for width in (1280, 390)
    for scheme in ("light", "dark")
]


def markup(element):
    return element.evaluate("element => element.outerHTML.slice(0, 200)")


class Visitor:
    """A page of a site in a separate browser with one configuration."""

    def __init__(self, page: Page, site: str, look: Look):
        self.page = page
        self.site = site
        self.look = look
        self.faults = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self.note)

    def note(self, message):
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def open(self, path):
        return self.page.goto(self.site + path)

    def sign_in(self, email, password):
        self.open("/login")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_attached()

    def sign_out(self):
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_have_count(0)

    def create_token(self, name, scopes):
        """Goes from the list to the form, fills it in, and returns the token that is shown once."""
        self.open("/settings/tokens")
        self.page.get_by_role("main").get_by_role("link", name="New token").click()
        self.inspect("new-token")
        self.page.get_by_label("Token name").fill(name)
        self.page.get_by_label("Expiration").select_option("30d")
        for scope in scopes:
            self.page.get_by_role("checkbox", name=scope).check()
        self.page.get_by_role("button", name="Create token").click()
        return self.page.locator("#new-token").inner_text().strip()

    def row(self, name):
        """The entry of a token in the list."""
        rows = self.page.get_by_role("main").get_by_role("listitem")
        return rows.filter(has=self.page.get_by_role("heading", name=name, exact=True))

    def tab_to(self, locator):
        """Presses Tab until the element has the focus, as a keyboard user does."""
        for _ in range(60):
            if locator.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError("the keyboard does not get there")

    def walk(self, name):
        """Goes through the page with Tab alone: every control gets the focus, and shows it."""
        controls = self.page.evaluate_handle(CONTROLS)
        missing = set(range(controls.evaluate("controls => controls.length")))
        before = self.page.evaluate_handle("document.activeElement")
        # A date field takes several presses.
        for _ in range(4 * len(missing) + 10):
            if not missing:
                break
            self.page.keyboard.press("Tab")
            place = controls.evaluate("controls => controls.indexOf(document.activeElement)")
            if place in missing:
                focus = self.page.evaluate_handle("document.activeElement")
                assert focus.evaluate(SHOWS_FOCUS), f"{name}: the focus is not seen on {markup(focus)}"
                missing.remove(place)
        unreached = [
            markup(controls.evaluate_handle("(all, place) => all[place]", place)) for place in missing
        ]
        assert unreached == [], f"{name}: the keyboard does not get to {unreached}"
        before.evaluate("element => element === document.body ? document.activeElement.blur() : element.focus()")

    def inspect(self, name):
        """Takes a picture of the page, and checks the requirements of every page.

        It fits the width, has a title and one heading of the first level, the keyboard gets everywhere, script
        and policy agree, and axe finds nothing serious. axe needs scripts, so it looks where they are on; the
        markup is the same.
        """
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}-{self.look}.png", full_page=True)
        root = self.page.locator("html")
        too_wide = root.evaluate("element => element.scrollWidth - element.clientWidth")
        assert too_wide <= 0, f"{name} scrolls sideways by {too_wide} pixels"
        expect(self.page.get_by_role("heading", level=1)).to_have_count(1)
        assert self.page.title()
        if self.look in (LOOKS[0], LOOKS[-1]):
            self.walk(name)
        assert self.faults == []
        if self.look.javascript:
            violations = Axe().run(self.page).response["violations"]
            serious = [
                f"{violation['id']}: {node['html']}"
                for violation in violations
                if violation["impact"] in ("serious", "critical")
                for node in violation["nodes"]
            ]
            assert serious == [], f"{name}: {serious}"


@contextmanager
def visitor(browser, site, look, zone=None):
    """A visitor without cookies, in a time zone of the IANA database or of this machine."""
    context = browser.new_context(
        java_script_enabled=look.javascript,
        viewport={"width": look.width, "height": 900},
        color_scheme=look.scheme,
        ignore_https_errors=True,
        timezone_id=zone,
    )
    context.set_default_timeout(10_000)
    try:
        yield Visitor(context.new_page(), site, look)
    finally:
        context.close()
