"""Two distributions on one axis."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from .scale import Scale
from .svg import svg, tag


def histogram(groups: Sequence[tuple[str, Sequence[float]]], *, label: str, x_title: str, bins: int = 24, height: int = 170) -> Markup:
    """Shares of each group by size, as stepped outlines in the line styles 0, 1, ...; the last bin holds all that is longer.

    The axis ends at the 98th percentile of all values, so that one giant does not flatten the rest.
    """
    everything = sorted(value for _, values in groups for value in values)
    most = everything[int(0.98 * (len(everything) - 1))] if everything else 1.0
    width = max(1.0, most / bins)
    count = max(1, round(most / width) + 1)
    shares = []
    for _, values in groups:
        tally = [0] * count
        for value in values:
            tally[min(count - 1, int(value / width))] += 1
        shares.append([amount / max(1, len(values)) for amount in tally])
    top, bottom = 6, 40
    inner = height - top - bottom
    peak = max((share for row in shares for share in row), default=0.0) or 1.0
    scale = Scale(0.0, width * count)
    ticks = scale.ticks(6)
    parts = [tag("line", class_="axis", x1="0", x2="100%", y1=inner, y2=inner, stroke="#888")]
    for value in ticks:
        anchor = "start" if scale.share(value) < 0.02 else "end" if scale.share(value) > 0.97 else "middle"
        parts.append(
            tag("text", scale.tick_text(value, ticks), class_="tick", x=scale.at(value), y=inner + 16, text_anchor=anchor, font_size=11)
        )
    parts.append(tag("text", x_title, class_="tick title", x="50%", y=inner + 33, text_anchor="middle", font_size=11))
    outlines = [_outline(row, peak, number) for number, row in enumerate(shares)]
    plot = tag("svg", *outlines, width="100%", height=inner, viewBox="0 0 1000 1000", preserveAspectRatio="none", overflow="visible")
    return svg(height, tag("svg", *parts, plot, y=top, overflow="visible"), label=label, class_="chart histogram")


def _outline(row: Sequence[float], peak: float, number: int) -> Markup:
    step = 1000 / len(row)
    path = "M0 1000" + "".join(f"V{1000 * (1 - share / peak):.1f}H{step * (index + 1):.1f}" for index, share in enumerate(row)) + "V1000"
    kind = f"outline style{number}"
    return tag("path", class_=kind, d=path, fill="none", stroke="#555", stroke_width=2, vector_effect="non-scaling-stroke")
