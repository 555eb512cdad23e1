"""Probed rows to results: each arm's mean in each group, and what changed against the baseline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import getdoc
from pathlib import Path
from typing import cast

import msgspec

from augmentor.errors import DataError
from augmentor.protocols import ArmPredictions, CompareRequest, Metric, Probe, Probed
from augmentor_evaluation.comparing import Settings, difference_estimate, mean_estimate
from augmentor_evaluation.results import Estimate, ProbeChange, ProbeExample, ProbeGroup, ProbeResult, VerdictWord
from augmentor_evaluation.scoring import Scores, codes
from augmentor_evaluation.statistics import benjamini_hochberg, sign_flip

EXAMPLES = 6
"""Items that the results show for each arm; the files of the run hold all."""

_DECODER = msgspec.json.Decoder(Probed)


def probe_results(request: CompareRequest, settings: Settings) -> list[ProbeResult]:
    """What each probe of the request found.

    Raises:
        DataError: a file of a probe cannot be read.
    """
    return [_result(name, probe, files, request.baseline, settings) for name, (probe, files) in request.probed.items()]


@dataclass(frozen=True)
class Values:
    """One arm's values in one group, in the order of `ids`; `failed` counts those that have none."""

    scores: Scores
    failed: int


def _result(name: str, probe: Probe, files: Sequence[ArmPredictions], baseline: str, settings: Settings) -> ProbeResult:
    rows: dict[str, dict[int, list[Probed]]] = {}
    for one in files:
        rows.setdefault(one.arm, {})[one.seed] = read_probed(one.path)
    control = getattr(probe, "control", None)
    groups, changes = [], []
    for group, ids in _groups(rows, control).items():
        clusters = codes(list(ids.values()))
        found = {arm: _values(seeds, list(ids)) for arm, seeds in rows.items()}
        for arm, values in found.items():
            estimate = mean_estimate(values.scores, clusters, cast("Metric", probe), settings)
            groups.append(ProbeGroup(arm, group, len(ids), values.failed, estimate))
        for arm, values in found.items():
            if arm != baseline and baseline in found:
                difference = values.scores.minus(found[baseline].scores)
                estimate = difference_estimate(difference, clusters, cast("Metric", probe), settings)
                p = sign_flip(difference.values, clusters, seed=settings.seed)
                changes.append(ProbeChange(arm, baseline, group, len(ids), estimate, p, None, "can't tell"))
    about = " ".join((getdoc(type(probe)) or "").partition("\n\n")[0].split())
    judged = _judged(changes, groups, probe.ideal, settings)
    return ProbeResult(name, probe.title, about, probe.unit, probe.ideal, control, groups, judged, list(_examples(rows, probe.ideal, control)))


def read_probed(path: Path) -> list[Probed]:
    """The rows that a probe wrote.

    Raises:
        DataError: a line is none; says which.
    """
    found = []
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if line.strip():
            try:
                found.append(_DECODER.decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise DataError(f"{path}:{number}: this is nothing that a probe wrote: {error}") from None
    return found


def _groups(rows: Mapping[str, Mapping[int, Sequence[Probed]]], control: str | None) -> dict[str, dict[str, str]]:
    """Of each group, `all` first, the ids with their clusters."""
    found: dict[str, dict[str, str]] = {"all": {}}
    for seeds in rows.values():
        for some in seeds.values():
            for row in some:
                found.setdefault(row.group, {})[row.id] = row.cluster
                if row.group != control:
                    found["all"][row.id] = row.cluster
    return found


def _values(seeds: Mapping[int, Sequence[Probed]], ids: Sequence[str]) -> Values:
    import numpy as np

    order = sorted(seeds)
    by_id = [{row.id: row for row in seeds[seed]} for seed in order]
    cells = [[some[id].value if id in some else None for id in ids] for some in by_id]
    failed = sum(1 for some in by_id for id in ids if id in some and some[id].value is None)
    return Values(Scores(tuple(order), np.array([[np.nan if cell is None else cell for cell in row] for row in cells], dtype=float)), failed)


def _judged(changes: Sequence[ProbeChange], groups: Sequence[ProbeGroup], ideal: float, settings: Settings) -> list[ProbeChange]:
    """The changes with q and verdict: better or worse where interval and q leave no doubt that the mean moved towards the ideal, or away."""
    means = {(one.arm, one.group): one.value.mean for one in groups}
    adjusted = iter(benjamini_hochberg([one.p for one in changes if one.p is not None]))
    judged = []
    for one in changes:
        q = next(adjusted) if one.p is not None else None
        ours, theirs = means[one.arm, one.group], means[one.baseline, one.group]
        verdict: VerdictWord = "can't tell"
        if ours is not None and theirs is not None and _moved(one.difference, q, settings.confidence) and abs(ours - ideal) != abs(theirs - ideal):
            verdict = "better" if abs(ours - ideal) < abs(theirs - ideal) else "worse"
        judged.append(msgspec.structs.replace(one, q=q, verdict=verdict))
    return judged


def _moved(difference: Estimate, q: float | None, confidence: float) -> bool:
    low, high = difference.low, difference.high
    return low is not None and high is not None and q is not None and q <= 1 - confidence and not low <= 0 <= high


def _examples(rows: Mapping[str, Mapping[int, Sequence[Probed]]], ideal: float, control: str | None) -> Iterator[ProbeExample]:
    """Of each arm the items furthest from the ideal, one of each group before a second."""
    for arm, seeds in rows.items():
        found = [row for some in seeds.values() for row in some if row.value is not None and row.group != control and row.value != ideal]
        found.sort(key=lambda row: (-abs((row.value or 0.0) - ideal), row.id))
        often: dict[str, int] = {}
        ranked = []
        for row in found:
            often[row.group] = often.get(row.group, 0) + 1
            ranked.append((often[row.group], row))
        ranked.sort(key=lambda item: item[0])
        for _, row in ranked[:EXAMPLES]:
            yield ProbeExample(arm, row.group, row.value or 0.0, row.left[:600], row.right[:600])
