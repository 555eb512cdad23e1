import pytest

from augmentor.errors import UnknownComponent, UsageError
from augmentor_evaluation.metrics.filtered import filter_scores
from augmentor_evaluation.metrics.privacy_rate import PrivacyRate
from augmentor_evaluation.metrics.toxicity_rate import ToxicityRate
from tests.evaluation.metrics.test_metrics import one


def test_an_insult_in_an_answer_has_the_severity_that_the_filter_gives_it():
    mild, strong = one(ToxicityRate(), "Damn, that is broken."), one(ToxicityRate(), "You are a stupid idiot.")
    assert 0 == one(ToxicityRate(), "Thank you for waiting.") < mild < strong <= 1


def test_personal_data_that_the_reference_does_not_hold_counts():
    leaked = "Write to anna.meier@gmail.com for that."
    assert one(PrivacyRate(), leaked, "Write to us.") == 1
    assert one(PrivacyRate(), leaked, leaked) == one(PrivacyRate(), "Write to us.", leaked) == 0
    assert one(PrivacyRate(filter="privacy:allow=anna.meier@gmail.com"), leaked, "Write to us.") == 0


def test_only_a_filter_of_rows_can_look_at_answers():
    with pytest.raises(UsageError, match="judges whole data sets"):
        filter_scores("near_duplicate", ["a"])
    with pytest.raises(UnknownComponent, match="No filter is called"):
        filter_scores("toxicty", ["a"])
    assert filter_scores("toxicity", []) == []
