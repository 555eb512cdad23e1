"""Token F1: the words in common, as reading-comprehension tests count them."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor_evaluation.words import folded, words

from .rouge import f_measure, shared

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_ASCII_SYMBOLS = dict.fromkeys(map(ord, string.punctuation))


@dataclass(frozen=True)
class TokenF1:
    """Words in common as SQuAD counts them, from 0 to 1: punctuation is taken out (`don't` is one word) and English articles do not count."""

    name: ClassVar[str] = "token_f1"
    title: ClassVar[str] = "Token F1"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        expected = {text: tokens(text) for text in dict.fromkeys(references)}
        return [f1(tokens(prediction), expected[reference]) for prediction, reference in zip(predictions, references, strict=True)]


def tokens(text: str) -> list[str]:
    """The words of a text after SQuAD's rules; in scripts without spaces, the characters.

    >>> tokens("Don't press the button.")
    ['dont', 'press', 'button']
    """
    if text.isascii():
        return _ARTICLES.sub(" ", text.lower().translate(_ASCII_SYMBOLS)).split()
    kept = "".join(letter for letter in folded(text).translate(_ASCII_SYMBOLS) if unicodedata.category(letter)[0] != "P")
    return words(_ARTICLES.sub(" ", kept))


def f1(prediction: Sequence[str], reference: Sequence[str]) -> float:
    """F1 of two bags of tokens. Two empty ones agree (1), as SQuAD has it for questions without an answer."""
    if not prediction and not reference:
        return 1.0
    return f_measure(shared(prediction, reference), len(prediction), len(reference))
