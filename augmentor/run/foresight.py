"""What a recipe would do, before it does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..recipe import Recipe, TrainPlan
from .contenders import Contender, contenders
from .experiment import expand
from .folder import Entry, RunFolder


@dataclass(frozen=True)
class Foreseen:
    """The trainings and answers that are there, those that are to come, and how long these will take (None where nothing is there to judge by).

    `new` trainings are the most there can be: arms whose data turn out the same share one.
    """

    contenders: tuple[Contender, ...]
    done: frozenset[str]
    new: int
    kept: int
    seconds: float | None

    def lines(self) -> Iterator[str]:
        """The same for a person."""
        for one in self.contenders:
            what = "done before" if one.name in self.done else f"{_training(one)}answer the test questions"
            yield f"  {one.name}: {what}"
        yield f"{self.new} trainings at most (arms with the same data share one), {self.kept} done before"
        if self.new and self.seconds is not None:
            yield f"about {self.seconds / 60:,.0f} minutes, by those done before"


def foresee(recipe: Recipe, out: Path) -> Foreseen:
    """What the recipe would do in the folder `out`, judged by the names in its journal: data and settings may have changed since."""
    run = RunFolder(out)
    run.look()
    whole, _ = expand(recipe)
    everyone = tuple(contenders(whole))
    done = frozenset(one.name for one in everyone if f"predict:{one.name}" in run.finished)
    tuned = [one for one in everyone if one.settings.train is not None]
    new = [one for one in tuned if one.name not in done]
    times = [_mean(run, kind) for kind in ("train:", "predict:")]
    seconds = None if times[0] is None or times[1] is None else len(new) * times[0] + (len(everyone) - len(done)) * times[1]
    return Foreseen(everyone, done, len(new), len(tuned) - len(new), seconds)


def _mean(run: RunFolder, kind: str) -> float | None:
    """The mean time of finished stages; copies of another's answers take none and do not count."""
    found: list[Entry] = [entry for entry in run.finished.values() if entry.stage.startswith(kind) and entry.seconds >= 0.1]
    return sum(entry.seconds for entry in found) / len(found) if found else None


def _training(one: Contender) -> str:
    train = one.settings.train
    if train is None:
        return ""
    if not isinstance(train, TrainPlan):
        return f"train on {train}, then "
    return f"train on {'data of its own' if train.share == 1 else f'{train.share:.0%} of the sources'}, then "
