"""The same conversation with other people in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import msgspec

from augmentor.errors import BadOption
from augmentor.examples import Example, Message

if TYPE_CHECKING:
    from .swap_files import Group, Name
    from .swap_finding import Finder

_ENGLISH = frozenset("the is my of to and you how can i with have not what he she this that for are do your it her his please be at on".split())
_LEAST_ENGLISH = 0.12  # the share of these words in a text that is English


@dataclass(frozen=True)
class Counterfactual:
    """Swap what a conversation says people are: sex, religion, origin, age and so on, in all turns alike (to measure or balance bias).

    A variant differs from its source in one group. Terms, names, pronouns (*her* as *him* or *his*) and *a* / *an* change
    together, the same name always becomes the same other name; codes, addresses, titles in quotes and words that only look like a name (*mark
    it*, *in May*) stay. Nothing is said where the swap makes no sense (*pregnant*), where the answer may depend on it
    (*visa*), and where tool calls, tool results or a rejected answer hold a word that would have to change. English, by hand-written files.

    Attributes:
        groups: what to swap: `gender`, `names` (their origin), `religion`, `nationality`, `ethnicity`, `age`, `disability`,
            `family`, `orientation`, or a group of your own files.
        n: the most variants for each group; `gender`, `age` and `disability` have one at most.
        terms: files of your own, beside the shipped ones (docs/strategies.md).
    """

    groups: tuple[str, ...] = ("gender",)
    n: int = 1
    terms: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        from .swap_files import read_groups

        known = read_groups(self.terms)
        for name in self.groups:
            if name not in known:
                raise BadOption(f"no group is called {name!r}; known: {', '.join(sorted(known))}")

    def vary_example(self, example: Example, rng: Random) -> Iterator[tuple[list[Message], str]]:
        from .swap_finding import forbids
        from .swap_versions import versions

        chances = [Random(rng.getrandbits(64)) for _ in self.groups]  # groups do not change each other's choices
        texts = dict.fromkeys(text for message in example.messages if message.role != "tool" for text in _texts(message))
        told = "\n".join(texts)
        if not _is_english(told):
            return
        for name, own in zip(self.groups, chances, strict=True):
            group, names, finder = _tools(name, self.terms)
            if forbids(group, told):
                continue
            found = {text: finder.hits(text) for text in texts}
            if _holds(_kept(example), [hit.text for hits in found.values() for hit in hits]):
                continue
            for note, swapped in islice(versions(group, found, names, own), self.n):
                yield [_with(message, swapped) for message in example.messages], note


@cache
def _tools(name: str, own: tuple[Path, ...]) -> tuple[Group, list[Name], Finder]:
    from .swap_files import NAMES, read_groups
    from .swap_finding import Finder

    groups = read_groups(own)
    return groups[name], groups[NAMES].names, Finder(groups[name], groups[NAMES])


def _is_english(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text.lower())
    return bool(words) and sum(word in _ENGLISH for word in words) >= _LEAST_ENGLISH * len(words)


def _texts(message: Message) -> Iterator[str]:
    """The texts of a message, each as a whole."""
    if isinstance(message.content, str):
        yield message.content
    for part in message.content or () if not isinstance(message.content, str) else ():
        if isinstance(part.get("text"), str):
            yield part["text"]


def _with(message: Message, swapped: Mapping[str, str]) -> Message:
    if message.role == "tool" or message.content is None:
        return message
    if isinstance(message.content, str):
        return msgspec.structs.replace(message, content=swapped[message.content])
    parts = [part | {"text": swapped[part["text"]]} if isinstance(part.get("text"), str) else part for part in message.content]
    return msgspec.structs.replace(message, content=parts)


def _kept(example: Example) -> str:
    """What stays as it is: tool calls, their results, and the answer that is not preferred."""
    tools = [message.text for message in example.messages if message.role == "tool"]
    calls = [msgspec.json.encode(message.tool_calls).decode() for message in example.messages if message.tool_calls]
    return "\n".join([*tools, *calls, *(message.text for message in example.rejected)])


def _holds(text: str, words: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) for word in set(words))
