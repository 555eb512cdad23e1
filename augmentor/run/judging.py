"""Having judges compare what the arms answered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from .. import generation
from ..files import digest, write_lines
from ..naming import file_name, named
from ..plugins import plugins
from ..protocols import ArmPredictions, Generator, Judge, Reply, Request
from ..recipe import Recipe
from .data import load
from .folder import RunFolder
from .probing import read_files
from .prompts import words


def judge(run: RunFolder, recipe: Recipe, predictions: Sequence[ArmPredictions]) -> None:
    """What each judge of the recipe says of the arms' answers -> `judgements/JUDGE.jsonl`; a judge is asked the same thing once only."""
    arms = [one for one in predictions if one.arm in recipe.arms]
    for name, component in named("judge", recipe.evaluate.judges).items():
        _judge(run, recipe, arms, name, component)


def judged(run: RunFolder, recipe: Recipe) -> dict[str, tuple[Judge, Path]]:
    """The judges with the files that they wrote, for comparing."""
    return {name: (component, run / _file(name)) for name, component in named("judge", recipe.evaluate.judges).items()}


def _judge(run: RunFolder, recipe: Recipe, arms: Sequence[ArmPredictions], name: str, component: Judge) -> None:
    stage = f"judge:{file_name(name)}"

    def work() -> dict[str, Any]:
        generator: Generator = plugins()["generator"].make(component.generator)
        cache = generation.Cache(run / "replies.sqlite")
        first: dict[str, str] = {}

        def ask(requests: Sequence[Request]) -> Sequence[Reply]:
            def watch(done: int, total: int) -> None:
                run.tell({"stage": stage, "state": "step", "done": done, "total": total, "unit": "judgements"})

            if requests:
                first.setdefault("prompt", words(requests[0]))
            return generation.answer(generator, requests, cache=cache, progress=watch)

        questions = {example.id: example for example in load(run / "data/test.jsonl")}
        try:
            rows = list(component.judge(arms, recipe.evaluate.baseline, questions, ask))
        finally:
            cache.close()
        write_lines(run / _file(name), (msgspec.json.encode(row) + b"\n" for row in rows))
        return {"judgements": len(rows), **first}

    answers = [[one.arm, one.seed, digest(one.path)] for one in arms]
    depends_on = [answers, recipe.evaluate.baseline, digest(run / "data/test.jsonl"), repr(component), read_files(component)]
    run.stage(stage, depends_on, [_file(name)], work)


def _file(name: str) -> str:
    return f"judgements/{file_name(name)}.jsonl"
