from __future__ import annotations

import msgspec
import pytest

from augmentor_evaluation.report.comparison import changes, recipe_diff
from augmentor_evaluation.report.runview import RunView
from tests.evaluation.report.fake_run import fake_run


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared")
    return fake_run(folder / "first", 80, name="first"), fake_run(folder / "second", 80, name="second", gain=0.2, seeds=(0, 1))


def test_questions_are_fixed_broken_or_unchanged(two):
    found = changes(*map(RunView, two), "first", "second")
    scores = []
    for run in two:
        values = {}
        for line in (run / "scores.jsonl").read_bytes().splitlines():
            row = msgspec.json.decode(line)
            if row["arm"] == "tuned-augmented":
                values.setdefault(row["id"], []).append(row["metrics"]["rouge_l"])
        scores.append({id: sum(some) / len(some) for id, some in values.items()})
    shared = scores[0].keys() & scores[1].keys()
    assert found.shared == len(shared)
    assert found.fixed == sum(scores[1][id] > scores[0][id] + 1e-9 for id in shared)
    assert found.broken == sum(scores[1][id] < scores[0][id] - 1e-9 for id in shared)
    assert found.fixed + found.broken + found.unchanged == found.shared
    assert [one.change for one in found.worst] == sorted(one.change for one in found.worst)


def test_a_run_compared_with_itself_is_unchanged(two):
    found = changes(RunView(two[0]), RunView(two[0]), "a", "b")
    assert (found.fixed, found.broken, found.only) == (0, 0, 0)


def test_the_page_shows_both_verdicts_and_what_differs(two, write, tmp_path):
    html = write(*two, out=tmp_path / "comparison.html").read_text()
    assert html.count("tuned-augmented</bdi> against <bdi>tuned-original") == 2
    assert "newly broken" in html
    assert "+seeds: [0, 1]" in html
    assert "could not be made" not in html


def test_the_same_recipe_has_no_difference(two):
    assert recipe_diff(RunView(two[0]), RunView(two[0]), "a", "b") == []


def test_runs_of_one_name_are_told_apart(tmp_path, write):
    runs = [fake_run(tmp_path / name, 24, families=3) for name in ("monday", "tuesday")]
    html = write(*runs, out=tmp_path / "comparison.html").read_text()
    assert "demo (monday)" in html
    assert "demo (tuesday)" in html


def test_a_run_without_results_is_compared_in_words(two, tmp_path, write):
    html = write(two[0], fake_run(tmp_path / "data", 24, evaluated=False), out=tmp_path / "comparison.html").read_text()
    assert "compared no models" in html
    assert "cannot be compared" in html
    assert "could not be made" not in html
