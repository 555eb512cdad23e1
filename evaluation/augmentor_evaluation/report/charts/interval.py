"""A difference with its interval, as one row of a forest plot."""

from __future__ import annotations

from markupsafe import Markup

from ...results import Estimate
from .scale import Scale
from .svg import svg, tag


def interval_kind(verdict: str) -> str:
    """The class that a verdict's colours hang on: `better`, `worse` or `unsure`."""
    return verdict if verdict in {"better", "worse"} else "unsure"


def interval(scale: Scale, estimate: Estimate, verdict: str = "can't tell", *, detectable: float | None = None, height: int = 28) -> Markup:
    """The estimate as a mark on a line from low to high, with the line of no difference.

    The verdict shows as shape as well as colour: a triangle up (better) or down (worse), a ring (can't tell). `detectable`
    shades what lies nearer to zero than the smallest difference the test could have found.
    """
    middle = height / 2
    parts: list[Markup] = []
    if detectable:
        left, right = scale.share(-detectable), scale.share(detectable)
        parts.append(
            tag(
                "rect",
                class_="blind",
                x=f"{100 * left:.3f}%",
                width=f"{100 * (right - left):.3f}%",
                y=3,
                height=height - 6,
                rx=3,
                fill="#8883",
            )
        )
    if scale.low <= 0 <= scale.high:
        parts.append(tag("line", class_="zero", x1=scale.at(0), x2=scale.at(0), y1=0, y2=height, stroke="#888"))
    if estimate.mean is not None:
        kind = interval_kind(verdict)
        if estimate.low is not None and estimate.high is not None:
            low, high = scale.at(estimate.low), scale.at(estimate.high)
            parts.append(tag("line", class_=f"whisker {kind}", x1=low, x2=high, y1=middle, y2=middle, stroke="#555", stroke_width=2))
            parts += [
                tag("line", class_=f"whisker {kind}", x1=end, x2=end, y1=middle - 4, y2=middle + 4, stroke="#555", stroke_width=2)
                for end in (low, high)
            ]
        parts.append(_mark(kind, scale.at(estimate.mean), middle))
    return svg(height, *parts, class_="chart interval")


def _mark(kind: str, x: str, y: float) -> Markup:
    """A mark around a place given in per cent: a nested picture may overflow its place."""
    shapes = {
        "better": tag("path", class_="mark better", d="M0 -7 L7 6 L-7 6 Z", fill="#555"),
        "worse": tag("path", class_="mark worse", d="M0 7 L7 -6 L-7 -6 Z", fill="#555"),
        "unsure": tag("circle", class_="mark unsure", r=5.5, fill="#fff", stroke="#555", stroke_width=2),
    }
    return tag("svg", shapes[kind], x=x, y=y, overflow="visible")


def axis(scale: Scale, title: str, *, ticks_about: int = 3, height: int = 36) -> Markup:
    """The axis under a column of intervals: some ticks, few enough for a narrow column, their numbers, and what they measure."""
    ticks = scale.ticks(ticks_about)
    parts = [tag("line", class_="axis", x1="0", x2="100%", y1=0.5, y2=0.5, stroke="#888")]
    for value in ticks:
        place = scale.at(value)
        parts.append(tag("line", class_="axis", x1=place, x2=place, y1=0, y2=5, stroke="#888"))
        anchor = "start" if scale.share(value) < 0.06 else "end" if scale.share(value) > 0.94 else "middle"
        parts.append(tag("text", scale.tick_text(value, ticks, sign=True), class_="tick", x=place, y=17, text_anchor=anchor, font_size=11))
    parts.append(tag("text", title, class_="tick title", x="50%", y=32, text_anchor="middle", font_size=11))
    return svg(height, *parts, class_="chart axis")
