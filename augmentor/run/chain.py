"""The whole chain, from a recipe to a report."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec

from .. import __version__
from ..errors import RecipeError
from ..files import digest, write_bytes
from ..plugins import plugins
from ..protocols import ArmPredictions, CompareRequest
from ..recipe import Recipe, resolved
from .arms import arms_stage
from .data import augment_stage, read_stage, split_stage
from .folder import Event, RunFolder

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
    with run.opened():
        write_bytes(run / "recipe.resolved.yaml", resolved(recipe))
        read_stage(run, recipe, base)
        split_stage(run, recipe, workers)
        augment_stage(run, recipe, workers)
        predictions = arms_stage(run, recipe, base)
        compare(run, recipe, predictions)
        results = msgspec.json.decode((run / "metrics.json").read_bytes())
        write_manifest(run, recipe, base)
        report(run)
    return dict(results)


def compare(run: RunFolder, recipe: Recipe, predictions: list[ArmPredictions]) -> None:
    """Predictions -> `scores.jsonl` and `metrics.json`."""
    registry = plugins()["metric"]
    metrics = {registry.parse(item).name: registry.make(item) for item in recipe.evaluate.metrics}
    settings = recipe.evaluate

    def work() -> None:
        results = plugins().manager.hook.augmentor_compare_arms(
            request=CompareRequest(
                tuple(predictions), metrics, run / "scores.jsonl", settings.headline, settings.baseline, settings.subject, settings.ceiling, recipe.seed,
                settings.confidence,
            )
        )
        if results is None:
            raise RecipeError("no plugin compares arms; is the package augmentor_evaluation installed?")
        if settings.questions:
            asked = f"Only {settings.questions} of the test questions were asked, drawn evenly over labels (evaluate.questions)."
            results = {**results, "limits": [asked, *results.get("limits", ())]}
        write_bytes(run / "metrics.json", msgspec.json.format(msgspec.json.encode(results), indent=2))

    run.stage("compare", [[digest(one.path) for one in predictions], settings, recipe.seed], ["scores.jsonl", "metrics.json"], work)


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
        "stages": [{"name": entry.stage, "seconds": entry.seconds, "cpu_seconds": entry.cpu_seconds, **_rows(entry.facts)} for entry in run.finished.values()],
    }
    write_bytes(run / "manifest.json", msgspec.json.format(msgspec.json.encode(manifest), indent=2))


def _rows(facts: dict[str, Any]) -> dict[str, Any]:
    return {"rows": next((facts[key] for key in ("variants", "questions", "kept", "sources", "rows") if key in facts), None)}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def report(run: RunFolder) -> None:
    """The folder so far -> `report.html`."""

    def work() -> None:
        sections = [component() for _, component in plugins()["section"]]
        plugins().manager.hook.augmentor_write_report(runs=[run.path], out=run / "report.html", sections=sections)

    parts = [name for name in _REPORT_READS if (run / name).is_file()]
    plugin_versions = [(one.name, one.version) for one in plugins().loaded]
    run.stage("report", [[digest(run / part) for part in parts], plugin_versions], ["report.html"], work)

