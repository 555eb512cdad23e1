"""Columns: how often each size occurs."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ..charts.svg import svg, tag

_TICKS = 6
_FEWEST = 8
_TOP = 18
_BOTTOM = 36


def columns(bins: Sequence[tuple[int, int, int]], *, label: str, x_title: str, height: int = 150) -> Markup:
    """A histogram of counted bins `(from, to, count)`, each of one width; the last holds all that is larger, and its tick says so.

    The highest column carries its count, which is the scale; `label` is for those who do not see it.
    """
    inner = height - _TOP - _BOTTOM
    most = max((count for _, _, count in bins), default=0) or 1
    step = 100 / max(_FEWEST, len(bins))
    every = -(-len(bins) // _TICKS)
    parts = [tag("line", class_="axis", x1="0", x2="100%", y1=inner + _TOP, y2=inner + _TOP, stroke="#888")]
    for place, (low, high, count) in enumerate(bins):
        tall = inner * count / most
        middle = f"{(place + 0.5) * step:.3f}%"
        if count:
            tall = max(1.0, tall)
            parts.append(
                tag(
                    "rect",
                    class_="bar plain",
                    x=f"{place * step:.3f}%",
                    width=f"{max(0.4, step - 0.5):.3f}%",
                    y=inner + _TOP - tall,
                    height=tall,
                    fill="#777",
                )
            )
        if count == most:
            parts.append(tag("text", f"{count:,}", class_="tick", x=middle, y=inner + _TOP - tall - 5, text_anchor="middle", font_size=11))
            most += 1  # only the first of equals is named
        last = place == len(bins) - 1
        if last or (place % every == 0 and place <= len(bins) - 1 - every):
            parts.append(
                tag(
                    "text",
                    _tick(low, high, open_ended=last),
                    class_="tick",
                    x="0" if place == 0 else f"{(place + 1) * step:.3f}%" if last else middle,
                    y=inner + _TOP + 15,
                    text_anchor="start" if place == 0 else "end" if last else "middle",
                    font_size=11,
                )
            )
    parts.append(tag("text", x_title, class_="tick title", x="50%", y=height - 3, text_anchor="middle", font_size=11))
    return svg(height, *parts, label=label, class_="chart columns-chart")


def _tick(low: int, high: int, *, open_ended: bool) -> str:
    if low == high:
        return f"{low:,}"
    return f"{low:,} on" if open_ended else f"{low:,}\N{EN DASH}{high:,}" if high - low < 10 and high < 100 else f"{low:,}"
