"""Predictions to numbers: every arm, seed and question with its value of each metric, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from augmentor.errors import DataError, UsageError
from augmentor.examples import Example
from augmentor.files import write_lines
from augmentor.protocols import Answered, ArmPredictions, CompareRequest, Metric, RowMetric

from .answers import answered, read_examples
from .predictions import Prediction, read_predictions
from .results import Score

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Scores:
    """Values of one metric: an array of shape (seeds, questions), NaN where there is none, rows in the order of `seeds`."""

    seeds: tuple[int, ...]
    values: np.ndarray[Any, Any]

    def minus(self, other: Scores) -> Scores:
        """Paired differences, question by question and seed by seed.

        An arm with one seed is held against each seed of the other. Otherwise the seeds that both have are paired, or, where they
        share none, the first with the first and so on: seeds are exchangeable.
        """
        if self.seeds == other.seeds or len(other.seeds) == 1:
            return Scores(self.seeds, self.values - other.values)
        if len(self.seeds) == 1:
            return Scores(other.seeds, self.values - other.values)
        shared = [seed for seed in self.seeds if seed in other.seeds]
        if shared:
            ours, theirs = ([scores.seeds.index(seed) for seed in shared] for scores in (self, other))
            return Scores(tuple(shared), self.values[ours] - other.values[theirs])
        count = min(len(self.seeds), len(other.seeds))
        return Scores(self.seeds[:count], self.values[:count] - other.values[:count])


@dataclass(frozen=True)
class ArmTable:
    """One arm: its scores by metric, the calls that failed, and the mean length of its answers in tokens."""

    name: str
    seeds: tuple[int, ...]
    scores: Mapping[str, Scores]
    answered: int
    failed: int
    completion_tokens: float | None


@dataclass(frozen=True)
class Table:
    """All arms on all questions. `clusters` gives each question's cluster, as a whole number."""

    questions: Sequence[Prediction]
    clusters: np.ndarray[Any, Any]
    cluster_by: Literal["label", "root"]
    arms: Mapping[str, ArmTable]
    metrics: Mapping[str, Metric]


def score(request: CompareRequest) -> Table:
    """Read what the arms answered and score it; writes `request.scores`.

    Raises:
        DataError: a file cannot be read, or arms disagree on what a question or its reference is.
        UsageError: an arm is given twice under one seed, or a metric does not give a value for each pair.
    """
    files: dict[str, dict[int, list[Prediction]]] = {}
    for one in request.predictions:
        if one.seed in files.setdefault(one.arm, {}):
            raise UsageError(f"the arm {one.arm!r} is given twice under seed {one.seed}")
        files[one.arm][one.seed] = read_predictions(one.path)
    questions = _questions(request.predictions, files)
    if not questions:
        raise DataError("there are no predictions to compare: every file is empty")
    training = read_examples(request.training)
    messages = {example.id: example.prompt for example in read_examples(request.questions)}
    values = {(one.arm, one.seed): _measured(request.metrics, answered(one, files[one.arm][one.seed], messages), training) for one in request.predictions}
    write_lines(request.scores, _lines(files, values))
    clusters, cluster_by = _clusters(questions)
    places = {question.id: index for index, question in enumerate(questions)}
    arms = {arm: _arm(arm, seeds, values, places, list(request.metrics)) for arm, seeds in files.items()}
    return Table(questions, clusters, cluster_by, arms, request.metrics)


def _questions(order: Sequence[ArmPredictions], files: Mapping[str, Mapping[int, list[Prediction]]]) -> list[Prediction]:
    """Each question once, in order of first appearance."""
    found: dict[str, Prediction] = {}
    for one in order:
        for row in files[one.arm][one.seed]:
            first = found.setdefault(row.id, row)
            if (first.reference, first.root, first.label) != (row.reference, row.root, row.label):
                raise DataError(f"{one.path}: the question {row.id!r} has another reference, root or label than in another arm's file; arms must answer the same test set")
    return list(found.values())


def _measured(metrics: Mapping[str, Metric], answered: Sequence[Answered], training: Sequence[Example]) -> dict[str, dict[str, float]]:
    """Every metric's value by question id."""
    return {name: _values(name, metric, answered, training) for name, metric in metrics.items()}


def _values(name: str, metric: Metric, rows: Sequence[Answered], training: Sequence[Example]) -> dict[str, float]:
    """A metric's value by question id."""
    if isinstance(metric, RowMetric):
        given = list(metric.score_rows(rows, training))
    else:
        given = list(metric.score([row.prediction for row in rows], [row.reference for row in rows])) if rows else []
    if len(given) != len(rows):
        raise UsageError(f"the metric {name!r} gave {len(given)} values for {len(rows)} pairs; it must give one for each")
    return {row.id: float(value) for row, value in zip(rows, given, strict=True)}


def _lines(files: Mapping[str, Mapping[int, list[Prediction]]], values: Mapping[tuple[str, int], Mapping[str, Mapping[str, float]]]) -> Iterator[bytes]:
    for arm, seeds in files.items():
        for seed, rows in seeds.items():
            for row in rows:
                measured = {name: _finite(by_id[row.id]) for name, by_id in values[arm, seed].items() if row.id in by_id}
                yield msgspec.json.encode(Score(row.id, arm, seed, measured)) + b"\n"


def _finite(value: float) -> float | None:
    return value if value - value == 0 else None


def _clusters(questions: Sequence[Prediction]) -> tuple[np.ndarray[Any, Any], Literal["label", "root"]]:
    """By label where every question has one and there is more than one, else by root."""
    labels = {question.label for question in questions}
    cluster_by: Literal["label", "root"] = "root" if None in labels or "" in labels or len(labels) == 1 else "label"
    return codes([getattr(question, cluster_by) for question in questions]), cluster_by


def codes(names: Sequence[str]) -> np.ndarray[Any, Any]:
    """Whole numbers from 0, the same for the same name, in order of first appearance."""
    import numpy as np

    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names], dtype=np.intp)


def _arm(
    arm: str, seeds: Mapping[int, list[Prediction]], values: Mapping[tuple[str, int], Mapping[str, Mapping[str, float]]], places: Mapping[str, int], metrics: Sequence[str]
) -> ArmTable:
    import numpy as np

    order = tuple(sorted(seeds))
    scores = {}
    for name in metrics:
        table = np.full((len(order), len(places)), np.nan)
        for row, seed in enumerate(order):
            for question, value in values[arm, seed][name].items():
                table[row, places[question]] = value if _finite(value) is not None else np.nan
        scores[name] = Scores(order, table)
    rows = [row for seed in order for row in seeds[seed]]
    answered = [row for row in rows if row.error is None]
    lengths = [row.completion_tokens for row in answered if row.completion_tokens]
    mean = sum(lengths) / len(lengths) if lengths else None
    return ArmTable(arm, order, scores, len({row.id for row in answered}), len(rows) - len(answered), mean)
