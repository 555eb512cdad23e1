"""Form: whether an answer looks as a pattern says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class RegexFormat:
    """1 when the answer has the form of a regular expression, else 0: a ticket number, one of a list of labels, at most two sentences.

    Attributes:
        pattern: the expression, as Python writes it.
        whole: whether the whole answer must fit, but for white space around it, or some part of it.
    """

    pattern: str
    whole: bool = True
    name: ClassVar[str] = "regex_format"
    title: ClassVar[str] = "Expected form"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def __post_init__(self) -> None:
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"pattern {self.pattern!r} is no regular expression: {error}") from None

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        pattern = re.compile(self.pattern)
        look = pattern.fullmatch if self.whole else pattern.search
        return [float(look(prediction.strip()) is not None) for prediction, _ in zip(predictions, references, strict=True)]
