"""Which phrases of a text other phrases may stand for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .inflection import article
from .phrase_files import CLASSES, DATA, Entry, read_phrases, tokens

_DETERMINERS = CLASSES["@det"] | CLASSES["@prep"] - {"to"}
# A base form is a verb only behind these; elsewhere it may be a noun ("the charge") or an adjective.
_BEFORE_BASE = CLASSES["@aux"] | CLASSES["@pro"] | frozenset(
    "^ not just also then and or never always still already now even really help me us let only usually often who people customers you'll we'll i'll i'd we'd you'd they'll not simply".split()
) - {"it", "he", "she", "does"}
_BEFORE_S = frozenset("it he she that which who also never always still usually just only often now system app website site bank machine".split())
_BEFORE_PARTICIPLE = CLASSES["@be"] | frozenset("have has had haven't hasn't hadn't i've we've you've they've it's get gets got getting having not never already just yet always also still recently since".split())
_BEFORE_ING = CLASSES["@be"] | CLASSES["@prep"] | frozenset("^ not start started stop stopped keep keeps kept avoid consider when while and or not after still just try tried mind i'm we're they're you're without now".split())
_INVERTS = frozenset("do does did don't didn't can can't could couldn't will would won't wouldn't should shall may might must am are is was were have has had haven't hadn't".split())
_OPENS_SENTENCE = frozenset({"^", ".", "?", "!", ":"})


@dataclass(frozen=True, slots=True)
class Site:
    """A place in a text, what may stand there instead, and the line of the phrase file that says so."""

    start: int
    end: int
    others: tuple[str, ...]
    line: int


class Phrases:
    """Entries, indexed by their first two words; those of one word by that."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
        for entry in entries:
            self._entries[entry.words[:2]].append(entry)
        self._opening = frozenset(words[0] for words in self._entries)

    def sites(self, text: str, registers: Sequence[str]) -> list[Site]:
        """Every place where the lexicon has something else to say, in order; none that lies inside a longer one."""
        words = tokens(text)
        lower = tuple(word.lower() for word, _, _ in words)
        found = []
        for index, word in enumerate(lower):
            if word not in self._opening:
                continue
            for entry in (*self._entries.get(lower[index : index + 2], ()), *self._entries.get(lower[index : index + 1], ())):
                last = index + len(entry.words)
                if lower[index:last] != entry.words or entry.register not in registers:
                    continue
                left = lower[index - 1] if index else "^"
                right = lower[last] if last < len(lower) else "$"
                start, end = words[index][1], words[last - 1][2]
                if _fits(entry, left, right) and not _is_name(words[index][0], left) and not _is_part(text, start, end):
                    found.append(Site(start, end, entry.others, entry.line))
        return [site for site in found if not any(_within(site, other) for other in found)]


def _within(site: Site, other: Site) -> bool:
    return other.start <= site.start and site.end <= other.end and other.end - other.start > site.end - site.start


def _fits(entry: Entry, left: str, right: str) -> bool:
    if not all(guard.holds(left, right) for guard in entry.guards):
        return False
    if entry.form == "phrase":  # "I need to" is another thing in "do I need to"
        return entry.words[0] not in {"i", "you", "we"} or len(entry.words) == 1 or left not in _INVERTS
    if entry.form == "base":
        return left in _BEFORE_BASE or left in {".", "?", "!", ",", ":"}
    if entry.form == "s":
        return left in _BEFORE_S
    if entry.form == "ing":
        return left in _BEFORE_ING
    if entry.form == "participle":
        return left in _BEFORE_PARTICIPLE
    if entry.form == "past":
        return left not in _BEFORE_PARTICIPLE and left not in _DETERMINERS and left not in {"^", "to"}
    return True


def _is_name(word: str, left: str) -> bool:
    return word[:1].isupper() and word != "I" and not word.startswith("I'") and left not in _OPENS_SENTENCE


def _is_part(text: str, start: int, end: int) -> bool:
    """Whether the words belong to a longer one: *top-up*, *and/or*."""
    return text[start - 1 : start] in {"-", "/", "'", "_"} or text[end : end + 1] in {"-", "/", "'", "_"} or text[end : end + 1].isdigit()


def substitute(text: str, choices: Sequence[tuple[Site, str]]) -> str:
    """`text` with some sites filled; they must not overlap. A capital and *a* / *an* before a site are seen to."""
    for site, other in sorted(choices, key=lambda choice: -choice[0].start):
        before, old, after = text[: site.start], text[site.start : site.end], text[site.end :]
        opens = not before.strip() or before.rstrip()[-1:] in ".?!"
        subject = old == "I" or old.startswith(("I ", "I'"))
        new = other[:1].upper() + other[1:] if (opens if subject else old[:1].isupper() or not before.strip()) else other
        head, space, word = before.rstrip().rpartition(" ")
        if word.lower() in {"a", "an"} and before.endswith(" "):
            right = article(new)
            before = f"{head}{space}{right.capitalize() if word[0].isupper() else right} "
        text = before + new + after
    return text


@cache
def read_lexicon(own: tuple[Path, ...] = ()) -> Phrases:
    """The shipped phrases, and the user's `own` files.

    Raises:
        LexiconError: a file cannot be read.
    """
    files = [*own, *sorted(DATA.glob("*.txt"))]
    return Phrases(entry for path in files for entry in read_phrases(path).entries)
