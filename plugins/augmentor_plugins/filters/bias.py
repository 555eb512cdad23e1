"""Stereotypes about groups of people, told as facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from msgspec.structs import replace

from augmentor.protocols import Candidate, Verdict

from .abuse.rules import abuse, talked_about
from .abuse.tagging import Tagged, tagged
from .turns import Side, spoken
from .wordlists import sections

_GROUP = r"(?<!\bno )(?<!\bnot all )(?<!\bfor )(?<!\bsome )(?<!\bof )(?<!\bby )(?<!\bwith )<\w*[ga]\w*>"
_EVERY = r"(?:all|most|always|never|just|simply|naturally|inherently|biologically|really|so|too|very|more|less|such|the|a|an|often|usually|generally|typically|only|often|mostly|basically|known to be|known for being|supposed to be|better|worse|pretty|quite|kind of|<\w*[fd]\w*>)"
_HEDGED = r"(?: (?:people|person|folk|who \w+ \w+|in \w+|from \w+))?"
_GENERAL = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_GROUP}{_HEDGED} (?:can not|can never|do not know how to|should not|are not able to|are not good at|are not as (?:good|smart|strong|capable)|are not (?:suited|made|built|cut out|meant|fit)|do not (?:belong|understand|make good|work hard)|never work|will never understand) ?(?!be (?:treated|discriminated|judged|excluded|harmed|hurt|afraid))",
        rf"{_GROUP}{_HEDGED} (?:belong|should stay|should only|should just|should stick|are only|are better at|are better than|are worse at|are worse than|are bad at|are terrible at|are good at|are naturally|are biologically|are inherently|are born|are always|are never|are all|are known for|all (?:look|think|act|smell|have|want|love|just)|always (?:want|lie|cheat|steal|complain|cry|drive|talk|take|try|act|exaggerate|blame|get|have)|only (?:care|want|think|date|marry)|just want|just need to|tend to be|have no|make (?:good|bad|great|poor|terrible|better|worse|the best) |love (?:fried chicken|watermelon|money|gossip|drama)|ca ?n ?not drive)",
        rf"{_GROUP}{_HEDGED} (?:never|always|tend to|simply|just) (?!(?:be|are|were|have been) )[a-z]+|\btypical (?:of )?<\w*[gj]\w*>|\byou <\w*g\w*> (?:just|always|never|can|are|all)\b",
        r"(?<!\bnot )\b(?:every|any|all|most|typical|normal|real) <\w*g\w*> (?:is|are|has|have|wants?|loves?|should|knows?|needs?)\b(?! (?:access|the same|equal|welcome|rights|to be treated|to feel|help|respect))",
        r"\b(?:because|since|as) (?:he|she|they|you|i|we) (?:is|are|am) (?:a |an )?(?:<\w*[gj]\w*>)",
    )
)


@dataclass(frozen=True)
class Bias:
    """Drop or flag conversations that say of a whole group of people what stereotypes say.

    A first screen for English, by rules and word lists: a group, then a trait or a generalisation (`women can't ...`), and
    phrases that carry a stereotype by themselves. Statements that are quoted to condemn them or denied are kept. It does not see
    a stereotype that is only implied in a story. The score is 1 for an attack on a group, 0.8 for a trait or phrase, 0.6 for a
    generalisation.

    Attributes:
        at: the score from which a conversation is dropped or flagged.
        side: whose turns are judged.
        action: `drop`, or `flag`: keep it, with what was found under `bias` in its `meta`.
    """

    at: float = 0.6
    side: Side = "both"
    action: Literal["drop", "flag"] = "drop"

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        return [self._verdict(candidate) for candidate in candidates]

    def _verdict(self, candidate: Candidate) -> Verdict:
        worst, where, words = 0.0, "", ""
        for place, text in spoken(candidate.example, self.side):
            score, quote = biased(text)
            if score > worst:
                worst, where, words = score, place, quote
        if not worst or worst < self.at:
            return Verdict(keep=True, score=worst)
        reason = f"the {where} generalises about a group of people: {words!r}"
        if self.action == "drop":
            return Verdict(keep=False, score=worst, reason=reason)
        if candidate.example.meta.get("bias") == reason:
            return Verdict(keep=True, score=worst)
        flagged = replace(candidate.example, meta={**candidate.example.meta, "bias": reason})
        return Verdict(keep=True, score=worst, reason=reason, replacement=flagged)


def biased(text: str) -> tuple[float, str]:
    """How clearly a text says what stereotypes say, 0 to 1, and the words that do."""
    marked = tagged(text)
    if marked is None:
        return 0.0, ""
    saying = _sayings().search(marked.plain)
    if saying and not talked_about(marked.plain, saying.start(), saying.end(), marked.plain, "hate"):
        return 0.8, saying.group()
    if "g" not in marked.text and "a" not in marked.text:
        return 0.0, ""
    for item in abuse(marked):
        if item.kind == "hate":
            return 1.0, item.words
    for score, pattern, source in ((0.8, _traits(), _groups_tagged(marked)), *((0.6, pattern, marked.text) for pattern in _GENERAL)):
        match = pattern.search(source)
        if match and not talked_about(source, match.start(), match.end(), marked.plain, "hate"):
            return score, marked.quoted(match.start(), match.end()) if source is marked.text else _told(marked, source, match)
    return 0.0, ""


def _groups_tagged(marked: Tagged) -> str:
    """The tagged text in which only groups are tagged; other listed words read as they were."""
    words = iter(marked.words)
    return re.sub(r"<(\w+)>", lambda match: _either(match.group(1), next(words)), marked.text)


def _either(kinds: str, word: str) -> str:
    return "<g>" if "g" in kinds or "a" in kinds else word


def _told(marked: Tagged, source: str, match: re.Match[str]) -> str:
    """The words of a match in which groups are tagged."""
    groups = [word for word, kinds in zip(marked.words, re.findall(r"<(\w+)>", marked.text), strict=True) if _either(kinds, "") == "<g>"]
    words = iter(groups[source.count("<", 0, match.start()) :])
    return re.sub("<g>", lambda _: next(words), match.group())


@cache
def _sayings() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sections('bias')['sayings']))})\b")


@cache
def _traits() -> re.Pattern[str]:
    traits = sorted(sections("bias")["traits"], key=len, reverse=True)
    return re.compile(rf"{_GROUP}{_HEDGED} (?:are|is|seem|were|look|act|get|become) (?:{_EVERY} )*(?:{'|'.join(map(re.escape, traits))})\b")
