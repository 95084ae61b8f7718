"""A visitor in a real browser: a window that counts what it asks of other hosts and what goes wrong in its console."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from browser.chromium import SLOW_MS, wait_for_map

# Streamlit looks for its server below the path of the page first; the browser reports that as an error.
NOT_OURS = ("404 (Not Found)",)
ANSWER_MS = 40_000
"""How long an answer may take on a machine that does much else; on its own it is a second."""
STILL_MS = 1000
DIMMED = """() => document.querySelector("[data-stale=true]") !== null
  || document.querySelector("[data-testid=stApp]").dataset.testScriptState !== 'notRunning'"""
LOOKS = 5
"""At most so often axe looks at a page that is made anew while it does."""
SERIOUS = ("serious", "critical")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Visit:
    """One browser window."""

    def __init__(self, browser: Any, width: int, height: int, scheme: str = "light") -> None:
        self._open_window(
            browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        )

    def another_window(self) -> Visit:
        """Another window of the same browser: what the browser keeps is there too."""
        other = object.__new__(Visit)
        other._open_window(self.page.context)
        return other

    def _open_window(self, context: Any) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.page = context.new_page()
        self.page.set_default_timeout(SLOW_MS)
        self.page.route("**/*", self._only_from_here)
        self.page.on("console", self._note_error)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note_error(self, message: Any) -> None:
        if message.type == "error" and not any(known in message.text for known in NOT_OURS):
            self.errors.append(message.text)

    def _only_from_here(self, route: Any) -> None:
        if route.request.url.startswith(("http://127.0.0.1:", "blob:", "data:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def open(self, url: str) -> None:
        """Open a link and wait until the map is drawn."""
        self.page.set_default_timeout(SLOW_MS)
        self.page.goto(url)
        wait_for_map(self.page)
        self.settle()
        self.page.set_default_timeout(ANSWER_MS)

    def settle(self) -> None:
        """Wait until the page is done: until then what is opened in it may close again."""
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        self.page.wait_for_function("() => !document.querySelector('[data-stale=true]')")

    def press(self, name: str) -> None:
        """Press the first button of a name once the page that has it is done: what is pressed before may come to nothing."""
        button = self.page.get_by_role("button", name=name).first
        button.wait_for()
        self.settle()
        button.click()

    def unfold(self, words: str) -> None:
        """Open what is folded away below some words, and wait until it lies still: a list opened before that closes again."""
        self.page.get_by_text(words).click()
        self.settle()
        self.page.wait_for_timeout(STILL_MS)

    def click(self, lon_deg: float, lat_deg: float, times: int) -> None:
        """Click on the map, `times` times in quick succession; for a spot that is out of sight look at the whole region first."""
        project = """at => {
            const { map, base } = document.querySelector('.dorpshub-map').dorpshub;
            const [west, south, east, north] = base.bounds;
            if (!map.getBounds().contains(at)) map.fitBounds([[west, south], [east, north]], { animate: false });
            return map.project(at);
        }"""
        at = self.page.evaluate(project, [lon_deg, lat_deg])
        place = {"x": at["x"], "y": at["y"]}
        self.page.locator(".maplibregl-canvas").click(position=place, click_count=times)

    def open_list(self, label: str) -> None:
        """Open the list to choose from that is called `label`; it closes when the page still scrolls towards it."""
        field = self.page.get_by_label(label)
        field.scroll_into_view_if_needed()
        self.page.wait_for_timeout(STILL_MS)
        field.click()

    def choose_tool(self, words: str) -> None:
        """Choose what a click on the map of "Design" does."""
        self.page.locator(".st-key-tool").get_by_role("combobox").click()
        self.page.get_by_role("option", name=words, exact=True).click()
        self.settle()

    def choose(self, language: str) -> None:
        """Switch the language."""
        self.page.get_by_text(language, exact=True).click()

    def wait_for_headline(self, text: str) -> None:
        """Wait until the sentence above the map is `text`, and the page is done: what is used before that may come to nothing."""
        self.page.wait_for_function(
            "text => document.querySelector('.dh-headline')?.innerText === text", arg=text
        )
        self.settle()

    def wait_for_words(self, words: str) -> None:
        """Wait until the page says `words` anywhere, and is done."""
        self.page.wait_for_function("words => document.body.innerText.includes(words)", arg=words)
        self.settle()

    @property
    def headline(self) -> str:
        """The sentence above the map."""
        return str(self.page.locator(".dh-headline").inner_text())

    def wait_for_other_headline(self, old: str) -> None:
        """Wait until the sentence above the map has changed, and the page is done."""
        self.page.wait_for_function(
            "old => document.querySelector('.dh-headline')?.innerText !== old", arg=old
        )
        self.settle()

    def barriers(self) -> list[str]:
        """Serious findings of axe against WCAG 2.2 AA: rule, and the element."""
        for _ in range(LOOKS):
            # What is about to go stands dimmed until the page is done.
            self.settle()
            self.page.wait_for_timeout(STILL_MS)  # colours move for a moment after a change
            found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": WCAG}})
            # A search of the background may have made the page anew meanwhile.
            if not self.page.evaluate(DIMMED):
                break
        return [
            f"{rule['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'] or ''}"
            for rule in found.response["violations"]
            if rule["impact"] in SERIOUS
            for node in rule["nodes"]
        ]
