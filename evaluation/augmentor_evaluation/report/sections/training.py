"""How the tuned arms learnt: too little, too much?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import SectionContent

from .. import charts, figures
from ..runview import RunView
from ..templating import render

Points = list[tuple[float, float]]


@dataclass(frozen=True)
class Curve:
    """One training: its points and the facts the table shows."""

    arm: str
    seed: str
    loss: Points
    validation: Points
    facts: Mapping[str, Any]

    @property
    def best(self) -> tuple[float, float] | None:
        """Step and value of the lowest validation loss."""
        return min(self.validation, key=lambda point: point[1], default=None)


@dataclass(frozen=True)
class Training:
    """Loss and validation loss of every tuned arm, the best checkpoint, and words on over- and underfitting."""

    name: ClassVar[str] = "training"
    order: ClassVar[int] = 70

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where nothing was trained."""
        curves = [curve(name, facts) for name, facts in run.trainings.items() if name.rpartition(".")[0] not in run.added]
        if not curves:
            return None
        known = [arm.name for arm in run.results.arms] if run.results else []
        curves.sort(key=lambda one: known.index(one.arm) if one.arm in known else len(known))
        arms = list(dict.fromkeys(one.arm for one in curves))
        drawn = [part for one in curves for part in series(one, arms.index(one.arm))]
        steps = max((int(one.facts.get("steps") or 0) for one in curves), default=0)
        picture = charts.lines(
            drawn,
            label=f"Training loss by step for {figures.plural(len(curves), 'training')}; the table below has the numbers",
            x_title="optimiser step",
            y_title="loss (nats a token)",
        )
        html = render(
            "sections/training.html",
            picture=picture if any(one.points for one in drawn) else None,
            curves=curves,
            arms=arms,
            steps=steps,
            validated=any(one.validation for one in curves),
            readings=[said for one in curves if (said := reading(one))],
        )
        return SectionContent("Training", str(html), "Did the models learn enough, or too much?")


def curve(name: str, facts: Mapping[str, Any]) -> Curve:
    """A training from a folder's name, `ARM.SEED`, and its facts; history rows are mappings or pairs of step and loss."""
    arm, _, seed = name.rpartition(".")
    return Curve(arm, seed, points(facts.get("history") or (), "loss"), points(facts.get("history") or (), "validation_loss"), facts)


def points(history: Sequence[Any], key: str) -> Points:
    """The points of one curve."""
    found: Points = []
    for row in history:
        if isinstance(row, Mapping) and isinstance(row.get(key), int | float):
            found.append((float(row["step"]), float(row[key])))
        elif key == "loss" and isinstance(row, list | tuple) and len(row) == 2:
            found.append((float(row[0]), float(row[1])))
    return found


def series(one: Curve, style: int) -> list[charts.Series]:
    """Loss thin, validation loss bold with its lowest point ringed; loss alone is bold."""
    drawn = [charts.Series(f"{one.arm}.{one.seed} loss", thinned(one.loss), style, quiet=bool(one.validation))]
    if one.validation:
        drawn.append(charts.Series(f"{one.arm}.{one.seed} validation loss", thinned(one.validation), style, ring=one.best))
    return drawn


def thinned(points: Points, most: int = 400) -> Points:
    """Not more points than a screen can show; the last one stays."""
    step = -(-len(points) // most) or 1
    kept = points[::step]
    return kept if not points or kept[-1] == points[-1] else [*kept, points[-1]]


def reading(one: Curve) -> str | None:
    """What the validation curve says, in words."""
    if len(one.validation) < 3 or one.best is None:
        return None
    last_step, last = one.validation[-1]
    best_step, best = one.best
    name = f"{one.arm}, seed {one.seed}"
    if best_step < last_step and last > 1.02 * best:
        return (
            f"{name}: validation loss was lowest at step {best_step:,.0f} of {last_step:,.0f} and rose by {100 * (last / best - 1):.0f} % after it. "
            "The model overfits: train for fewer steps, or keep the best checkpoint."
        )
    earlier = one.validation[max(0, int(0.8 * len(one.validation)) - 1)][1]
    if best_step == last_step and earlier > 1.02 * last:
        return f"{name}: validation loss was still falling at the last step. More steps may help."
    return f"{name}: validation loss had levelled off by the last step."
