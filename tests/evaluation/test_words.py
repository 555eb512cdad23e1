import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import augmentor_evaluation.words
from augmentor_evaluation.words import words


def test_the_examples_in_the_docstring_hold():
    assert doctest.testmod(augmentor_evaluation.words).attempted == 2
    assert doctest.testmod(augmentor_evaluation.words).failed == 0


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_cut_as_rouge_score_cuts_it(text):
    from rouge_score.tokenize import tokenize

    assert words(text) == tokenize(text, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cafe\u0301 CAF\u00c9", ["caf\u00e9", "caf\u00e9"]),
        ("\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e\u0964", ["\u0928\u092e\u0938\u094d\u0924\u0947", "\u0926\u0941\u0928\u093f\u092f\u093e"]),
        ("\u62551\u4e2aAPI\u3002", ["\u6255", "1", "\u4e2a", "api"]),
        ("\uff21\uff11", ["a1"]),
        ("\u041a\u0430\u043a \u2014 \u0442\u0430\u043a?", ["\u043a\u0430\u043a", "\u0442\u0430\u043a"]),
        ("\U0001f600 \u2026 !", []),
    ],
)
def test_other_scripts_are_cut_into_words_too(text, expected):
    assert words(text) == expected


@given(st.text(), st.text())
def test_words_of_joined_texts_are_the_words_of_both(left, right):
    assert words(f"{left} , {right}") == words(left) + words(right)
