"""Texts as places: a flat map of what they are about, and how near they are to each other."""

from __future__ import annotations

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
    """All texts along the two directions in which the topics differ most; None for fewer than three texts.

    The directions are the principal components of the labels' mean vectors; of the texts' own where there are fewer than three labels. Along
    each a place is halfway between the value and its rank, so that a crowd in the middle comes apart.

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
    members: dict[str, list[int]] = {}
    for index, label in enumerate(labels):
        if label and there[index]:
            members.setdefault(label, []).append(index)
    middle = every[there].mean(axis=0)
    apart = np.stack([every[own].mean(axis=0) for own in members.values()]) if len(members) > 2 else every[there]
    axes = np.linalg.svd(apart - apart.mean(axis=0), full_matrices=False)[2][:2].T
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), range(axes.shape[1])])  # a direction has no sign: take the same everywhere
    along = (every - middle) @ axes
    places = np.stack([_spread(along[:, side], there) for side in (0, 1)], axis=1)
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    drawn = tuple(tuple((float(x), float(y)) for x, y in places[there & (owner == index)]) for index in range(len(groups)))
    shown = float((along[there] ** 2).sum() / max(1e-12, ((every[there] - middle) ** 2).sum()))
    frequent = sorted(members.items(), key=lambda item: -len(item[1]))[:topics]
    middles = [(label, tuple(float(value) for value in np.median(places[own], axis=0))) for label, own in frequent]
    return Map(drawn, tuple((label, (place[0], place[1])) for label, place in middles), shown)


def _spread(values: Vectors, there: Vectors) -> Vectors:
    """From 0 to 1, halfway between where a value lies and which it is in order."""
    import numpy as np

    known = np.sort(values[there])
    low, high = np.quantile(known, (0.005, 0.995))
    place = np.clip((values - low) / max(high - low, 1e-9), 0.0, 1.0)
    rank = np.searchsorted(known, values) / max(1, len(known) - 1)
    halfway: Vectors = np.clip((place + rank) / 2, 0.0, 1.0)
    return halfway


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
