"""What each tuned arm trains on: the originals, the augmented data, a file of the team's, or data made by a plan of the arm's own."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from ..examples import Example, chance, encode, families
from ..files import digest, write_bytes
from ..recipe import Data, Recipe, TrainPlan
from .data import augmented, augmenting, counts, load, read_file, save, save_dropped
from .folder import RunFolder


def training_files(run: RunFolder, recipe: Recipe, base: Path, workers: int) -> dict[str, Path]:
    """The data of each tuned arm, made where need be."""
    files = {}
    for name, arm in recipe.arms.items():
        if arm.train == "original":
            files[name] = run / "data/original.jsonl"
        elif arm.train == "augmented":
            files[name] = run / "data/train.jsonl"
        elif isinstance(arm.train, TrainPlan):
            files[name] = _planned(run, recipe, name, arm.train, workers)
        elif arm.train is not None:
            files[name] = _with_file(run, name, base / arm.train)
    return files


def _planned(run: RunFolder, recipe: Recipe, arm: str, plan: TrainPlan, workers: int) -> Path:
    """The originals, or a share of them, with the variants that the plan makes -> `data/arms/ARM.jsonl`, with what was dropped and the funnel."""
    settings = msgspec.structs.replace(
        recipe, augment=recipe.augment if plan.augment is None else plan.augment, filters=recipe.filters if plan.filters is None else plan.filters
    )
    out = f"data/arms/{arm}.jsonl"
    beside = [f"data/arms/{arm}.dropped.jsonl", f"data/arms/{arm}.funnel.json"]

    def work() -> dict[str, Any]:
        originals = drawn(load(run / "data/original.jsonl"), plan.share, recipe.seed)
        outcome = augmented(run, settings, originals, workers, f"data:{arm}")
        save(run / out, outcome.kept)
        save_dropped(run / beside[0], outcome.dropped)
        funnel = {
            "sources": len(originals),
            "made": outcome.made,
            "dropped": counts(outcome.dropped),
            "variants": len(outcome.kept) - len(originals),
            "kept": len(outcome.kept),
        }
        write_bytes(run / beside[1], msgspec.json.format(msgspec.json.encode(funnel), indent=2))
        return {"rows": len(outcome.kept), "dropped": funnel["dropped"]}

    run.stage(f"data:{arm}", [augmenting(run, settings), plan.share], [out, *beside], work)
    return run / out


def drawn(originals: Sequence[Example], share: float, seed: int) -> list[Example]:
    """The examples of a share of the roots, at least one; what a smaller share draws, a larger one draws too."""
    order = sorted(families(originals), key=lambda root: chance(seed, "share", root).random())
    kept = set(order[: max(1, round(share * len(order)))])
    return [example for example in originals if example.root in kept]


def _with_file(run: RunFolder, arm: str, path: Path) -> Path:
    """The originals together with the examples of a file, as this arm's training data."""
    out = f"data/arms/{arm}.jsonl"

    def work() -> dict[str, Any]:
        originals = load(run / "data/original.jsonl")
        return {"rows": save(run / out, [*originals, *(item for item in read_file(path, Data(str(path)), [], {}, arm))])}

    run.stage(f"data:{arm}", [digest(run / "data/original.jsonl"), digest(path)], [out], work)
    return run / out


def lessons(path: Path) -> list[bytes]:
    """The rows of a data file as a trainer sees them: what filters measured does not count."""
    return [encode(msgspec.structs.replace(example, scores={})) for example in load(path)]


def lessons_digest(path: Path) -> str:
    """SHA-256 of a data file's lessons: two arms with the same one are one training."""
    total = hashlib.sha256()
    for lesson in lessons(path):
        total.update(lesson)
    return total.hexdigest()


def changed(path: Path, other: Path) -> int:
    """How many rows only one of two data files holds."""
    ours, theirs = Counter(lessons(path)), Counter(lessons(other))
    return ((ours - theirs) + (theirs - ours)).total()
