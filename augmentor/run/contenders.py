"""Who takes part: every arm under every seed it needs."""

from __future__ import annotations

from dataclasses import dataclass

from ..recipe import Arm, Recipe


@dataclass(frozen=True)
class Contender:
    """An arm under one seed. Untuned arms have one only: greedy answers do not depend on it."""

    arm: str
    seed: int
    settings: Arm

    @property
    def name(self) -> str:
        return f"{self.arm}.{self.seed}"


def contenders(recipe: Recipe) -> list[Contender]:
    """Every arm with every seed it needs, cheap ones first, so that each seed's arms finish together."""
    untuned = [Contender(name, recipe.seeds[0], arm) for name, arm in recipe.arms.items() if arm.train is None]
    return untuned + [Contender(name, seed, arm) for seed in recipe.seeds for name, arm in recipe.arms.items() if arm.train is not None]
