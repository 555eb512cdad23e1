"""Training data that a test would find again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from augmentor.examples import Example
from augmentor.protocols import Candidate, Verdict
from augmentor.texts import normalised

from .shingles import Sketch, check_options, resemblance, shared, sketches
from .vectors import Row, cosine, encoded, nearest, stacked

_COMPARED = 512


class _Near(NamedTuple):
    """The likest held-out row: how alike, which, and what was measured."""

    score: float
    id: str
    measure: str


@dataclass(frozen=True)
class Leakage:
    """Drop training examples that the validation or test set has too: made from one, saying the same, or nearly the same.

    What counts is the question, as the same answer to other words is what a test of unseen wording wants. Each reason names the
    held-out example. Without held-out examples and files nothing is dropped.

    Attributes:
        threshold: Jaccard index of the word shingles from which two texts are nearly the same (see `near_duplicate`).
        on: `questions` compares what users say, `both` wants the answers to be alike, too.
        shingle: words in a shingle.
        against: files to keep away from as well, such as a public benchmark, in any format that can be read; with + between.
        semantic: cosine from which two questions mean the same to an encoder, such as 0.9; 0 asks no encoder.
        encoder: which encoder to ask.
    """

    threshold: float = 0.6
    on: Literal["questions", "both"] = "questions"
    shingle: int = 2
    against: tuple[str, ...] = ()
    semantic: float = 0.0
    encoder: str = "static"

    def __post_init__(self) -> None:
        check_options(self.threshold, self.shingle)
        if not 0 <= self.semantic <= 1:
            raise ValueError(f"semantic is a cosine from 0 to 1, not {self.semantic:g}")
        for name in self.against:
            if not Path(name).is_file():
                raise ValueError(f"against names a file to keep away from; {name!r} is none")

    def sketch(self, candidates: Sequence[Candidate]) -> list[Any]:
        rows = sketches(candidates, self.shingle, self.threshold, answers=self.on == "both")
        meant = encoded(candidates, self.encoder, answers=self.on == "both") if self.semantic else [()] * len(rows)
        return [(row, self._digest(candidate), vector) for row, candidate, vector in zip(rows, candidates, meant, strict=True)]

    def reduce(self, sketches: Sequence[Any], held_out: Sequence[Any]) -> list[Verdict]:
        apart = [*held_out, *(sketch for name in self.against for sketch in self.sketch(_read(Path(name))))]
        if not apart:
            return [Verdict(keep=True, score=0.0) for _ in sketches]
        rows, others = [Sketch(*row) for row, _, _ in sketches], [Sketch(*row) for row, _, _ in apart]
        roots: dict[str, str] = {}
        same: dict[bytes, str] = {}
        for other, (_, digest, _) in zip(others, apart, strict=True):
            roots[other.root] = min(roots.get(other.root, other.id), other.id)
            if digest:
                same[digest] = min(same.get(digest, other.id), other.id)
        near = self._nearest(rows, others)
        meant = self._meaning([vector for _, _, vector in sketches], [vector for _, _, vector in apart]) if self.semantic else {}
        return [
            self._verdict(row, roots, same.get(digest), near.get(index), meant.get(index))
            for index, (row, (_, digest, _)) in enumerate(zip(rows, sketches, strict=True))
        ]

    def _verdict(self, row: Sketch, roots: dict[str, str], same: str | None, near: _Near | None, meant: _Near | None) -> Verdict:
        what = "the question" if self.on == "questions" else "the conversation"
        if same is not None:
            return Verdict(keep=False, score=1.0, reason=f"{what} is also in the held-out data, as {same}", other=same)
        if row.root in roots:
            return Verdict(keep=False, score=1.0, reason=f"it is of the same family as {roots[row.root]}, which is held out", other=roots[row.root])
        if near and near.score >= self.threshold:
            return self._drop(f"{what} is nearly that of", near, self.threshold)
        if meant:
            return self._drop(f"{what} says in other words that of", meant, self.semantic)
        return Verdict(keep=True, score=near.score if near else 0.0)

    def _drop(self, what: str, found: _Near, limit: float) -> Verdict:
        return Verdict(keep=False, score=found.score, reason=f"{what} {found.id}, which is held out ({found.measure} {found.score:.2f}, limit {limit:g})", other=found.id)

    def _nearest(self, rows: Sequence[Sketch], apart: Sequence[Sketch]) -> dict[int, _Near]:
        """For each row that shares a bucket with held-out ones, the likest of those and how alike they are."""
        every = [*rows, *apart]
        order = sorted(range(len(every)), key=lambda index: (index < len(rows), every[index].id, index))
        pairs: dict[int, set[int]] = {}
        twos, more = shared(every, order)
        for bucket in (*twos, *more):
            others = [index for index in bucket if index >= len(rows)][:_COMPARED]
            if others:
                for index in bucket:
                    if index < len(rows):
                        pairs.setdefault(index, set()).update(others)
        found = {}
        for index, near in pairs.items():
            likeness, id = min((-resemblance(rows[index], every[other]), every[other].id) for other in near)
            found[index] = _Near(-likeness, id, "Jaccard")
        return found

    def _meaning(self, vectors: Sequence[Any], apart: Sequence[Any]) -> dict[int, _Near]:
        """For each row that means what a held-out one means, the likest of those: every pair is measured."""
        rows, others = [Row(*vector) for vector in vectors], [Row(*vector) for vector in apart]
        asking = [index for index, row in enumerate(rows) if row.asked]
        found = {}
        for place, near in nearest(stacked([rows[index].asked for index in asking]), stacked([other.asked for other in others]), self.semantic):
            row = rows[asking[place]]
            likeness, id = min((-min(cosine(row.asked, others[other].asked), cosine(row.answered, others[other].answered)), others[other].id) for other in near)
            if -likeness >= self.semantic:
                found[asking[place]] = _Near(-likeness, id, "cosine")
        return found

    def _digest(self, candidate: Candidate) -> bytes:
        said = "\0".join(
            normalised(message.text) for message in candidate.example.messages if message.role == "user" or (self.on == "both" and message.role == "assistant")
        )
        return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).digest() if said.strip("\0") else b""


def _read(path: Path) -> list[Candidate]:
    """The examples of a file, each under the file's name and its row."""
    from augmentor.formats import read_examples
    from augmentor.plugins import plugins

    reading = read_examples(path, formats={name: kind() for name, kind in plugins()["format"]})
    examples = [item for item in reading if isinstance(item, Example)]
    named = (f"{path.name} row {number}" for number in range(1, len(examples) + 1))
    return [Candidate(Example(id=id, messages=example.messages)) for id, example in zip(named, examples, strict=True)]
