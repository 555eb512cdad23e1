"""What changed in a variant that repeats its source almost word for word: there, a word that came or went is the meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache

from ..wordlists import sections
from .details import SPELLED

_WORD = re.compile(r"\w+(?:['-]\w+)*")
_LEAST = 0.5  # the share of words that both have, of the longer text, from which one is a frame of the other
_LEAST_WHOLE = 0.6  # the same where words were only left out
_LONGEST = 64  # words; longer texts are hardly rewritten a word at a time
_SPEAKER = {
    **dict.fromkeys(("i", "i'm", "i've", "i'd", "i'll", "im", "ive", "me", "my", "mine", "myself", "we", "we're", "we've", "us", "our", "ours"), "I"),
    **dict.fromkeys(("you", "you're", "you've", "you'd", "you'll", "your", "yours", "yourself"), "you"),
}
_IDLE = frozenset(
    "a an the this that these those it its is are was were be been being am do does did done have has had having will would can could shall should may might must to of in on at for with by from about as into onto and or but if so"
    " than then there here what which who whom whose when where why how please just also too very really actually basically quite rather some any something anything get got getting want wanted need needed like know tell help let say"
    " hi hey hello thanks thank cheers dear sorry sir madam kindly maybe perhaps well ok okay currently still yet already again ever even only now right simply exactly exact lately recently always often usually not no don't doesn't didn't can't"
    " cannot couldn't won't wouldn't isn't aren't wasn't weren't haven't hasn't hadn't never dont doesnt didnt cant wont isnt he she they them him her his hers their one ones way possible able trying try tried keep keeps new own lol"
    " whats what's how's where's it's that's there's who's when's gonna wanna gotta anyone someone somebody anybody everyone make made use using go going see out up down off over back more much many all both each every other another quick question questions good morning evening afternoon day appreciate appreciated advance asap urgent urgently".split()
)
_SAME_WORD = 0.8  # likeness of two forms or spellings of a word
_SLIP = 0.7  # the same where one of them is no word that people use here
_ON_OFF = ({"on"}, {"off"})


def refilled(source: str, variant: str) -> Iterator[str]:
    """Words that another one took the place of, or that are gone, in two texts (in lower case) that otherwise read the same."""
    one, other = _WORD.findall(source), _WORD.findall(variant)
    if not 2 < max(len(one), len(other)) <= _LONGEST:
        return
    changes = [change for change in SequenceMatcher(None, one, other, autojunk=False).get_opcodes() if change[0] != "equal"]
    same = len(one) - sum(stop - start for _, start, stop, _, _ in changes)
    share = same / max(len(one), len(other))
    if share < _LEAST:
        return
    for _, start, stop, first, last in changes:
        yield from _turned(one[start:stop], other[first:last], one, other)
    lost, new = _content(one, other), _content(other, one)
    if lost and new and not _say_the_same(lost, new):
        yield f"{lost[0]!r} became {new[0]!r}"
    elif lost and not new and share >= _LEAST_WHOLE and len(lost) / max(1, len(_content(one, []))) <= 0.5 and not _only_shorter(other):
        yield f"{lost[0]!r} is lost"


def _turned(lost: Sequence[str], new: Sequence[str], one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    """Another speaker where one was, and on for off."""
    before, after = ({_SPEAKER[word] for word in words if word in _SPEAKER} for words in (lost, new))
    if len(before) == len(after) == 1 and before != after and len(lost) == len(new):
        yield f"{'I' if 'I' in before else 'you'!r} became {'you' if 'I' in before else 'I'!r}: another person speaks"
    for here, there in (_ON_OFF, _ON_OFF[::-1]):
        if here & set(lost) and there & set(new) and not there & set(one) and not here & set(other):
            yield f"{min(here)!r} became {min(there)!r}"


def _content(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words that carry meaning and that the other text does not have in any form."""
    known = {_stem(word) for word in others}
    packed = "".join(others)
    return [word for word in words if word not in _IDLE and word not in _SPEAKER and len(word) > 1 and _stem(word) not in known and word.replace("-", "") not in packed]


def _only_shorter(words: Sequence[str]) -> bool:
    return len(words) < 3


def _say_the_same(lost: Sequence[str], new: Sequence[str]) -> bool:
    """Whether each word that went has one that came for it: another spelling, another form, or a word that may stand for it."""
    fewer, more = sorted((lost, new), key=len)
    return len(more) > 2 * len(fewer) + 1 or len(fewer) > 3 or all(any(_alike(word, other) for other in more) for word in fewer)


def _alike(one: str, other: str) -> bool:
    if SPELLED.get(one, one) == SPELLED.get(other, other):
        return True
    if any(map(str.isdigit, one + other)):
        return True  # numbers and codes have guards of their own
    likeness = SequenceMatcher(None, one, other).ratio()
    if (likeness >= _SAME_WORD and one[0] == other[0]) or (likeness >= _SLIP and (_stem(one) not in _sets() or _stem(other) not in _sets()) and not _whole(one, other)):
        return True
    return not _sets().get(_stem(one), frozenset()).isdisjoint(_sets().get(_stem(other), frozenset()))


def _whole(one: str, other: str) -> bool:
    """Whether one of two words is the other with something before it (`sold`, `unsold`): no slip of the hand."""
    return one.endswith(other) or other.endswith(one)


@cache
def _sets() -> dict[str, frozenset[int]]:
    """For each stem of `words/alike.txt`, the sets it stands in."""
    found: dict[str, set[int]] = {}
    for number, words in enumerate(sections("alike", by_line=True)["sets"]):
        for word in words.split(","):
            found.setdefault(_stem(word.strip()), set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in found.items()}


def _stem(word: str) -> str:
    word = re.sub(r"'s?$", "", word)
    for ending in ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "al", "d", "ly", "y", "e", "t"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    word = word.removesuffix("e") if len(word) > 3 else word
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
