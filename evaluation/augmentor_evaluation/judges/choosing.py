"""Which questions, and which seeds against which, a judge looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from augmentor.examples import chance
from augmentor_evaluation.predictions import Prediction


def chosen(rows: Sequence[Prediction], most: int, seed: int) -> frozenset[str]:
    """Ids of at most `most` questions (0: all), drawn by chance that depends on the question alone, evenly over labels."""
    labels: dict[str, list[str]] = {}
    for id, row in sorted({row.id: row for row in rows}.items()):
        labels.setdefault(row.label or row.root, []).append(id)
    if not most:
        return frozenset(id for ids in labels.values() for id in ids)
    piles = [sorted(ids, key=lambda id: chance(seed, "judge", id).random()) for ids in labels.values()]
    piles.sort(key=lambda pile: chance(seed, "judge", pile[0]).random())
    depth = max(map(len, piles), default=0)
    order = [pile[place] for place in range(depth) for pile in piles if place < len(pile)]
    return frozenset(order[:most])


def pair_seeds(arms: Sequence[tuple[str, int]], baseline: str) -> Iterator[tuple[str, int, int]]:
    """Each other arm and seed with the baseline's seed that it is held against, as `Scores.minus` pairs them."""
    others = [seed for arm, seed in arms if arm == baseline]
    for name in dict.fromkeys(arm for arm, _ in arms if arm != baseline):
        seeds = [seed for arm, seed in arms if arm == name]
        shared = [seed for seed in seeds if seed in others]
        if len(others) == 1 or len(seeds) == 1:
            pairs = [(ours, theirs) for ours in seeds for theirs in others]
        elif shared:
            pairs = [(seed, seed) for seed in shared]
        else:
            pairs = list(zip(sorted(seeds), sorted(others), strict=False))
        yield from ((name, ours, theirs) for ours, theirs in pairs)
