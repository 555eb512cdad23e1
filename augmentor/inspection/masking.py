"""Rows as a person may see them on a screen or in a page that is sent on: personal data and secrets masked, long texts cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from ..examples import Example, Message
from ..plugins import plugins
from ..protocols import Candidate
from .result import Shown

LONGEST = 320
"""Letters of a text that are shown."""

_READ = 4_000
_LINES = 8
_WITHHELD = "(not shown: the filter `privacy`, which masks personal data, is not installed)"
_MARK = re.compile(r"\[[A-Z][A-Z_]{2,}\]")


def shown(row: int, example: Example, why: str = "", score: float | None = None, other: Shown | None = None) -> Shown:
    """An example for a person. Ids and labels are masked, too: they may be anything."""
    texts = [example.id, example.label or "", example.question[:_READ], example.answer[:_READ], why[:_READ]]
    id, label, question, answer, reason = masked(texts)
    return Shown(row, cut(id, 80), cut(label, 80) if example.label is not None else None, cut(question), cut(answer), cut(reason), score, other)


def masked(texts: Sequence[str]) -> list[str]:
    """Texts with labels such as [EMAIL] in the place of personal data and secrets."""
    mask = _mask()
    if mask is None:
        return [_WITHHELD if text else "" for text in texts]
    candidates = [Candidate(Example(id=str(place), messages=(Message(role="user", content=text),))) for place, text in enumerate(texts)]
    verdicts = mask.judge(candidates)
    return [verdict.replacement.question if verdict.replacement else text for verdict, text in zip(verdicts, texts, strict=True)]


def cut(text: str, longest: int = LONGEST) -> str:
    """The beginning of a text, with a sign where it goes on; empty lines are left out."""
    lines = [line for line in text[: 4 * longest].splitlines() if line.strip()]
    begun = "\n".join(lines[:_LINES])
    whole = len(lines) <= _LINES and len(text) <= 4 * longest and len(begun) <= longest
    return begun if whole else f"{begun[: longest - 1].rstrip()}…"


def marks(before: Example, after: Example) -> Counter[str]:
    """The labels that a repair wrote into an example, such as `EMAIL`, with their numbers."""
    return Counter(_labels(after)) - Counter(_labels(before))


def mark_in_words(mark: str) -> str:
    """What a label stands for, in words.

    >>> mark_in_words("CARD_NUMBER"), mark_in_words("IP_ADDRESS")
    ('card number', 'IP address')
    """
    return " ".join(word if word in {"IP", "IBAN", "SSN", "URL"} else word.lower() for word in mark.replace("EMAIL", "E-MAIL_ADDRESS").replace("PHONE", "PHONE_NUMBER").split("_"))


def around_mark(before: Example, after: Example) -> str:
    """What stands around the first label that a repair wrote; empty where it wrote none into a turn."""
    for old, new in zip((*before.messages, *before.rejected), (*after.messages, *after.rejected), strict=True):
        if old.text != new.text and (mark := _MARK.search(new.text)):
            start, end = max(0, mark.start() - LONGEST // 2), mark.end() + LONGEST // 2
            return f"{'…' if start else ''}{new.text[start:end].strip()}{'…' if end < len(new.text) else ''}"
    return ""


def _labels(example: Example) -> Iterable[str]:
    for message in (*example.messages, *example.rejected):
        calls = str(message.tool_calls) if message.tool_calls else ""
        yield from (mark.strip("[]") for mark in _MARK.findall(f"{message.text}\n{calls}"))


@cache
def _mask() -> Any:
    """The filter that masks; None where no plugin brings it."""
    registry = plugins()["filter"]
    return registry.make("privacy:action=redact") if "privacy" in registry else None
