"""WCAG 2.2 AA on every kind of page: by axe-core, by keyboard, with large text, on a narrow screen."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.portal.quality.pages import PAGES

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What stands in a frame is a page of its own, and looked at as one.
RUN = """rules => axe.run(document, {
    runOnly: rules, rules: {"frame-tested": {enabled: false}}, resultTypes: ["violations", "incomplete"]
}).then(found => [...found.violations, ...found.incomplete].flatMap(rule => rule.nodes.map(
    node => `${rule.id} ${node.target} ${node.failureSummary.replaceAll("\\n", " ")}`)))"""
SMALL = """() => [...document.querySelectorAll("a, button, summary, input")].filter(one => {
    // The words of a choice belong to its target; what no key reaches is there for robots only.
    const target = one.matches("[type=radio], [type=checkbox]") ? one.closest("label") || one : one;
    const box = target.getBoundingClientRect(), style = getComputedStyle(one);
    if (one.tabIndex < 0) return false;
    const inText = style.display === "inline" && one.closest("p, li, dd, .rich");
    // The title's link of a card: all of the card is its target.
    if (getComputedStyle(one, "::after").position === "absolute") return false;
    return one.offsetParent && box.width && !inText && style.position !== "absolute" && box.height < 43.5;
}).map(one => one.outerHTML.slice(0, 200))"""
STICKS_OUT = """() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    return [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > wide + 1)
        .map(one => one.outerHTML.slice(0, 120)).slice(-5).concat("scrolls sideways");
}"""


def opened(browser: Browser, width: int, scheme: Any = "light") -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 720}, color_scheme=scheme, reduced_motion="reduce"
    )
    return context.new_page()


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_axe_finds_nothing(site: str, browser: Browser, width: int, scheme: str) -> None:
    page = opened(browser, width, scheme)
    # As tall as the page: what sticks to the lower edge covers nothing axe would have to guess about.
    page.set_viewport_size({"width": width, "height": 12_000})
    found = {}
    for path in PAGES:
        answer = page.goto(site + path)
        assert answer is not None
        assert answer.status == (404 if path == "/404.html" else 200), path
        page.evaluate(AXE)
        if problems := page.evaluate(RUN, RULES):
            found[path] = problems
    assert found == {}


def test_axe_finds_nothing_in_the_open_menu(site: str, browser: Browser) -> None:
    for scheme in ("light", "dark"):
        page = opened(browser, 360, scheme)
        page.goto(site)
        page.get_by_role("button", name="Trình đơn").click()
        assert page.get_by_role("navigation", name="Trình đơn chính").is_visible()
        # axe does not know the top layer: it takes the page below the menu to lie on it.
        page.evaluate("document.querySelectorAll('main > *, footer').forEach(part => { part.hidden = true })")
        page.evaluate(AXE)
        assert page.evaluate(RUN, RULES) == []
        page.keyboard.press("Escape")
        assert not page.get_by_role("navigation", name="Trình đơn chính").is_visible()


def test_whatever_is_tapped_is_large_enough_and_nothing_scrolls_sideways_even_with_text_twice_as_large(
    site: str, browser: Browser
) -> None:
    page = opened(browser, 360)
    small, wide = {}, {}
    for path in PAGES:
        page.set_viewport_size({"width": 360, "height": 720})
        page.goto(site + path)
        if problems := page.evaluate(SMALL):
            small[path] = problems
        for width in (320, 768, 1280):
            page.set_viewport_size({"width": width, "height": 720})
            for size in ("", "225%"):
                page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
                if problems := page.evaluate(STICKS_OUT):
                    wide[path, width, size] = problems
    assert small == {}
    assert wide == {}


def test_help_for_victims_is_in_sight_without_scrolling(site: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{site}/canh-bao/khan/")
    for target in ("tel:113", "#khi-da-bi-lua"):
        seen = page.evaluate(
            """target => [...document.querySelectorAll(`main a[href="${target}"]`)].some(one => {
                const box = one.getBoundingClientRect();
                const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return box.height >= 44 && box.top >= 0 && box.bottom <= innerHeight && one.contains(top);
            })""",
            target,
        )
        assert seen, target
    page.locator("main a[href='#khi-da-bi-lua']:visible").first.click()
    assert page.locator("#khi-da-bi-lua h2").bounding_box()["y"] < 300


def test_the_menu_works_without_javascript(site: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.get_by_role("button", name="Trình đơn").click()
    menu = page.get_by_role("navigation", name="Trình đơn chính")
    menu.get_by_role("link", name="Cảnh báo", exact=False).first.click()
    assert page.url == f"{site}/canh-bao/"
    assert not page.get_by_role("button", name="Chữ to hơn").is_visible()


def test_larger_text_is_remembered_and_does_not_jump(site: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(site)
    page.get_by_role("button", name="Chữ to hơn").click()
    assert context.cookies() == []
    # A weak connection: the script comes well after page and style sheet.
    page.route("**/portal.js", lambda route: (page.wait_for_timeout(400), route.continue_()))
    page.add_init_script(
        """window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => {
            window.moved += entry.value; })).observe({type: "layout-shift", buffered: true})"""
    )
    page.goto(f"{site}/canh-bao/khan/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "21.6px"
    assert page.evaluate("window.moved") == 0


def test_reading_aloud_is_offered_with_a_vietnamese_voice_only(site: str, browser: Browser) -> None:
    # What a browser tells of its voices; none is installed where tests run.
    voices = """lang => { window.said = []; const voice = {lang, name: "A"};
        Object.defineProperty(window, "SpeechSynthesisUtterance", {value: function (text) { this.text = text; }});
        Object.defineProperty(window, "speechSynthesis", {value: {
            getVoices: () => [voice], addEventListener() {}, cancel() {},
            speak(one) { window.said.push(one.text); setTimeout(() => one.onend && one.onend()); }}}) }"""
    for lang, offered in (("vi-VN", True), ("en-US", False)):
        page = browser.new_context().new_page()
        page.add_init_script(f"({voices})('{lang}')")
        page.goto(f"{site}/canh-bao/khan/")
        button = page.get_by_role("button", name="Nghe nội dung")
        assert button.is_visible() is offered
        if offered:
            button.click()
            said: list[str] = []
            # Asked from outside: the page's own policy lets no words become a script.
            for _again in range(200):
                if len(said := page.evaluate("window.said")) > 8:
                    break
                page.wait_for_timeout(50)
            assert said[0].startswith("Giả danh công an")
            assert "Cách thức hoạt động" in said
            assert not [line for line in said if "Nguồn tin" in line]
