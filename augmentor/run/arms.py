"""The arms of a run: train what is to be trained, then have every arm answer the test questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from .. import generation
from ..examples import Example, Message, chance, families
from ..files import digest, write_bytes, write_lines
from ..plugins import plugins
from ..protocols import ArmPredictions, Request, Trainer, TrainingTask
from ..recipe import Arm, Data, Recipe
from ..registry import Spec
from .data import load, read_file, save
from .folder import RunFolder


class Prediction(msgspec.Struct, frozen=True):
    """What an arm answered to one test question: a line of `predictions/ARM.SEED.jsonl`."""

    id: str
    root: str
    label: str | None
    question: str
    reference: str
    prediction: str
    error: str | None
    prompt_tokens: int
    completion_tokens: int


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


def arms_stage(run: RunFolder, recipe: Recipe, base: Path) -> list[ArmPredictions]:
    """Train and question every contender -> `models/ARM.SEED/`, `predictions/ARM.SEED.jsonl`."""
    trainer: Trainer = plugins()["trainer"].make(recipe.trainer)
    files = _training_files(run, recipe, base)
    steps = recipe.steps or _matched_steps(trainer, files)
    questions = _questions(run, recipe)
    found = []
    for contender in contenders(recipe):
        model = trainer.base_model
        if contender.settings.train is not None:
            model = _train(run, recipe, trainer, contender, files[contender.arm], steps)
        predict(run, recipe, contender, model, questions)
        found.append(ArmPredictions(contender.arm, contender.seed, run / f"predictions/{contender.name}.jsonl"))
    return found


def _training_files(run: RunFolder, recipe: Recipe, base: Path) -> dict[str, Path]:
    """What each tuned arm trains on."""
    files = {}
    for name, arm in recipe.arms.items():
        if arm.train == "original":
            files[name] = run / "data/original.jsonl"
        elif arm.train == "augmented":
            files[name] = run / "data/train.jsonl"
        elif arm.train is not None:
            files[name] = _with_file(run, name, base / arm.train)
    return files


def _with_file(run: RunFolder, arm: str, path: Path) -> Path:
    """The originals together with the examples of a file, as this arm's training data."""
    out = f"data/arms/{arm}.jsonl"

    def work() -> dict[str, Any]:
        originals = load(run / "data/original.jsonl")
        return {"rows": save(run / out, [*originals, *(item for item in read_file(path, Data(str(path)), [], {}, arm))])}

    run.stage(f"data:{arm}", [digest(run / "data/original.jsonl"), digest(path)], [out], work)
    return run / out


def _matched_steps(trainer: Trainer, files: Mapping[str, Path]) -> int | None:
    """The steps all arms are given: what the trainer would choose for the largest of their data sets."""
    return max((trainer.steps_for(path) for path in files.values()), default=None)


def _train(run: RunFolder, recipe: Recipe, trainer: Trainer, contender: Contender, data: Path, steps: int | None) -> str:
    folder = f"models/{contender.name}"
    name = f"train:{contender.name}"
    validation = run / "data/validation.jsonl"

    def work() -> dict[str, Any]:
        def watch(event: Mapping[str, Any]) -> None:
            run.tell({"stage": name, "state": "step", **event})

        task = TrainingTask(
            data, run / folder / "work", validation if validation.stat().st_size else None, contender.seed, steps, watch
        )
        trained = trainer.train(task)
        write_bytes(run / folder / "facts.json", msgspec.json.format(msgspec.json.encode(dict(trained.facts), enc_hook=str), indent=2))
        return {"model": _relative(trained.model, run.path), "steps": steps}

    depends_on = [digest(data), digest(validation), plugins()["trainer"].parse(recipe.trainer), contender.seed, steps]
    entry = run.stage(name, depends_on, [folder], work)
    model = str(entry.facts["model"])
    return str(run / model) if (run / model).exists() else model


