"""From values to places."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Scale:
    """A linear axis from `low` to `high`; `at` gives a place in per cent of the width."""

    low: float
    high: float

    @classmethod
    def over(cls, values: Iterable[float | None], *, zero: bool = True, room: float = 0.06) -> Scale:
        """An axis that holds all values, zero among them unless told otherwise, with a little room at the ends."""
        known = [value for value in values if value is not None and math.isfinite(value)]
        low, high = min([*known, 0.0] if zero else known or [0.0]), max([*known, 0.0] if zero else known or [0.0])
        span = high - low
        if span < 1e-9:  # all the same, as far as any metric can tell
            span = abs(high) if abs(high) > 1e-9 else 1.0
        return cls(low - room * span, high + room * span)

    def share(self, value: float) -> float:
        """The place of a value, 0 to 1; values outside are put at the ends."""
        return min(1.0, max(0.0, (value - self.low) / ((self.high - self.low) or 1.0)))

    def at(self, value: float) -> str:
        """The place of a value as an SVG length."""
        return f"{100 * self.share(value):.3f}%"

    def ticks(self, about: int = 5) -> list[float]:
        """Round values inside the axis, some `about` of them."""
        span = self.high - self.low
        raw = span / max(about, 1)
        power = 10.0 ** math.floor(math.log10(raw)) if raw > 0 else 1.0
        step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= raw * (1 - 1e-9))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [0.0 if index == 0 else index * step for index in range(first, last + 1)]

    def tick_text(self, value: float, ticks: list[float], *, sign: bool = False) -> str:
        """A tick's number, with as many decimals as its neighbours need."""
        step = min((abs(b - a) for a, b in pairwise(ticks)), default=abs(value) or 1.0)
        digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step else 0
        digits += 0 if abs(step * 10**digits - round(step * 10**digits)) < 1e-9 else 1
        text = f"{abs(value):,.{digits}f}" if value else "0"
        return f"\N{MINUS SIGN}{text}" if value < 0 else f"+{text}" if sign and value > 0 else text
