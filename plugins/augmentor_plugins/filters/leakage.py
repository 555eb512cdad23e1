"""Training data that a test would find again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from augmentor.protocols import Candidate, Verdict
from augmentor.texts import normalised

from .shingles import Sketch, buckets, check_options, resemblance, sketches

_COMPARED = 512


@dataclass(frozen=True)
class Leakage:
    """Drop training examples that the validation or test set has too: made from one, saying the same, or nearly the same.

    What counts is the question, as the same answer to other words is what a test of unseen wording wants. Each reason names the
    held-out example. Without held-out examples nothing is dropped.

    Attributes:
        threshold: Jaccard index of the word shingles from which two texts are nearly the same (see `near_duplicate`).
        on: `questions` compares what users say, `both` wants the answers to be alike, too.
        shingle: words in a shingle.
    """

    threshold: float = 0.6
    on: Literal["questions", "both"] = "questions"
    shingle: int = 2

    def __post_init__(self) -> None:
        check_options(self.threshold, self.shingle)

    def sketch(self, candidates: Sequence[Candidate]) -> list[Any]:
        rows = sketches(candidates, self.shingle, self.threshold, answers=self.on == "both")
        return [(*row, self._digest(candidate)) for row, candidate in zip(rows, candidates, strict=True)]

    def reduce(self, sketches: Sequence[Any], held_out: Sequence[Any]) -> list[Verdict]:
        if not held_out:
            return [Verdict(keep=True, score=0.0) for _ in sketches]
        rows, digests = _parted(sketches)
        apart, apart_digests = _parted(held_out)
        roots: dict[str, str] = {}
        same: dict[bytes, str] = {}
        for row, digest in zip(apart, apart_digests, strict=True):
            roots[row.root] = min(roots.get(row.root, row.id), row.id)
            if digest:
                same[digest] = min(same.get(digest, row.id), row.id)
        near = self._nearest(rows, apart)
        return [self._verdict(row, roots, same.get(digest), near.get(index)) for index, (row, digest) in enumerate(zip(rows, digests, strict=True))]

    def _verdict(self, row: Sketch, roots: dict[str, str], same: str | None, near: tuple[float, str] | None) -> Verdict:
        what = "the question" if self.on == "questions" else "the conversation"
        if same is not None:
            return Verdict(keep=False, score=1.0, reason=f"{what} is also in the held-out data, as {same}")
        if row.root in roots:
            return Verdict(keep=False, score=1.0, reason=f"it is of the same family as {roots[row.root]}, which is held out")
        if near is None:
            return Verdict(keep=True, score=0.0)
        likeness, id = near
        if likeness < self.threshold:
            return Verdict(keep=True, score=likeness)
        return Verdict(keep=False, score=likeness, reason=f"{what} is nearly that of {id}, which is held out (Jaccard {likeness:.2f}, limit {self.threshold:g})")

    def _nearest(self, rows: Sequence[Sketch], apart: Sequence[Sketch]) -> dict[int, tuple[float, str]]:
        """For each row that shares a bucket with held-out ones, the likest of those and how alike they are."""
        every = [*rows, *apart]
        order = sorted(range(len(every)), key=lambda index: (index < len(rows), every[index].id, index))
        pairs: dict[int, set[int]] = {}
        for bucket in buckets(every, order):
            others = [index for index in bucket if index >= len(rows)][:_COMPARED]
            if others:
                for index in bucket:
                    if index < len(rows):
                        pairs.setdefault(index, set()).update(others)
        found = {}
        for index, near in pairs.items():
            likeness, id = min((-resemblance(rows[index], every[other]), every[other].id) for other in near)
            found[index] = (-likeness, id)
        return found

    def _digest(self, candidate: Candidate) -> bytes:
        said = "\0".join(
            normalised(message.text) for message in candidate.example.messages if message.role == "user" or (self.on == "both" and message.role == "assistant")
        )
        return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).digest() if said.strip("\0") else b""


def _parted(sketches: Sequence[Any]) -> tuple[list[Sketch], list[bytes]]:
    return [Sketch(*sketch[:-1]) for sketch in sketches], [sketch[-1] for sketch in sketches]
