"""What broke and what got better, question by question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.protocols import SectionContent

from .. import figures
from ..embed import Texts, embedded
from ..rows import LIMIT, Row, Rows, read_rows
from ..runview import RunView
from ..templating import render


@dataclass(frozen=True)
class Answers:
    """The worst regressions and the best gains with word diffs, then every chosen question to search and filter."""

    name: ClassVar[str] = "answers"
    order: ClassVar[int] = 50

    shown: int = 6
    """Regressions and gains written out in the page, each."""

    def render(self, run: RunView) -> SectionContent | None:
        """The section; None where no arm answered anything."""
        if not run.prediction_files:
            return None
        rows = read_rows(run)
        head = run.results.headline if run.results else None
        metric = run.metric(head.metric) if head else None
        scores = [answer.score for row in rows.chosen for answer in row.answers if answer]
        digits = figures.digits_for(scores)
        html = render(
            "sections/answers.html",
            rows=rows,
            metric=metric,
            digits=digits,
            worst=[self._written(row, rows) for row in rows.worst(self.shown)],
            best=[self._written(row, rows) for row in rows.best(self.shown)],
            others=[arm for arm in rows.arms if arm not in {rows.subject, rows.baseline}],
            labels=sorted({row.label for row in rows.chosen if row.label}),
            seeds=sum(len(seeds) > 1 for seeds in run.prediction_files.values()),
            beside=run.beside,
            flagged=sum(row.flagged for row in rows.chosen),
            files=[path.relative_to(run.path).as_posix() for seeds in run.prediction_files.values() for path in seeds.values()],
            data=embedded("answers-data", compact(rows, digits)),
        )
        return SectionContent("What broke, what got better", str(html), "Worst regressions first. Read these before you decide.")

    def _written(self, row: Row, rows: Rows) -> dict[str, Any]:
        """A row for the template: the two arms of the verdict apart from the others."""
        arms = [arm for arm in (rows.baseline, rows.subject) if arm in rows.arms]
        return {
            "row": row,
            "pair": [(arm, rows.answer(row, arm)) for arm in arms],
            "others": [(arm, rows.answer(row, arm)) for arm in rows.arms if arm not in arms],
        }


def compact(rows: Rows, digits: int) -> dict[str, Any]:
    """The chosen rows for the page's script: texts by number, fields by place."""
    texts = Texts(LIMIT)
    listed = [
        [
            texts.number(row.id),
            texts.number(row.label or ""),
            texts.number(row.question),
            texts.number(row.reference),
            None if row.change is None else round(row.change, 6),
            row.outcome,
            [
                None
                if one is None
                else [texts.number(one.error if one.error is not None else one.text), _rounded(one.score), int(one.error is not None)]
                for one in row.answers
            ],
            int(row.flagged),
        ]
        for row in rows.chosen
    ]
    arms = Texts(200)
    named = [arms.list[arms.number(arm)] for arm in rows.arms]
    both = [rows.arms.index(arm) if arm in rows.arms else -1 for arm in (rows.baseline, rows.subject)]
    return {"arms": named, "pair": both, "digits": digits, "texts": texts.list, "rows": listed}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
