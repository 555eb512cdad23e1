"""Judgements to results: who wins, and whether the judge can be believed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import getdoc
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import msgspec

from augmentor.plugins import plugins
from augmentor.protocols import CompareRequest, Judge, Metric
from augmentor_evaluation.comparing import Settings, compare_pair, judge_all
from augmentor_evaluation.leaks import Leak, without
from augmentor_evaluation.results import Comparison, JudgeHealth, JudgeResult
from augmentor_evaluation.scoring import ArmTable, Scores, Table
from augmentor_evaluation.wording import count, percent, range_text

from .agreement import agreement
from .health import pair_health, rubric_health, warnings
from .judgement import PairJudgement, RubricJudgement, read_judgements

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Judged:
    """What a judge's values are, as metrics say it of theirs."""

    name: str
    title: str
    unit: str
    higher_is_better: bool = True


def judge_results(request: CompareRequest, table: Table, leaks: Mapping[str, Sequence[Leak]], settings: Settings) -> list[JudgeResult]:
    """What each judge of the request says.

    Raises:
        DataError: a file of judgements or ratings cannot be read.
    """
    return [_result(name, judge, path, request, table, leaks, settings) for name, (judge, path) in request.judgements.items()]


def _result(
    name: str, judge: Judge, path: Path, request: CompareRequest, table: Table, leaks: Mapping[str, Sequence[Leak]], settings: Settings
) -> JudgeResult:
    kind: Literal["pairs", "ratings"]
    if hasattr(judge, "most"):
        kind, unit = "ratings", f"1-{judge.most}"
        ratings = read_judgements(path, RubricJudgement)
        scores = _rated(ratings, table)
        health = rubric_health(ratings)
    else:
        kind, unit = "pairs", "0-1"  # a difference of values from 0 to 1 goes from -1 to 1, as an outcome does
        pairs = read_judgements(path, PairJudgement)
        scores = _decided(pairs, table, request.baseline)
        health = pair_health(pairs, {row.id: int(code) for row, code in zip(table.questions, table.clusters, strict=True)}, settings.confidence)
    own = _table(name, judge, unit, scores, table, leaks)
    compared = [compare_pair(own, arm, request.baseline, name, settings) for arm in own.arms if arm != request.baseline]
    comparisons = [_said(one, judge.title, settings) if kind == "pairs" else one for one in judge_all(own, compared, settings)]
    health = _priced(health, judge)
    agreed = agreement(getattr(judge, "ratings", None), _verdicts(own, name, request.baseline), request.baseline, settings)
    about = " ".join((getdoc(type(judge)) or "").partition("\n\n")[0].split())
    return JudgeResult(name, judge.title, about, kind, comparisons, health, agreed, list(warnings(health, agreed, settings.confidence)))


def _rated(rows: Sequence[RubricJudgement], table: Table) -> dict[str, Scores]:
    """Ratings by arm, shape (seeds, questions)."""
    by_arm: dict[str, dict[int, dict[str, float | None]]] = {}
    for row in rows:
        by_arm.setdefault(row.arm, {}).setdefault(row.seed, {})[row.id] = row.score
    return {arm: _scores([seeds[seed] for seed in sorted(seeds)], tuple(sorted(seeds)), table) for arm, seeds in by_arm.items()}


def _decided(rows: Sequence[PairJudgement], table: Table, baseline: str) -> dict[str, Scores]:
    """Outcomes by arm, a row for each pairing of seeds; the baseline's is 0 everywhere, so that a difference is an outcome."""
    import numpy as np

    by_arm: dict[str, dict[tuple[int, int], dict[str, float | None]]] = {}
    for row in rows:
        by_arm.setdefault(row.arm, {}).setdefault((row.seed, row.baseline_seed), {})[row.id] = row.outcome
    found = {arm: _scores(list(pairs.values()), tuple(range(len(pairs))), table) for arm, pairs in by_arm.items()}
    return {**found, baseline: Scores((0,), np.zeros((1, len(table.questions))))} if found else {}


def _scores(values: Sequence[Mapping[str, float | None]], seeds: tuple[int, ...], table: Table) -> Scores:
    import numpy as np

    cells = [[row.get(question.id) for question in table.questions] for row in values]
    return Scores(seeds, np.array([[np.nan if cell is None else cell for cell in row] for row in cells], dtype=float))


def _table(name: str, judge: Judge, unit: str, scores: Mapping[str, Scores], table: Table, leaks: Mapping[str, Sequence[Leak]]) -> Table:
    arms = {arm: ArmTable(arm, one.seeds, {name: one}, 0, 0, None) for arm, one in scores.items()}
    return without(replace(table, arms=arms, metrics={name: cast("Metric", Judged(name, judge.title, unit))}), leaks)


def _verdicts(table: Table, name: str, baseline: str) -> dict[tuple[str, str], float]:
    """The judge's word on each question (id) and arm: above 0 for the arm, below for the baseline, seeds taken together."""
    from augmentor_evaluation.spread import mean_of_present

    found: dict[tuple[str, str], float] = {}
    for arm in table.arms:
        if arm != baseline:
            values: np.ndarray[Any, Any] = mean_of_present(table.arms[arm].scores[name].minus(table.arms[baseline].scores[name]).values, axis=0)
            found |= {(question.id, arm): float(value) for question, value in zip(table.questions, values, strict=True) if not math.isnan(value)}
    return found


def _said(one: Comparison, title: str, settings: Settings) -> Comparison:
    """A comparison of pairs in words of its own."""
    if not one.questions or one.difference.mean is None:
        return msgspec.structs.replace(one, sentence=f"{title.capitalize()} could judge no question of {one.arm} and {one.baseline}.")
    head = {"better": f"{one.arm} is better than", "worse": f"{one.arm} is worse than"}.get(one.verdict, f"Can't tell {one.arm} from")
    sentence = (
        f"{head} {one.baseline} by {title}: it won {one.wins} of {count(one.questions, 'question')}, lost {one.losses}, {one.ties} were ties; "
        f"wins less losses {percent(one.difference.mean)} ({range_text(one.difference, settings.confidence, '0-1')})."
    )
    return msgspec.structs.replace(one, sentence=sentence)


def _priced(health: JudgeHealth, judge: Judge) -> JudgeHealth:
    price = getattr(plugins()["generator"].make(judge.generator), "price", None)
    return health if price is None else msgspec.structs.replace(health, dollars=price.of(health.prompt_tokens, health.completion_tokens))
