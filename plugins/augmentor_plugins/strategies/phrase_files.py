"""Phrase files: what may stand for what, and where. The format is in docs/strategies.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from augmentor.errors import LexiconError

from .inflection import FORMS, plural, verb

DATA = Path(__file__).parent / "phrases"
_HEADING = re.compile(r"\[(?P<pos>verb|noun|phrase)(?: (?P<register>plain|formal|casual))?\]")
_GUARD = re.compile(r"(?P<no>no )?(?P<side>left|right): (?P<words>.+)")
_TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*|[\ue000-\uf8ff]|[^\sA-Za-z]")

# What a guard may name beside words.
CLASSES: Mapping[str, frozenset[str]] = {
    "@det": frozenset("the a an my your our their his her its this that these those any some no another each every".split()),
    "@pro": frozenset("i you we they he she it".split()),
    "@obj": frozenset("the a an my your our their his her its this that these those any some no another it them one all more both anything something everything two three".split()),
    "@aux": frozenset("to can could will would should must may might shall do does did can't cannot couldn't won't wouldn't don't doesn't didn't please".split()),
    "@be": frozenset("am is are was were be been being isn't aren't wasn't weren't i'm it's you're they're we're that's".split()),
    "@prep": frozenset("to of in on at by for from with about into onto over under after before during without between through via per".split()),
    "@start": frozenset({"^"}),
    "@end": frozenset({"$", ".", "?", "!", ",", ";", ":", ")"}),
}


@dataclass(frozen=True, slots=True)
class Guard:
    """Which words must, or must not, stand beside a phrase."""

    side: str
    words: frozenset[str]
    forbids: bool

    def holds(self, left: str, right: str) -> bool:
        return ((left if self.side == "left" else right) in self.words) is not self.forbids


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase in one of its forms, what may stand for it in the same form, and where."""

    words: tuple[str, ...]
    others: tuple[str, ...]
    form: str  # of a verb or noun; `phrase` for what has only one
    register: str
    guards: tuple[Guard, ...]
    line: int


@dataclass(slots=True)
class PhraseFile:
    """A file that was read: its entries in all forms, how many lines they came from, and its examples."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    phrases: set[str] = field(default_factory=set)
    changes: list[tuple[int, str, str]] = field(default_factory=list)  # line, text, what one substitution makes of it
    silences: list[tuple[int, str]] = field(default_factory=list)


def read_phrases(path: Path) -> PhraseFile:
    """The phrases of a file.

    Raises:
        LexiconError: it cannot be read; says in which line.
    """
    found = PhraseFile(path.name)
    pos, register = "phrase", "plain"
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"The phrase file {path} cannot be read: {error}") from None
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        if heading := _HEADING.fullmatch(line):
            pos, register = heading["pos"], heading["register"] or "plain"
        elif line.startswith("+ "):
            before, arrow, after = line[2:].partition(" => ")
            if not arrow:
                raise LexiconError(f"{path.name}:{number}: an example is written '+ text => other text'")
            found.changes.append((number, before.strip(), after.strip()))
        elif line.startswith("- "):
            found.silences.append((number, line[2:].strip()))
        else:
            for phrase, others, guards in _pairs(line, path.name, number):
                found.phrases.add(phrase)
                found.entries += _forms(phrase, others, pos, register, guards, number)
    return found


def _pairs(line: str, name: str, number: int) -> Iterator[tuple[str, tuple[str, ...], tuple[Guard, ...]]]:
    """`a = b | c` one way, `a == b` both ways; guards after semicolons."""
    body, *conditions = (part.strip() for part in line.split(" ; "))
    phrase, sign, rest = body.partition(" == ")
    if not sign:
        phrase, sign, rest = body.partition(" = ")
    others = tuple(re.sub(r"\s+(?=[,;:])", "", part.strip()) for part in rest.split(" | ") if part.strip())
    if not (sign and phrase.strip() and others):
        raise LexiconError(f"{name}:{number}: a phrase is written 'phrase = other | other', not {line!r}")
    guards = tuple(_guard(condition, name, number) for condition in conditions)
    yield phrase.strip(), others, guards
    if "==" in sign:
        for other in others:
            yield other, (phrase.strip(),), guards


def _guard(text: str, name: str, number: int) -> Guard:
    match = _GUARD.fullmatch(text)
    if match is None:
        raise LexiconError(f"{name}:{number}: a condition is written 'left: words', 'right: words' or 'no left: words', not {text!r}")
    words: set[str] = set()
    for word in match["words"].split():
        if word.startswith("@") and word not in CLASSES:
            raise LexiconError(f"{name}:{number}: {word} is no class of words; known: {', '.join(CLASSES)}")
        words |= CLASSES.get(word, {word})
    return Guard(match["side"], frozenset(words), bool(match["no"]))


def _forms(phrase: str, others: tuple[str, ...], pos: str, register: str, guards: tuple[Guard, ...], line: int) -> Iterator[Entry]:
    if pos == "verb":
        for form in FORMS:
            yield Entry(_words(verb(phrase, form)), tuple(verb(other, form) for other in others), form, register, guards, line)
    elif pos == "noun":
        yield Entry(_words(phrase), others, "singular", register, guards, line)
        yield Entry(_words(plural(phrase)), tuple(map(plural, others)), "plural", register, guards, line)
    else:
        yield Entry(_words(phrase), others, "phrase", register, guards, line)


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(word for word, _, _ in tokens(phrase.lower()))


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Words and marks with where they stand."""
    return [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
