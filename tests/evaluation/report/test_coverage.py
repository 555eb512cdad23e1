"""The map of topics and what is measured of vectors."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor.errors import MissingExtra
from augmentor_evaluation.report import charts
from augmentor_evaluation.report.coverage import alike, draw_map, nearest
from augmentor_evaluation.report.reservoir import Reservoir
from augmentor_evaluation.report.runview import RunView
from augmentor_evaluation.report.sections import diversity
from augmentor_evaluation.report.sections.diversity import Diversity


def units(rows):
    array = np.asarray(rows, dtype=np.float32).reshape(len(rows), len(rows[0]) if len(rows) else 3)
    return array / np.maximum(np.linalg.norm(array, axis=1, keepdims=True), 1e-9)


def cloud(middle, count, seed):
    return units(np.random.default_rng(seed).normal(middle, 0.05, (count, len(middle))))


TOPICS = [cloud(middle, 20, seed) for seed, middle in enumerate(([1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]))]
LABELS = ["refund"] * 20 + ["parcel"] * 20 + ["login"] * 20


def test_topics_lie_apart_and_their_names_lie_among_their_texts():
    drawn = draw_map([np.concatenate(TOPICS)], LABELS)
    places = np.array(drawn.groups[0])
    middles = {label: np.array(place) for label, place in drawn.topics}
    for number, label in enumerate(("refund", "parcel", "login")):
        own = places[20 * number : 20 * number + 20]
        distance = np.linalg.norm(own - middles[label], axis=1).max()
        others = min(np.linalg.norm(middles[label] - middles[other]) for other in middles if other != label)
        assert distance < others
    assert drawn.shown > 0.9


def test_a_map_is_drawn_without_labels_too_and_the_same_each_time():
    groups = [np.concatenate(TOPICS[:2]), TOPICS[2]]
    drawn = draw_map(groups, [None] * 60)
    assert drawn == draw_map(groups, [None] * 60)
    assert drawn.topics == ()
    assert [len(group) for group in drawn.groups] == [40, 20]
    assert all(0 <= value <= 1 for group in drawn.groups for place in group for value in place)


@given(st.lists(st.sampled_from([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0.6, 0.8, 0]]), max_size=9), st.lists(st.sampled_from(["a", "b", "c", None]), min_size=9, max_size=9))
def test_any_texts_make_a_map_or_none(rows, labels):
    vectors = units(rows)
    drawn = draw_map([vectors], labels[: len(rows)])
    there = int((np.linalg.norm(vectors, axis=1) > 0).sum())
    assert (drawn is None) == (there < 3)
    if drawn:
        assert len(drawn.groups[0]) == there
        assert all(0 <= value <= 1 for place in drawn.groups[0] for value in place)


def test_alike_is_the_mean_cosine_of_different_texts():
    vectors = units([[1, 0], [0, 1], [1, 1], [0, 0]])
    wanted = np.mean([0.0, np.sqrt(0.5), np.sqrt(0.5)])
    assert alike(vectors) == pytest.approx(wanted, abs=1e-6)
    assert alike(vectors[:1]) is None


def test_nearest_is_the_mean_cosine_with_the_nearest_other():
    assert nearest(units([[1, 0], [1, 1]]), units([[1, 0], [0, 0]])) == pytest.approx((1 + np.sqrt(0.5)) / 2, abs=1e-6)
    assert nearest(units([[1, 0]]), units([[0, 0]])) is None


def test_a_scatter_draws_every_place_and_no_names_over_each_other():
    picture = str(charts.scatter([(0.1, 0.2)], [(0.5, 0.5), (0.6, 0.5)], [("first", (0.5, 0.5)), ("under it", (0.52, 0.51)), ("<b>", (0.9, 0.9))], label="map"))
    assert re.search(r'class="rings" d="M100 200h0"', picture)
    assert re.search(r'class="dots" d="M500 500h0M600 500h0"', picture)
    assert re.findall(r">([^<]+)</text>", picture) == ["first", "&lt;b&gt;"]


def test_a_reservoir_gives_every_item_its_chance():
    seen = np.zeros(50)
    for start in range(50):
        kept = Reservoir[int](10)
        for item in range(50):
            kept.add((item + start) % 50)
        seen[kept.items] += 1
        assert kept.total == 50
        assert kept.some(3) == [item for item in kept.items if item in kept.some(3)]
    assert seen.min() > 0


def test_the_section_maps_before_and_after_and_says_how_near_training_comes_to_the_test(everything):
    html = Diversity().render(RunView(everything)).html
    assert 'class="rings"' in html
    found = re.search(r"is ([\d.]+) alike among the originals and ([\d.]+) with the variants", html)
    assert float(found[1]) <= float(found[2]) <= 1
    assert "refund_timing" in html
    assert html == Diversity().render(RunView(everything)).html


def test_without_an_encoder_the_words_are_counted_and_the_rest_is_said_to_be_missing(everything, monkeypatch):
    def missing(*_):
        raise MissingExtra("the encoder 'static'", "encoder")

    monkeypatch.setattr(diversity, "vectors_of", missing)
    html = Diversity().render(RunView(everything)).html
    assert "There is no map of topics" in html
    assert "distinct pairs" in html
    assert "self-similarity</abbr>" not in html
