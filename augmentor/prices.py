"""What models cost: the file prices.yaml beside this one, and the user's own before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec

from .errors import UsageError
from .models import home

SHIPPED = Path(__file__).with_name("prices.yaml")
_DATED = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8})$")
_Dollars = Annotated[float, msgspec.Meta(ge=0)] | None


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens: sent to a model, written by it, trained on; None where that is not known."""

    input: float | None = None
    output: float | None = None
    training: float | None = None

    def of(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """What a call costs, in US dollars; None when a price is not known."""
        if self.input is None or self.output is None:
            return None
        return (self.input * prompt_tokens + self.output * completion_tokens) / 1e6


FREE = Price(0.0, 0.0, 0.0)
"""The price of what runs on one's own machine."""


class _Prices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    input: _Dollars = None
    output: _Dollars = None
    training: _Dollars = None


class _Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    models: dict[str, _Prices]
    source: str = ""
    date: date | None = None


def own_file() -> Path:
    """The file that a user writes prices into; it need not be there."""
    return home() / "prices.yaml"


def price_of(model: str) -> Price | None:
    """What a model costs; None when nothing is known of it.

    `ft:gpt-4o-mini-2024-07-18:team::id` is looked up as that, as `ft:gpt-4o-mini-2024-07-18` and as `ft:gpt-4o-mini`. What the user's own file
    says of a name comes before what is shipped.

    Raises:
        UsageError: the user's own file cannot be read.
    """
    shipped, own = _read(SHIPPED), _read(own_file())
    for name in _names(model):
        said = own.get(name, {})
        known = {**shipped.get(name, {}), **said}
        if known:
            return Price(**known)
    return None


def _names(model: str) -> list[str]:
    """What a model may be listed as, the most exact first."""
    names = [model]
    if model.startswith("ft:"):
        names.append(":".join(model.split(":")[:2]))
    names.append(_DATED.sub("", names[-1]))
    return names


def _read(path: Path) -> dict[str, dict[str, float]]:
    """The known prices of a file by model; none when it is not there."""
    try:
        groups = msgspec.yaml.decode(path.read_bytes(), type=list[_Group])
    except FileNotFoundError:
        return {}
    except (msgspec.DecodeError, OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: these are no prices: {error}. The form is that of {SHIPPED}") from None
    found: dict[str, dict[str, float]] = {}
    for group in groups:
        for name, prices in group.models.items():
            found.setdefault(name, {}).update({key: value for key, value in msgspec.to_builtins(prices).items() if value is not None})
    return found
