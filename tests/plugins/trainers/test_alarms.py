from __future__ import annotations

import math
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor_plugins.trainers.alarms import Alarms, Diverged


def heard(losses, alarms=None):
    alarms = alarms or Alarms()
    return [said for step, loss in enumerate(losses, 1) if (said := alarms.hear(step, loss))]


def training(*losses):
    return [{"loss": loss} for loss in losses]


@given(st.lists(st.floats(0.0, 1.0), max_size=60))
def test_losses_that_stay_within_a_nat_of_each_other_alarm_nobody(jumps):
    assert heard(training(*(2.0 + jump for jump in jumps))) == [] or max(jumps) - min(jumps) > 0.9


def test_a_loss_that_climbs_is_said_once_with_both_losses():
    [(kind, sentence)] = heard(training(*[2.0] * 10, *[9.0] * 20))
    assert kind == "divergence"
    assert "2.00 before" in sentence
    assert "smaller learning_rate" in sentence


def test_a_loss_that_climbs_from_the_first_step_on_is_said():
    [(kind, sentence)] = heard(training(6.4, 177.0, 438.0, 543.0, 376.0, 353.0, 349.0, 295.0, 154.0))
    assert kind == "divergence"
    assert "6.40 before" in sentence


def test_one_bad_batch_is_no_divergence():
    assert heard(training(*[2.0] * 10, 9.0, *[2.0] * 10)) == []


def test_rising_validation_under_a_falling_training_loss_is_overfitting():
    losses = [*training(*[2.0] * 8), {"validation_loss": 2.0}, *training(*[1.0] * 8), {"validation_loss": 2.3}, {"validation_loss": 2.9}]
    assert heard(losses[:-1]) == [], "once may be chance"
    [(kind, sentence)] = heard(losses)
    assert kind == "overfit"
    assert "2.90, and it was 2.00" in sentence


def test_rising_validation_under_a_rising_training_loss_is_not():
    losses = [*training(*[1.0] * 8), {"validation_loss": 2.0}, *training(*[1.2] * 8), {"validation_loss": 2.3}, {"validation_loss": 2.4}]
    assert heard(losses) == []


@pytest.mark.parametrize("loss", [math.nan, math.inf])
@pytest.mark.parametrize("key", ["loss", "validation_loss"])
def test_a_loss_that_is_no_number_ends_it(loss, key):
    with pytest.raises(Diverged, match="step 7"):
        Alarms().hear(7, {key: loss})


@given(st.lists(st.tuples(st.booleans(), st.floats(0.1, 12.0)), max_size=50), st.integers(0, 50))
def test_what_is_said_does_not_depend_on_where_a_checkpoint_was(losses, cut):
    heard_losses = [{"validation_loss" if judged else "loss": loss} for judged, loss in losses]
    before = Alarms()
    parts = heard(heard_losses[:cut], before)
    resumed = Alarms(**asdict(before))
    numbered = [said for step, loss in enumerate(heard_losses[cut:], cut + 1) if (said := resumed.hear(step, loss))]
    assert parts + numbered == heard(heard_losses)
