"""Evaluation by itself: models that exist already, on test questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from ..errors import DataError
from ..examples import Example
from ..files import write_bytes
from ..naming import named
from ..protocols import ArmPredictions
from ..recipe import Arm, Component, Data, Evaluation, Recipe, check_questioning, resolved
from .arms import Contender, predict
from .chain import compare, report, write_manifest
from .data import save
from .folder import Event, RunFolder
from .judging import judge
from .probing import probe, read_likelihoods


def evaluate_models(
    examples: Sequence[Example],
    models: dict[str, str],
    out: Path,
    *,
    metrics: Sequence[str],
    generator: str,
    max_tokens: int,
    judges: Sequence[Component] = (),
    probes: Sequence[Component] = (),
    gates: Sequence[str] = (),
    seed: int = 0,
    tell: Callable[[Event], None] = lambda _: None,
) -> dict[str, Any]:
    """Have each model answer the questions, and compare them with the first; the results as in `metrics.json`.

    Args:
        examples: test questions with their answers.
        models: model references by the name they are to have.
        out: the folder for predictions, scores, metrics and report; one begun before goes on where it was.
        metrics: the first is the headline.
        generator: who runs the models.
        max_tokens: the longest answer.
        judges: who compares the answers of each model with those of the first.
        probes: what else to find out of each model.
        gates: conditions that the results have to meet.
        seed: for the resampling.
        tell: called with progress events.

    Raises:
        DataError: no example has an answer to compare with.
    """
    questions = [example for example in examples if example.answer and example.prompt]
    if not questions:
        raise DataError("no example has both a question and an answer, so there is nothing to compare answers with")
    names = list(models)
    headline = next(iter(named("metric", metrics)))
    recipe = Recipe(
        data=Data("data/test.jsonl"), name=out.name, seed=seed, clean=[], augment=[], filters=[], answer_with=generator, arms={name: Arm() for name in names},
        evaluate=Evaluation(metrics=list(metrics), headline=headline, subject=names[-1], baseline=names[0], max_tokens=max_tokens, judges=list(judges), probes=list(probes), gates=list(gates)),
    )
    check_questioning(recipe)
    run = RunFolder(out, tell)
    with run.opened():
        write_bytes(run / "recipe.resolved.yaml", resolved(recipe))
        save(run / "data/test.jsonl", questions)
        predictions = []
        for name, model in models.items():
            contender = Contender(name, seed, recipe.arms[name])
            predict(run, recipe, contender, model, questions)
            likelihoods = read_likelihoods(run, recipe, contender, model, questions)
            probe(run, recipe, contender, model, questions)
            predictions.append(ArmPredictions(name, seed, run / f"predictions/{name}.{seed}.jsonl", likelihoods))
        judge(run, recipe, predictions)
        compare(run, recipe, predictions)
        models_said = " ".join(f"-m {name}={model}" for name, model in models.items())
        write_manifest(run, recipe, out, command=f"augmentor evaluate data/test.jsonl {models_said} -o .")
        report(run)
        return dict(msgspec.json.decode((run / "metrics.json").read_bytes()))
