"""Nearly the same conversation twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from augmentor.protocols import Candidate, Threshold, Verdict

from .shingles import Sets, Sketch, alike, check_options, shared, shingle_sets, sketches

_REPRESENTATIVES = 16
_COMPARED = 256
_FINE = Verdict(keep=True, score=0.0)


@dataclass(frozen=True)
class NearDuplicate:
    """Keep one of the conversations that differ in a few words only, source examples before variants, then the smallest id.

    Finds them by MinHash and verifies each pair on its word shingles; every dropped row names a kept one that it resembles.
    Families (a source and what was made from it) are only compared with other families: whether a variant differs enough from
    its own source is for `novelty` to say. Rows that have different labels are no duplicates of each other.

    Attributes:
        threshold: Jaccard index of the shingles from which two texts are nearly the same. With shingles of two words, one
            changed word in ten words gives about 0.7, one in twenty 0.83, every tenth 0.67.
        on: `both` wants what is asked *and* what is answered to be alike, `questions` looks at what users say only.
        shingle: words in a shingle.
    """

    threshold: float = 0.6
    on: Literal["both", "questions"] = "both"
    shingle: int = 2

    decides: ClassVar[Threshold] = Threshold("threshold", "from", downwards=False)

    def __post_init__(self) -> None:
        check_options(self.threshold, self.shingle)

    def sketch(self, candidates: Sequence[Candidate]) -> list[Any]:
        return sketches(candidates, self.shingle, self.threshold, answers=self.on == "both")

    def reduce(self, sketches: Sequence[Any], held_out: Sequence[Any]) -> list[Verdict]:  # noqa: ARG002  the test set is leakage's business
        rows = list(map(Sketch._make, sketches))
        order = sorted(range(len(rows)), key=lambda index: (rows[index].variant, rows[index].id, index))
        verdicts = [_FINE] * len(rows)
        for group in self._groups(rows, order):
            kept: list[tuple[int, Sets]] = []
            for index in group:
                sets = shingle_sets(rows[index])
                comparable = [(alike(sets, others), -place) for place, (other, others) in enumerate(kept[:_COMPARED]) if _comparable(rows[index], rows[other])]
                likest, twin = max(comparable, default=(0.0, 0))
                if likest >= self.threshold:
                    verdicts[index] = Verdict(keep=False, score=likest, reason=self._reason(likest, rows[kept[-twin][0]]), other=rows[kept[-twin][0]].id)
                else:
                    verdicts[index] = Verdict(keep=True, score=likest)
                    kept.append((index, sets))
        return verdicts

    def _groups(self, rows: Sequence[Sketch], order: Sequence[int]) -> list[list[int]]:
        """Rows that pairs of near-duplicates connect, in `order`, which makes the groups the same however the rows came."""
        leader = list(range(len(rows)))

        def find(index: int) -> int:
            while leader[index] != index:
                leader[index] = leader[leader[index]]
                index = leader[index]
            return index

        pairs, more = shared(rows, order)
        for one, other in pairs:
            if find(one) != find(other) and self._joined(rows[one], rows[other]):
                leader[find(other)] = find(one)
        for bucket in more:
            representatives = bucket[:1]
            for index in bucket[1:]:
                for other in representatives:
                    if find(index) == find(other):
                        break
                    if self._joined(rows[other], rows[index]):
                        leader[find(index)] = find(other)
                        break
                else:
                    # A bucket with many unlike rows is boilerplate; comparing all of it with all of it would never end.
                    if len(representatives) < _REPRESENTATIVES:
                        representatives.append(index)
        groups: dict[int, list[int]] = {}
        met = {index for bucket in (*pairs, *more) for index in bucket}
        for index in order:
            if index in met:
                groups.setdefault(find(index), []).append(index)
        return [group for group in groups.values() if len(group) > 1]

    def _joined(self, one: Sketch, other: Sketch) -> bool:
        """Whether two rows are of one group: relatives, or nearly the same."""
        if one.root == other.root:
            return True
        return one.label == other.label and alike(shingle_sets(one), shingle_sets(other), self.threshold) >= self.threshold

    def _reason(self, likeness: float, kept: Sketch) -> str:
        what = "it" if self.on == "both" else "its question"
        return f"{what} is nearly the same as {kept.id}, which is kept (Jaccard {likeness:.2f}, limit {self.threshold:g})"


def _comparable(one: Sketch, other: Sketch) -> bool:
    return one.root != other.root and one.label == other.label
