"""Tokens to text as they come: no half characters, nothing of a stop sequence, nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Wording:
    """The text of one reply while it is being written. `stopped` is True once a stop sequence was met; it is not part of the text."""

    def __init__(self, tokenizer: Any, stops: Sequence[str] = ()) -> None:
        self._tokenizer = tokenizer
        self._stops = stops
        self._tokens: list[int] = []
        self._begin = self._read = 0
        self._held = ""
        self.stopped = False

    def add(self, token: int) -> str:
        """The text that is sure after one more token."""
        self._tokens.append(token)
        return self._released(self._news())

    def end(self) -> str:
        """The text that was held back, once no token follows."""
        held, self._held = self._held + self._text(self._begin)[len(self._text(self._begin, self._read)) :], ""
        return held

    def _news(self) -> str:
        """What the tokens since `_read` add. A token's text depends on the one before it, so those since `_begin` are written with it."""
        before, now = self._text(self._begin, self._read), self._text(self._begin)
        if len(now) <= len(before) or now.endswith("\N{REPLACEMENT CHARACTER}"):
            return ""
        self._begin, self._read = self._read, len(self._tokens)
        return now[len(before) :]

    def _text(self, start: int, stop: int | None = None) -> str:
        text: str = self._tokenizer.decode(self._tokens[start:stop], skip_special_tokens=True)
        return text

    def _released(self, news: str) -> str:
        text = self._held + news
        if found := [at for stop in self._stops if (at := text.find(stop)) >= 0]:
            self.stopped, self._held = True, ""
            return text[: min(found)]
        held = max((_overlap(text, stop) for stop in self._stops), default=0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]


def _overlap(text: str, stop: str) -> int:
    """How many of the last characters of `text` a stop sequence may begin with.

    >>> _overlap("so it en", "end")
    2
    """
    return next((size for size in range(min(len(text), len(stop) - 1), 0, -1) if text.endswith(stop[:size])), 0)
