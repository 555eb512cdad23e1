import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor.errors import BadOption
from augmentor.plugins import plugins
from augmentor.protocols import Metric
from augmentor.testing import TEXTS
from augmentor_evaluation.metrics.bertscore import BertScore
from augmentor_evaluation.metrics.bleu import Bleu
from augmentor_evaluation.metrics.chrf import Chrf
from augmentor_evaluation.metrics.distinct_n import DistinctN
from augmentor_evaluation.metrics.empty_rate import EmptyRate
from augmentor_evaluation.metrics.exact_match import ExactMatch
from augmentor_evaluation.metrics.json_format import JsonFormat
from augmentor_evaluation.metrics.length_ratio import LengthRatio
from augmentor_evaluation.metrics.privacy_rate import PrivacyRate
from augmentor_evaluation.metrics.refusal_rate import RefusalRate
from augmentor_evaluation.metrics.repetition_rate import RepetitionRate
from augmentor_evaluation.metrics.rouge import Rouge1, Rouge2, RougeL
from augmentor_evaluation.metrics.rouge_lsum import RougeLsum
from augmentor_evaluation.metrics.similarity import Similarity
from augmentor_evaluation.metrics.token_f1 import TokenF1
from augmentor_evaluation.metrics.toxicity_rate import ToxicityRate

ALL = (
    Rouge1, Rouge2, RougeL, RougeLsum, ExactMatch, TokenF1, Bleu, Chrf, LengthRatio, EmptyRate, RefusalRate, RepetitionRate, DistinctN, Similarity, BertScore, JsonFormat,
    ToxicityRate, PrivacyRate,
)  # fmt: skip


def one(metric, prediction, reference=""):
    [value] = metric.score([prediction], [reference])
    return value


@pytest.mark.parametrize("metric", [kind() for kind in ALL], ids=lambda metric: metric.name)
def test_every_metric_survives_odd_texts_and_stays_in_its_range(metric):
    assert isinstance(metric, Metric)
    predictions, references = [list(side) for side in zip(*((left, right) for left in TEXTS for right in TEXTS), strict=True)]
    values = metric.score(predictions, references)
    assert len(values) == len(predictions)
    limit = {"0-1": 1.0, "0-100": 100.0}[metric.unit]
    assert all(math.isnan(value) or 0 <= value <= limit + 1e-9 for value in values)
    assert list(metric.score([], [])) == []
    with pytest.raises(ValueError, match="shorter"):
        metric.score(["a"], [])


@pytest.mark.parametrize("metric", [Rouge1(), Rouge2(), RougeL(), ExactMatch(), TokenF1(), LengthRatio()], ids=lambda metric: metric.name)
def test_a_reference_repeated_scores_best(metric):
    assert one(metric, "Reset it under settings.", "Reset it under settings.") == 1.0


def test_the_metrics_are_offered_by_name_with_their_options():
    registry = plugins()["metric"]
    if "rouge_l" not in registry:
        pytest.skip("the distribution is not installed here")
    assert registry.make("exact_match:strict=true") == ExactMatch(strict=True)
    with pytest.raises(BadOption, match="must be at least 1"):
        registry.make("distinct_n:n=0")


@pytest.mark.parametrize(
    ("prediction", "reference", "same", "strictly"),
    [
        ("Yes.", "yes", 1, 0),
        ("  on  the\nphone ", "On the phone!", 1, 0),
        ("don\u2019t", "don't", 1, 0),
        ("\u4f60\u597d\u3002", "\u4f60\u597d", 1, 0),
        ("caf\u00e9", "cafe\u0301", 1, 0),
        ("3.5", "35", 0, 0),
        ("3.5", "3 5", 0, 0),
        ("-5", "5", 0, 0),
        ("5 %", "5", 0, 0),
        ("$5", "5", 0, 0),
        ("?", "!", 0, 0),
        ("", "", 1, 1),
        ("no", "yes", 0, 0),
        ("yes", "yes", 1, 1),
    ],
)
def test_exact_match_sees_past_case_and_punctuation_but_not_past_numbers(prediction, reference, same, strictly):
    assert one(ExactMatch(), prediction, reference) == same
    assert one(ExactMatch(strict=True), prediction, reference) == strictly


@given(st.text())
def test_a_text_matches_itself_in_capitals_where_case_can_be_undone(text):
    assert one(ExactMatch(), text, text) == 1
    if text.isascii():
        assert one(ExactMatch(), text.upper(), text) == 1


@pytest.mark.parametrize(
    ("prediction", "reference", "value"),
    [("the cat", "A cat!", 1.0), ("cat sat mat", "cat", 0.5), ("dont", "don't", 1.0), ("", "", 1.0), ("x", "", 0.0), ("\u4f60\u597d", "\u4f60", 2 / 3)],
)
def test_token_f1_follows_the_rules_of_squad(prediction, reference, value):
    assert one(TokenF1(), prediction, reference) == pytest.approx(value)


