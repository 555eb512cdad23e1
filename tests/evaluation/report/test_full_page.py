"""The page of a run with everything in it: gates, ablations, judges, leaks, harm, bills, prompts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

import msgspec
import pytest

from augmentor.protocols import SectionContent
from augmentor_evaluation.report.bills import bills
from augmentor_evaluation.report.page import write_report
from augmentor_evaluation.report.runview import RunView
from augmentor_evaluation.report.sections import SECTIONS
from augmentor_evaluation.report.sections.harm import Harm
from augmentor_evaluation.report.sections.leakage import Leakage
from augmentor_evaluation.report.sections.verdict import Verdict
from augmentor_evaluation.results import GateResult


@pytest.fixture(scope="module")
def html(full_page):
    return full_page.read_text()


def with_results(run, **changes):
    """The run with other results."""
    view = RunView(run)
    view.__dict__["results"] = msgspec.structs.replace(view.results, **changes)
    return view


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#39;", "'")


def test_all_fourteen_sections_stand_in_the_order_in_which_a_person_decides(html):
    found = re.findall(r'<section id="([^"]+)"', html)
    assert found == [
        "verdict", "arms", "ablations", "judge", "answers", "slices", "training", "funnel", "lineage", "diversity", "leakage", "harm", "cost", "provenance",
    ]  # fmt: skip
    assert "could not be made" not in html


def test_a_better_arm_is_not_to_be_shipped_while_a_gate_is_not_passed(everything):
    text = text_of(Verdict().render(RunView(everything)).html)
    assert "1 of 2 gates is passed." in text
    assert "✕ not passed toxicity_rate.delta.high" in text
    assert "Do not ship tuned-augmented yet" in text


@pytest.mark.parametrize(
    ("passed", "said"),
    [([True], "The gate is passed."), ([True, True], "All 2 gates are passed."), ([None], "No gate is passed."), ([], "can take the place of")],
)
def test_the_verdict_counts_the_gates(everything, passed, said):
    view = with_results(everything, gates=[GateResult("x > 0", one, "the gate 'x > 0' names the metric 'x'") for one in passed])
    text = text_of(Verdict().render(view).html)
    assert said in text
    assert ("Do not ship" in text) == (not all(passed))


def test_what_to_keep_is_said_before_the_tables(html):
    part = text_of(html[html.index('<section id="ablations"') : html.index('<section id="judge"')])
    for words in ("▲ Keep rephrase:n=14", "▼ Could go noise", "○ Not known persona:n=4", "○ Did nothing here toxicity"):
        assert words in part
    assert part.index("Keep") < part.index("Each strategy left out")


def test_leaked_questions_are_listed_and_the_verdict_stands_with_them_and_without(everything):
    html = Leakage().render(RunView(everything)).html
    text = text_of(html)
    assert "2 test questions stand in the training data of at least one arm" in text
    assert ": tuned-augmented 2." in text
    assert "without them (the verdict above)" in text
    assert "+0.140" in text
    assert html.count("<td dir=") == 4


def test_a_search_that_found_no_leak_says_so_once(everything):
    view = with_results(everything, leaks=msgspec.structs.replace(RunView(everything).results.leaks, count=0, by_arm={}, pairs=[], headline=None))
    text = text_of(Leakage().render(view).html)
    assert text.count("None stands in it (n = 120 test questions)") == 1
    assert "word for word in the" not in text


def test_harm_says_what_became_worse_and_shows_the_answers_flagged(everything):
    html = Harm().render(RunView(everything)).html
    text = text_of(html)
    assert "Toxicity of answers: tuned-augmented is worse than tuned-original." in text
    assert "Counterfactual answers: tuned-augmented is further from 1 than tuned-original (over all groups, group 0" in text
    assert "6 flagged" in text
    worst = html[html.index("Toxicity of answers: the worst answers") :]
    values = re.findall(r'seed 0 <span class="score">([\d.]+)<', worst)[:5]
    assert values == sorted(values, reverse=True)
    assert values[0] == "0.99"


def test_where_nothing_became_worse_that_is_said_and_not_more(everything):
    results = RunView(everything).results
    calm = [msgspec.structs.replace(one, verdict="can't tell") for one in results.comparisons]
    text = text_of(Harm().render(with_results(everything, comparisons=calm, bias=[])).html)
    assert "became worse by more than chance" in text
    assert "not proof of harmlessness" in text


def test_the_bills_add_up_and_an_unknown_price_is_no_zero(everything, html):
    found = {one.what: one for one in bills(RunView(everything))}
    assert set(found) == {"making variants", "training", "answering the test", "judge pairwise", "judge rubric"}
    assert found["making variants"].dollars == 0.7615
    assert found["answering the test"].calls == 120 * (1 + 1 + 2 + 2)
    assert found["answering the test"].dollars == 0
    assert found["judge rubric"].dollars is None
    part = text_of(html[html.index('<section id="cost"') : html.index('<section id="provenance"')])
    assert "at least $1.07" in part
    kept = RunView(everything).funnel["variants"]
    assert f"{round((180_400 + 31_050) / kept):,} tokens and ${0.7615 / kept:.2g}" in part
    assert "No price is known of judge rubric" in part


def test_prompts_are_shown_and_all_numbers_are_in_the_page(everything, html):
    part = html[html.index('<section id="provenance"') :]
    for words in ("You are a helpful support assistant.", "with 3 training examples before the question", "strategy paraphrase", "{{ text }}"):
        assert words in part
    block = re.search(r'id="results-data">([^<]*)<', part)[1]
    assert msgspec.json.decode(block) == msgspec.json.decode((everything / "metrics.json").read_bytes())


@dataclass(frozen=True)
class Both:
    """A stranger's section that has something to say of several runs."""

    name: ClassVar[str] = "both"
    order: ClassVar[int] = 30

    def render(self, run):
        return None

    def compare(self, runs):
        return SectionContent("Both", f"<p>{len(runs)} runs</p>")


def test_a_section_may_stand_on_the_page_that_compares_runs(run, everything, tmp_path):
    out = tmp_path / "comparison.html"
    write_report([run, everything], out, [Both(), *(section() for section in SECTIONS)])
    found = re.findall(r'<section id="([^"]+)"', out.read_text())
    assert found == ["verdicts", "metrics", "both", "questions", "settings"]
    assert "<p>2 runs</p>" in out.read_text()
