"""Do nominal 95 % intervals hold the truth 95 % of the time, and how often is a difference seen that is not there?

    python benchmarks/statistics_coverage.py [--repetitions 1000]

Each repetition draws an experiment whose true difference is known: questions in clusters of unequal size (1 to 24, a few large ones),
answered by two arms, trained under one seed or three. *Naive* is what one gets by taking questions for independent: a t-test and
its interval over all questions, seeds averaged.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from augmentor_evaluation.comparing import decide
from augmentor_evaluation.statistics import interval, sign_flip

Draw = Callable[[np.random.Generator, int], np.ndarray]


def normal(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.normal(size=count)


def skewed(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.exponential(size=count) - 1


@dataclass(frozen=True)
class World:
    """How questions, clusters and seeds come about. Effects are in standard deviations of a question's own noise."""

    name: str
    clusters: int
    cluster_effect: float
    draw: Draw = normal
    seeds: int = 1
    seed_effect: float = 0.0
    thirds: bool = False

    def experiment(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Differences of shape (seeds, questions) with true mean 0, and each question's cluster."""
        sizes = np.minimum(1 + rng.geometric(0.25, self.clusters) * rng.choice([1, 3], self.clusters, p=[0.9, 0.1]), 24)
        clusters = np.repeat(np.arange(self.clusters), sizes)
        noise = rng.normal(size=(self.seeds, len(clusters)))
        values = self.cluster_effect * self.draw(rng, self.clusters)[clusters] + noise + self.seed_effect * rng.normal(size=(self.seeds, 1))
        if self.thirds:  # exact match: lost, same, won
            values = np.sign(np.trunc(values))
        return values, clusters


WORLDS = (
    World("12 clusters", 12, 1.0),
    World("20 clusters", 20, 1.0),
    World("40 clusters", 40, 1.0),
    World("40 clusters, exact match", 40, 1.0, thirds=True),
    World("40 clusters, no cluster effect", 40, 0.0),
    World("40 clusters, skewed effects", 40, 1.0, skewed),
    World("100 clusters, skewed effects", 100, 1.0, skewed),
    World("40 clusters, 3 seeds that matter little", 40, 1.0, seeds=3, seed_effect=0.05),
    World("40 clusters, 3 seeds that matter", 40, 1.0, seeds=3, seed_effect=0.3),
    World("40 clusters, 2 seeds that matter", 40, 1.0, seeds=2, seed_effect=0.3),
    World("40 clusters, 5 seeds that matter", 40, 1.0, seeds=5, seed_effect=0.3),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repetitions", type=int, default=1000)
    repetitions = parser.parse_args().repetitions
    print(f"{repetitions} experiments each; the last digit is uncertain by about {196 * (0.05 * 0.95 / repetitions) ** 0.5:.1f} points\n")
    print("| experiment | interval holds the truth | naive | false verdict | naive |\n|---|---|---|---|---|")
    for number, world in enumerate(WORLDS):
        covered = naive_covered = false = naive_false = 0
        for repetition in range(repetitions):
            values, clusters = world.experiment(np.random.default_rng([number, repetition]))
            low, high = interval(values, clusters, seed=repetition, resamples=1999)
            p = sign_flip(values, clusters, seed=repetition, permutations=999)
            averages = values.mean(axis=0)
            naive = stats.ttest_1samp(averages, 0.0)
            naive_interval = naive.confidence_interval(0.95)
            covered += low <= 0 <= high
            naive_covered += naive_interval.low <= 0 <= naive_interval.high
            false += decide(low, high, p, higher_is_better=True, confidence=0.95) != "can't tell"
            naive_false += naive.pvalue <= 0.05
        print(f"| {world.name} | " + " | ".join(f"{100 * count / repetitions:.1f} %" for count in (covered, naive_covered, false, naive_false)) + " |", flush=True)


if __name__ == "__main__":
    main()
