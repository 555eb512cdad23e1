"""One text in other words: some phrases exchanged, clauses the other way round, contractions in or out."""

from __future__ import annotations

import re
from itertools import pairwise
from math import prod
from random import Random

from .clauses import reordered
from .contractions import contract, expand
from .phrases import Site, substitute

__all__ = ["draft", "inert", "possible", "reordered"]

_REORDERED = 0.6  # how often clauses change places where they can
_CONTRACTED = 0.4
_SENTENCE = re.compile(r"(?<=[.?!]) ")
_ASKS = re.compile(r"(?:can|could|would|will|do|does|did|is|are|am|may|must|how|what|where|when|why|which|who)\b", re.IGNORECASE)
_TELLS = re.compile(r"(?:I|please(?! can| could| would)|tell|let)\b", re.IGNORECASE)


def draft(source: str, sites: list[Site], most: int, rng: Random, *, movable: bool) -> tuple[str, list[str]]:
    """A text in other words, with at most `most` phrases exchanged, and what was done to it."""
    text, notes = source, []
    if sites:
        text = _marked(substitute(text, _choices(sites, most, rng)), text)
        notes.append("phrases")
    if movable and rng.random() < _REORDERED and (orders := reordered(text)):
        text = rng.choice(orders)
        notes.append("clauses")
    if not notes or rng.random() < _CONTRACTED:
        other = rng.choice([expand, contract])(text)
        if other != text:
            text = other
            notes.append("contractions")
    return text, notes


def inert(source: str) -> bool:
    """Whether there is no contraction to take out or put in."""
    return expand(source) == source == contract(source)


def possible(sites: list[Site], most: int) -> int:
    """How many texts the sites can make, at least; exact where there are few of them and none overlap."""
    apart = all(one.end <= other.start for one, other in pairwise(sites))
    if apart and len(sites) <= most:
        return prod(len(site.others) for site in sites)
    return prod(len(site.others) + 1 for site in sites)


def _choices(sites: list[Site], most: int, rng: Random) -> list[tuple[Site, str]]:
    """Some places that do not overlap, and what to say there."""
    taken: list[tuple[Site, str]] = []
    for site in rng.sample(sites, len(sites)):
        if len(taken) == most:
            break
        if all(site.end <= other.start or site.start >= other.end for other, _ in taken):
            taken.append((site, rng.choice(site.others)))
    return taken


def _marked(text: str, source: str) -> str:
    """With the mark that a sentence needs which has become a question, or has ceased to be one."""
    new, old = _SENTENCE.split(text), _SENTENCE.split(source)
    if len(new) != len(old):
        return text
    for index, (now, before) in enumerate(zip(new, old, strict=True)):
        asks, asked = _ASKS.match(now), _ASKS.match(before)
        if asks and not asked and now.endswith("."):
            new[index] = now[:-1] + "?"
        elif asked and not asks and now.endswith("?") and _TELLS.match(now):
            new[index] = now[:-1] + "."
    return " ".join(new)
