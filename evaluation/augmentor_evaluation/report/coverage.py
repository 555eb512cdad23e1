"""Texts as places: a flat map of what they are about, and how near they are to each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..metrics.vectors import encode

if TYPE_CHECKING:
    import numpy as np

    Vectors = np.ndarray[Any, Any]

Place = tuple[float, float]


@dataclass(frozen=True)
class Map:
    """Places from 0 to 1, to the right and downwards. `shown` is the share of the vectors' variance that two dimensions keep; `topics`
    are the most frequent labels with the place of the middle of their texts.
    """

    groups: tuple[tuple[Place, ...], ...]
    topics: tuple[tuple[str, Place], ...]
    shown: float


def vectors_of(encoder: str, texts: Sequence[str]) -> Vectors:
    """Unit vectors of the texts; zero for those that the encoder finds nothing in.

    Raises:
        MissingExtra: the encoder is not installed.
    """
    return encode(encoder, texts)


def draw_map(groups: Sequence[Vectors], labels: Sequence[str | None], topics: int = 10) -> Map | None:
    """The first two principal components of all groups, each group weighing the same; None for fewer than three texts.

    Args:
        groups: vectors of each group.
        labels: of all texts, group after group.
        topics: labels to write on the map, at most.
    """
    import numpy as np

    every = np.concatenate([group.astype(np.float64) for group in groups])
    there = np.linalg.norm(every, axis=1) > 0
    if there.sum() < 3:
        return None
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    weights = (there / np.maximum(1, np.bincount(owner[there], minlength=len(groups)))[owner])[:, None]
    weights /= weights.sum()
    centred = every - (every * weights).sum(axis=0)
    spread, axes = np.linalg.eigh(centred.T @ (centred * weights))
    axes = axes[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])  # the sign of an eigenvector is arbitrary: make it the same everywhere
    places = centred @ axes
    low, high = np.quantile(places[there], (0.005, 0.995), axis=0)
    places = np.clip((places - low) / np.maximum(high - low, 1e-9), 0.0, 1.0)
    drawn = tuple(tuple((float(x), float(y)) for x, y in places[there & (owner == index)]) for index in range(len(groups)))
    total = float(spread.clip(0).sum())
    frequent = Counter(label for label, seen in zip(labels, there, strict=True) if label and seen).most_common(topics)
    middles = []
    for label, _ in frequent:
        own = [index for index, name in enumerate(labels) if name == label and there[index]]
        x, y = np.median(places[own], axis=0)
        middles.append((label, (float(x), float(y))))
    return Map(drawn, tuple(middles), float(spread[-2:].clip(0).sum()) / total if total else 0.0)


def alike(vectors: Vectors) -> float | None:
    """The mean cosine of two different texts of a group: 1 where all say the same; None for fewer than two."""
    import numpy as np

    some = vectors[np.linalg.norm(vectors, axis=1) > 0].astype(np.float64)
    count = len(some)
    if count < 2:
        return None
    total = some.sum(axis=0)
    return float((total @ total - (some * some).sum()) / (count * (count - 1)))


def nearest(vectors: Vectors, among: Vectors) -> float | None:
    """The mean, over texts, of the cosine with the nearest of some others; None where either holds nothing."""
    import numpy as np

    some, others = (side[np.linalg.norm(side, axis=1) > 0] for side in (vectors, among))
    if not len(some) or not len(others):
        return None
    best = [(some[start : start + 500] @ others.T).max(axis=1) for start in range(0, len(some), 500)]
    return float(np.concatenate(best).astype(np.float64).mean())
