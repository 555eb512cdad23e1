"""The rows at the ends of a file, which say more about it than its averages."""

from __future__ import annotations

import hashlib
import heapq
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ..examples import Example
from .masking import shown
from .result import Odd

SHOWN = 5
"""Rows of each kind that are shown."""

_REPEATED = 10_000
_KEPT = 4_000


@dataclass
class OddRows:
    """Meets every example; keeps the longest, the shortest, those that are there most often, and the first without an answer."""

    _longest: list[tuple[int, int, Example]] = field(default_factory=list, repr=False)
    _shortest: list[tuple[int, int, Example]] = field(default_factory=list, repr=False)
    _unanswered: list[tuple[int, Example]] = field(default_factory=list, repr=False)
    _repeated: dict[bytes, list[Any]] = field(default_factory=dict, repr=False)
    _forgot: bool = False

    def meet(self, row: int, example: Example, words: int, repeats: str | None) -> None:
        """Take in an example of so many words; `repeats` is what it says where an earlier one says the same."""
        _keep(self._longest, (words, -row, example))
        _keep(self._shortest, (-words, -row, example))
        if repeats is not None:
            self._count(row, example, repeats)
        if len(self._unanswered) < SHOWN and all(message.role != "assistant" for message in example.messages):
            self._unanswered.append((row, _short(example)))

    def _count(self, row: int, example: Example, says: str) -> None:
        key = hashlib.blake2b(says.encode("utf-8", "surrogatepass"), digest_size=12).digest()
        known = self._repeated.get(key)
        if known:
            known[0] += 1
            return
        if len(self._repeated) >= _REPEATED:
            # Misra and Gries (1982): what is frequent survives; counts become lower bounds
            self._forgot = True
            self._repeated = {key: [kept[0] - 1, *kept[1:]] for key, kept in self._repeated.items() if kept[0] > 2}
        self._repeated[key] = [2, row, _short(example)]

    def found(self) -> list[Odd]:
        """The odd rows, kinds without any left out."""
        often = sorted(self._repeated.values(), key=lambda item: (-item[0], item[1]))[:SHOWN]
        least = "at least " if self._forgot else ""
        kinds = (
            Odd("longest", "the longest", tuple(shown(-row, example, _words(words)) for words, row, example in _ordered(self._longest))),
            Odd("shortest", "the shortest", tuple(shown(-row, example, _words(-words)) for words, row, example in _ordered(self._shortest))),
            Odd("repeated", "there most often", tuple(shown(row, example, f"{least}{times:,} times") for times, row, example in often)),
            Odd("unanswered", "without an answer", tuple(shown(row, example, "no assistant turn") for row, example in self._unanswered)),
        )
        return [kind for kind in kinds if kind.rows]


def _keep(heap: list[tuple[int, int, Example]], item: tuple[int, int, Example]) -> None:
    if len(heap) < SHOWN:
        heapq.heappush(heap, (*item[:2], _short(item[2])))
    elif item[:2] > heap[0][:2]:
        heapq.heapreplace(heap, (*item[:2], _short(item[2])))


def _ordered(heap: list[tuple[int, int, Example]]) -> list[tuple[int, int, Example]]:
    return sorted(heap, key=lambda item: item[:2], reverse=True)


def _words(number: int) -> str:
    return f"{number:,} {'word' if number == 1 else 'words'}"


def _short(example: Example) -> Example:
    """An example that takes little room: more of a text is never shown."""
    messages = [msgspec.structs.replace(message, content=message.text[:_KEPT]) for message in example.messages if message.role in {"user", "assistant"}]
    questions = [message for message in messages if message.role == "user"][:1]
    answers = [message for message in messages if message.role == "assistant"][-1:]
    return Example(id=example.id[:200], messages=(*questions, *answers), label=example.label)