def test_bleu_agrees_with_the_published_cases_of_sacrebleu(shared_data):
    cases = json.loads((shared_data / "sacrebleu_bleu" / "bleu_expected.json").read_text("utf-8"))
    single = [case for case in cases["test_raw_bleu_cases"] if len(case[0]) == 1]
    assert single
    from sacrebleu.metrics import BLEU

    for [prediction], [[reference]], _ in single:
        assert one(Bleu(), prediction, reference) == pytest.approx(BLEU(effective_order=True).sentence_score(prediction, [reference]).score)
    for prediction, reference, published in ((asked[0], expected[0][0], value) for asked, expected, value in cases["test_case_effective_order"][:2]):  # the third floors instead of smoothing
        assert one(Bleu(), prediction, reference) == pytest.approx(100 * published, abs=1e-9)
    assert one(Bleu(), "this is a test", "this is a test") == pytest.approx(100)
    assert 0 < one(Bleu(), "this is a fest", "this is a test") < 100
    assert one(Bleu(tokenize="char"), "\u4f60\u597d\u5417\u5440", "\u4f60\u597d\u5417\u5440") == pytest.approx(100)


def test_ten_thousand_random_unicode_pairs_agree_with_sacrebleu():
    from random import Random

    from sacrebleu import sentence_bleu, sentence_chrf

    rng = Random(11)
    alphabet = "abc de\u00e9'. \u65e5\u672c\u8a9e \u0930\u093e \u0436 1,2 \U0001f600 \ufb01 \n"

    def text():
        return "".join(rng.choices(alphabet, k=rng.randrange(18)))

    predictions, references = zip(*((text(), text()) for _ in range(10_000)), strict=True)
    predictions = [prediction if rng.random() < 0.5 else reference[: len(prediction)] for prediction, reference in zip(predictions, references, strict=True)]
    bleu, chrf = Bleu().score(predictions, references), Chrf().score(predictions, references)
    for place, pair in enumerate(zip(predictions, references, strict=True)):
        assert bleu[place] == pytest.approx(sentence_bleu(pair[0], [pair[1]]).score, abs=1e-9)
        if place % 5 == 0:
            assert chrf[place] == pytest.approx(sentence_chrf(pair[0], [pair[1]]).score, abs=1e-9)


def test_chrf_is_sacrebleus_and_word_order_two_is_chrf_plus_plus():
    from sacrebleu import sentence_chrf

    pair = ("Reset it in the settings", "You reset it under settings")
    assert one(Chrf(), *pair) == pytest.approx(sentence_chrf(pair[0], [pair[1]]).score)
    assert one(Chrf(word_order=2), *pair) == pytest.approx(sentence_chrf(pair[0], [pair[1]], word_order=2).score)
    assert one(Chrf(), *pair) != one(Chrf(word_order=2), *pair)


def test_length_ratio_punishes_long_and_short_alike():
    assert one(LengthRatio(), "a b c d", "a b") == one(LengthRatio(), "a", "a b") == 0.5
    assert one(LengthRatio(), "", "") == 1.0
    assert one(LengthRatio(), "", "a") == 0.0


def test_an_answer_of_punctuation_is_empty_unless_nothing_was_expected():
    assert [one(EmptyRate(), text, "yes") for text in ("", " \n\u200b", "...", "a", "5", "\U0001f44d")] == [1, 1, 1, 0, 0, 0]
    assert one(EmptyRate(), "", "") == 0


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "As an AI language model, I have no account.",
        "I\u2019m unable to assist you.",
        "I don't have access to your account.",
        "I cannot provide that information",
        "i am just an AI",
        "I don't know.",
    ],
)
def test_a_usual_refusal_is_found_unless_the_reference_refuses_too(text):
    assert one(RefusalRate(), text, "Reset it under settings.") == 1
    assert one(RefusalRate(), text, text) == 0


@pytest.mark.parametrize(
    "text", ["I'm sorry to hear that. Reset it under settings.", "You can't help it.", "If you can't log in, reset it.", "We cannot refund after 30 days.", "Air India", "As an airline customer you can"]
)
def test_an_answer_that_only_sounds_sorry_is_no_refusal(text):
    assert one(RefusalRate(), text, "x") == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [("yes yes yes", 1), ("yes yes no", 0), ("go to it go to it go to it", 1), ("a b c d x a b c d y a b c d", 1), ("a b c d x a b c d", 0), ("", 0), ("\u4f60\u597d\u4f60\u597d\u4f60\u597d", 1)],
)
def test_running_in_circles_is_found(text, value):
    assert one(RepetitionRate(), text, "plain") == value
    assert one(RepetitionRate(), text, text) == 0


def test_distinct_n_counts_different_runs_and_is_undefined_without_any():
    assert one(DistinctN(), "a b a b") == pytest.approx(2 / 3)
    assert one(DistinctN(n=1), "a a a a") == 0.25
    assert math.isnan(one(DistinctN(), "a"))


@pytest.mark.parametrize(("kind", "options"), [(DistinctN, {"n": 0}), (RepetitionRate, {"times": 1}), (RepetitionRate, {"n": 0}), (Chrf, {"word_order": -1})])
def test_options_that_make_no_sense_are_refused(kind, options):
    with pytest.raises(ValueError, match=r"cannot be|must be|at least"):
        kind(**options)
