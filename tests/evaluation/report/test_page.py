from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from augmentor.examples import decode, encode
from augmentor.plugins import KINDS, check_component
from augmentor.protocols import SectionContent
from augmentor_evaluation.report import augmentor_register_sections, augmentor_write_report
from augmentor_evaluation.report.embed import embedded
from augmentor_evaluation.report.page import page, write_report
from augmentor_evaluation.report.sections import SECTIONS
from augmentor_evaluation.report.templating import environment
from tests.evaluation.report.fake_run import fake_run

SECTION = next(kind for kind in KINDS if kind.name == "section")


def test_the_verdict_comes_first_and_says_the_difference(page_file):
    html = page_file.read_text()
    results = msgspec.json.decode((page_file.parent / "metrics.json").read_bytes())
    first = html[html.index("<main") : html.index('id="arms"')]
    assert "tuned-augmented is better than tuned-original" in first
    assert results["headline"]["sentence"] in first
    assert f"{results['headline']['difference']['mean']:+.3f}" in first


def test_sections_come_in_the_order_in_which_a_person_decides(page_file):
    found = re.findall(r'<section id="([^"]+)"', page_file.read_text())
    assert found == ["verdict", "arms", "answers", "slices", "training", "funnel", "lineage", "diversity", "leakage", "cost", "provenance"]


def test_the_same_run_gives_the_same_bytes(run, write, tmp_path):
    assert write(run, out=tmp_path / "a.html").read_bytes() == write(run, out=tmp_path / "b.html").read_bytes()


def test_the_policy_allows_this_script_and_this_style_and_nothing_else(page_file):
    html = page_file.read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for kind, inside in (
        ("script-src", re.search(r"<script>(.*?)</script>", html, re.DOTALL)[1]),
        ("style-src", re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]),
    ):
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy


def test_nothing_in_the_page_points_outside(page_file):
    class Links(HTMLParser):
        found: ClassVar[list[str]] = []

        def handle_starttag(self, tag, attrs):
            self.found += [value for key, value in attrs if key in {"src", "href", "action", "data", "srcset", "xlink:href"}]
            assert tag not in {"link", "img", "iframe", "object", "embed", "base"}
            assert not any(key.startswith("on") or key == "style" for key, _ in attrs)

    parser = Links()
    parser.feed(page_file.read_text())
    assert parser.found
    assert not [link for link in parser.found if "//" in link or ":" in link]


@given(st.text(st.characters(codec="utf-8")))
def test_embedded_text_comes_back_from_the_page_and_holds_no_markup(text):
    block = embedded("x", {"t": text})
    inside = str(block).removeprefix('<script type="application/json" id="x">').removesuffix("</script>")
    assert not set(inside) & set("<>&\u2028\u2029")
    assert msgspec.json.decode(inside) == {"t": text}


def test_a_template_that_asks_for_what_is_not_there_fails():
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nothing }}").render()


def test_a_template_escapes_and_shows_what_would_hide():
    assert environment().from_string("{{ text }}").render(text="<b>\u202e") == "&lt;b&gt;‹RIGHT-TO-LEFT OVERRIDE›"


@dataclass(frozen=True)
class Broken:
    """A section that fails."""

    name: ClassVar[str] = "broken"
    order: ClassVar[int] = 5

    def render(self, run):
        raise ValueError("no <b>luck</b>")


@dataclass(frozen=True)
class Silent:
    """A section that has nothing to say."""

    name: ClassVar[str] = "silent"
    order: ClassVar[int] = 6

    def render(self, run):
        return None


def test_a_section_that_fails_is_named_and_takes_nothing_down(run, tmp_path):
    out = tmp_path / "report.html"
    write_report([run], out, [Silent(), *(section() for section in SECTIONS), Broken()])
    html = out.read_text()
    assert "ValueError: no &lt;b&gt;luck&lt;/b&gt;" in html
    assert "tuned-augmented is better" in html
    assert 'id="silent"' not in html


def test_two_sections_of_one_name_get_two_anchors():
    html = page("t", "s", [("My part!", SectionContent("One", "<p>1</p>")), ("my-part", SectionContent("Two", "<p>2</p>"))]).decode()
    assert 'id="my-part"' in html
    assert 'id="my-part-2"' in html


