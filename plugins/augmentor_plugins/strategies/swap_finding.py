"""Where a conversation says what people are: terms of a group, and names that are plainly people's."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .spans import PROTECTED
from .swap_files import NAMES, Group, Name, Row, people
from .swap_grammar import case_of_her, case_of_his, of_a_person, of_somebodys_origin

_TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+|\n|[^\w\s]")
_QUOTED = re.compile(r"[\"\u201c\u00ab](?P<words>[^\"\u201d\u00bb\n]{1,60})[\"\u201d\u00bb]")
_OPENS = frozenset('.!?:\n"\u201c\u2022*-')
_TITLES = frozenset("mr mrs ms miss mx dr prof mr. mrs. ms. dr.".split())
_NO_PERSON_AFTER = frozenset("the a an this these those every each click press tap select choose hit option button tab field menu named st saint san santa hotel".split()) - {"named"}
_NO_PERSON_BEFORE = frozenset(
    """street road avenue lane square station airport hospital school college university bank hotel store shop inc ltd llc gmbh app pro plus premium card collection
    mattress sofa dress model edition day award foundation center centre church park island bridge ave st""".split()
)
_INTRODUCES = frozenset("is i'm im am called named hi hello hey dear thanks regards cheers mr mrs ms miss dr husband wife son daughter friend brother sister colleague boss partner manager uncle aunt cousin with by".split())
_PLACING = frozenset("in on at by since until of from to last next this for before after during early late mid near every".split())
_CASES = {"her": case_of_her, "his": case_of_his}
_PARTNERS = {("her", "object"): "him", ("her", "determiner"): "his", ("his", "determiner"): "her", ("his", "pronoun"): "hers"}


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a text that may be swapped: the rows and columns that its words stand in, or the names that it may be."""

    start: int
    end: int
    text: str
    ways: tuple[tuple[Row, int], ...] = ()
    names: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int

    @property
    def name(self) -> str:
        """Without a genitive's ending."""
        return re.sub(r"['\u2019]s$", "", self.text)


class Finder:
    """Finds the terms of a group, and names where they belong to it."""

    def __init__(self, group: Group, names: Group) -> None:
        self._ways: dict[str, list[tuple[Row, int]]] = defaultdict(list)
        for row in group.rows:
            for column, cell in enumerate(row.cells):
                for term in cell:
                    self._ways[_plain(term)].append((row, column))
        self._names: dict[str, list[Name]] = defaultdict(list)
        for name in names.names if group.name in {"gender", NAMES} else ():
            self._names[name.text].append(name)
        self._lower = {text.lower(): text for text in self._names}
        self._terms = _alternatives(self._ways)
        self._never = _alternatives([*group.never, *names.never])

    def hits(self, text: str) -> list[Hit]:
        """The places of one text, in order; they do not overlap."""
        closed = list(self._closed(text))
        tokens = [_Token(match.group(), match.start()) for match in _TOKEN.finditer(text)]
        starts = [token.start for token in tokens]
        found = [hit for hit in self._found_terms(text, tokens, starts) if not _inside(hit, closed)]
        taken = [(hit.start, hit.end) for hit in found]
        found += [hit for hit in self._found_names(text, tokens) if not _inside(hit, closed + taken)]
        return sorted(found, key=lambda hit: hit.start)

    def _closed(self, text: str) -> Iterator[tuple[int, int]]:
        """What is not to be touched: codes and addresses, titles in quotes, ways of speaking."""
        shouting = text.isupper()
        for match in PROTECTED.finditer(text):
            if not (shouting and match.group().isalpha()):
                yield match.span()
        for match in _QUOTED.finditer(text):
            if all(word[:1].isupper() for word in match["words"].split() if word[:1].isalpha()):
                yield match.span()
        for match in self._never.finditer(text):
            yield match.span()

    def _found_terms(self, text: str, tokens: list[_Token], starts: list[int]) -> Iterator[Hit]:
        shouting = text.isupper()
        position = 0
        while match := self._terms.search(text, position):
            position = match.start() + 1  # where the longest term does not fit, a shorter one may
            first, last = bisect_left(starts, match.start()), bisect_left(starts, match.end())
            before = [token.text.lower().replace("\u2019", "'") for token in reversed(tokens[max(first - 6, 0) : first])]
            after = [token.text.lower().replace("\u2019", "'") for token in tokens[last : last + 3]]
            if after[:1] == ["'"] or after[:1] == ["s"]:
                after = after[1:]
            fresh = first == 0 or tokens[first - 1].text in _OPENS
            following = tokens[last].name if last < len(tokens) else ""
            ways = [
                (row, column)
                for row, column in self._ways[_plain(match.group())]
                if _fits(match.group(), row, before, after, following, fresh=fresh or shouting, named=following in self._names)
            ]
            partner = _partner(match.group(), before, after)
            if partner:
                ways = [(row, column) for row, column in ways if any(partner in cell for cell in row.cells)]
            if ways:
                position = match.end()
                yield Hit(match.start(), match.end(), match.group(), ways=tuple(ways))

    def _found_names(self, text: str, tokens: list[_Token]) -> Iterator[Hit]:
        sure: list[Hit] = []
        unsure: list[Hit] = []
        given = -2  # where the last given name stood
        for index, token in enumerate(tokens):
            names = self._names.get(token.name, ())
            last = tokens[index - 1].text.lower() if index else ""
            introduced = [item.text.lower() for item in tokens[max(index - 2, 0) : index]] == ["name", "is"]
            if not names and introduced and token.name in self._lower and text[: token.start] == text[: token.start].lower():
                names = self._names[self._lower[token.name]]
            if not names:
                continue
            surnames = tuple(name for name in names if name.sort == "surname")
            forenames = tuple(name for name in names if name.sort != "surname")
            titled = last in _TITLES or (last == "." and index > 1 and tokens[index - 2].text.lower() in _TITLES)
            hit = Hit(token.start, token.start + len(token.name), token.name, names=forenames)
            if surnames and (given == index - 1 or titled):
                sure.append(Hit(hit.start, hit.end, hit.text, names=surnames))
            elif forenames and self._is_person(tokens, index, forenames[0].doubt):
                given = index
                sure.append(hit)
            elif forenames and introduced:
                sure.append(hit)
            elif forenames and last not in _NO_PERSON_AFTER and forenames[0].doubt == "?":
                unsure.append(hit)
        known = {hit.text for hit in sure}
        yield from sure
        yield from (hit for hit in unsure if hit.text in known)

    def _is_person(self, tokens: list[_Token], index: int, doubt: str) -> bool:
        """Whether a given name stands for a person here."""
        token = tokens[index]
        before = tokens[index - 1].text if index else ""
        after = tokens[index + 1].text if index + 1 < len(tokens) else ""
        fresh = not before or before in _OPENS
        if before.lower() in _NO_PERSON_AFTER or (after.lower() in _NO_PERSON_BEFORE and token.name == token.text):
            return False
        addressed = before.lower() in _INTRODUCES | _TITLES | people() or before.lower() in {"i", "and", "&"}
        if before[:1].isupper() and not addressed and (index < 2 or tokens[index - 2].text not in _OPENS) and index > 1 and before not in self._names:
            return False  # Hotel Maria
        if not doubt:
            return True
        if token.name != token.text and doubt == "?":
            return True
        if any(name.sort == "surname" for name in self._names.get(re.sub(r"['\u2019]s$", "", after), ())):
            return True
        if before.lower() in _INTRODUCES - {"is", "by", "with"} and doubt == "?":
            return True
        if before.lower() == "is" and index > 1 and tokens[index - 2].text.lower() in {"name", "this", "husband", "wife", "son", "daughter", "he", "she"}:
            return True
        if fresh:  # alone on the last line: who signs
            return before == "\n" and index + 1 == len(tokens)
        place = index - 1
        while place > 0 and (tokens[place].text in {"and", "or", ",", "&"} or any(name.doubt == "~" for name in self._names.get(tokens[place].text, ()))):
            place -= 1
        placed = (index > 0 and tokens[place].text.lower() in _PLACING) or after.isdigit()
        return not after[:1].isupper() and not before[:1].isupper() and not (doubt == "~" and placed)


