"""A finished run as sections see it: everything is read when first asked for, and may be missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from augmentor.errors import DataError
from augmentor.examples import Example

from ..results import ArmScores, Comparison, MetricInfo, Results
from .lines import read_json, read_lines


class Dropped(msgspec.Struct, frozen=True):
    """A row of `data/dropped.jsonl`: what a filter took out."""

    example: Example
    filter: str
    reason: str
    score: float | None = None


class Quarantined(msgspec.Struct, frozen=True):
    """A row of `data/quarantine.jsonl`: what could not be read as an example."""

    file: str
    line: int | None
    reason: str
    raw: str = ""


class Prediction(msgspec.Struct, frozen=True):
    """A row of `predictions/ARM.SEED.jsonl`."""

    id: str
    root: str = ""
    label: str | None = None
    question: str = ""
    reference: str = ""
    prediction: str = ""
    error: str | None = None


class Score(msgspec.Struct, frozen=True):
    """A row of `scores.jsonl`: one prediction's value of each metric, null where it is not defined."""

    id: str
    arm: str
    seed: int
    metrics: dict[str, float | None]


@dataclass(frozen=True)
class RunView:
    """A run folder, opened for reading.

    Attributes:
        path: the run folder.
        beside: whether the report is written into it, so that its files can be linked to.
    """

    path: Path
    beside: bool = True

    @property
    def name(self) -> str:
        """What the recipe calls the run, else the folder's name."""
        return str(self.manifest.get("name") or self.path.resolve().name)

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """`manifest.json`; empty where there is none."""
        return read_json(self.path / "manifest.json", dict[str, Any]) or {}

    @cached_property
    def funnel(self) -> Mapping[str, Any] | None:
        """`funnel.json`: rows after each step of making the data."""
        return read_json(self.path / "funnel.json", dict[str, Any])

    @cached_property
    def results(self) -> Results | None:
        """`metrics.json`; None for a run that evaluated nothing."""
        return read_json(self.path / "metrics.json", Results)

    @cached_property
    def recipe(self) -> str | None:
        """The recipe with all defaults written out."""
        path = self.path / "recipe.resolved.yaml"
        return path.read_text("utf-8", "replace") if path.is_file() else None

    @cached_property
    def trainings(self) -> Mapping[str, Mapping[str, Any]]:
        """The trainer's facts by `ARM.SEED`; without arms that the results do not know, left by an earlier experiment in the folder."""
        found = [path for path in sorted(self.path.glob("models/*/facts.json")) if self._known(path.parent.name.rpartition(".")[0])]
        return {path.parent.name: read_json(path, dict[str, Any]) or {} for path in found}

    @cached_property
    def added(self) -> frozenset[str]:
        """The arms that an experiment added: they have a section of their own and are left out of the others."""
        if self.results is None:
            return frozenset()
        head = self.results.headline
        roles = {head.subject, head.baseline} if head else set()
        return frozenset(arm for one in self.results.experiment for arm in (one.arm, one.against)) - roles

    def _known(self, arm: str) -> bool:
        return self.results is None or self.arm(arm) is not None

    @cached_property
    def prediction_files(self) -> Mapping[str, Mapping[int, Path]]:
        """Files of predictions by arm, in the order of the results, and seed; without arms that an experiment added."""
        found: dict[str, dict[int, Path]] = {arm.name: {} for arm in (self.results.arms if self.results else ())}
        for path in sorted(self.path.glob("predictions/*.jsonl")):
            arm, _, seed = path.stem.rpartition(".")
            if not seed.lstrip("-").isdecimal():
                raise DataError(f"{path.name} is no ARM.SEED.jsonl; move it out of the folder 'predictions'")
            found.setdefault(arm, {})[int(seed)] = path
        return {arm: dict(sorted(files.items())) for arm, files in found.items() if files and arm not in self.added and self._known(arm)}

    def examples(self, part: str) -> Iterator[Example]:
        """The examples of `train`, `validation` or `test`; none where the run holds no such file."""
        return read_lines(self.path / "data" / f"{part}.jsonl", Example)

    def dropped(self) -> Iterator[Dropped]:
        """What filters took out."""
        return read_lines(self.path / "data" / "dropped.jsonl", Dropped)

    def quarantined(self) -> Iterator[Quarantined]:
        """What could not be read."""
        return read_lines(self.path / "data" / "quarantine.jsonl", Quarantined)

    def scores(self) -> Iterator[Score]:
        """Every prediction's scores."""
        return read_lines(self.path / "scores.jsonl", Score)

    def has(self, name: str) -> bool:
        """Whether the folder holds that file, with something in it."""
        path = self.path / name
        return path.is_file() and path.stat().st_size > 0

    def metric(self, name: str) -> MetricInfo:
        """What is known of a metric; its bare name where the results do not say."""
        known = {metric.name: metric for metric in (self.results.metrics if self.results else ())}
        return known.get(name) or MetricInfo(name, name, True, "")

    def arm(self, name: str) -> ArmScores | None:
        """The scores of an arm."""
        return next((arm for arm in (self.results.arms if self.results else ()) if arm.name == name), None)

    def headline_comparison(self) -> Comparison | None:
        """The comparison that the verdict is drawn from."""
        if self.results is None or self.results.headline is None:
            return None
        head = self.results.headline
        wanted = (head.subject, head.baseline, head.metric)
        return next((one for one in self.results.comparisons if (one.arm, one.baseline, one.metric) == wanted), None)
