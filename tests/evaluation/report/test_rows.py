from __future__ import annotations

import msgspec
import pytest

from augmentor.errors import DataError
from augmentor_evaluation.report.families import read_lineage
from augmentor_evaluation.report.lines import read_lines
from augmentor_evaluation.report.rows import read_rows
from augmentor_evaluation.report.runview import Prediction, RunView
from tests.evaluation.report.fake_run import fake_run


@pytest.fixture(scope="module")
def view(run):
    return RunView(run)


def test_all_questions_are_counted_and_all_of_a_small_run_are_shown(view):
    rows = read_rows(view)
    assert rows.total == len(rows.chosen) == sum(rows.counts.values()) == 120
    assert rows.arms == ("base", "prompted", "tuned-original", "tuned-augmented")


def test_the_worst_regression_comes_first(view):
    rows = read_rows(view)
    worst = [row.change for row in rows.worst(50)]
    assert worst == sorted(worst)
    assert worst[0] == min(row.change for row in rows.chosen if row.change is not None)
    best = [row.change for row in rows.best(50)]
    assert best == sorted(best, reverse=True)


def test_of_a_large_run_every_regression_and_every_failure_is_kept(view):
    whole = read_rows(view)
    needed = {row.id for row in whole.chosen if row.outcome == "worse" or any(answer and answer.error for answer in row.answers)}
    few = read_rows(view, cap=len(needed) + 3)
    assert needed <= {row.id for row in few.chosen}
    assert len(few.chosen) == len(needed) + 3
    assert few.counts == whole.counts


def test_flagged_answers_are_kept_after_regressions_and_failures(everything):
    view = RunView(everything)
    whole = read_rows(view)
    flagged = {row.id for row in whole.chosen if row.flagged}
    assert flagged == {"q1", "q2", "q3", "q5", "q6", "q7"}
    failed = {row.id for row in whole.chosen if any(answer and answer.error for answer in row.answers)}
    few = read_rows(view, cap=whole.counts["worse"] + len(failed | flagged))
    assert flagged <= {row.id for row in few.chosen}


def test_long_texts_that_escaping_makes_longer_still_fit_the_page(tmp_path, write):
    run = fake_run(tmp_path / "run", 600, families=4)
    for path in (run / "predictions").iterdir():
        rows = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
        for row in rows:
            row["prediction"] = f"{row['id']} {path.stem} " + "<&>" * 2000
        path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    assert 0 < len(read_rows(RunView(run)).chosen) < 600
    assert write(run).stat().st_size < 8_000_000


def test_a_score_is_the_mean_over_seeds(view, run):
    rows = {row.id: row for row in read_rows(view).chosen}
    values = {}
    for line in (run / "scores.jsonl").read_bytes().splitlines():
        row = msgspec.json.decode(line)
        if row["arm"] == "tuned-augmented" and row["id"] == "q3":
            values[row["seed"]] = row["metrics"]["rouge_l"]
    assert len(values) == 2
    assert rows["q3"].answers[3].score == pytest.approx(sum(values.values()) / 2)


def test_where_less_is_better_a_fall_is_a_gain(tmp_path):
    run = fake_run(tmp_path / "run", 60)
    before = read_rows(RunView(run))
    results = msgspec.json.decode((run / "metrics.json").read_bytes())
    results["metrics"][0]["higher_is_better"] = False
    (run / "metrics.json").write_bytes(msgspec.json.encode(results))
    after = read_rows(RunView(run))
    assert (after.counts["better"], after.counts["worse"]) == (before.counts["worse"], before.counts["better"])


def test_variants_are_counted_by_strategy_and_fate(view, run):
    lineage = read_lineage(view)
    funnel = msgspec.json.decode((run / "funnel.json").read_bytes())
    assert sum(lineage.kept.values()) == funnel["variants"]
    assert sum(lineage.dropped.values()) == sum(funnel["dropped"].values())
    assert set(lineage.kept) == {"rephrase", "persona", "noise"}
    assert all(one.filter is None or one.reason for family in lineage.chosen for one in family.variants)


def test_the_choice_of_families_does_not_depend_on_anything_but_the_data(view):
    assert read_lineage(view) == read_lineage(view)


def test_a_damaged_line_is_named(tmp_path):
    path = tmp_path / "base.0.jsonl"
    path.write_bytes(b'{"id": "a"}\n{"id": \n')
    with pytest.raises(DataError, match=r"base\.0\.jsonl, line 2"):
        list(read_lines(path, Prediction))


def test_lone_surrogates_and_bad_bytes_are_read(tmp_path):
    path = tmp_path / "base.0.jsonl"
    path.write_bytes(b'{"id": "a", "question": "x\\ud800y"}\n{"id": "b", "question": "\xff"}\n')
    assert [row.question for row in read_lines(path, Prediction)] == ["x\ud800y", "\ufffd"]
