import pytest

import augmentor_evaluation
from augmentor.errors import UsageError

RIGHT, WRONG = "reset it under settings", "call us"


@pytest.fixture
def results(comparison):
    arms = {"base": {0: [WRONG] * 30}, "v1.2": {0: [RIGHT] * 15 + [WRONG] * 15}, "tuned": {0: [RIGHT] * 27 + [WRONG] * 3}}
    return augmentor_evaluation.augmentor_compare_arms(comparison(arms, [RIGHT] * 30))


def check(gate, results):
    return augmentor_evaluation.augmentor_check_gate(gate, results)


@pytest.mark.parametrize(
    ("gate", "passed"),
    [
        ("exact_match.delta.low > 0", True),
        ("exact_match.delta.low>0.95", False),
        ("exact_match.delta.mean >= 0.9", True),
        ("exact_match.mean >= 0.9", True),
        ("  tuned.exact_match.mean   <  0.9 ", False),
        ("v1.2.exact_match.mean <= 0.5", True),
        ("v1.2.exact_match.delta.low > 0.2", True),
        ("tuned/v1.2.exact_match.delta.mean > 0.39", True),
        ("base.rouge_l.high < 0.5", True),
        ("exact_match.delta.q < 0.05", True),
        ("exact_match.delta.p > 1e-1", False),
    ],
)
def test_a_gate_is_judged_by_the_value_it_names(results, gate, passed):
    assert check(gate, results).passed is passed


def test_the_sentence_gives_the_number(results):
    assert check("exact_match.delta.mean > 1", results).sentence == "Gate not passed: exact_match.delta.mean > 1; the difference of tuned against base is 0.9."
    assert check("tuned.exact_match.mean > 0.5", results).sentence == "Gate passed: tuned.exact_match.mean > 0.5; the mean of tuned is 0.9."


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        ("exact_mach.delta.low > 0", "the metric 'exact_mach', which was not measured. Did you mean 'exact_match'"),
        ("exact_match.delta.lo > 0", "asks for 'delta.lo'. Did you mean 'delta.low'"),
        ("exact_match.median > 0", "asks for 'median'"),
        ("tund.exact_match.mean > 0", "names the arm 'tund'. Did you mean 'tuned'"),
        ("tuned/bas.exact_match.delta.low > 0", "names the arm 'bas'. Did you mean 'base'"),
        ("v1.2/tuned.exact_match.delta.low > 0", "v1.2 was not compared with tuned. Compared were: tuned/base"),
        ("exact_match.delta.low", "has no comparison such as '> 0'"),
        ("exact_match.delta.low > zero", "'zero', which is no number"),
        ("exact_match.delta.low > nan", "no number"),
        ("> 0", "has no comparison"),
        ("low > 0", "names the metric ''"),
        ("", "has no comparison"),
    ],
)
def test_a_gate_with_a_typing_error_is_refused_with_what_is_known(results, gate, message):
    with pytest.raises(UsageError, match=message.replace("(", r"\(")):
        check(gate, results)


def test_one_arm_alone_has_a_mean_but_no_difference(comparison):
    results = augmentor_evaluation.augmentor_compare_arms(comparison({"tuned": {0: [RIGHT] * 4}}, [RIGHT] * 4))
    assert check("exact_match.mean >= 0.5", results).passed
    with pytest.raises(UsageError, match="one arm only was evaluated"):
        check("exact_match.delta.low > 0", results)


def test_what_cannot_be_said_does_not_pass(comparison):
    results = augmentor_evaluation.augmentor_compare_arms(comparison({"base": {0: [WRONG]}, "tuned": {0: [RIGHT]}}, [RIGHT]))
    outcome = check("exact_match.delta.low > 0", results)
    assert not outcome.passed
    assert outcome.sentence == "Gate not passed: exact_match.delta.low > 0, but there is too little data to say what low of tuned against base is."
