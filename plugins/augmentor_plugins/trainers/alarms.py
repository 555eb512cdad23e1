"""What to tell a person who is not watching: a loss that climbs, and a model that learns its examples by heart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from augmentor.errors import TrainingError

_STEPS = 8
"""Losses of single batches jump; their mean over this many steps does not."""


class Diverged(TrainingError):
    """The training got worse and worse, or its loss is no number any more."""


@dataclass
class Alarms:
    """Hears every loss and says once, in a sentence, that training diverges or overfits.

    *Divergence*: the mean loss of the last 8 steps is above 1.5 times the lowest such mean plus 0.5 nats, or above twice the very first loss
    plus 1 (some diverge at once); or a loss is no number.
    *Overfitting*: the validation loss is more than a tenth above its lowest at two evaluations in a row, while the training loss is lower than
    it was then.

    The fields are plain values, so that a checkpoint can keep them: a resumed training says and stops as it would have.
    """

    first: float | None = None
    recent: list[float] = field(default_factory=list)
    lowest: float | None = None
    best: float | None = None
    mean_at_best: float | None = None
    above: int = 0
    raised: list[str] = field(default_factory=list)

    def hear(self, step: int, said: Mapping[str, float]) -> tuple[str, str] | None:
        """`divergence` or `overfit` with a sentence, the first time there is one; `said` holds `loss` or `validation_loss`.

        Raises:
            Diverged: a loss is no number.
        """
        if not all(map(math.isfinite, said.values())):
            raise Diverged(f"The loss is no number any more at step {step}: try a smaller learning_rate or a longer warmup.")
        if "loss" in said:
            return self._training(step, said["loss"])
        return self._validation(step, said["validation_loss"])

    def _training(self, step: int, loss: float) -> tuple[str, str] | None:
        self.first = loss if self.first is None else self.first
        self.recent = [*self.recent, loss][-_STEPS:]
        if len(self.recent) < _STEPS:
            return None
        mean = sum(self.recent) / _STEPS
        self.lowest = mean if self.lowest is None else min(mean, self.lowest)
        if mean <= min(1.5 * self.lowest + 0.5, 2 * self.first + 1):
            return None
        return self._once(
            "divergence",
            f"The training diverges: at step {step} the loss is {mean:.2f}, and it was {min(self.first, self.lowest):.2f} before. "
            "Try a smaller learning_rate or a longer warmup.",
        )

    def _validation(self, step: int, loss: float) -> tuple[str, str] | None:
        mean = sum(self.recent) / len(self.recent) if self.recent else None
        if self.best is None or loss < self.best:
            self.best, self.mean_at_best, self.above = loss, mean, 0
            return None
        rises = loss > 1.1 * self.best and mean is not None and self.mean_at_best is not None and mean < self.mean_at_best
        self.above = self.above + 1 if rises else 0
        if self.above < 2:
            return None
        return self._once(
            "overfit",
            f"The model learns its examples by heart: at step {step} the validation loss is {loss:.2f}, and it was {self.best:.2f} before, "
            "while the training loss falls. More examples, fewer steps, or best=true, which keeps the best weights.",
        )

    def _once(self, kind: str, sentence: str) -> tuple[str, str] | None:
        if kind in self.raised:
            return None
        self.raised.append(kind)
        return kind, sentence
