"""A light classifier of vectors, and what it says of a row when it has never seen the row's family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .vectors import Row, stacked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RIDGE = 1.0


@dataclass(frozen=True)
class Opinions:
    """The labels, and for each row how well each label fits it: shape (rows, labels), 0 to 1, a row sums to 1."""

    labels: tuple[str, ...]
    fit: NDArray[np.float64]


def opinions(rows: Sequence[Row], learnt: Sequence[int]) -> Opinions:
    """What the rows at the positions `learnt` teach about all rows; rows of one family never teach about each other.

    Ridge regression of the labels on the vectors. What it would say had a family been left out follows in closed form from the
    fit to all (the PRESS statistic, Allen 1974, for groups of rows), so cross-validation has as many folds as families and no
    chance in it. Numbers do not depend on the order of the rows.
    """
    import numpy as np

    order = sorted(learnt, key=lambda index: (rows[index].id, rows[index].root, rows[index].label or "", rows[index].asked))
    labels = tuple(sorted({rows[index].label or "" for index in order}))
    column = {label: number for number, label in enumerate(labels)}
    every = stacked([row.asked for row in rows]).astype(np.float64)
    taught = every[order]
    wanted = np.zeros((len(order), len(labels)))
    wanted[range(len(order)), [column[rows[index].label or ""] for index in order]] = 1.0
    mean, prior = taught.mean(axis=0), wanted.mean(axis=0)
    taught = taught - mean
    inverse = np.linalg.inv(taught.T @ taught + _RIDGE * np.eye(taught.shape[1]))
    weights = inverse @ (taught.T @ wanted)
    said = (every - mean) @ weights + prior
    for members, relatives in _families(rows, order):
        # Without its family: the residuals of those that taught, r, become (1 - H)^-1 r, and the weights change by as much.
        block = taught[members]
        residual = wanted[members] - (block @ weights + prior)
        without = weights - inverse @ block.T @ np.linalg.solve(np.eye(len(members)) - block @ inverse @ block.T, residual)
        said[relatives] = (every[relatives] - mean) @ without + prior
    said = np.clip(said, 0.0, None) + 1e-9
    return Opinions(labels, np.round(said / said.sum(axis=1, keepdims=True), 6))


def _families(rows: Sequence[Row], order: Sequence[int]) -> list[tuple[list[int], list[int]]]:
    """For each family that teaches: its places in `order`, and the positions of all rows of it."""
    members: dict[str, list[int]] = {}
    for place, index in enumerate(order):
        members.setdefault(rows[index].root, []).append(place)
    relatives: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        if row.root in members:
            relatives.setdefault(row.root, []).append(index)
    return [(places, relatives[root]) for root, places in members.items()]
