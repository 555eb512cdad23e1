"""Curves over a common axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .scale import Scale
from .svg import svg, tag

STYLES = 6
"""How many line styles the style sheet knows; each differs in dash and in colour."""


@dataclass(frozen=True)
class Series:
    """A curve: its name, its points, the number of its style, a quiet one drawn thin, and a point to ring with its words."""

    name: str
    points: Sequence[tuple[float, float]]
    style: int = 0
    quiet: bool = False
    ring: tuple[float, float] | None = None


def lines(series: Sequence[Series], *, label: str, x_title: str, y_title: str, height: int = 280) -> Markup:
    """Curves with both axes, gridlines and titles; the legend is the caller's, in HTML."""
    xs = [x for one in series for x, _ in one.points]
    ys = [y for one in series for _, y in one.points]
    across, up = Scale(min(xs, default=0.0), max(xs, default=1.0)), Scale.over(ys)
    left, bottom, top = 44, 42, 22
    inner = height - bottom - top
    grid: list[Markup] = []
    y_ticks, x_ticks = up.ticks(5), across.ticks(6)
    for value in y_ticks:
        y = inner * (1 - up.share(value))
        grid.append(tag("line", class_="grid", x1="0", x2="100%", y1=y, y2=y, stroke="#ccc"))
        grid.append(tag("text", up.tick_text(value, y_ticks), class_="tick", x=-8, y=y + 4, text_anchor="end", font_size=11))
    for value in x_ticks:
        place, share = across.at(value), across.share(value)
        grid.append(tag("line", class_="axis", x1=place, x2=place, y1=inner, y2=inner + 5, stroke="#888"))
        anchor = "end" if share > 0.96 else "middle"
        grid.append(tag("text", across.tick_text(value, x_ticks), class_="tick", x=place, y=inner + 18, text_anchor=anchor, font_size=11))
    grid.append(tag("line", class_="axis", x1="0", x2="100%", y1=inner, y2=inner, stroke="#888"))
    grid.append(tag("text", x_title, class_="tick title", x="50%", y=inner + 36, text_anchor="middle", font_size=11))
    curves = [_curve(one, across, up) for one in series if one.points]
    plot = tag("svg", *curves, width="100%", height=inner, viewBox="0 0 1000 1000", preserveAspectRatio="none", overflow="visible")
    rings = [
        tag(
            "circle",
            class_=f"ring style{one.style % STYLES}",
            cx=across.at(one.ring[0]),
            cy=inner * (1 - up.share(one.ring[1])),
            r=5,
            fill="none",
            stroke="#555",
        )
        for one in series
        if one.ring
    ]
    # the plot starts after the numbers of the axis: a nested picture moved by x, narrowed by the style sheet's padding
    frame = tag("svg", *grid, plot, *rings, x=0, y=top, overflow="visible")
    title = tag("text", y_title, class_="tick title", x=-left + 2, y=11, font_size=11)
    return tag("div", svg(height, title, frame, label=label, class_="chart lines"), class_="plot")


def _curve(one: Series, across: Scale, up: Scale) -> Markup:
    path = "".join(
        f"{'L' if index else 'M'}{1000 * across.share(x):.1f} {1000 * (1 - up.share(y)):.1f}" for index, (x, y) in enumerate(one.points)
    )
    kind = f"curve style{one.style % STYLES}{' quiet' if one.quiet else ''}"
    return tag("path", class_=kind, d=path, fill="none", stroke="#555", stroke_width=2, vector_effect="non-scaling-stroke")
