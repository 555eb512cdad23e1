"""The page in a real browser: what it asks for, what it runs, and what the keyboard does."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from augmentor_evaluation.report.visible import shorten
from tests.evaluation.report.fake_run import ARMS, fake_run
from tests.evaluation.report.full_run import full_run

OWN = (
    "</script><script>window.hacked = 1</script>", "<img src=x onerror='window.hacked = 1'>", "<svg onload=window.hacked=1>", "<!--<script>", "]]>", "{{ 7 * 7 }}",
    "\u202egnissap \u2066x", "\x00\x1b[31mred", "\ud800 half", "\u2028\u2029", "javascript:window.hacked=1", '" onmouseover="window.hacked=1', "'><iframe src=//example.com>",
    "a" * 1_000_000, "<style>*{display:none}</style>", "&lt;b&gt; &amp;", "\U000e0041\U000e0042", "${window.hacked=1}",
)  # fmt: skip
"""Text that has broken reports before."""


class Opened:
    """A tab, and all that it did: requests, console messages, dialogs."""

    def __init__(self, tab, noise):
        self.tab, self.noise = tab, noise


@contextmanager
def opened(browser, path, anchor="", **settings) -> Iterator[Opened]:
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **settings})
    tab = context.new_page()
    noise: list[str] = []
    tab.on("console", lambda message: noise.append(message.text))
    tab.on("pageerror", lambda error: noise.append(str(error)))
    tab.on("dialog", lambda dialog: noise.append(dialog.message) or dialog.dismiss())
    tab.on("request", lambda request: request.url.startswith(path.as_uri()) or noise.append(request.url))
    tab.goto(path.as_uri() + anchor)
    yield Opened(tab, noise)
    context.close()


def until(tab, condition: str) -> None:
    """Wait for a condition. Playwright's own way evaluates strings in the page, which the page's policy forbids."""
    for _ in range(250):
        if tab.evaluate(condition):
            return
        tab.wait_for_timeout(20)
    pytest.fail(f"never came: {condition}")


def ready(tab) -> float:
    return tab.evaluate("performance.getEntriesByName('ready')[0].startTime / 1000")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_page_asks_for_nothing_says_nothing_and_fits(browser, full_page, width, theme):
    with opened(browser, full_page, viewport={"width": width, "height": 900}, color_scheme=theme) as one:
        assert one.tab.evaluate("document.documentElement.scrollWidth") <= width
        assert one.tab.locator("#answers-explorer .row").count() == 15
        cramped = "[...document.querySelectorAll('caption, td, th, p, dd')].filter((one) => !one.closest('thead') && one.offsetWidth && one.offsetWidth < 20 && one.offsetHeight > 60).length"
        assert one.tab.evaluate(cramped) == 0
        assert one.noise == []


def test_without_scripts_the_first_four_sections_the_regressions_and_the_lineage_are_there(browser, full_page):
    with opened(browser, full_page, java_script_enabled=False) as one:
        text = one.tab.locator("main").inner_text()
        for words in ("1 of 2 gates is passed", "Could go", "Can it be believed?", "tuned-augmented is better", "Mean of each metric", "Worst regressions", "needs JavaScript", "dropped by"):
            assert words in text
        assert one.tab.locator(".case.worse del").count() > 0
        assert not one.tab.locator("#answers-explorer").is_visible()


def test_search_and_filters_narrow_the_list_and_stand_in_the_address(browser, page_file):
    with opened(browser, page_file) as one:
        one.tab.keyboard.press("/")
        one.tab.keyboard.type("refund take?")
        count = one.tab.locator("#answers-explorer .count")
        until(one.tab, "document.querySelector('#answers-explorer .count').textContent !== '120 of 120 questions'")
        assert count.inner_text() != "120 of 120 questions"
        rows = one.tab.locator("#answers-explorer .row .tag")
        assert set(rows.all_inner_texts()) <= {"refund_timing"}
        until(one.tab, "location.hash.includes('q=refund+take')")
        one.tab.select_option("#answers-explorer select[name=show]", "better")
        until(one.tab, "location.hash.includes('show=better')")
        assert one.tab.locator("#answers-explorer .row .delta.worse").count() == 0
        one.tab.fill("#answers-explorer input", "nowhere to be found")
        until(one.tab, "document.querySelector('#answers-explorer .count').textContent.startsWith('No questions match')")
        assert one.noise == []


def test_flagged_answers_can_be_filtered_out_of_all(browser, full_page):
    with opened(browser, full_page, "#answers?show=flagged") as one:
        assert one.tab.locator("#answers-explorer .count").inner_text() == "6 of 120 questions"
        assert one.tab.locator("#answers-explorer .row").count() == 6


def test_j_k_and_enter_walk_the_rows_and_the_address_leads_back_to_one(browser, page_file):
    with opened(browser, page_file, "#answers") as one:
        press = one.tab.keyboard.press
        for key in ("j", "j", "j", "k", "Enter"):
            press(key)
        buttons = one.tab.locator("#answers-explorer .row")
        assert buttons.nth(1).get_attribute("aria-expanded") == "true"
        detail = one.tab.locator("#answers-explorer .detail").nth(1)
        assert detail.locator(".answer").count() == 5
        address = one.tab.url
        shown = detail.inner_text()
        press("Enter")
        assert buttons.nth(1).get_attribute("aria-expanded") == "false"
    with opened(browser, page_file, "#" + address.partition("#")[2]) as again:
        assert again.tab.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
        assert again.tab.locator("#answers-explorer .detail:not([hidden])").inner_text() == shown


def test_more_rows_come_when_asked_for_and_the_worst_are_first(browser, page_file):
    with opened(browser, page_file) as one:
        one.tab.click("#answers-explorer .more")
        changes = [text.replace("−", "-") for text in one.tab.locator("#answers-explorer .row .delta").all_inner_texts()]
        values = [float(text) for text in changes if text != "–"]
        assert len(changes) == 30
        assert values == sorted(values)
        one.tab.select_option("#answers-explorer select[name=sort]", "best")
        until(one.tab, "document.querySelector('#answers-explorer .delta').textContent.startsWith('+')")


def test_the_diff_of_the_page_is_the_diff_of_the_server(browser, page_file):
    with opened(browser, page_file) as one:
        static = one.tab.locator(".case.worse").first
        wanted = static.locator(".answer").nth(2).locator(".said").inner_html()
        question = static.locator("h4").inner_text()
        row = one.tab.locator("#answers-explorer .row").filter(has_text=question).first
        row.click()
        found = one.tab.locator("#answers-explorer .detail:not([hidden]) .answer").nth(2).locator(".said").inner_html()
        assert found == wanted


def test_the_lineage_is_filtered_by_strategy_and_fate(browser, page_file):
    with opened(browser, page_file, "#lineage?made=noise&fate=dropped") as one:
        one.tab.locator("#lineage-explorer .row").first.click()
        variants = one.tab.locator("#lineage-explorer .detail:not([hidden]) .variants li")
        assert variants.count() > 0
        assert set(variants.locator(".made b").all_inner_texts()) == {"noise"}
        assert all(text.startswith("dropped by") for text in variants.locator(".why").all_inner_texts())
        assert variants.count() == variants.locator(".why").count()


def test_the_theme_is_chosen_and_kept(browser, page_file):
    with opened(browser, page_file, color_scheme="light") as one:
        colour = "getComputedStyle(document.body).backgroundColor"
        light = one.tab.evaluate(colour)
        one.tab.click("#theme")
        assert one.tab.evaluate(colour) == light
        one.tab.keyboard.press("t")
        assert one.tab.evaluate(colour) != light
        one.tab.reload()
        assert one.tab.locator("#theme span").inner_text() == "dark"


def test_the_contents_follow_the_scroll_and_n_and_p_turn_the_parts(browser, page_file):
    with opened(browser, page_file) as one:
        one.tab.keyboard.press("n")
        one.tab.wait_for_selector(".contents a[href='#arms'][aria-current]")
        one.tab.keyboard.press("n")
        one.tab.wait_for_selector(".contents a[href='#answers'][aria-current]")
        one.tab.keyboard.press("p")
        one.tab.wait_for_selector(".contents a[href='#arms'][aria-current]")


def test_print_shows_all_that_is_folded_and_none_of_the_controls(browser, page_file):
    with opened(browser, page_file) as one:
        one.tab.emulate_media(media="print")
        one.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert one.tab.locator("details:not([open])").count() == 0
        for part in ("#answers-explorer", ".contents", ".tools"):
            assert not one.tab.locator(part).is_visible()
        one.tab.evaluate("dispatchEvent(new Event('afterprint'))")
        assert one.tab.locator("details:not([open])").count() > 0
        assert len(one.tab.pdf()) > 20_000


def test_print_is_dark_on_white_whatever_the_screen_is(browser, full_page):
    with opened(browser, full_page, color_scheme="dark") as one:
        one.tab.keyboard.press("t")
        for theme in ("light", "dark", "auto"):
            assert one.tab.locator("#theme span").inner_text() == theme
            one.tab.emulate_media(media="print")
            assert one.tab.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor].join()") == "rgb(0, 0, 0),rgb(255, 255, 255)"
            one.tab.emulate_media(media="screen")
            one.tab.keyboard.press("t")


def test_all_can_be_reached_and_done_with_the_keyboard_alone(browser, full_page):
    with opened(browser, full_page) as one:
        press = one.tab.keyboard.press
        wanted = one.tab.evaluate(
            "[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex=\"0\"]')].filter((one) => one.checkVisibility()).length"
        )
        reached = set()
        for _ in range(wanted + 20):
            press("Tab")
            place = "[...document.querySelectorAll('*')].indexOf(document.activeElement)"
            reached.add(one.tab.evaluate(place))
            outlined = "document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            assert one.tab.evaluate(outlined), "what has the focus shows it"
        assert len(reached - {-1}) >= wanted
        one.tab.locator("#harm summary").first.focus()
        press("Enter")
        assert one.tab.locator("#harm details").first.get_attribute("open") is not None
        press("/")
        one.tab.keyboard.type("refund")
        press("Escape")
        press("?")
        assert one.tab.locator("#keys-help").is_visible()
        assert one.noise == []


def test_hostile_text_in_every_field_is_only_text(browser, tmp_path, shared_data, write):
    naughty = json.loads((shared_data / "naughty_strings/blns.json").read_text())
    hostile = (*OWN, *(text for text in naughty if text))
    arms = (*ARMS[:-1], "tuned-<img src=x onerror=alert(1)>")
    run = full_run(tmp_path / "a <b>run", 140, arms=arms, hostile=hostile)
    path = write(run)
    assert "could not be made" not in path.read_text()
    assert path.stat().st_size < 8_000_000
    with opened(browser, path) as one:
        for button in one.tab.locator(".explorer .row").all()[:20]:
            button.click()
        one.tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert one.tab.evaluate("window.hacked") is None
        assert one.noise == []
        counts = one.tab.evaluate(
            "Object.fromEntries(['script', 'img', 'iframe', 'style', 'link', 'video', 'object'].map((name) => [name, document.querySelectorAll(name).length]))"
        )
        traps = "[onload], [onerror], [onmouseover], [style], [src], [srcdoc], [href^='javascript'], [href^='//']"
        assert one.tab.locator(traps).count() == 0
        assert counts == {"script": 4, "img": 0, "iframe": 0, "style": 1, "link": 0, "video": 0, "object": 0}
        assert one.tab.evaluate("document.documentElement.scrollWidth") <= 1440
        shown = set(
            one.tab.evaluate("[...document.querySelectorAll('script[type]')].flatMap((block) => JSON.parse(block.textContent).texts ?? [])")
        )
        assert {shorten(text) for text in hostile} <= shown
        text = one.tab.locator("body").evaluate("(body) => body.textContent")
        for words in ("‹RIGHT-TO-LEFT OVERRIDE›", "‹ESC›", "‹NUL›", "‹LONE SURROGATE D800›", "more characters›"):
            assert words in text


def test_hostile_text_cannot_break_the_comparison(browser, tmp_path, write):
    runs = [full_run(tmp_path / name, 60, hostile=OWN, seed=number) for number, name in enumerate(("a", "b"))]
    path = write(*runs, out=tmp_path / "comparison.html")
    assert "could not be made" not in path.read_text()
    with opened(browser, path) as one:
        assert one.noise == []
        assert one.tab.evaluate("window.hacked") is None
        assert one.tab.locator("script").count() == 1


def test_two_thousand_questions_are_small_and_soon_there(browser, tmp_path, write):
    path = write(fake_run(tmp_path / "run", 2000, families=300))
    assert path.stat().st_size <= 2_500_000
    times = []
    for _ in range(3):
        with opened(browser, path) as one:
            times.append(ready(one.tab))
            assert one.noise == []
    assert statistics.median(times) <= 0.6


@pytest.mark.slow
def test_a_hundred_thousand_questions_are_sampled_and_soon_there(browser, tmp_path, write):
    import time

    run = fake_run(tmp_path / "run", 100_000, families=5000, arms=ARMS[-2:])
    started = time.perf_counter()
    path = write(run)
    assert time.perf_counter() - started <= 10
    assert path.stat().st_size <= 8_000_000
    with opened(browser, path) as one:
        assert ready(one.tab) <= 1.5
        assert "of 100,000 questions" in one.tab.locator("#answers").inner_text()


@pytest.fixture(scope="session")
def axe(tmp_path_factory) -> str:
    """The source of axe-core, from the registry."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so axe-core cannot be had")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(
        [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, "axe-core@4"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        pytest.skip("axe-core could not be installed")
    return (folder / "node_modules/axe-core/axe.min.js").read_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser, full_page, run, everything, tmp_path, write, axe, theme):
    comparison = write(run, everything, out=tmp_path / "comparison.html")
    for path in (full_page, comparison):
        with opened(browser, path, color_scheme=theme, bypass_csp=True) as one:
            one.tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            for button in one.tab.locator(".explorer").all():
                button.locator(".row").first.click()
            one.tab.evaluate(axe)
            found = one.tab.evaluate(
                "axe.run().then((result) => result.violations.map((one) => [one.id, one.nodes.map((node) => node.html + node.failureSummary).slice(0, 3)]))"
            )
            assert found == []
