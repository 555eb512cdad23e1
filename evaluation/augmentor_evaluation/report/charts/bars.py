"""Bars: amounts that share a zero."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ..figures import number
from .svg import svg, tag


def bar(share: float, kind: str = "plain", *, before: float = 0.0, lost: float = 0.0, height: int = 16) -> Markup:
    """One bar for a cell of a table: from `before`, `share` long, then what was `lost` as an outline (all shares of the width, 0 to 1)."""
    parts = [tag("rect", class_=f"bar {kind}", x=_length(before), width=_length(share), y=1, height=height - 2, rx=1.5, fill="#777")]
    if lost:
        parts.append(
            tag(
                "rect",
                class_="bar lost",
                x=_length(before + share),
                width=_length(lost),
                y=1.5,
                height=height - 3,
                rx=1.5,
                fill="none",
                stroke="#777",
            )
        )
    return svg(height, *parts, class_="chart bar-cell")


def stack(parts: Sequence[tuple[str, float]], *, height: int = 14) -> Markup:
    """Shares of a whole side by side, each with its kind (`better`, `same`, `worse`)."""
    whole = sum(amount for _, amount in parts) or 1.0
    drawn, at = [], 0.0
    for kind, amount in parts:
        drawn.append(
            tag("rect", class_=f"bar {kind}", x=_length(at / whole), width=_length(amount / whole), y=0, height=height, fill="#777")
        )
        at += amount
    return svg(height, *drawn, class_="chart stack")


def bars(items: Sequence[tuple[str, float]], *, title: str, unit: str, note: str = "") -> Markup:
    """A figure of labelled bars, longest as wide as the place, each with its number.

    Args:
        items: label and amount, none below zero, in the order to show.
        title: what is shown; it is the caption.
        unit: what is counted or measured.
        note: what else a reader has to know, the n for instance.
    """
    most = max((amount for _, amount in items), default=0.0) or 1.0
    whole = all(float(amount).is_integer() for _, amount in items)
    rows = [
        tag(
            "tr",
            tag("th", label, scope="row"),
            tag("td", bar(amount / most), class_="picture"),
            tag("td", number(amount, 0 if whole else None), class_="figure"),
        )
        for label, amount in items
    ]
    caption = tag("caption", tag("b", title), f" · {unit}{f' · {note}' if note else ''}")
    return tag("table", caption, tag("tbody", *rows), class_="bars")


def _length(share: float) -> str:
    return f"{100 * share:.3f}%"
