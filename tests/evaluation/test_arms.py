import json
import math
import random
from dataclasses import dataclass
from typing import ClassVar

import msgspec
import numpy as np
import pytest

import augmentor_evaluation
from augmentor.errors import DataError, UsageError
from augmentor.protocols import ArmPredictions
from augmentor_evaluation.arms import compare_arms
from augmentor_evaluation.metrics.distinct_n import DistinctN
from augmentor_evaluation.metrics.empty_rate import EmptyRate
from augmentor_evaluation.metrics.exact_match import ExactMatch
from augmentor_evaluation.results import Estimate, Results
from augmentor_evaluation.scoring import Scores

RIGHT, WRONG = "reset it under settings", "call us"


def answers(share, count, seed=0):
    """Right answers to about a share of the questions."""
    rng = random.Random(seed)
    return [RIGHT if rng.random() < share else WRONG for _ in range(count)]


def of(results, arm, baseline, metric="exact_match"):
    [found] = [one for one in results.comparisons if (one.arm, one.baseline, one.metric) == (arm, baseline, metric)]
    return found


def test_a_clear_difference_is_called_better_with_its_numbers(comparison):
    results = compare_arms(comparison({"base": {0: answers(0.2, 60)}, "tuned": {0: answers(0.9, 60, 1)}}, [RIGHT] * 60))
    head = results.headline
    assert (head.verdict, head.subject, head.baseline, head.metric, head.questions, head.clusters) == ("better", "tuned", "base", "exact_match", 60, 60)
    base, tuned = (arm.metrics["exact_match"].mean for arm in results.arms)
    assert head.difference.mean == pytest.approx(tuned - base)
    assert 0 < head.difference.low < head.difference.mean < head.difference.high
    one = of(results, "tuned", "base")
    assert one.wins + one.ties + one.losses == 60
    assert one.wins - one.losses == round(60 * head.difference.mean)
    assert one.win_share.mean == pytest.approx(one.wins / (one.wins + one.losses))
    assert one.p <= one.q <= 0.01
    assert head.sentence.startswith(f"tuned is better than base on Exact match: {tuned:.3f} against {base:.3f}, +{tuned - base:.3f} (95\u00a0% interval +")
    assert "60 questions in 60 roots" in head.sentence


def test_the_same_arm_twice_cannot_be_told_apart(comparison):
    same = answers(0.5, 40)
    results = compare_arms(comparison({"base": {0: same}, "tuned": {0: same}}, [RIGHT] * 40))
    one = of(results, "tuned", "base")
    assert (one.verdict, one.p, one.ties, one.wins, one.detectable) == ("can't tell", 1.0, 40, 0, None)
    assert one.win_share == Estimate(None)
    assert one.difference.low < 0 == one.difference.mean < one.difference.high
    assert "the same on every question" in one.sentence


def test_a_small_difference_says_what_would_have_been_found(comparison):
    results = compare_arms(comparison({"base": {0: [RIGHT, WRONG, WRONG, RIGHT] * 10}, "tuned": {0: [RIGHT, RIGHT, WRONG, WRONG] * 9 + [RIGHT] * 4}}, [RIGHT] * 40))
    one = of(results, "tuned", "base")
    assert one.verdict == "can't tell"
    assert 0.15 < one.detectable < 0.5
    assert f"A true difference of {one.detectable:.3f} would have been found four times in five." in one.sentence


def test_lower_is_better_where_the_metric_says_so(comparison):
    request = comparison({"base": {0: [""] * 30}, "tuned": {0: [RIGHT] * 30}}, [RIGHT] * 30, metrics={"empty_rate": EmptyRate()}, headline="empty_rate")
    one = of(compare_arms(request), "tuned", "base", "empty_rate")
    assert (one.difference.mean, one.verdict, one.wins, one.losses) == (-1.0, "better", 30, 0)
    assert -1 <= one.difference.low <= -1 < one.difference.high < -0.7


