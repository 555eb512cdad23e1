import math

import pytest

from augmentor.protocols import Likelihood
from augmentor_evaluation.metrics.calibration import Calibration
from augmentor_evaluation.metrics.consistency import Consistency
from augmentor_evaluation.metrics.reference_likelihood import Perplexity, ReferenceLikelihood
from tests.evaluation.metrics.rows import row


def test_a_reference_is_so_many_nats_a_token_or_a_byte():
    known = row("x", reference="héllo", reference_likelihood=Likelihood(-6.0, 3))
    assert ReferenceLikelihood().score_rows([known], []) == [-2.0]
    assert ReferenceLikelihood(per="byte").score_rows([known], []) == [-1.0]
    assert Perplexity().score_rows([known], []) == pytest.approx([math.exp(2)])
    assert ReferenceLikelihood(per="byte").title != ReferenceLikelihood().title


@pytest.mark.parametrize("likelihood", [None, Likelihood(), Likelihood(-1.0, 2, error="too long")])
def test_what_could_not_be_read_has_no_likelihood(likelihood):
    unknown = row("x", label="a", reference="y", reference_likelihood=likelihood, prediction_likelihood=likelihood)
    for metric in (ReferenceLikelihood(), Perplexity(), Calibration()):
        assert math.isnan(metric.score_rows([unknown], [])[0])


def test_being_sure_pays_only_where_it_is_right():
    sure, doubtful = Likelihood(math.log(0.9) * 4, 4), Likelihood(math.log(0.5) * 4, 4)

    def brier(prediction, likelihood, label="a"):
        other = row("", label="a", reference="In the app.", number=1)
        return Calibration().score_rows([row(prediction, label=label, reference="On the phone.", prediction_likelihood=likelihood), other], [])[0]

    assert brier("on the phone", sure) == pytest.approx(0.01)
    assert brier("In the app", sure) == pytest.approx(0.01), "another right answer of the label is right"
    assert brier("By post", sure) == pytest.approx(0.81)
    assert brier("By post", doubtful) == pytest.approx(0.25)
    assert math.isnan(brier("On the phone.", sure, label=None))


def test_consistency_is_the_share_of_other_phrasings_with_the_same_answer():
    answers = ["In the app.", "in the app", "By post.", "In the new app."]
    rows = [row(answer, label="a", reference="R", number=number) for number, answer in enumerate(answers)]
    assert Consistency().score_rows(rows, []) == pytest.approx([1 / 3, 1 / 3, 0, 0])
    assert Consistency(alike=0.7).score_rows(rows, []) == pytest.approx([2 / 3, 2 / 3, 0, 2 / 3])


def test_another_label_or_another_reference_is_another_question():
    rows = [row("x", label="a", reference="R"), row("x", label="b", reference="R"), row("x", label="a", reference="S")]
    assert all(math.isnan(value) for value in Consistency().score_rows(rows, []))
    by_root = [row("x", root="one", reference="R"), row("y", root="one", reference="R")]
    assert Consistency().score_rows(by_root, []) == [0, 0]
