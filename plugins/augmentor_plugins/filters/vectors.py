"""Rows as vectors: what an encoder makes of questions and answers, in a form that travels, and exact cosines between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from augmentor.protocols import Candidate, Encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BLOCK = 512
_SLACK = 1e-4
"""Far more than a matrix product in single precision is off by, so that no pair at the limit is missed before it is measured."""


class Row(NamedTuple):
    """What encoder filters keep of a conversation; plain values, so that it can travel.

    `asked` and `answered` are float32 vectors as bytes, `text` what users say; a vector is empty where nothing is said.
    """

    id: str
    root: str
    variant: int
    label: str | None
    text: str
    asked: bytes
    answered: bytes


def encoded(candidates: Sequence[Candidate], encoder: str, *, answers: bool = False) -> list[tuple[object, ...]]:
    """A `Row` each, as plain tuples. A row's vector never depends on the rows beside it."""
    from augmentor.plugins import plugins

    examples = [candidate.example for candidate in candidates]
    asked = [_side(candidate, "user") for candidate in candidates]
    answered = [_side(candidate, "assistant") if answers else "" for candidate in candidates]
    wanted = sorted({text for text in (*asked, *answered) if text})
    known: dict[str, bytes] = {}
    if wanted:
        made: Encoder = plugins()["encoder"].make(encoder)
        known = {text: vector.tobytes() for text, vector in zip(wanted, made.encode(wanted), strict=True)}
    return [
        tuple(Row(example.id, example.root, int(example.parent is not None), example.label, one, known.get(one, b""), known.get(other, b"")))
        for example, one, other in zip(examples, asked, answered, strict=True)
    ]


def _side(candidate: Candidate, role: str) -> str:
    return "\n".join(message.text for message in candidate.example.messages if message.role == role).strip()


def stacked(vectors: Sequence[bytes]) -> NDArray[np.float32]:
    """Vectors as a matrix, shape (vectors, dimensions); an empty one is a row of zeros."""
    import numpy as np

    width = max((len(vector) for vector in vectors), default=0)
    if not width:
        return np.zeros((len(vectors), 0), dtype=np.float32)
    return np.frombuffer(b"".join(vector or bytes(width) for vector in vectors), dtype=np.float32).reshape(len(vectors), -1)


def cosine(one: bytes, other: bytes) -> float:
    """The cosine of two unit vectors, to 6 places, the same whichever way it is asked; 1 for two empty ones, 0 for one."""
    import numpy as np

    if not one or not other:
        return float(one == other)
    return round(float((np.frombuffer(one, np.float32).astype(np.float64) * np.frombuffer(other, np.float32)).sum()), 6)


def nearest(rows: NDArray[np.float32], others: NDArray[np.float32], limit: float) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """For each row, the positions of the `others` whose cosine may reach `limit`: every pair is looked at, a block at a time.

    A matrix product rounds differently from block to block, so these are candidates; `cosine` decides.
    """
    import numpy as np

    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        found: list[list[NDArray[np.intp]]] = [[] for _ in block]
        for first in range(0, len(others), 16 * _BLOCK):
            near = block @ others[first : first + 16 * _BLOCK].T >= limit - _SLACK
            for place in np.flatnonzero(near.any(axis=1)).tolist():
                found[place].append(np.flatnonzero(near[place]) + first)
        for number, parts in enumerate(found):
            if parts:
                yield start + number, np.concatenate(parts)
