from __future__ import annotations

import doctest
import importlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor_evaluation.report.visible import shorten, visible

ANY = st.text(st.characters(codec=None, exclude_categories=()))


@given(ANY)
def test_no_control_no_bidi_mark_and_no_surrogate_is_left_in_a_visible_text(text):
    for letter in visible(text):
        assert letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"}
        assert unicodedata.bidirectional(letter) not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text(st.characters(categories=["L", "N", "P", "Zs", "Sm"], exclude_characters="\u3164\u115f\u1160\uffa0")))
def test_plain_text_in_any_script_stays_as_it_is(text):
    assert visible(text) == text


def test_what_is_hidden_gets_its_name():
    assert visible("a\x1b[31m\u202eb\x00\ud800") == "a‹ESC›[31m‹RIGHT-TO-LEFT OVERRIDE›b‹NUL›‹LONE SURROGATE D800›"


def test_an_emoji_family_and_persian_joiners_are_left_whole():
    assert visible("\U0001f469\u200d\U0001f467 می\u200cخواهم") == "\U0001f469\u200d\U0001f467 می\u200cخواهم"


@given(ANY, st.integers(1, 50))
def test_a_long_text_is_cut_and_says_by_how_much(text, limit):
    shown = shorten(text, limit)
    if len(text) <= limit:
        assert shown == visible(text)
    else:
        assert shown.endswith(f"… ‹{len(text) - limit:,} more characters›")


@pytest.mark.parametrize("module", ["visible", "figures", "page", "charts.svg"])
def test_the_examples_in_docstrings_hold(module):
    result = doctest.testmod(importlib.import_module(f"augmentor_evaluation.report.{module}"))
    assert result.attempted > 0
    assert result.failed == 0
