from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from augmentor_evaluation.report.templating import diff
from augmentor_evaluation.report.worddiff import word_diff

TEXT = st.lists(st.sampled_from(["the", "hub", "blinks", "blue", "a", "red", "twice", "\n", "now."]), max_size=30).map(" ".join)


@given(TEXT, TEXT)
def test_what_is_the_same_or_inserted_reads_as_the_second_text(before, after):
    assert "".join(piece.text for piece in word_diff(before, after) if piece.kind != "del") == after


@given(TEXT, TEXT)
def test_a_deletion_never_follows_the_insertion_it_belongs_to(before, after):
    kinds = [piece.kind for piece in word_diff(before, after)]
    assert ("ins", "del") not in list(pairwise(kinds))


@given(TEXT)
def test_equal_texts_have_no_difference(text):
    assert {piece.kind for piece in word_diff(text, text)} <= {"same"}


def test_neighbouring_changes_are_one_change():
    kinds = [
        (piece.kind, piece.text.strip())
        for piece in word_diff("Hold the dimple for five long seconds then let go", "Hold the dimple for two short seconds then let go")
    ]
    assert kinds == [("same", "Hold the dimple for"), ("del", "five long"), ("ins", "two short"), ("same", "seconds then let go")]


def test_texts_that_share_little_are_shown_plain():
    assert [piece.kind for piece in word_diff("Tap Lost key under the box", "Invoices lie elsewhere for seven years")] == ["same"]


def test_texts_of_a_thousand_words_are_not_compared():
    assert word_diff("a b " * 500, "a c " * 500)[0].kind == "same"


def test_marks_are_elements_text_is_escaped_and_words_stay_apart():
    assert (
        diff("press the <b> key now", "press the <i> key now then")
        == "press the <del>&lt;b&gt;</del> <ins>&lt;i&gt;</ins> key now <ins>then</ins>"
    )