def _relative(model: str, folder: Path) -> str:
    """A model inside the run folder is remembered relative to it, so that the folder can be moved."""
    path = Path(model)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else model


def _questions(run: RunFolder, recipe: Recipe) -> list[Example]:
    """The test questions, or as many as the recipe allows, drawn evenly over labels (roots where there are none)."""
    questions = [example for example in load(run / "data/test.jsonl") if example.answer]
    limit = recipe.evaluate.questions
    if not limit or limit >= len(questions):
        return questions
    piles: dict[str, list[Example]] = {}
    for example in questions:
        piles.setdefault(example.label or example.root, []).append(example)
    order = list(_rounds(list(piles.values()), recipe.seed))[:limit]
    chosen = {example.id for example in order}
    return [example for example in questions if example.id in chosen]


def _rounds(piles: list[list[Example]], seed: int) -> Iterator[Example]:
    """One of each pile, then another of each, the order within a pile and of the piles by chance."""
    shuffled = [sorted(pile, key=lambda example: chance(seed, "questions", example.id).random()) for pile in piles]
    shuffled.sort(key=lambda pile: chance(seed, "piles", pile[0].root).random())
    while any(shuffled):
        for pile in shuffled:
            if pile:
                yield pile.pop()


def predict(run: RunFolder, recipe: Recipe, contender: Contender, model: str, questions: Sequence[Example]) -> None:
    """Have a contender answer the questions -> `predictions/ARM.SEED.jsonl`; a model is asked the same thing once only."""
    name = f"predict:{contender.name}"
    out = f"predictions/{contender.name}.jsonl"
    spec = plugins()["generator"].parse(recipe.answer_with)
    shots = _shots(run, recipe, contender.settings)

    def work() -> dict[str, Any]:
        generator = plugins()["generator"].make(Spec(spec.name, {**spec.options, "model": model}))
        requests = [Request(_prompt(example, contender.settings, shots), max_tokens=recipe.evaluate.max_tokens) for example in questions]

        def watch(done: int, total: int) -> None:
            run.tell({"stage": name, "state": "step", "done": done, "total": total, "unit": "answers"})

        cache = generation.Cache(run / "replies.sqlite")
        try:
            replies = generation.answer(generator, requests, cache=cache, progress=watch)
        finally:
            cache.close()
        rows = [
            Prediction(
                example.id, example.root, example.label, example.question, example.answer, reply.text, reply.error, reply.prompt_tokens, reply.completion_tokens
            )
            for example, reply in zip(questions, replies, strict=True)
        ]
        write_lines(run / out, (msgspec.json.encode(row) + b"\n" for row in rows))
        return {"questions": len(rows), "failed": sum(row.error is not None for row in rows)}

    trained = run.finished.get(f"train:{contender.name}")
    depends_on = [
        trained.key if trained else model, contender.settings, [example.id for example in shots], [example.id for example in questions], spec,
        recipe.evaluate.max_tokens, digest(run / "data/test.jsonl"),
    ]
    run.stage(name, depends_on, [out], work)


def _shots(run: RunFolder, recipe: Recipe, arm: Arm) -> list[Example]:
    """Training examples to show before the question, the same for every question."""
    if not arm.shots:
        return []
    roots = families(load(run / "data/original.jsonl"))
    order = sorted(roots, key=lambda root: chance(recipe.seed, "shots", root).random())
    return [roots[root][0] for root in order if roots[root][0].answer][: arm.shots]


def _prompt(example: Example, arm: Arm, shots: Iterable[Example]) -> tuple[Message, ...]:
    turns = [message for message in example.prompt if not (arm.prompt and message.role == "system")]
    system = [Message(role="system", content=arm.prompt)] if arm.prompt else []
    shown = [turn for shot in shots for turn in (*(turn for turn in shot.prompt if turn.role != "system"), Message(role="assistant", content=shot.answer))]
    return (*system, *shown, *turns)
