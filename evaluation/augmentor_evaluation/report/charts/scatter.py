"""A map: places of many texts, each group with a mark of its own."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from .svg import svg, tag

Place = tuple[float, float]

LETTER = 6.6
"""Pixels that a letter of a label takes, about; a map is taken to be 700 wide."""


def scatter(rings: Sequence[Place], dots: Sequence[Place], names: Sequence[tuple[str, Place]] = (), *, label: str, height: int = 430) -> Markup:
    """Dots under rings, which differ in shape and size as well as in colour, and names where they do not cover each other.

    Places are from 0 to 1, to the right and downwards. Each group is one path of points, so that a thousand take a few kilobytes.
    """
    ring = _path(rings)
    marks = [_points(_path(dots), "dots", 5.0), _points(ring, "rings", 9.0), _points(ring, "holes", 5.6)]
    plot = tag("svg", *marks, width="97%", x="1.5%", height=height - 28, y=14, viewBox="0 0 1000 1000", preserveAspectRatio="none", overflow="visible")
    return svg(height, plot, *_names(names, height), label=label, class_="chart map")


def _path(places: Sequence[Place]) -> str:
    return "".join(f"M{1000 * x:.0f} {1000 * y:.0f}h0" for x, y in sorted(set(places)))


def _points(path: str, kind: str, width: float) -> Markup:
    """Points: lines of no length with round ends."""
    shape = tag("path", class_=kind, d=path or "M0 0", fill="none", stroke="#555", stroke_width=width, stroke_linecap="round", vector_effect="non-scaling-stroke")
    return shape if path else Markup()


def _names(names: Sequence[tuple[str, Place]], height: int) -> list[Markup]:
    taken: list[tuple[float, float, float]] = []
    drawn = []
    for name, (x, y) in names:
        short = name if len(name) <= 26 else name[:25] + "…"
        half = len(short) * LETTER / 2
        middle, line = min(max(700 * x, half), 700 - half), 12 + (height - 24) * y
        if any(abs(line - other) < 16 and abs(middle - place) < half + width for place, other, width in taken):
            continue
        taken.append((middle, line, half))
        drawn.append(tag("text", short, class_="topic", x=f"{middle / 7:.2f}%", y=line + 4, text_anchor="middle", font_size=12))
    return drawn
