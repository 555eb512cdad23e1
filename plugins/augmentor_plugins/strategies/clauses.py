"""The clauses of a sentence in another order: *If X, Y* and *Y if X*; *I paid yesterday* and *Yesterday I paid*."""

from __future__ import annotations

import re

from .dressing import COMMON

_OPENERS = r"if|when|once|as soon as|because|although|unless|before|after|while|until|whenever"
_FRONTED = re.compile(rf"(?P<word>{_OPENERS})\s+(?P<side>[^,;:()\n\"]+?),\s+(?:then\s+)?(?P<main>[^,;:()\n\"]+?)(?P<mark>[.?!]*)", re.IGNORECASE)
_FOLLOWING = re.compile(rf"(?P<main>[^,;:()\n\"]+?)\s+(?P<word>{_OPENERS})\s+(?P<side>[^,;:()\n\"]+?)(?P<mark>[.?!]*)", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:i|you|we|my|your|our|the|there|i'm|i've|you're|we're|you've|someone|a|an)\b", re.IGNORECASE)
_VERB = re.compile(r"\b(?:is|are|was|were|am|have|has|had|do|does|did|can|could|will|would|should|must|may|might|need|want|get|got|make|made|use|using|lost|pay|paid|send|sent|go|\w+ed|\w+n't|i'm|i've|you're|it's)\b", re.IGNORECASE)
_REFERS = re.compile(r"\b(?:it|they|them|their|its|he|she|him|her|this|that|these|those|one|so|too|also|still|then|there|it's|they're|that's)\b", re.IGNORECASE)
_JOINED = re.compile(r"\b(?:and|but|or|so|which|who|whether|if|when|because|although|unless|while|until|once|since|as|than|before|after)\b", re.IGNORECASE)
# Behind these, "if" means "whether" and "when" means "at what time"; behind "even" and "only" the clause cannot move.
_ASKS = frozenset(
    """know knows see check ask asking asked wonder wondering sure tell me us understand out determine confirm decide unsure certain matter matters care question idea clue
    even only as what just long not day week days weeks hours minutes month soon right ever shortly immediately remember explain see unclear exactly about of on for by to until""".split()
)
_SPLIT = re.compile(r"(?<=[.?!])\s+")
_TIME = r"(?:yesterday|today|last (?:week|month|night|year)|this (?:morning|afternoon|week|month|evening)|earlier today|a (?:week|month|while|few days) ago|recently|yesterday (?:morning|evening|afternoon)|on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(?:a couple of|two|three|several|a few) (?:days|weeks) ago)"
_ENDS_IN_TIME = re.compile(rf"(?P<main>(?:I|we)\b[^,;:()\n\"?]+?)\s+(?P<time>{_TIME})(?P<mark>[.!]*)", re.IGNORECASE)
_LASTS = re.compile(r"\b(?:have|has|haven't|hasn't|am|going|will|need|want|can|can't|'ve|from|since|by|until|for (?:a|an|two|three|several|many|over))\b", re.IGNORECASE)  # what goes on until now, or is yet to come
_BEGINS_WITH_TIME = re.compile(rf"(?P<time>{_TIME}),?\s+(?P<main>(?:I|we)\b[^,;:()\n\"?]+?)(?P<mark>[.!]*)", re.IGNORECASE)


def reordered(text: str) -> list[str]:
    """`text` with the clauses of one sentence the other way round: a text for each sentence that allows it."""
    sentences = _SPLIT.split(text)
    found = []
    for index, sentence in enumerate(sentences):
        if other := _swapped(sentence.strip()):
            found.append(" ".join([*sentences[:index], other, *sentences[index + 1 :]]))
    return found


def _swapped(sentence: str) -> str | None:
    """One sentence the other way round; None where what belongs to which clause is not certain."""
    if match := _FRONTED.fullmatch(sentence):
        side, main = match["side"], match["main"]
        movable = _is_clause(side) and _is_main(main) and not _REFERS.search(main)
        if movable:
            return f"{_capital(main)} {match['word'].lower()} {side}{match['mark']}"
    elif match := _FOLLOWING.fullmatch(sentence):
        side, main = match["side"], match["main"]
        before = main.lower().split()[-1]
        asks = before in _ASKS or re.search(r"\b(?:know|sure|tell|wonder|explain)\b", main, re.IGNORECASE)
        if _is_clause(side) and _is_main(main) and not asks and not _REFERS.search(main.split()[0]) and (small := _small(main)):
            return f"{_capital(match['word'])} {side}, {small}{match['mark']}"
    elif match := _ENDS_IN_TIME.fullmatch(sentence):
        if not _JOINED.search(match["main"]) and not _LASTS.search(match["main"]):
            return f"{_capital(match['time'])} {_capital_i(match['main'])}{match['mark']}"
    elif (match := _BEGINS_WITH_TIME.fullmatch(sentence)) and not _JOINED.search(match["main"]):
        return f"{_capital(match['main'])} {match['time'][:1].lower()}{match['time'][1:]}{match['mark']}"
    return None


def _is_clause(side: str) -> bool:
    """Whether what follows *if* is a clause of its own whose subject needs nothing before it."""
    words = side.split()
    return len(words) >= 3 and bool(_SUBJECT.match(side)) and bool(_VERB.search(side)) and not _JOINED.search(side)


def _is_main(main: str) -> bool:
    return len(main.split()) >= 3 and bool(_VERB.search(main)) and not _JOINED.search(main)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _capital_i(text: str) -> str:
    return text if re.match(r"I\b", text) else text[:1].lower() + text[1:]


def _small(text: str) -> str:
    """With a small first letter; empty where the first word may be a name."""
    first = re.match(r"[\w']*", text)
    assert first is not None
    if re.match(r"I\b", text) or text[:1].islower():
        return text
    return text[:1].lower() + text[1:] if first.group().lower() in COMMON else ""