def test_questions_of_one_label_count_as_one_cluster(comparison):
    """Ten labels with ten questions each, all of a label won or lost together: much less certain than a hundred questions."""
    won = [True, True, True, True, True, True, True, False, False, False]
    tuned = [RIGHT if won[index // 10] else WRONG for index in range(100)]
    base = [WRONG if won[index // 10] else RIGHT for index in range(100)]
    arms, references = {"base": {0: base}, "tuned": {0: tuned}}, [RIGHT] * 100
    labelled = compare_arms(comparison(arms, references, labels=[f"l{index // 10}" for index in range(100)]))
    unlabelled = compare_arms(comparison(arms, references))
    assert (labelled.cluster_by, labelled.headline.clusters, labelled.headline.verdict) == ("label", 10, "can't tell")
    assert (unlabelled.cluster_by, unlabelled.headline.clusters, unlabelled.headline.verdict) == ("root", 100, "better")
    assert "100 questions in 10 labels" in labelled.headline.sentence


@pytest.mark.parametrize("labels", [["a"] * 12, ["a"] * 11 + [None], None])
def test_without_labels_or_with_one_only_roots_are_the_clusters(comparison, labels):
    roots = [f"r{index // 2}" for index in range(12)]
    results = compare_arms(comparison({"base": {0: answers(0.5, 12)}, "tuned": {0: answers(0.5, 12, 2)}}, [RIGHT] * 12, labels=labels, roots=roots))
    assert (results.cluster_by, results.headline.clusters) == ("root", 6)


def test_failed_calls_are_left_out_and_counted_never_scored_zero(comparison):
    base, tuned = [RIGHT] * 20, [None, None, *[RIGHT] * 18]
    request = comparison({"base": {0: base}, "tuned": {0: tuned}}, [RIGHT] * 20)
    results = compare_arms(request)
    arm = results.arms[1]
    assert (arm.failed, arm.questions, arm.metrics["exact_match"].mean, arm.by_seed) == (2, 18, 1.0, {"rouge_l": {"0": 1.0}, "exact_match": {"0": 1.0}})
    assert (results.headline.questions, results.headline.difference.mean) == (18, 0.0)
    assert any("Calls that failed, and are left out: tuned 2" in limit for limit in results.limits)
    lines = [json.loads(line) for line in request.scores.read_text("utf-8").splitlines()]
    assert lines[20] == {"id": "q0", "arm": "tuned", "seed": 0, "metrics": {}}
    assert lines[22] == {"id": "q2", "arm": "tuned", "seed": 0, "metrics": {"rouge_l": 1.0, "exact_match": 1.0}}
    assert len(lines) == 40


def test_an_arm_that_failed_altogether_is_reported_without_a_verdict(comparison):
    results = compare_arms(comparison({"base": {0: [RIGHT] * 5}, "tuned": {0: [None] * 5}}, [RIGHT] * 5))
    assert (results.arms[1].questions, results.arms[1].metrics["rouge_l"]) == (0, Estimate(None))
    assert (results.headline.verdict, results.headline.questions, results.headline.difference) == ("can't tell", 0, Estimate(None))
    assert "no question in common" in results.headline.sentence


def test_arms_are_compared_on_the_questions_both_answered(comparison):
    base, tuned = [RIGHT] * 10 + [...] * 10, [...] * 5 + [WRONG] * 15
    results = compare_arms(comparison({"base": {0: base}, "tuned": {0: tuned}}, [RIGHT] * 20))
    assert results.headline.questions == 5
    assert results.headline.difference.mean == -1.0
    assert any("Questions without an answer, by arm: base 10 and tuned 5" in limit for limit in results.limits)


def test_seeds_are_averaged_within_questions_and_their_spread_widens_the_interval(comparison):
    references = [RIGHT] * 60
    base = {"base": {0: answers(0.3, 60)}}
    steady = compare_arms(comparison({**base, "tuned": {seed: answers(0.6, 60, 1) for seed in (0, 1, 2)}}, references))
    shaky = compare_arms(comparison({**base, "tuned": {0: [RIGHT] * 60, 1: answers(0.6, 60, 1), 2: answers(0.2, 60, 5)}}, references))
    assert steady.headline.seeds == [0, 1, 2]
    assert steady.headline.verdict == "better"
    assert shaky.headline.verdict == "can't tell"
    assert shaky.headline.questions == 60
    arm = shaky.arms[1]
    assert arm.metrics["exact_match"].mean == pytest.approx(sum(arm.by_seed["exact_match"].values()) / 3)
    assert any(limit.startswith("Under one seed only: base.") for limit in shaky.limits)


@pytest.mark.parametrize(
    ("ours", "theirs", "seeds", "expected"),
    [
        ({0: 1.0, 1: 2.0}, {0: 0.5, 1: 0.25}, (0, 1), [0.5, 1.75]),
        ({0: 1.0, 1: 2.0}, {7: 0.5}, (0, 1), [0.5, 1.5]),
        ({7: 1.0}, {0: 0.5, 1: 0.25}, (0, 1), [0.5, 0.75]),
        ({0: 9.0, 1: 2.0, 2: 3.0}, {1: 1.0, 2: 1.0}, (1, 2), [1.0, 2.0]),
        ({0: 1.0, 1: 2.0, 2: 3.0}, {5: 1.0, 6: 1.0}, (0, 1), [0.0, 1.0]),
    ],
)
def test_seeds_are_paired_by_number_where_both_arms_have_them(ours, theirs, seeds, expected):
    left, right = (Scores(tuple(side), np.array([[value] for value in side.values()])) for side in (ours, theirs))
    difference = left.minus(right)
    assert difference.seeds == seeds
    assert difference.values[:, 0].tolist() == expected


def test_the_interval_of_a_mean_stays_within_the_range_of_its_metric(comparison):
    mostly = ["reset it under"] + [RIGHT] * 11
    rouge = compare_arms(comparison({"tuned": {0: mostly}}, [RIGHT] * 12)).arms[0].metrics["rouge_l"]
    assert rouge.low < rouge.mean < rouge.high == 1.0


def test_every_arm_meets_the_baseline_and_the_subject_meets_every_other_once(comparison):
    arms = {name: {0: answers(0.5, 12, index)} for index, name in enumerate(["base", "prompted", "original", "augmented"])}
    results = compare_arms(comparison(arms, [RIGHT] * 12, baseline="original", subject="augmented"))
    pairs = [(one.arm, one.baseline) for one in results.comparisons if one.metric == "rouge_l"]
    assert pairs == [("augmented", "original"), ("base", "original"), ("prompted", "original"), ("augmented", "base"), ("augmented", "prompted")]
    assert len(results.comparisons) == 10
    assert all(one.q >= one.p for one in results.comparisons)


def test_one_arm_alone_has_scores_and_no_headline(comparison):
    results = compare_arms(comparison({"tuned": {0: answers(0.7, 30)}}, [RIGHT] * 30))
    assert (results.headline, results.comparisons, results.gaps, results.slices) == (None, [], [], [])
    mean = results.arms[0].metrics["exact_match"]
    assert 0 < mean.low < mean.mean < mean.high < 1


def test_the_gap_that_is_closed_is_a_share_of_the_ceilings_lead(comparison):
    references = [RIGHT] * 90
    arms = {"base": {0: [WRONG] * 90}, "tuned": {0: [RIGHT] * 45 + [WRONG] * 45}, "ceiling": {0: [RIGHT] * 81 + [WRONG] * 9}}
    results = compare_arms(comparison(arms, references, subject="tuned", ceiling="ceiling"))
    [gap] = [gap for gap in results.gaps if gap.metric == "exact_match"]
    assert gap.closed.mean == pytest.approx(45 / 81)
    assert 0.4 < gap.closed.low < gap.closed.mean < gap.closed.high < 0.7
    assert gap.sentence.startswith("tuned closes 56\u00a0% (95\u00a0% interval 4")


def test_there_is_no_gap_where_the_ceiling_does_not_lead(comparison):
    arms = {"base": {0: answers(0.5, 30)}, "tuned": {0: answers(0.5, 30, 1)}, "ceiling": {0: answers(0.5, 30, 2)}}
    results = compare_arms(comparison(arms, [RIGHT] * 30, subject="tuned", ceiling="ceiling"))
    assert [gap.closed for gap in results.gaps] == [Estimate(None)] * 2
    assert "no gap to close" in results.gaps[0].sentence


def test_slices_by_label_and_by_length_add_up(comparison):
    labels = ["card"] * 20 + ["login"] * 5
    questions = ["short one"] * 8 + ["a question of some six words"] * 8 + ["a much longer question that goes on and on and on"] * 9
    arms = {"base": {0: [WRONG] * 25}, "tuned": {0: [RIGHT] * 20 + [WRONG] * 5}}
    results = compare_arms(comparison(arms, [RIGHT] * 25, labels=labels, questions=questions))
    by_label = {one.value: one for one in results.slices if one.group == "label"}
    assert (by_label["card"].subject, by_label["card"].baseline, by_label["card"].small, by_label["card"].clusters) == (1.0, 0.0, False, 20)
    assert (by_label["login"].difference.mean, by_label["login"].small) == (0.0, True)
    lengths = [one for one in results.slices if one.group == "question length"]
    assert [one.value for one in lengths] == ["up to 6 words", "over 6 words"] or sum(one.questions for one in lengths) == 25


def test_few_clusters_are_named_as_a_limit(comparison):
    labels = [f"l{index % 4}" for index in range(40)]
    results = compare_arms(comparison({"base": {0: [WRONG] * 40}, "tuned": {0: [RIGHT] * 40}}, [RIGHT] * 40, labels=labels))
    assert results.headline.verdict == "can't tell"
    assert results.limits[0].startswith("The test questions come from 4 labels only: no difference, however large")


def test_a_value_that_is_not_defined_is_null_in_the_file_and_left_out(comparison):
    request = comparison({"base": {0: ["a b", "a"]}}, ["x", "y"], metrics={"distinct_n": DistinctN()}, headline="distinct_n")
    results = compare_arms(request)
    assert [json.loads(line)["metrics"] for line in request.scores.read_text("utf-8").splitlines()] == [{"distinct_n": 1.0}, {"distinct_n": None}]
    assert results.arms[0].metrics["distinct_n"].mean == 1.0
    assert msgspec.json.encode(results)


def test_the_hook_gives_plain_data_that_is_the_same_every_time(comparison):
    request = comparison({"base": {0: answers(0.4, 30)}, "tuned": {0: answers(0.6, 30, 1), 1: answers(0.6, 30, 2)}}, [RIGHT] * 30)
    first, second = (augmentor_evaluation.augmentor_compare_arms(request) for _ in range(2))
    assert msgspec.json.encode(first) == msgspec.json.encode(second)
    assert msgspec.convert(first, Results) == compare_arms(request)
    assert first["metrics"][0]["about"].startswith("ROUGE-L: the longest run of words")


def test_the_order_of_arms_and_lines_does_not_change_a_comparison(comparison):
    arms = {"base": {0: answers(0.4, 30)}, "tuned": {0: answers(0.6, 30, 1)}}
    request = comparison(arms, [RIGHT] * 30)
    before = compare_arms(request).headline
    for one in request.predictions:
        one.path.write_bytes(b"\n".join(sorted(one.path.read_bytes().splitlines(), reverse=True)))
    after = compare_arms(request).headline
    assert (after.difference.mean, after.verdict) == (pytest.approx(before.difference.mean), before.verdict)
    assert after.difference.low == pytest.approx(before.difference.low, abs=0.02)


@dataclass(frozen=True)
class Short:
    """Gives one value, whatever it is asked."""

    name: ClassVar[str] = "short"
    title: ClassVar[str] = "Short"
    higher_is_better: ClassVar[bool] = True

    def score(self, predictions, references):
        return [math.pi]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"subject": "tund"}, UsageError, "the subject 'tund' has no predictions. Did you mean 'tuned'"),
        ({"ceiling": "sky"}, UsageError, "the ceiling 'sky' has no predictions. Known: base, tuned"),
        ({"headline": "rouge_1"}, UsageError, "the headline metric 'rouge_1' is not measured. Did you mean 'rouge_l'"),
        ({"confidence": 95}, UsageError, "such as 0.95, not 95"),
        ({"metrics": {"short": Short()}, "headline": "short"}, UsageError, "'short' gave 1 values for 3 pairs"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_by_name(comparison, change, error, message):
    with pytest.raises(error, match=message):
        compare_arms(comparison({"base": {0: [RIGHT] * 3}, "tuned": {0: [RIGHT] * 3}}, [RIGHT] * 3, **change))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": "q0"}\n', "base.0.jsonl:1: this is no prediction: Object missing required field `root`"),
        ("\nnonsense\n", "base.0.jsonl:2: this is no prediction"),
        ('{"id":"a","root":"a","reference":"x","prediction":"y"}\n' * 2, "base.0.jsonl:2: the question 'a' is answered twice"),
        ("", "every file is empty"),
    ],
)
def test_a_broken_predictions_file_is_named_with_its_line(comparison, text, message):
    request = comparison({"base": {0: [RIGHT]}}, [RIGHT], metrics={"exact_match": ExactMatch()})
    request.predictions[0].path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=message):
        compare_arms(request)


def test_arms_that_answered_another_test_set_are_refused(comparison):
    request = comparison({"base": {0: [RIGHT]}, "tuned": {0: [RIGHT]}}, [RIGHT])
    path = request.predictions[1].path
    path.write_text(path.read_text("utf-8").replace(RIGHT, WRONG, 1), "utf-8")
    with pytest.raises(DataError, match="arms must answer the same test set"):
        compare_arms(request)
    twice = ArmPredictions("base", 0, path)
    with pytest.raises(UsageError, match="given twice under seed 0"):
        compare_arms(type(request)((*request.predictions, twice), request.metrics, request.scores, "exact_match", "base", "tuned"))
    path.unlink()
    with pytest.raises(DataError, match="cannot be read: No such file"):
        compare_arms(request)
