"""From the places found in a conversation to the texts in which they are swapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from .inflection import article
from .swap_files import NAMES, SEXES, Group, Name
from .swap_finding import Hit

Found = Mapping[str, Sequence[Hit]]  # each text of a conversation, and its places
_OPENING = re.compile(r"(?:^|[.!?:\n\"\u201c\u2022*-])\s*$")
_ARTICLE = re.compile(r"\b(an?) $", re.IGNORECASE)


def versions(group: Group, found: Found, names: Sequence[Name], rng: Random) -> Iterator[tuple[str, dict[str, str]]]:
    """One way of swapping after the other: a note that says which, and what each text becomes."""
    hits = [hit for some in found.values() for hit in some]
    for note, becomes in _by_origin(hits, names, rng) if group.name == NAMES else _by_column(group, hits, names, rng):
        texts = {text: _applied(text, some, becomes) for text, some in found.items()}
        if any(after != before for before, after in texts.items()):
            yield note, texts


def _by_origin(hits: Sequence[Hit], names: Sequence[Name], rng: Random) -> Iterator[tuple[str, dict[Hit, str]]]:
    """All names as they are in another part of the world."""
    mentioned = {name.origin for hit in hits for name in hit.names}
    others = [origin for origin in dict.fromkeys(name.origin for name in names) if origin not in mentioned]
    for target in rng.sample(others, len(others)) if hits else ():
        renamed = _renamed(hits, names, rng, {name: (target, name.sort) for hit in hits for name in hit.names[:1]})
        if renamed is not None:
            yield f"{NAMES}={hits[0].names[0].origin}>{target}", {hit: renamed[hit.text] for hit in hits}


def _by_column(group: Group, hits: Sequence[Hit], names: Sequence[Name], rng: Random) -> Iterator[tuple[str, dict[Hit, str]]]:
    """Two columns exchanged, for each two of which one is plainly mentioned."""
    sides = {hit: _columns(hit, group) for hit in hits}
    mentioned = list(dict.fromkeys(column for hit in hits if len(sides[hit]) == 1 for column in sides[hit]))
    pairs = [(one, other) for one in mentioned for other in range(len(group.columns)) if other not in mentioned or mentioned.index(one) < mentioned.index(other)]
    for one, other in rng.sample(pairs, len(pairs)):
        turn = {one: other, other: one}
        sexes = {name: (name.origin, SEXES[1 - SEXES.index(name.sort)]) for hit in hits for name in hit.names[:1] if name.sort in SEXES}
        renamed = _renamed(hits, names, rng, sexes)
        becomes = {hit: renamed[hit.text] if hit.names and renamed else _exchanged(hit, turn, hits) for hit in hits}
        if renamed is None or None in becomes.values():
            continue
        arrow = "<>" if other in mentioned else ">"
        yield f"{group.name}={group.columns[one]}{arrow}{group.columns[other]}", {hit: text for hit, text in becomes.items() if text is not None}


def _columns(hit: Hit, group: Group) -> tuple[int, ...]:
    if hit.names:
        return tuple({group.columns.index(name.sort) for name in hit.names if name.sort in group.columns})
    return tuple(dict.fromkeys(column for _, column in hit.ways))


def _exchanged(hit: Hit, turn: Mapping[int, int], hits: Sequence[Hit]) -> str | None:
    """What a term becomes; None where the other people have no such word."""
    ways = [(row, column) for row, column in hit.ways if column in turn]
    if not ways:
        return hit.text
    spoken = {other.text.lower() for other in hits}
    others = [row.cells[turn[column]] for row, column in ways if row.cells[turn[column]]]
    if not others:
        return None
    return next((cell[0] for cell in others if cell[0].lower() in spoken), others[0][0])


def _renamed(hits: Sequence[Hit], names: Sequence[Name], rng: Random, wanted: Mapping[Name, tuple[str, str]]) -> dict[str, str] | None:
    """Another name for each: of the origin and sort that are wanted, none twice, none that is there already; None where names run out."""
    found: dict[str, str] = {}
    taken = {hit.text.lower() for hit in hits}
    for hit in hits:
        if not hit.names or hit.text in found:
            continue
        if hit.names[0] not in wanted:
            found[hit.text] = hit.text
            continue
        origin, sort = wanted[hit.names[0]]
        free = [name.text for name in names if (name.origin, name.sort, name.doubt) == (origin, sort, "") and name.text.lower() not in taken]
        if not free:
            return None
        found[hit.text] = rng.choice(free)
        taken.add(found[hit.text].lower())
    return found


def _applied(text: str, hits: Sequence[Hit], becomes: Mapping[Hit, str]) -> str:
    """The text with its places swapped, in the case they had, *a* / *an* seen to."""
    for hit in sorted(hits, key=lambda hit: -hit.start):
        before, after = text[: hit.start], text[hit.end :]
        new = _cased(becomes[hit], hit, text, opens=bool(_OPENING.search(before)))
        if new != hit.text and (match := _ARTICLE.search(before)) and match[1].lower() == article(hit.text):
            right = article(new)
            before = before[: match.start()] + (right.capitalize() if match[1][0].isupper() else right) + " "
        if hit.names and re.match(r"['\u2019](?!s\b)", after) and hit.text.endswith("s") and not new.endswith("s"):
            after = after[:1] + "s" + after[1:]  # James' card, Anna's card
        if not hit.names and (match := re.match(r"['\u2019]s\b", after)) and new.endswith("s") and not (hit.text.endswith("s") or new.endswith("ss")):
            after = after[0] + after[match.end() :]  # the gentlemen's, the ladies'
        elif not hit.names and re.match(r"['\u2019](?!\w)", after) and hit.text.endswith("ies") and not new.endswith("s"):
            after = after[0] + "s" + after[1:]
        text = before + new + after
    return text




def _cased(new: str, hit: Hit, text: str, *, opens: bool) -> str:
    """`new` with the capitals that the old word had, unless it had them only as a name."""
    if len(hit.text) > 1 and hit.text.isupper() and text.isupper():
        return new.upper()
    if text.islower():
        return new.lower()
    name = any(hit.text in cell for row, _ in hit.ways for cell in row.cells)
    return new[:1].upper() + new[1:] if hit.text[:1].isupper() and (opens or not name) else new
