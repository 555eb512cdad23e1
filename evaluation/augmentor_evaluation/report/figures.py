"""Numbers as a reader wants them: a real minus sign, grouped thousands, as many digits as the numbers carry."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..results import Estimate

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"


def digits_for(values: Iterable[float | None]) -> int:
    """Decimals that suit a column: three for values below ten, none from a thousand on."""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    return 3 if largest < 10 else 2 if largest < 100 else 1 if largest < 1000 else 0


def number(value: float | None, digits: int | None = None) -> str:
    """A number, or a dash for none.

    >>> number(-1234.5, 1), number(None)
    ('−1,234.5', '–')
    """
    if value is None or math.isnan(value):
        return NONE
    text = f"{abs(value):,.{digits_for([value]) if digits is None else digits}f}"
    return f"{MINUS}{text}" if value < 0 and any(letter in "123456789" for letter in text) else text


def signed(value: float | None, digits: int | None = None) -> str:
    """A difference: always with its sign, but for zero.

    >>> signed(0.25, 2), signed(0.0, 2)
    ('+0.25', '0.00')
    """
    text = number(value, digits)
    return f"+{text}" if value is not None and value > 0 and any(letter in "123456789" for letter in text) else text


def between(estimate: Estimate, digits: int, *, sign: bool = True) -> str:
    """The interval of an estimate as `low to high`, or words where there is none."""
    if estimate.low is None or estimate.high is None:
        return "too few to say"
    show = signed if sign else number
    return f"{show(estimate.low, digits)} to {show(estimate.high, digits)}"


def probability(value: float | None) -> str:
    """A p or q value."""
    if value is None:
        return NONE
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def percent(part: float, whole: float) -> str:
    """A share; one decimal below ten per cent, and never zero for some."""
    if not whole:
        return NONE
    share = 100 * part / whole
    if 0 < share < 0.05:
        return "< 0.1 %"
    return f"{share:.1f} %" if 0 < share < 10 else f"{share:.0f} %"


def duration(seconds: float | None) -> str:
    """A time in the two largest units.

    >>> duration(3725), duration(4.2)
    ('1 h 2 min', '4.2 s')
    """
    if seconds is None:
        return NONE
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60:,} h {minutes % 60} min"


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun.

    >>> plural(1, "question"), plural(2000, "reply", "replies")
    ('1 question', '2,000 replies')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
