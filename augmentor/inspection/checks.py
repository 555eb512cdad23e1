"""What filters say of examples: each is run as it would be in a recipe, and nothing is taken out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import AugmentorError
from ..examples import Example
from ..plugins import plugins
from ..protocols import Candidate, DatasetFilter, Verdict
from ..registry import Spec
from .counting import spread
from .masking import around_mark, cut, mark_in_words, marks, masked, shown
from .result import Checked, Shown

SHOWN = 8
"""Examples of each check that are shown."""

_BATCH = 1_000
_KINDS = 12
_PLACE = re.compile(r"^the (?:question|rejected answer|answer|turn \d+ \(\w+\)) ")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_MEASURE = re.compile(r" \([^()]*…[^()]*\)")
_NUMBER = re.compile(r"\b[\d.,]*\d\b%?")

Rows = Sequence[tuple[int, Example]]


@dataclass(frozen=True)
class Check:
    """A filter to look through, and what it looks for in words. What is `wanted` by name has to work; others may be missing."""

    name: str
    title: str
    filter: str
    wanted: bool = False
    measures: bool = False


CHECKS = (
    Check("privacy", "personal data and secrets", "privacy"),
    Check("toxicity", "abuse", "toxicity:at=mild"),
    Check("bias", "stereotypes", "bias"),
    Check("near_duplicate", "nearly the same as another", "near_duplicate"),
    Check("length", "an empty turn, or a very short or long one", "length"),
    Check("outlier", "far from all others", "outlier"),
    Check("gibberish", "letters that make no words", "gibberish"),
    Check("noise", "hardly text", "noise"),
    Check("mojibake", "text in a wrong encoding", "mojibake"),
    Check("repetition", "says the same over and over", "repetition"),
    Check("truncated", "answers that break off", "truncated"),
    Check("refusal", "answers that refuse", "refusal"),
)
"""What every inspection looks for, as far as there are filters for it."""


def checks(filters: Sequence[str] = (), model: str | None = None) -> list[Check]:
    """The usual checks that can be made, then those asked for: a filter each, and whether `model` can be trained on the rows.

    Raises:
        UsageError: a filter that was asked for does not exist, or has no such option.
    """
    registry = plugins()["filter"]
    wanted = [Check(spec.name, f"would be dropped by {spec.name}", str(spec), wanted=True) for spec in map(registry.parse, filters)]
    if model:
        wanted.append(Check("trainable", f"what {model} cannot be trained on", str(Spec("trainable", {"model": model})), wanted=True, measures=True))
    for check in wanted:
        registry.make(_spec(check))
    named = {check.filter for check in wanted}
    return [check for check in CHECKS if check.filter.partition(":")[0] in registry and check.filter not in named] + wanted


def run(check: Check, rows: Rows, progress: Callable[[int], None]) -> Checked:
    """What a check finds. A usual one that cannot look (an extra is not installed) says so instead."""
    try:
        verdicts = _verdicts(plugins()["filter"].make(_spec(check)), [Candidate(example) for _, example in rows], progress)
    except AugmentorError as error:
        if check.wanted:
            raise
        return Checked(check.name, check.title, check.filter, 0, 0, {}, missing=str(error))
    found = [(place, verdict) for place, verdict in enumerate(verdicts) if not verdict.keep or verdict.replacement is not None]
    kinds = Counter(kind for place, verdict in found for kind in _kinds(rows[place][1], verdict))
    worst = _varied(sorted(found, key=_badness))[:SHOWN]
    scores = spread(Counter(round(verdict.score) for verdict in verdicts if verdict.score is not None)) if check.measures else None
    at = {example.id: place for place, (_, example) in enumerate(rows)} if any(verdict.other for _, verdict in worst) else {}
    examples = tuple(_shown(rows, place, verdict, at) for place, verdict in worst)
    return Checked(check.name, check.title, check.filter, len(rows), len(found), dict(kinds.most_common(_KINDS)), examples, scores)


def _badness(item: tuple[int, Verdict]) -> tuple[bool, float, int]:
    """Sorts the worst first; of rows that resemble others, copies come last: they are told of as such."""
    place, verdict = item
    return verdict.other is not None and verdict.score == 1, -abs(verdict.score or 0.0), place


def _varied(found: Sequence[tuple[int, Verdict]]) -> list[tuple[int, Verdict]]:
    """The same findings, those that resemble a row which was already named put last."""
    met: set[str] = set()
    again = []
    for item in found:
        other = item[1].other
        again.append(other in met)
        if other is not None:
            met.add(other)
    return [item for _, item in sorted(zip(again, found, strict=True), key=lambda pair: pair[0])]


def _spec(check: Check) -> Spec:
    """The filter; a model's name may hold anything, so it is no text to be taken apart."""
    return Spec("trainable", {"model": check.filter.partition("model=")[2]}) if check.measures else plugins()["filter"].parse(check.filter)


def _verdicts(component: Any, candidates: Sequence[Candidate], progress: Callable[[int], None]) -> list[Verdict]:
    """A verdict each, in batches, so that progress is seen and an interrupt is heard."""
    found: list[Any] = []
    whole = isinstance(component, DatasetFilter)
    for start in range(0, len(candidates), _BATCH):
        batch = candidates[start : start + _BATCH]
        found += component.sketch(batch) if whole else component.judge(batch)
        progress(min(len(candidates), start + _BATCH))
    return list(component.reduce(found, [])) if whole else found


def _kinds(example: Example, verdict: Verdict) -> Iterator[str]:
    """What a finding counts as: each kind of data that was masked, or the reason without place, quotes and numbers."""
    replaced = marks(example, verdict.replacement) if verdict.replacement else Counter[str]()
    if replaced:
        for mark, number in replaced.items():
            yield from [mark_in_words(mark)] * number
    else:
        reason = verdict.reason.replace(verdict.other, "another") if verdict.other else verdict.reason
        yield cut(reason_group(reason), 100)


def reason_group(reason: str) -> str:
    """A filter's reason without what is particular to a row.

    >>> reason_group("the turn 3 (user) insults (strong): 'you fool'")
    'insults (strong)'
    >>> reason_group("it has 812 tokens and the model reads 512: its answer would be cut off")
    'it has … tokens and the model reads …'
    """
    plain = _NUMBER.sub("…", _QUOTED.sub("…", _PLACE.sub("", reason)))
    return _MEASURE.sub("", plain).partition(": ")[0].partition(", which is kept")[0].strip() or "no reason given"


def _shown(rows: Rows, place: int, verdict: Verdict, at: dict[str, int]) -> Shown:
    row, example = rows[place]
    why = around_mark(example, verdict.replacement) if verdict.replacement else ""
    other = rows[at[verdict.other]] if verdict.other is not None and verdict.other in at else None
    return shown(row, example, why or masked([verdict.reason])[0], verdict.score, shown(*other) if other else None)
