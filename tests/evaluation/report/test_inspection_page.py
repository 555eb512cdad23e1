"""The page of `augmentor inspect --html`."""

from __future__ import annotations

import json
import re

import msgspec
import pytest

from augmentor.formats import read_examples
from augmentor.inspection import Advice, Checked, Inspection, Odd, Shown, Spread, Table, Verdict, inspect
from augmentor.plugins import plugins
from augmentor_evaluation.report import augmentor_write_inspection
from augmentor_evaluation.report.inspection import write_inspection
from augmentor_evaluation.report.inspection.columns import columns
from tests.evaluation.report.test_browser import OWN, axe, opened  # noqa: F401 - a fixture


@pytest.fixture(scope="session")
def sample_page(repository, tmp_path_factory):
    """The page about the sample chats."""
    out = tmp_path_factory.mktemp("inspection") / "chats.html"
    reading = read_examples(repository / "examples/support/chats.jsonl", formats={name: kind() for name, kind in plugins()["format"]})
    found = inspect(reading)
    assert augmentor_write_inspection(found, out)
    return found, out


def hostile(text):
    """An inspection that holds a text wherever a text can be."""
    spread = Spread(9, 1, 2, 3, ((1, 1, 4), (2, 3, 5)))
    shown = Shown(1, text, text, text, text, text, 0.7, Shown(2, text, text, text, text))
    checks = [Checked(name, text, text, 9, 3, {text: 2, text + "x": 1}, (shown,), spread) for name in ("privacy", "toxicity", "near_duplicate", "noise", "trainable", text)]
    gone = Checked("bias", text, text, 0, 0, {}, missing=text)
    odd = [Odd(name, text, (shown,)) for name in ("longest", "repeated")]
    verdict = Verdict(False, text, (Advice("stop", text, text, text), Advice("look", "noise", text, text)), text)
    return Inspection(
        file=f"a/{text}", format=text, said=[text], rows=9, examples=9, quarantined=2, reasons={text: 2}, first_problems=[text], roots=9, variants=1, unanswered=1, preferences=1,
        turns=spread, words=spread, tokens=spread, asked=spread, answered=spread, roles={text: 9}, labels={f"{text}{number}": 30 - number for number in range(30)}, other_labels=1, unlabelled=1,
        balance=0.5, duplicates=1, looked_at=5, languages={text: 5}, checks=[*checks, gone], measures=[Table(text, text, (text, text), ((text, text),))], odd=odd, model=text, verdict=verdict,
    )  # fmt: skip


def test_the_verdict_comes_first_with_what_to_do(sample_page):
    found, path = sample_page
    html = path.read_text()
    first = html[html.index("<main") : html.index('id="unreadable"')]
    assert found.verdict.sentence in first
    for one in found.verdict.advice:
        assert one.sentence in first
    assert found.verdict.command in first
    assert all(f'id="{anchor}"' in html for anchor in re.findall(r'href="#([^"]+)"', first))


def test_parts_come_in_the_order_in_which_a_person_decides(sample_page):
    parts = re.findall(r'<section id="([^"]+)"', sample_page[1].read_text())
    assert parts == ["verdict", "unreadable", "personal-data", "abuse", "duplicates", "quality", "labels", "languages", "lengths", "odd-rows", "how"]


def test_no_personal_data_is_on_the_page(sample_page, repository):
    html = sample_page[1].read_text()
    text = (repository / "examples/support/chats.jsonl").read_text("utf-8")
    addresses = set(re.findall(r"[\w.+-]+@[\w-]+\.[\w.]+\w", text))
    assert addresses
    assert not [address for address in addresses if address in html]
    assert "[EMAIL]" in html
    assert "chats.jsonl:58: not JSON" in html


def test_the_same_inspection_gives_the_same_bytes(sample_page, tmp_path):
    found, path = sample_page
    write_inspection(msgspec.json.decode(msgspec.json.encode(found), type=Inspection), tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == path.read_bytes()


def test_good_data_is_told_so(sample_page, tmp_path):
    found = msgspec.structs.replace(sample_page[0], verdict=Verdict(True, "Ready to train", (), None), quarantined=0, labels={}, languages=None, duplicates=0, checks=[], measures=[], odd=[])
    write_inspection(found, tmp_path / "ready.html")
    html = (tmp_path / "ready.html").read_text()
    assert "Ready to train" in html
    assert re.findall(r'<section id="([^"]+)"', html) == ["verdict", "duplicates", "lengths", "how"]


def test_columns_carry_the_largest_number_and_say_where_the_rest_is():
    drawn = columns([(1, 4, 10), (5, 8, 30), (9, 900, 2)], label="words", x_title="words")
    assert drawn.count("<rect") == 3
    assert ">30</text>" in drawn
    assert ">9 on</text>" in drawn


def test_hostile_text_stays_text_everywhere(browser, tmp_path, shared_data):
    naughty = json.loads((shared_data / "naughty_strings/blns.json").read_text())
    texts = (*OWN, "\n".join(text for text in naughty if "<" in text or "script" in text))
    paths = [tmp_path / f"{number}.html" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        write_inspection(hostile(text), path)
        assert path.stat().st_size < 1_000_000
    with opened(browser, paths[0]) as one:
        for path in paths:
            one.tab.goto(path.as_uri())
            one.tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert one.tab.evaluate("window.hacked") is None
            assert not set(one.noise) - {path.as_uri() for path in paths}
            names = "['script', 'img', 'iframe', 'style', 'link', 'video', 'object']"
            assert one.tab.evaluate(f"{names}.map((name) => document.querySelectorAll(name).length)") == [1, 0, 0, 1, 0, 0, 0]
            assert one.tab.locator("[onload], [onerror], [onmouseover], [style], [src], [srcdoc], [href^='javascript'], [href^='//']").count() == 0
            assert one.tab.evaluate("document.documentElement.scrollWidth") <= 1440


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(browser, sample_page, axe, theme, width):  # noqa: F811
    with opened(browser, sample_page[1], color_scheme=theme, bypass_csp=True, viewport={"width": width, "height": 900}) as one:
        one.tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert one.tab.evaluate("document.documentElement.scrollWidth") <= width
        one.tab.evaluate(axe)
        assert one.tab.evaluate("axe.run().then((result) => result.violations.map((one) => [one.id, one.nodes.map((node) => node.html).slice(0, 3)]))") == []


def test_without_scripts_all_is_readable(browser, sample_page):
    with opened(browser, sample_page[1], java_script_enabled=False) as one:
        assert one.tab.locator("#verdict h2").inner_text() == sample_page[0].verdict.sentence
        assert one.tab.locator("#lengths svg").count() >= 2
        assert one.tab.locator(".command .copy:visible").count() == 0
