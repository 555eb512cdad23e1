"""A recipe with more arms: each strategy left out or alone, each filter off, parts of the data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from ..errors import RecipeError
from ..protocols import Ablation
from ..recipe import LISTS, Arm, Component, Recipe, TrainPlan, canonical
from .arm_data import changed, lessons

Added = tuple[Ablation, dict[str, Arm]]


def expand(recipe: Recipe) -> tuple[Recipe, tuple[Ablation, ...]]:
    """The recipe with the arms that its experiment asks for, and what each of them stands for.

    Raises:
        RecipeError: the subject or the baseline is not an arm that can be taken apart, or an arm has a name that is needed.
    """
    found = list(_added(recipe))
    arms: dict[str, Arm] = {}
    for _, some in found:
        arms |= some
    for name in arms:
        if name in recipe.arms:
            raise RecipeError(f"the experiment would add an arm {name!r}, but the recipe has one of that name; rename it")
    return msgspec.structs.replace(recipe, arms={**recipe.arms, **arms}), tuple(ablation for ablation, _ in found)


def measured(ablations: Sequence[Ablation], files: Mapping[str, Path]) -> tuple[Ablation, ...]:
    """The ablations with their counts of rows."""
    return tuple(replace(one, rows=len(lessons(files[one.arm])), changed=changed(files[one.arm], files[one.against])) for one in ablations)


def _added(recipe: Recipe) -> Iterator[Added]:
    wanted, roles = recipe.experiment, recipe.evaluate
    if not wanted.asks:
        return
    subject, baseline = _plan(recipe, roles.subject), _plan(recipe, roles.baseline)
    arm = recipe.arms[roles.subject]
    augment, filters = subject.augment or [], subject.filters or []
    strategies = list(_named("augment", augment))
    if wanted.leave_out:
        for index, name, part in strategies:
            rest = [*augment[:index], *augment[index + 1 :]]
            added = f"without-{name}"
            yield Ablation(part, "left out", roles.subject, added), {added: _with(arm, msgspec.structs.replace(subject, augment=rest))}
    if wanted.alone:
        for index, name, part in strategies:
            added = f"only-{name}"
            yield Ablation(part, "alone", added, roles.baseline), {added: _with(arm, msgspec.structs.replace(subject, augment=[augment[index]]))}
    if wanted.filters:
        for index, name, part in _named("filters", filters):
            rest = [*filters[:index], *filters[index + 1 :]]
            added = f"without-filter-{name}"
            yield Ablation(part, "filter off", roles.subject, added), {added: _with(arm, msgspec.structs.replace(subject, filters=rest))}
    for percent in sorted(wanted.curve):
        share = percent / 100
        part = f"{percent} % of the sources"
        if percent == 100:
            yield Ablation(part, "share", roles.subject, roles.baseline), {}
            continue
        names = f"{roles.subject}-{percent}", f"{roles.baseline}-{percent}"
        shares = [msgspec.structs.replace(plan, share=plan.share * share) for plan in (subject, baseline)]
        both = {
            name: _with(recipe.arms[whole], plan) for name, whole, plan in zip(names, (roles.subject, roles.baseline), shares, strict=True)
        }
        yield Ablation(part, "share", *names, share), both


def _plan(recipe: Recipe, name: str) -> TrainPlan:
    """An arm's training data as a plan with both lists written out."""
    train = recipe.arms[name].train
    if train == "original":
        return TrainPlan([], [])
    if train == "augmented":
        return TrainPlan(recipe.augment, recipe.filters)
    if isinstance(train, TrainPlan):
        return TrainPlan(
            recipe.augment if train.augment is None else train.augment, recipe.filters if train.filters is None else train.filters, train.share
        )
    raise RecipeError(f"an experiment takes apart arms that train on 'original', 'augmented' or a plan; {name!r} trains on {train or 'nothing'}")


def _with(arm: Arm, plan: TrainPlan) -> Arm:
    return msgspec.structs.replace(arm, train=plan)


def _named(field: str, items: Sequence[Component]) -> Iterator[tuple[int, str, str]]:
    """The place of each component, a name for its arm (with a number where one is used twice), and how the recipe writes it."""
    seen: dict[str, int] = {}
    for index, item in enumerate(items):
        spec = canonical(LISTS[field], item)
        name = re.sub(r"[^A-Za-z0-9_-]", "_", spec.name)
        seen[name] = seen.get(name, 0) + 1
        yield index, name + (f"-{seen[name]}" if seen[name] > 1 else ""), str(spec)
