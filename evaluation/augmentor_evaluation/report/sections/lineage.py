"""Sources and what was made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import SectionContent

from .. import charts, figures
from ..embed import Texts, embedded
from ..families import LIMIT, Family, Lineage, read_lineage
from ..runview import RunView
from ..templating import render


@dataclass(frozen=True)
class Families:
    """The lineage explorer: each source with its variants, kept and dropped, with strategy, reason, score and word diff."""

    name: ClassVar[str] = "lineage"
    order: ClassVar[int] = 90

    shown: int = 2
    """Families written out in the page for readers without scripts."""

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where no variants were made."""
        lineage = read_lineage(run)
        if lineage is None:
            return None
        names = sorted({*lineage.kept, *lineage.dropped}, key=lambda name: -(lineage.kept.get(name, 0) + lineage.dropped.get(name, 0)))
        html = render(
            "sections/lineage.html",
            lineage=lineage,
            strategies=[strategy(lineage, name) for name in names],
            families=sorted(lineage.chosen, key=_telling)[: self.shown],
            filters=sorted({one.filter for family in lineage.chosen for one in family.variants if one.filter}),
            data=embedded("lineage-data", compact(lineage)),
        )
        return SectionContent("Lineage", str(html), "Every variant, the source it came from, and what became of it.")


def strategy(lineage: Lineage, name: str) -> dict[str, Any]:
    """A row of the table of strategies."""
    kept, dropped = lineage.kept.get(name, 0), lineage.dropped.get(name, 0)
    return {
        "name": name,
        "kept": kept,
        "dropped": dropped,
        "share": figures.percent(kept, kept + dropped),
        "picture": charts.stack([("plain", kept), ("lost", dropped)]),
    }


def _telling(family: Family) -> tuple[int, int, str]:
    """Families that show most kinds of fate, short ones first."""
    fates = {one.filter for one in family.variants} | {one.strategy for one in family.variants}
    return (-len(fates), len(family.variants), family.root)


def compact(lineage: Lineage) -> dict[str, Any]:
    """The chosen families for the page's script: texts by number, fields by place."""
    texts = Texts(LIMIT)
    families = [
        [
            texts.number(family.root),
            texts.number(family.label or ""),
            texts.number(family.question),
            texts.number(family.answer),
            [
                [
                    texts.number(one.strategy),
                    texts.number(one.variation or ""),
                    texts.number(one.before),
                    texts.number(one.text),
                    -1 if one.filter is None else texts.number(one.filter),
                    texts.number(one.reason),
                    None if one.score is None else round(one.score, 4),
                ]
                for one in family.variants
            ],
        ]
        for family in lineage.chosen
    ]
    return {"texts": texts.list, "families": families}
