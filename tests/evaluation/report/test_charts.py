from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor_evaluation.report import charts, figures
from augmentor_evaluation.report.charts.scale import Scale
from augmentor_evaluation.results import Estimate

NUMBER = st.floats(-1e6, 1e6)


@given(st.lists(NUMBER, min_size=1, max_size=8))
def test_every_value_and_zero_lie_on_their_scale(values):
    scale = Scale.over(values)
    for value in [*values, 0.0]:
        assert scale.low <= value <= scale.high


@given(NUMBER, NUMBER, st.integers(2, 9))
def test_ticks_are_inside_ascending_and_read_differently(one, other, about):
    scale = Scale.over([one, other])
    ticks = scale.ticks(about)
    assert 1 <= len(ticks) <= 3 * about
    assert ticks == sorted(ticks)
    assert len({scale.tick_text(tick, ticks) for tick in ticks}) == len(ticks)


@given(st.one_of(st.none(), NUMBER), st.one_of(st.none(), NUMBER), st.one_of(st.none(), NUMBER))
def test_an_interval_is_well_formed_whatever_is_missing(mean, low, high):
    ET.fromstring(charts.interval(Scale.over([mean, low, high]), Estimate(mean, low, high), "better", detectable=0.1))


def test_the_verdict_shows_as_a_shape_and_not_by_colour_alone():
    scale = Scale(-1, 1)
    shapes = {verdict: charts.interval(scale, Estimate(0.0, -0.5, 0.5), verdict) for verdict in ("better", "worse", "can't tell")}
    assert "M0 -7" in shapes["better"]
    assert "M0 7" in shapes["worse"]
    assert "<circle" in shapes["can't tell"]


def test_bars_name_their_unit_and_escape_their_labels():
    html = charts.bars([("<b>", 3), ("c\u202ed", 1)], title="Words", unit="rows", note="n = 4")
    assert "&lt;b&gt;" in html
    assert "‹RIGHT-TO-LEFT OVERRIDE›" in html
    assert "rows · n = 4" in html
    assert 'width="33.333%"' in html


def test_lines_and_histograms_speak_to_screen_readers():
    for picture in (
        charts.lines([charts.Series("a", [(0, 1), (1, 0.5)], ring=(1, 0.5))], label="Loss", x_title="step", y_title="nats"),
        charts.histogram([("a", [1, 2, 3]), ("b", [])], label="Loss", x_title="words"),
    ):
        assert 'role="img"' in picture
        assert 'aria-label="Loss"' in picture
        ET.fromstring(picture)


def test_an_empty_chart_is_still_a_chart():
    ET.fromstring(charts.lines([], label="Loss", x_title="step", y_title="nats"))
    ET.fromstring(charts.histogram([("a", []), ("b", [])], label="Lengths", x_title="words"))
    ET.fromstring(charts.bars([], title="Nothing", unit="rows"))


@pytest.mark.parametrize(("value", "text"), [(0.0004, "< 0.001"), (0.05, "0.050"), (None, "–")])
def test_small_probabilities_are_not_written_as_zero(value, text):
    assert figures.probability(value) == text


@given(st.one_of(st.none(), st.floats(allow_infinity=False)))
def test_a_number_uses_the_real_minus_sign(value):
    assert "-" not in figures.number(value)
    assert "-" not in figures.signed(value)


def test_nothing_is_written_as_minus_zero():
    assert figures.signed(-0.0001, 3) == "0.000"
