"""Rows that belong to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from augmentor.protocols import Candidate, Threshold, Verdict

from .vectors import Row, encoded, stacked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NEIGHBOURS = 5
_FEWEST = 20
_BLOCK = 512
_MAD = 1.4826
"""Makes the median absolute deviation of normal data its standard deviation."""


@dataclass(frozen=True)
class Outlier:
    """Drop examples whose question is far from all others, or from the others of its label.

    Distances (1 - cosine of an encoder's vectors) are compared as robust z-scores: how many deviations a distance lies above the
    median, the deviation taken from the median as well, so that outliers do not hide each other (Iglewicz and Hoaglin 1993).
    Relatives (a source and its variants) do not count as company. Nothing is judged among fewer than 20 examples. The score is
    the z-score; it is negative for what is closer than most.

    Attributes:
        max_z: the largest z-score to keep.
        by: `label` measures the distance to the middle of the label, `topic` the mean distance to the five nearest questions,
            whatever their label; examples without a label, or alone with it, are always measured by topic.
        encoder: which encoder to ask.
    """

    max_z: float = 3.5
    by: Literal["label", "topic"] = "label"
    encoder: str = "static"

    decides: ClassVar[Threshold] = Threshold("max_z", "above")

    def sketch(self, candidates: Sequence[Candidate]) -> list[Any]:
        return encoded(candidates, self.encoder)

    def reduce(self, sketches: Sequence[Any], held_out: Sequence[Any]) -> list[Verdict]:  # noqa: ARG002  training data judges itself
        rows = [Row(*sketch) for sketch in sketches]
        verdicts = [Verdict(keep=True) for _ in rows]
        order = sorted((index for index, row in enumerate(rows) if row.asked), key=lambda index: (rows[index].id, rows[index].root, rows[index].text))
        if len(order) < _FEWEST:
            return verdicts
        ordered = [rows[index] for index in order]
        vectors = stacked([row.asked for row in ordered])
        to_label = _to_label(ordered, vectors) if self.by == "label" else {}
        rest = [place for place in range(len(ordered)) if place not in to_label]
        for distances, what in ((to_label, "the other examples of its label"), (_to_neighbours(ordered, vectors, rest), "all other questions")):
            for place, score in _robust(distances).items():
                keep = score <= self.max_z
                reason = "" if keep else f"its question is far from {what} (distance {distances[place]:.2f}, z {score:.1f}, limit {self.max_z:g})"
                verdicts[order[place]] = Verdict(keep=keep, score=score, reason=reason)
        return verdicts


def _to_label(rows: Sequence[Row], vectors: NDArray[np.float32]) -> dict[int, float]:
    """How far each labelled row is from the middle of the other families of its label."""
    import numpy as np

    members: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        if row.label:
            members.setdefault(row.label, []).append(place)
    found = {}
    for places in members.values():
        exact = vectors[places].astype(np.float64)
        families: dict[str, list[int]] = {}
        for number, place in enumerate(places):
            families.setdefault(rows[place].root, []).append(number)
        if len(families) == 1:
            continue
        total = exact.sum(axis=0)
        for numbers in families.values():
            middle = total - exact[numbers].sum(axis=0)
            length = float(np.sqrt((middle * middle).sum()))
            for number in numbers:
                found[places[number]] = round(1 - float((exact[number] * middle).sum()) / length if length else 1.0, 6)
    return found


def _to_neighbours(rows: Sequence[Row], vectors: NDArray[np.float32], places: Sequence[int]) -> dict[int, float]:
    """The mean distance of each row at `places` to its nearest rows of other families."""
    import numpy as np

    roots = {root: number for number, root in enumerate(sorted({row.root for row in rows}))}
    family = np.array([roots[row.root] for row in rows])
    found = {}
    for start in range(0, len(places), _BLOCK):
        block = list(places[start : start + _BLOCK])
        alike = vectors[block] @ vectors.T
        alike[family[block][:, None] == family[None, :]] = -np.inf
        near = np.sort(np.partition(alike, -_NEIGHBOURS, axis=1)[:, -_NEIGHBOURS:], axis=1)
        for place, values in zip(block, near, strict=True):
            able = values[np.isfinite(values)].astype(np.float64)
            if len(able):
                found[place] = round(1 - float(able.mean()), 5)
    return found


def _robust(distances: dict[int, float]) -> dict[int, float]:
    """Robust z-scores; none where there is too little to compare, or no spread."""
    import numpy as np

    if len(distances) < _FEWEST:
        return {}
    values = np.array(list(distances.values()))
    middle = float(np.median(values))
    spread = _MAD * float(np.median(np.abs(values - middle)))
    return {place: round((value - middle) / spread, 4) for place, value in distances.items()} if spread else {}
