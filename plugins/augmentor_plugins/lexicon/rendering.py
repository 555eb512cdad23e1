"""A topic's lines and goals, as this customer would say them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .forms import GOAL_FORMS
from .matching import Match

_CHOICE = re.compile(r"\{([^{}/]*)/([^{}/]*)\}")
_DETERMINED = re.compile(r"^(?:a|an|the|my|our|your|this|that|these|those|some|any|his|her|its|their|no|\w+'s)\b", re.IGNORECASE)
_PLURAL_S = re.compile(r"(?<![sui])s$", re.IGNORECASE)
_TO_WE = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\bI'm\b", "we're"), (r"\bI am\b", "we are"), (r"\bI was\b", "we were"), (r"\bI've\b", "we've"), (r"\bI'd\b", "we'd"), (r"\bI'll\b", "we'll"),
        (r"\bam I\b", "are we"), (r"\bAm I\b", "Are we"), (r"\bwas I\b", "were we"), (r"\bI wasn't\b", "we weren't"), (r"\bI\b", "we"),
        (r"\bmy\b", "our"), (r"\bMy\b", "Our"), (r"\bmine\b", "ours"), (r"\bme\b", "us"), (r"\bmyself\b", "ourselves"),
    )
]  # fmt: skip


def lines(match: Match) -> list[str]:
    """Whole utterances, to be `rendered`; only those with `{o}` when the question has words that nothing else carries."""
    return list(dict.fromkeys(line for line in match.lines if "{o}" in line or not match.extra))


def goals(match: Match) -> Iterator[list[str]]:
    """For each goal, it in each form that it can stand in, to be `rendered`."""
    if "do" not in match.kinds:
        return
    for goal in match.goals:
        if "{o}" in goal or not match.extra:
            yield [form.replace("{vp}", goal) for form in GOAL_FORMS]


def rendered(line: str, match: Match) -> str:
    """A line as this customer would say it."""
    thing = noun_phrase(match)
    plural = is_plural(thing)
    if _speaks_for_several(match.text) and not re.search(r"\b(?:we|our|us)\b", line, re.IGNORECASE):
        for pattern, replacement in _TO_WE:
            line = pattern.sub(replacement, line)
    text = _CHOICE.sub(lambda choice: choice[2 if plural else 1], line).replace("{o}", thing)
    return text[:1].upper() + text[1:]


def noun_phrase(match: Match) -> str:
    """What `{o}` stands for: the question's own noun phrase, from the customer's side and with a determiner."""
    thing = match.text[slice(*match.object)].strip()
    thing = re.sub(r"^your\b", "my", thing, flags=re.IGNORECASE)
    if thing[:1].isupper() and not thing[1:2].isupper() and match.object[0] == 0:
        thing = thing[0].lower() + thing[1:]
    if thing[:1].isupper() and _DETERMINED.match(thing):
        thing = thing[0].lower() + thing[1:]
    if not _DETERMINED.match(thing) and not is_plural(thing):
        thing = f"my {thing}"
    return re.sub(r"^(?:any|no|some)\b", "the", thing, flags=re.IGNORECASE)


def is_plural(thing: str) -> bool:
    """Whether a verb has to agree with a plural: by determiner, else by the last word's ending."""
    words = thing.lower().split()
    if not words or words[0] in {"a", "an", "this", "that"}:
        return False
    return words[0] in {"these", "those"} or (bool(_PLURAL_S.search(words[-1])) and words[-1] not in {"gas", "gps", "sms", "news", "plus", "sos", "dns"}) or words[-1] in {"people", "children", "details", "photos"}


def _speaks_for_several(text: str) -> bool:
    return bool(re.search(r"\b(?:we|our|us)\b", text, re.IGNORECASE)) and not re.search(r"\b(?:i|my|me|mine)\b", text, re.IGNORECASE)
