"""The whole chain, from a recipe to a report."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from .. import __version__
from ..errors import RecipeError
from ..files import digest, write_bytes
from ..naming import named
from ..plugins import plugins
from ..protocols import Ablation, ArmPredictions, CompareRequest
from ..recipe import EVALUATION_LISTS, Recipe, canonical, resolved
from .arm_data import training_files
from .arms import arms_stage
from .data import augment_stage, read_stage, split_stage
from .experiment import expand, measured
from .folder import Entry, Event, RunFolder
from .gates import checked
from .judging import judge, judged
from .probing import probed
from .prompts import prompts_of

_REPORTED = ("torch", "transformers", "trl", "peft", "nlpaug", "evaluate", "scipy", "msgspec", "pluggy")

_REPORT_READS = ("metrics.json", "scores.jsonl", "funnel.json", "data/train.jsonl", "data/dropped.jsonl", "data/test.jsonl", "recipe.resolved.yaml")


def run_recipe(recipe: Recipe, base: Path, out: Path, *, workers: int = 1, tell: Callable[[Event], None] = lambda _: None) -> dict[str, Any]:
    """Do all of a recipe, or what is left of it, in the folder `out`; the comparison of its arms.

    Args:
        recipe: what to do.
        base: the folder that the recipe's paths are relative to.
        out: the run folder; one that was begun before goes on where it was.
        workers: processes for the data stages. The result does not depend on it.
        tell: called with progress events.
    """
    run = RunFolder(out, tell)
    whole, ablations = expand(recipe)
    with run.opened():
        write_bytes(run / "recipe.resolved.yaml", resolved(recipe))
        read_stage(run, recipe, base)
        split_stage(run, recipe, workers)
        augment_stage(run, recipe, workers)
        files = training_files(run, whole, base, workers)
        predictions = arms_stage(run, whole, files, whole.arms.keys() - recipe.arms.keys())
        judge(run, recipe, predictions)
        compare(run, recipe, predictions, files, measured(ablations, files))
        results = msgspec.json.decode((run / "metrics.json").read_bytes())
        complete_models(run, results)
        write_manifest(run, recipe, base)
        report(run)
    return dict(results)


def complete_models(run: RunFolder, results: Mapping[str, Any]) -> None:
    """Let those who trained the run's models write beside them how they did."""
    for stage, entry in run.finished.items():
        kind, _, contender = stage.partition(":")
        if kind == "train" and (model := run / str(entry.facts["model"])).is_dir():
            plugins().manager.hook.augmentor_model_evaluated(model=model, arm=contender.rpartition(".")[0], results=results)


def compare(
    run: RunFolder, recipe: Recipe, predictions: Sequence[ArmPredictions], files: Mapping[str, Path] = MappingProxyType({}), ablations: Sequence[Ablation] = ()
) -> None:
    """Predictions -> `scores.jsonl` and `metrics.json`; `files` is what each tuned arm was trained on."""
    settings = recipe.evaluate
    metrics = named("metric", settings.metrics)
    judgements, probes = judged(run, recipe), probed(run, recipe, predictions)

    def work() -> None:
        results = plugins().manager.hook.augmentor_compare_arms(
            request=CompareRequest(
                tuple(predictions), metrics, run / "scores.jsonl", settings.headline, settings.baseline, settings.subject, settings.ceiling, recipe.seed,
                settings.confidence, trained_on=files, ablations=tuple(ablations), least=recipe.experiment.least,
                questions=run / "data/test.jsonl", training=run / "data/original.jsonl", judgements=judgements, probed=probes,
            )
        )
        if results is None:
            raise RecipeError("no plugin compares arms; is the package augmentor_evaluation installed?")
        if settings.questions:
            only = f"Only {settings.questions} of the test questions were asked, drawn evenly over labels (evaluate.questions)."
            results = {**results, "limits": [only, *results.get("limits", ())]}
        if settings.gates:
            results = {**results, "gates": checked(settings.gates, results)}
        write_bytes(run / "metrics.json", msgspec.json.format(msgspec.json.encode(results), indent=2))

    answers = [[one.arm, one.seed, digest(one.path)] for one in predictions]
    learnt = {arm: digest(path) for arm, path in files.items()}
    seen = [path for _, path in judgements.values()] + [one.path for _, some in probes.values() for one in some]
    seen += [one.likelihoods for one in predictions if one.likelihoods is not None]
    parts = {field: [str(canonical(kind, item)) for item in getattr(settings, field)] for field, kind in EVALUATION_LISTS.items()}
    written = msgspec.structs.replace(settings, **parts)
    run.stage("compare", [answers, [digest(path) for path in seen], learnt, ablations, recipe.experiment.least, written, recipe.seed], ["scores.jsonl", "metrics.json"], work)


def write_manifest(run: RunFolder, recipe: Recipe, base: Path, command: str = "augmentor run recipe.resolved.yaml") -> None:
    """What was run on what, for whoever wants to reproduce it."""
    data = [recipe.data, *([recipe.test] if recipe.test else [])]
    manifest = {
        "version": __version__,
        "name": recipe.name,
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "command": command,
        "seed": recipe.seed,
        "seeds": recipe.seeds,
        "recipe_hash": digest(run / "recipe.resolved.yaml"),
        "data": [{"path": item.path, "sha256": digest(base / item.path)} for item in data],
        "versions": {"python": platform.python_version(), **{name: found for name in _REPORTED if (found := _version(name))}},
        "plugins": [{"name": one.name, "distribution": one.distribution, "version": one.version} for one in plugins().loaded if not one.error],
        "machine": {"system": platform.system(), "machine": platform.machine(), "byte_order": sys.byteorder},
        "prompts": prompts_of(run, recipe),
        "stages": [_stage(entry) for entry in run.finished.values()],
    }
    write_bytes(run / "manifest.json", msgspec.json.format(msgspec.json.encode(manifest), indent=2))


def _stage(entry: Entry) -> dict[str, Any]:
    """What a stage took; what it asked of the recipe's generator, as the run had by then."""
    rows = next((entry.facts[key] for key in ("variants", "questions", "kept", "sources", "rows") if key in entry.facts), None)
    asked = {"asked": entry.facts["asked"]} if "asked" in entry.facts else {}
    return {"name": entry.stage, "seconds": entry.seconds, "cpu_seconds": entry.cpu_seconds, "rows": rows, **asked}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def report(run: RunFolder) -> None:
    """The folder so far -> `report.html`."""

    def work() -> None:
        sections = [component() for _, component in plugins()["section"]]
        plugins().manager.hook.augmentor_write_report(runs=[run.path], out=run / "report.html", sections=sections, split_assets=False)

    parts = [name for name in _REPORT_READS if (run / name).is_file()]
    plugin_versions = [(one.name, one.version) for one in plugins().loaded]
    run.stage("report", [[digest(run / part) for part in parts], plugin_versions], ["report.html"], work)

