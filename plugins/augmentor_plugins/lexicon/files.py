"""Read lexicon files. The format is in docs/lexicon.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from augmentor.errors import LexiconError

from .questions import KINDS

_ENTRY = re.compile(r"(?P<kinds>(?:do|fix|ask|any)(?:\s*,\s*(?:do|fix|ask|any))*)\s*:\s*(?P<groups>.+)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Groups of alternatives, each of which a question has to contain; and the kinds of question it is for."""

    kinds: frozenset[str]
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Something people say, and the condition on which it may be said.

    With `words`, the question must contain one of them, or none of them where `absent` is true.
    """

    text: str
    words: tuple[str, ...] = ()
    absent: bool = False


@dataclass(slots=True)
class Topic:
    """One need that people have, the questions it is known by, and what else they say when they have it."""

    title: str
    file: str
    line: int
    patterns: list[Pattern] = field(default_factory=list)
    optional: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)
    accepts: list[tuple[int, str]] = field(default_factory=list)
    rejects: list[tuple[int, str]] = field(default_factory=list)
    goals: list[Line] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line} ({self.title})"


def read_topics(path: Path, common: Mapping[str, tuple[str, ...]]) -> tuple[list[Topic], list[LexiconError]]:
    """The topics of one file, and every line in it that cannot be read."""
    topics: list[Topic] = []
    errors: list[LexiconError] = []
    sets = dict(common)
    for number, text in _lines(path):
        try:
            if text.startswith("##"):
                topics.append(Topic(text[2:].strip(), path.name, number))
            elif text.startswith("@"):
                name, alternatives = _set(text, sets)
                sets[name] = alternatives
            elif not topics:
                raise LexiconError("this stands before the first topic; open one with '## title'")
            else:
                _read_line(topics[-1], number, text, sets)
        except LexiconError as error:
            errors.append(LexiconError(f"{path.name}:{number}: {error}"))
    return topics, errors


def read_sets(path: Path) -> dict[str, tuple[str, ...]]:
    """The sets of a file that holds nothing else."""
    sets: dict[str, tuple[str, ...]] = {}
    for number, text in _lines(path):
        try:
            name, sets[name] = _set(text, sets)
        except LexiconError as error:
            raise LexiconError(f"{path.name}:{number}: {error}") from None
    return sets


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = line.strip()
        if text and (not text.startswith("#") or text.startswith("##")):
            yield number, text


_CONDITION = re.compile(r"\[(?P<absent>!?)(?P<words>[^\]]*)\]\s*(?P<text>.*)")


def _line(text: str, sets: Mapping[str, tuple[str, ...]]) -> Line:
    condition = _CONDITION.fullmatch(text)
    if condition is None:
        return Line(text)
    return Line(condition["text"], _alternatives(condition["words"], sets), bool(condition["absent"]))


def _set(text: str, sets: Mapping[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    name, equals, rest = text.partition("=")
    if not equals or not re.fullmatch(r"@[a-z0-9_]+", name.strip()):
        raise LexiconError(f"a set is written '@name = a | b', not {text!r}")
    return name.strip(), _alternatives(rest, sets)


def _alternatives(text: str, sets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    found: list[str] = []
    for part in (part.strip() for part in text.split("|")):
        if part.startswith("@"):
            if part not in sets:
                raise LexiconError(f"no set is called {part}; define it above with '{part} = ...'")
            found += sets[part]
        elif part:
            found.append(part)
    if not found:
        raise LexiconError("this names no words")
    return tuple(dict.fromkeys(found))


def _read_line(topic: Topic, number: int, text: str, sets: Mapping[str, tuple[str, ...]]) -> None:
    mark, rest = text[0], text[1:].strip()
    if mark == "+":
        topic.accepts.append((number, rest))
    elif mark == "-":
        topic.rejects.append((number, rest))
    elif mark == ">":
        topic.goals.append(_line(rest.rstrip("."), sets))
    elif mark == "=":
        topic.lines.append(_line(rest, sets))
    elif text.startswith("ok:"):
        topic.optional += _alternatives(text[3:], sets)
    elif text.startswith("no:"):
        topic.forbidden += _alternatives(text[3:], sets)
    elif entry := _ENTRY.fullmatch(text):
        kinds = frozenset(kind.strip() for kind in entry["kinds"].split(","))
        groups = tuple(_alternatives(group, sets) for group in re.split(r"\s\+\s", entry["groups"]))
        topic.patterns.append(Pattern(KINDS if "any" in kinds else kinds, groups))
    else:
        raise LexiconError(f"not a line of a topic: {text!r}; it starts with one of 'do:', 'fix:', 'ask:', 'any:', 'ok:', 'no:', '+', '-', '>', '='")
