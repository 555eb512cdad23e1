"""Finding test questions in training data."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor_evaluation.leaks import THRESHOLD, Index, jaccard, shingles

texts = st.lists(st.sampled_from("a b c d e f".split()), max_size=6).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(st.lists(texts, max_size=12), texts)
def test_the_index_finds_what_comparing_every_pair_finds(stored, text):
    every = [(place, jaccard(shingles(text), shingles(other))) for place, other in enumerate(stored)]
    assert Index(stored).near(text) == [(place, likeness) for place, likeness in every if likeness >= THRESHOLD]


def test_a_word_more_or_less_is_a_copy_and_another_need_in_the_same_frame_is_not():
    index = Index(["How do I reset my password for the app?"])
    assert index.near("how do i reset my password for the app")[0][1] == 1
    assert index.near("Hi, how do I reset my password for the app?")
    assert not index.near("How do I change my address for the app?")
    assert not index.near("forgot it, need a new one")


def test_texts_without_words_are_compared_as_they_are():
    assert Index(["???", "!!!"]).near("???") == [(0, 1.0)]
