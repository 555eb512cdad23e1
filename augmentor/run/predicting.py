"""Having a contender answer the test questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from .. import generation
from ..examples import Example, Message, chance, families
from ..files import digest, write_bytes, write_lines
from ..plugins import plugins
from ..protocols import Request
from ..recipe import Arm, Recipe
from ..registry import Spec
from .contenders import Contender
from .data import load
from .folder import RunFolder, key_of


class Prediction(msgspec.Struct, frozen=True):
    """What an arm answered to one test question: a line of `predictions/ARM.SEED.jsonl`. `groups` is what the data says of the question."""

    id: str
    root: str
    label: str | None
    question: str
    reference: str
    prediction: str
    error: str | None
    prompt_tokens: int
    completion_tokens: int
    groups: dict[str, str] = {}


def questions_of(run: RunFolder, recipe: Recipe) -> list[Example]:
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


def answered(run: RunFolder, recipe: Recipe, contender: Contender, basis: str, questions: Sequence[Example]) -> bool:
    """Whether the same weights (`basis`) have answered these questions in the same way, under whatever name."""
    return run.same("predict:", key_of(_depends_on(run, recipe, contender, basis, questions, shots_of(run, recipe, contender.settings)))) is not None


def predict(run: RunFolder, recipe: Recipe, contender: Contender, model: str, questions: Sequence[Example], basis: str = "") -> None:
    """Have a contender answer the questions -> `predictions/ARM.SEED.jsonl`; a model is asked the same thing once only.

    Args:
        run: the run folder.
        recipe: how to answer.
        contender: who answers.
        model: the reference of its model. It is not loaded where `answered` says that the answers are there.
        questions: what is asked.
        basis: what the weights were made from, where that is known; the model's reference otherwise.
    """
    name = f"predict:{contender.name}"
    out = f"predictions/{contender.name}.jsonl"
    shots = shots_of(run, recipe, contender.settings)
    depends_on = _depends_on(run, recipe, contender, basis or model, questions, shots)
    twin = run.same("predict:", key_of(depends_on))

    def work() -> dict[str, Any]:
        if twin is not None:
            write_bytes(run / out, (run / next(iter(twin.outputs))).read_bytes())
            return twin.facts
        spec = plugins()["generator"].parse(recipe.answer_with)
        generator = plugins()["generator"].make(Spec(spec.name, {**spec.options, "model": model}))
        requests = [Request(prompt_of(example, contender.settings, shots), max_tokens=recipe.evaluate.max_tokens) for example in questions]

        def watch(done: int, total: int) -> None:
            run.tell({"stage": name, "state": "step", "done": done, "total": total, "unit": "answers"})

        cache = generation.Cache(run / "replies.sqlite")
        try:
            replies = generation.answer(generator, requests, cache=cache, progress=watch)
        finally:
            cache.close()
        rows = [
            Prediction(
                example.id, example.root, example.label, example.question, example.answer, reply.text, reply.error, reply.prompt_tokens, reply.completion_tokens,
                groups_of(example),
            )
            for example, reply in zip(questions, replies, strict=True)
        ]
        write_lines(run / out, (msgspec.json.encode(row) + b"\n" for row in rows))
        return {"questions": len(rows), "failed": sum(row.error is not None for row in rows)}

    run.stage(name, depends_on, [out], work)


def groups_of(example: Example) -> dict[str, str]:
    """What the data says of an example in a word or two: the short texts of `meta` (channel, source), and what a strategy noted (persona)."""
    said = {key: value for key, value in example.meta.items() if isinstance(value, str) and 0 < len(value) <= 60}
    name, equals, value = (example.variation or "").partition("=")
    return {**said, name: value} if equals else said


def _depends_on(run: RunFolder, recipe: Recipe, contender: Contender, basis: str, questions: Sequence[Example], shots: Sequence[Example]) -> list[Any]:
    return [
        basis, contender.settings.prompt, [example.id for example in shots], [example.id for example in questions],
        plugins()["generator"].parse(recipe.answer_with), recipe.evaluate.max_tokens, digest(run / "data/test.jsonl"),
    ]


def shots_of(run: RunFolder, recipe: Recipe, arm: Arm) -> list[Example]:
    """Training examples to show before the question, the same for every question."""
    if not arm.shots:
        return []
    roots = families(load(run / "data/original.jsonl"))
    order = sorted(roots, key=lambda root: chance(recipe.seed, "shots", root).random())
    return [roots[root][0] for root in order if roots[root][0].answer][: arm.shots]


def prompt_of(example: Example, arm: Arm, shots: Iterable[Example]) -> tuple[Message, ...]:
    """The turns that an arm puts to its model: its system prompt, its shots, and the example's own."""
    turns = [message for message in example.prompt if not (arm.prompt and message.role == "system")]
    system = [Message(role="system", content=arm.prompt)] if arm.prompt else []
    shown = [turn for shot in shots for turn in (*(turn for turn in shot.prompt if turn.role != "system"), Message(role="assistant", content=shot.answer))]
    return (*system, *shown, *turns)
