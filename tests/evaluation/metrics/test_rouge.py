import json
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from augmentor_evaluation.metrics.rouge import Rouge1, Rouge2, RougeL, longest_common_subsequence, shared, shared_pairs
from augmentor_evaluation.metrics.rouge_lsum import RougeLsum, matched_places
from augmentor_evaluation.words import words

METRICS = {"rouge1": Rouge1(), "rouge2": Rouge2(), "rougeL": RougeL(), "rougeLsum": RougeLsum()}


class SameWords:
    """Our words for the package's scorer."""

    def tokenize(self, text):
        return words(text)


def assert_agreement(pairs, scorer, tolerance=1e-9):
    predictions, references = [list(side) for side in zip(*pairs, strict=True)]
    ours = {name: metric.score(predictions, references) for name, metric in METRICS.items()}
    for index, (prediction, reference) in enumerate(pairs):
        expected = scorer.score(reference, prediction)
        for name in METRICS:
            assert ours[name][index] == pytest.approx(expected[name].fmeasure, abs=tolerance), (name, prediction, reference)


@given(st.lists(st.tuples(*[st.text(st.sampled_from("ab c.D'1\n"), max_size=40)] * 2), min_size=1, max_size=20))
def test_ascii_values_are_those_of_the_package_as_it_comes(pairs):
    assert_agreement(pairs, RougeScorer(list(METRICS)))


def test_ten_thousand_random_unicode_pairs_agree_with_the_package_on_our_words():
    rng = Random(7)
    alphabets = ["abc\nd eé'", "日本語のテ キ。\n", "नमस्ते दुनिया", "абв гдё", "ก ข ค ้", "😀 x ß İ ﬁ"]

    def text():
        alphabet = "".join(rng.sample(alphabets, 2))
        return "".join(rng.choices(alphabet, k=rng.randrange(25)))

    pairs = []
    for _ in range(10_000):
        reference = text()
        pairs.append((reference[: rng.randrange(len(reference) + 1)] + text() if rng.random() < 0.5 else text(), reference))
    assert_agreement(pairs, RougeScorer(list(METRICS), tokenizer=SameWords()))


def test_published_values_of_another_implementation_hold_for_single_words(shared_data):
    """That one counts distinct pairs for ROUGE-2 and sentences for ROUGE-L; precision and recall of single words are comparable."""
    cases = json.loads((shared_data / "rouge_pltrdy" / "data.json").read_text("utf-8"))
    for case in cases:
        left, right = set(case["hyp"].split()), set(case["ref"].split())
        common = shared(sorted(left), sorted(right))
        assert common / len(left) == pytest.approx(case["scores"]["rouge-1"]["p"], abs=1e-9)
        assert common / len(right) == pytest.approx(case["scores"]["rouge-1"]["r"], abs=1e-9)


def test_values_from_the_documentation_of_evaluate_hold(shared_data):
    cases = [case for case in json.loads((shared_data / "evaluate_doctests" / "evaluate_expected.json").read_text("utf-8")) if case["metric"] == "rouge"]
    assert cases
    for case in cases:
        expected = case["expected"]
        for name, metric in METRICS.items():
            values = metric.score(case["predictions"], case["references"])
            assert sum(values) / len(values) == pytest.approx(expected[name], abs=1e-9)


def test_the_same_chinese_text_scores_one():
    text = ["你好，怎么取消订单？"]
    assert [metric.score(text, text) for metric in METRICS.values()] == [[1.0]] * len(METRICS)


def test_nothing_in_common_and_nothing_at_all_score_zero():
    for metric in METRICS.values():
        assert metric.score(["a b", "", "?", ""], ["c d", "a", "?", ""]) == [0.0] * 4


tokens = st.lists(st.sampled_from("abcd"), max_size=30)


@given(tokens, tokens)
def test_the_longest_common_subsequence_is_that_of_the_textbook(left, right):
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
    assert longest_common_subsequence(left, right) == table[-1][-1]


@given(tokens, tokens)
def test_the_matched_places_are_a_longest_common_subsequence(reference, answer):
    places = matched_places(reference, answer)
    assert len(places) == len(set(places)) == longest_common_subsequence(reference, answer)
    rest = iter(answer)
    assert all(reference[place] in rest for place in sorted(places)), "in the answer's order, too"


@given(st.lists(st.tuples(*[st.text(st.sampled_from("ab c\n"), max_size=40)] * 2), min_size=1, max_size=20))
def test_lines_are_matched_as_the_package_matches_them(pairs):
    scorer = RougeScorer(["rougeLsum"])
    ours = RougeLsum().score(*[list(side) for side in zip(*pairs, strict=True)])
    for value, (prediction, reference) in zip(ours, pairs, strict=True):
        assert value == pytest.approx(scorer.score(reference, prediction)["rougeLsum"].fmeasure, abs=1e-9)


@given(tokens, tokens)
def test_pairs_are_counted_as_often_as_in_the_side_where_they_are_rarer(left, right):
    from collections import Counter

    pairs = [Counter(pairwise(side)) for side in (left, right)]
    assert shared_pairs(left, right) == sum((pairs[0] & pairs[1]).values())
    assert shared(left, right) == sum((Counter(left) & Counter(right)).values())
