"""What each part is worth, on the page: real comparisons of made-up answers."""

from __future__ import annotations

import re

import msgspec
import pytest

from augmentor.protocols import Ablation, ArmPredictions, CompareRequest
from augmentor_evaluation.arms import compare_arms
from augmentor_evaluation.metrics.rouge import RougeL
from augmentor_evaluation.report.runview import RunView
from augmentor_evaluation.report.sections.ablations import Ablations, ordered
from augmentor_evaluation.report.sections.arms import Arms
from tests.evaluation.report.fake_run import SKILL, fake_run

SKILLS = {
    "without-rephrase": 0.5, "without-persona": 0.68, "only-rephrase": 0.66, "only-persona": 0.55, "without-filter-bias": 0.75, "tuned-original-25": 0.2,
    "tuned-augmented-25": 0.45, "tuned-original-50": 0.4, "tuned-augmented-50": 0.6,
}  # fmt: skip
ABLATIONS = (
    Ablation("rephrase:n=16", "left out", "tuned-augmented", "without-rephrase", rows=900, changed=600),
    Ablation("persona:n=3", "left out", "tuned-augmented", "without-persona", rows=900, changed=200),
    Ablation("rephrase:n=16", "alone", "only-rephrase", "tuned-original", rows=700, changed=500),
    Ablation("persona:n=3", "alone", "only-persona", "tuned-original", rows=300, changed=180),
    Ablation("bias", "filter off", "tuned-augmented", "without-filter-bias", rows=900, changed=41),
    Ablation("<b>toxicity</b>", "filter off", "tuned-augmented", "without-filter-toxicity", rows=900, changed=0),
    Ablation("25 % of the sources", "share", "tuned-augmented-25", "tuned-original-25", 0.25, rows=225, changed=190),
    Ablation("50 % of the sources", "share", "tuned-augmented-50", "tuned-original-50", 0.5, rows=450, changed=380),
    Ablation("100 % of the sources", "share", "tuned-augmented", "tuned-original", rows=900, changed=760),
)


@pytest.fixture(scope="module")
def experiment(tmp_path_factory):
    """The folder of a run with an experiment."""
    with pytest.MonkeyPatch.context() as patch:
        for arm, skill in SKILLS.items():
            patch.setitem(SKILL, arm, skill)
        out = fake_run(tmp_path_factory.mktemp("experiment") / "demo", 300, arms=("base", *SKILLS, "without-filter-toxicity", "tuned-original", "tuned-augmented"))
    files = tuple(ArmPredictions(path.stem.rpartition(".")[0], int(path.stem.rpartition(".")[2]), path) for path in sorted(out.glob("predictions/*.jsonl")))
    request = CompareRequest(files, {"rouge_l": RougeL()}, out / "scores.jsonl", "rouge_l", "tuned-original", "tuned-augmented", ablations=ABLATIONS)
    (out / "metrics.json").write_bytes(msgspec.json.encode(compare_arms(request)))
    return out


def test_every_part_has_a_row_and_its_verdict_in_words(experiment):
    html = Ablations().render(RunView(experiment)).html
    assert html.count("<tr>") + html.count('<tr class="small">') == len(ABLATIONS) + 8  # a head and an axis for each of the four tables
    words = re.findall(r'class="word \w+">. ([^<]+)<', html)
    assert {"worth it", "changed no row"} <= set(words)
    assert "&lt;b&gt;toxicity" in html
    assert "one training" in html


def test_parts_are_sorted_by_worth_and_unchanged_ones_come_last(experiment):
    results = RunView(experiment).results
    assert [one.part for one in ordered(results.experiment, "left out", 1.0)] == ["rephrase:n=16", "persona:n=3"]
    assert [one.part for one in ordered(results.experiment, "filter off", 1.0)] == ["bias", "<b>toxicity</b>"]
    assert [one.share for one in ordered(results.experiment, "share", 1.0)] == [0.25, 0.5, 1.0]


def test_the_learning_curve_draws_a_mean_and_two_bounds_for_each_arm(experiment):
    html = Ablations().render(RunView(experiment)).html
    assert html.count('class="curve style0"') == 2  # the curve and its key
    assert html.count('class="curve style0 quiet"') == html.count('class="curve style1 quiet"') == 2
    assert "share of the sources (%)" in html


def test_added_arms_have_this_section_only(experiment):
    view = RunView(experiment)
    assert view.added == {*SKILLS, "without-filter-toxicity"}
    assert set(view.prediction_files) == {"base", "tuned-original", "tuned-augmented"}
    assert "without-persona" not in Arms().render(view).html


def test_a_run_without_an_experiment_has_no_such_section(run):
    assert Ablations().render(RunView(run)) is None


def test_the_page_stands_in_a_browser_of_any_width(experiment, write, browser):
    page = write(experiment)
    for width in (1440, 390):
        tab = browser.new_page(viewport={"width": width, "height": 900})
        noise: list[str] = []
        tab.on("console", lambda message, noise=noise: noise.append(message.text))
        tab.goto(page.as_uri() + "#ablations")
        assert not noise
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert tab.evaluate("document.querySelector('#ablations svg.lines').getBoundingClientRect().height") > 200
        tab.close()


def test_what_an_earlier_experiment_left_in_the_folder_is_not_shown(experiment):
    left = experiment / "predictions/only-noise.0.jsonl"
    left.write_bytes((experiment / "predictions/base.0.jsonl").read_bytes())
    assert "only-noise" not in RunView(experiment).prediction_files
    left.unlink()