def test_a_run_without_models_is_reported_on_its_data(tmp_path, write):
    html = write(fake_run(tmp_path / "run", 40, evaluated=False)).read_text()
    assert "No models were compared" in html
    assert 'id="funnel"' in html
    assert 'id="answers"' not in html


def test_an_empty_folder_gives_a_page_that_says_so(tmp_path, write):
    html = write(tmp_path).read_text()
    assert "no comparison of models" in html
    assert "no manifest" in html
    assert "could not be made" not in html


@pytest.mark.parametrize(
    "missing",
    [
        "metrics.json",
        "scores.jsonl",
        "funnel.json",
        "manifest.json",
        "recipe.resolved.yaml",
        "data/train.jsonl",
        "data/dropped.jsonl",
        "predictions/base.0.jsonl",
        "predictions/tuned-augmented.0.jsonl",
    ],
)
def test_any_file_may_be_missing(missing, tmp_path, write):
    run = fake_run(tmp_path / "run", 24, families=4)
    (run / missing).unlink()
    assert "could not be made" not in write(run).read_text()


@pytest.mark.parametrize("verdict", ["better", "worse", "can't tell"])
def test_each_verdict_says_what_to_do(verdict, tmp_path, write):
    run = fake_run(tmp_path / "run", 24, families=4)
    results = msgspec.json.decode((run / "metrics.json").read_bytes())
    results["headline"]["verdict"] = verdict
    (run / "metrics.json").write_bytes(msgspec.json.encode(results))
    html = write(run).read_text()
    wanted = {"better": "can take the place of", "worse": "Keep tuned-original", "can't tell": "Do not choose by this result"}
    assert wanted[verdict] in html
    assert "could not be made" not in html


def test_results_with_nothing_to_say_do_not_break_the_page(tmp_path, write):
    run = fake_run(tmp_path / "run", 24, families=4)
    results = msgspec.json.decode((run / "metrics.json").read_bytes())
    empty = {"mean": None, "low": None, "high": None}
    results["headline"]["difference"] = empty
    for one in results["comparisons"]:
        one.update(difference=empty, p=None, q=None, detectable=None, win_share=empty)
    for one in results["slices"]:
        one.update(difference=empty, subject=None, baseline=None)
    for arm in results["arms"]:
        arm.update(metrics=dict.fromkeys(arm["metrics"], empty), completion_tokens=None)
    (run / "metrics.json").write_bytes(msgspec.json.encode(results))
    html = write(run).read_text()
    assert "could not be made" not in html
    assert "too few to say" in html


def test_a_history_of_pairs_is_drawn_like_one_of_mappings(tmp_path, write):
    run = fake_run(tmp_path / "run", 24, families=4)
    (run / "models/tuned-original.0/facts.json").write_text('{"steps": 3, "history": [[1, 2.5], [2, 1.5], [3, 1.25]]}')
    html = write(run).read_text()
    assert "2.500" in html
    assert "1.250" in html


def test_a_question_that_training_holds_is_found(tmp_path, write):
    run = fake_run(tmp_path / "run", 24, families=4)
    asked = decode((run / "data/test.jsonl").read_bytes().splitlines()[0])
    louder = msgspec.structs.replace(asked.vary(0, f"  {asked.question.upper()}", "noise"), root="elsewhere")
    with (run / "data/train.jsonl").open("ab") as file:
        file.write(encode(louder))
    html = write(run).read_text()
    assert "1 test question of 24</b> stands word for word" in html


def test_our_sections_are_components_as_anyones_are():
    found = {}
    augmentor_register_sections(lambda component, name: found.setdefault(name, component))
    assert len(found) == len(SECTIONS)
    for component in found.values():
        check_component(component, SECTION)
        assert isinstance(component(), SECTION.shapes[0])


def test_the_hook_writes_the_file(run, tmp_path):
    assert augmentor_write_report([run], tmp_path / "report.html", [SECTIONS[0]()], False)
    assert (tmp_path / "report.html").stat().st_size > 10_000
