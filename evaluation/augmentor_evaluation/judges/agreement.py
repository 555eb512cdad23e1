"""How far a judge agrees with people: Cohen's kappa over win, tie and loss.

Cohen, *A Coefficient of Agreement for Nominal Scales* (1960). Raw agreement flatters a judge where one outcome is frequent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from augmentor.errors import DataError
from augmentor_evaluation.comparing import Settings
from augmentor_evaluation.results import Agreement, Estimate

if TYPE_CHECKING:
    import numpy as np

RESAMPLES = 2000


class Rating(msgspec.Struct, frozen=True):
    """A person's choice between the answers of two arms to a question. `winner` is `a`, `b`, `tie`, or the name of one of the arms."""

    id: str
    arm_a: str
    arm_b: str
    winner: str


def read_ratings(path: Path) -> list[Rating]:
    """The ratings in a JSONL file.

    Raises:
        DataError: there is no such file, or a line is no rating; says which.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise DataError(f"the ratings {path} cannot be read: {error.strerror}") from None
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                rating = msgspec.json.decode(line, type=Rating)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise DataError(f"{path}:{number}: this is no rating: {error}") from None
            if rating.winner not in {"a", "b", "tie", rating.arm_a, rating.arm_b}:
                raise DataError(f"{path}:{number}: the winner is {rating.winner!r}; it must be a, b, tie, {rating.arm_a} or {rating.arm_b}")
            found.append(rating)
    return found


def agreement(path: str | None, verdicts: Mapping[tuple[str, str], float], baseline: str, settings: Settings) -> Agreement | None:
    """The agreement of people's ratings with a judge's verdicts on (question, arm) against the baseline; None without ratings."""
    if path is None:
        return None
    import numpy as np

    both = list(_paired(read_ratings(Path(path).expanduser()), verdicts, baseline))
    ids = sorted({id for id, _, _ in both})
    tables = np.zeros((len(ids), 3, 3))
    places = {id: place for place, id in enumerate(ids)}
    for id, person, judge in both:
        tables[places[id], person + 1, judge + 1] += 1
    whole = tables.sum(axis=0)
    agreed = float(np.trace(whole) / whole.sum()) if both else None
    return Agreement(len(both), len(ids), agreed, _kappa_estimate(tables, settings))


def kappa(table: np.ndarray[Any, Any]) -> float:
    """Cohen's kappa of a table of counts, people in rows and the judge in columns; NaN where chance alone explains all or nothing is there."""
    total = float(table.sum())
    if not total:
        return float("nan")
    seen = float(table.trace()) / total
    by_chance = float((table.sum(axis=0) * table.sum(axis=1)).sum()) / total**2
    return (seen - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")


def _kappa_estimate(tables: np.ndarray[Any, Any], settings: Settings) -> Estimate:
    """Kappa with its percentile interval over questions drawn again; no interval for fewer than five questions."""
    import numpy as np

    value = kappa(tables.sum(axis=0))
    if math.isnan(value):
        return Estimate(None)
    if len(tables) < 5:
        return Estimate(value)
    rng = np.random.default_rng([settings.seed, 2])
    drawn = rng.multinomial(len(tables), np.full(len(tables), 1 / len(tables)), size=RESAMPLES)
    values = np.array([kappa(table) for table in np.einsum("rq,qij->rij", drawn, tables)])
    values = values[~np.isnan(values)]
    if not len(values):
        return Estimate(value)
    low, high = np.quantile(values, [(1 - settings.confidence) / 2, (1 + settings.confidence) / 2])
    return Estimate(value, float(low), float(high))


def _paired(ratings: Sequence[Rating], verdicts: Mapping[tuple[str, str], float], baseline: str) -> Iterator[tuple[str, int, int]]:
    """Question, the person's word and the judge's: 1 for the arm, -1 for the baseline, 0 for a tie."""
    for rating in ratings:
        for arm, other, letter in ((rating.arm_a, rating.arm_b, "a"), (rating.arm_b, rating.arm_a, "b")):
            verdict = verdicts.get((rating.id, arm))
            if other == baseline and verdict is not None:
                person = 0 if rating.winner == "tie" else 1 if rating.winner in {letter, arm} else -1
                yield rating.id, person, (verdict > 0) - (verdict < 0)
