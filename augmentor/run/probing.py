"""What is asked of a contender's model beyond the test questions: likelihoods for metrics that need them, and probes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from .. import generation
from ..errors import UsageError
from ..examples import Example, Message
from ..files import digest, write_bytes, write_lines
from ..naming import file_name, named
from ..plugins import plugins
from ..protocols import (
    ArmPredictions,
    Completion,
    Generator,
    Likelihood,
    LikelihoodGenerator,
    Probe,
    ProbedArm,
    ReadLikelihoods,
    Reply,
    Request,
)
from ..recipe import Recipe
from ..registry import Spec
from .contenders import Contender
from .folder import RunFolder, key_of
from .predicting import Prediction, prompt_of, shots_of


def needs_likelihoods(recipe: Recipe) -> bool:
    """Whether a metric of the recipe reads them."""
    return any(getattr(metric, "likelihoods", False) for metric in named("metric", recipe.evaluate.metrics).values())


def likelihoods_known(run: RunFolder, recipe: Recipe, contender: Contender, basis: str) -> bool:
    """Whether the likelihoods that the recipe's metrics need are there already, under whatever name."""
    depends_on = _reading(run, recipe, contender, basis)
    return not needs_likelihoods(recipe) or (depends_on is not None and run.same("likelihoods:", key_of(depends_on)) is not None)


def read_likelihoods(run: RunFolder, recipe: Recipe, contender: Contender, model: str, questions: Sequence[Example], basis: str = "") -> Path | None:
    """How likely a contender's model finds each reference and its own answer -> `likelihoods/ARM.SEED.jsonl`; None where no metric asks.

    Raises:
        UsageError: the generator gives no likelihoods.
    """
    if not needs_likelihoods(recipe):
        return None
    name, out = f"likelihoods:{contender.name}", f"likelihoods/{contender.name}.jsonl"
    depends_on = _reading(run, recipe, contender, basis or model)
    assert depends_on is not None, "likelihoods are read after predictions"
    twin = run.same("likelihoods:", key_of(depends_on))

    def work() -> dict[str, Any]:
        if twin is not None:
            write_bytes(run / out, (run / next(iter(twin.outputs))).read_bytes())
            return twin.facts
        by_id = {example.id: example for example in questions}
        rows = [row for row in _predictions(run, contender) if row.error is None]
        shots = shots_of(run, recipe, contender.settings)
        prompts = [prompt_of(by_id[row.id], contender.settings, shots) for row in rows]
        texts = [text for row in rows for text in (row.reference, row.prediction)]
        completions = [Completion(text, prompts[place // 2]) for place, text in enumerate(texts)]
        found = _likelihoods(_generator(recipe, model), completions)
        lines = (ReadLikelihoods(row.id, found[2 * place], found[2 * place + 1]) for place, row in enumerate(rows))
        write_lines(run / out, (msgspec.json.encode(line) + b"\n" for line in lines))
        return {"texts": len(texts), "failed": sum(one.error is not None for one in found)}

    run.stage(name, depends_on, [out], work)
    return run / out


def probe(run: RunFolder, recipe: Recipe, contender: Contender, model: str, questions: Sequence[Example], basis: str = "") -> None:
    """What each probe of the recipe finds out of a contender -> `probes/PROBE/ARM.SEED.jsonl`."""
    for name, component in named("probe", recipe.evaluate.probes).items():
        _probe(run, recipe, contender, model, questions, basis or model, name, component)


def probed(run: RunFolder, recipe: Recipe, predictions: Sequence[ArmPredictions]) -> dict[str, tuple[Probe, list[ArmPredictions]]]:
    """What the probes wrote, by probe, for comparing."""
    found = {}
    for name, component in named("probe", recipe.evaluate.probes).items():
        files = [ArmPredictions(one.arm, one.seed, run / _probe_file(name, f"{one.arm}.{one.seed}")) for one in predictions]
        found[name] = (component, [one for one in files if one.path.is_file()])
    return found


def _probe(run: RunFolder, recipe: Recipe, contender: Contender, model: str, questions: Sequence[Example], basis: str, name: str, component: Probe) -> None:
    shots = shots_of(run, recipe, contender.settings)
    out = _probe_file(name, contender.name)
    stage = f"probe:{file_name(name)}:{contender.name}"

    def work() -> dict[str, Any]:
        generator = _generator(recipe, model)
        cache = generation.Cache(run / "replies.sqlite")

        def ask(requests: Sequence[Request]) -> Sequence[Reply]:
            def watch(done: int, total: int) -> None:
                run.tell({"stage": stage, "state": "step", "done": done, "total": total, "unit": "answers"})

            return generation.answer(generator, requests, cache=cache, progress=watch)

        def prompt(example: Example) -> tuple[Message, ...]:
            return prompt_of(example, contender.settings, shots)

        arm = ProbedArm(ask, lambda texts: _likelihoods(generator, texts), prompt, questions, recipe.evaluate.max_tokens, recipe.seed)
        try:
            rows = list(component.probe(arm))
        finally:
            cache.close()
        write_lines(run / out, (msgspec.json.encode(row) + b"\n" for row in rows))
        return {"rows": len(rows), "failed": sum(row.value is None for row in rows)}

    depends_on = [
        basis, contender.settings.prompt, [example.id for example in shots], [example.id for example in questions], digest(run / "data/test.jsonl"),
        plugins()["generator"].parse(recipe.answer_with), recipe.evaluate.max_tokens, recipe.seed, repr(component), read_files(component),
    ]
    run.stage(stage, depends_on, [out], work)


def read_files(component: Any) -> list[str]:
    """Digests of the files that a component's options name: another content makes its stage run again."""
    paths = [os.path.expanduser(value) for value in vars(component).values() if isinstance(value, str)]
    return [digest(Path(path)) for path in paths if os.path.isfile(path)]  # unlike pathlib's, these two take any text


def _probe_file(name: str, contender: str) -> str:
    return f"probes/{file_name(name)}/{contender}.jsonl"


def _generator(recipe: Recipe, model: str) -> Generator:
    spec = plugins()["generator"].parse(recipe.answer_with)
    generator: Generator = plugins()["generator"].make(Spec(spec.name, {**spec.options, "model": model}))
    return generator


def _likelihoods(generator: Generator, completions: Sequence[Completion]) -> list[Likelihood]:
    if not isinstance(generator, LikelihoodGenerator):
        raise UsageError(f"{type(generator).__name__} gives no log-likelihoods; have the models run by the generator 'transformers', or leave out what needs them")
    found = dict(generator.likelihoods(completions))
    return [found.get(place) or Likelihood(error="the generator gave no likelihood") for place in range(len(completions))]


def _reading(run: RunFolder, recipe: Recipe, contender: Contender, basis: str) -> list[Any] | None:
    """What the likelihoods depend on; None before there are predictions."""
    path = run / f"predictions/{contender.name}.jsonl"
    if not path.is_file():
        return None
    shots = [example.id for example in shots_of(run, recipe, contender.settings)]
    return [basis, contender.settings.prompt, shots, digest(path), digest(run / "data/test.jsonl"), plugins()["generator"].parse(recipe.answer_with)]


def _predictions(run: RunFolder, contender: Contender) -> list[Prediction]:
    lines = (run / f"predictions/{contender.name}.jsonl").read_bytes().split(b"\n")
    return [msgspec.json.decode(line, type=Prediction) for line in lines if line]