def _fits(surface: str, row: Row, before: list[str], after: list[str], following: str, *, fresh: bool, named: bool) -> bool:
    """Whether the words at hand say what the row says, here."""
    if row.kind == "pronoun":
        return surface != "HER" or fresh
    if row.kind == "title":
        if _plain(surface) in _TITLES:
            return surface[:1].isupper() and (following[:1].isupper() or (following == "." and surface[-1:] != "."))
        return surface[:1].isupper() and (named or not following[:1].isupper() or following in {"I", "I'm"})  # Aunt Mary, but Uncle Yu's Diner
    if row.kind == "adjective":
        return of_a_person(before, after)
    if row.kind == "place":
        return surface[:1].isupper() and of_somebodys_origin(before)
    if row.kind == "people" and after[:1] and after[0] in people():
        return False
    if surface == "Man" and after[:1] == [","]:
        return False  # Man, I am tired
    term_is_name = any(surface in cell for cell in row.cells) and surface[:1].isupper()
    return surface[:1].islower() or fresh or term_is_name


def _partner(surface: str, before: list[str], after: list[str]) -> str | None:
    """What *her* and *his* become here; None for words whose other half is always the same."""
    word = surface.lower()
    return _PARTNERS[word, _CASES[word](before, after)] if word in _CASES else None


def _plain(term: str) -> str:
    return term.lower().replace("\u2019", "'")


def _inside(hit: Hit, ranges: list[tuple[int, int]]) -> bool:
    return any(start < hit.end and hit.start < end for start, end in ranges)


def _alternatives(terms: Iterable[str]) -> re.Pattern[str]:
    listed = sorted({_plain(term) for term in terms}, key=lambda term: (-len(term), term))
    if not listed:
        return re.compile("(?!)")
    words = "|".join(re.escape(term).replace("'", "['\u2019]") for term in listed)
    return re.compile(rf"(?<![\w'\u2019/@#-])(?:{words})(?![\w/@-])", re.IGNORECASE)


def forbids(group: Group, text: str) -> bool:
    """Whether the text holds what makes no sense when the group is swapped."""
    words = "|".join(re.escape(term.rstrip("*")) + (r"\w*" if term.endswith("*") else "") for term in group.unless)
    return bool(words and re.search(rf"\b(?:{words})\b", text, re.IGNORECASE))


