"""Are the variants really new?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from augmentor.errors import MissingExtra
from augmentor.protocols import SectionContent

from .. import charts, figures
from ..coverage import alike, draw_map, nearest, vectors_of
from ..families import strategy
from ..reservoir import Reservoir
from ..runview import RunView
from ..templating import render

if TYPE_CHECKING:
    from ..coverage import Vectors

MOST = 2000
"""Questions of a group that are looked at, at most."""


class Asked(NamedTuple):
    """A question, with the label of its example."""

    text: str
    label: str | None


@dataclass(frozen=True)
class Measured:
    """A set of questions: how many were measured of how many, their words, the shares of words and of word pairs that are distinct, how
    alike they are among themselves, and how near each is to the nearest original (mean cosines; None without an encoder).
    """

    name: str
    total: int
    measured: int
    words: float
    vocabulary: int
    distinct: float
    pairs: float
    alike: float | None
    nearest: float | None


@dataclass(frozen=True)
class Diversity:
    """A map of the topics, lengths, distinct words and self-similarity of the originals, the variants and each strategy's own."""

    name: ClassVar[str] = "diversity"
    order: ClassVar[int] = 100

    encoder: str = "static"
    """What turns texts into vectors."""

    points: int = 500
    """Questions of each kind on the map, at most."""

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where no variants were kept."""
        groups = {"originals": Reservoir[Asked](MOST), "all variants": Reservoir[Asked](MOST)}
        for example in run.examples("train"):
            asked = Asked(example.question, example.label)
            if example.parent is None:
                groups["originals"].add(asked)
            else:
                groups["all variants"].add(asked)
                groups.setdefault(strategy(example.made_by), Reservoir(MOST)).add(asked)
        if not groups["all variants"].total:
            return None
        # rates fall with the number of words looked at, so all groups are measured on equally many questions
        count = max(1, min((group.total for group in groups.values() if group.total >= 20), default=MOST))
        count = min(count, MOST)
        missing = None
        try:
            vectors = {name: vectors_of(self.encoder, [one.text for one in group.items]) for name, group in groups.items()}
        except MissingExtra as error:
            vectors, missing = {}, str(error)
        lengths = [(name, [float(len(one.text.split())) for one in groups[name].items]) for name in ("originals", "all variants")]
        html = render(
            "sections/diversity.html",
            measured=[measure(name, group, count, vectors) for name, group in groups.items()],
            alike=count,
            lengths=[(name, groups[name].total) for name, _ in lengths],
            histogram=charts.histogram(
                lengths, label="Lengths of originals and variants in words; the table has the means", x_title="words in the question"
            ),
            map=self._map(groups, vectors) if vectors else None,
            reach=self._reach(run, vectors) if vectors else None,
            missing=missing,
            encoder=self.encoder,
        )
        return SectionContent("Diversity", str(html), "Is what was made really new, and does it cover more?")

    def _map(self, groups: dict[str, Reservoir[Asked]], vectors: dict[str, Vectors]) -> dict[str, Any] | None:
        """The map of originals and variants, and how many of each are on it."""
        names = ("originals", "all variants")
        some = [groups[name].items[: self.points] for name in names]
        drawn = draw_map([vectors[name][: self.points] for name in names], [one.label for group in some for one in group])
        if drawn is None:
            return None
        originals, variants = drawn.groups
        label = f"Map of {figures.plural(len(originals), 'original')} and {figures.plural(len(variants), 'variant')} by what they are about; the table has the measures"
        picture = charts.scatter(originals, variants, drawn.topics, label=label)
        counts = [(len(on), groups[name].total) for on, name in zip(drawn.groups, names, strict=True)]
        return {"picture": picture, "counts": counts, "shown": drawn.shown, "topics": bool(drawn.topics)}

    def _reach(self, run: RunView, vectors: dict[str, Vectors]) -> dict[str, Any] | None:
        """How near training comes to the test questions, before and after."""
        asked = Reservoir[str](1000)
        for example in run.examples("test"):
            asked.add(example.question)
        if not asked.items:
            return None
        import numpy as np

        test = vectors_of(self.encoder, asked.items)
        originals, variants = vectors["originals"], vectors["all variants"]
        before, after = nearest(test, originals), nearest(test, np.concatenate([originals, variants]))
        if before is None or after is None:
            return None
        return {"before": before, "after": after, "questions": len(asked.items), "of": asked.total}


def measure(name: str, group: Reservoir[Asked], count: int, vectors: dict[str, Vectors]) -> Measured:
    """The measures of `count` of a group's questions, drawn by chance."""
    split = [one.text.casefold().split() for one in group.some(count)]
    words = [word for one in split for word in one]
    pairs = [pair for one in split for pair in pairwise(one)]
    own = vectors.get(name)
    return Measured(
        name,
        group.total,
        len(split),
        len(words) / max(1, len(split)),
        len(set(words)),
        _distinct(words),
        _distinct(pairs),
        None if own is None else alike(own),
        None if own is None or name == "originals" else nearest(own, vectors["originals"]),
    )


def _distinct(items: Sequence[Any]) -> float:
    return len(set(items)) / max(1, len(items))
