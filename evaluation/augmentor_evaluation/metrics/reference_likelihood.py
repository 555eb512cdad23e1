"""How likely the model finds the right answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from augmentor.examples import Example
from augmentor.protocols import Answered, Likelihood

Per = Literal["token", "byte"]


@dataclass(frozen=True)
class ReferenceLikelihood:
    """The log-likelihood of the reference under the model that was asked, in nats a token; 0 is certain, lower is less likely.

    It sees progress that answers do not show yet: a model may come to find the right words likelier long before it says them. Needs a
    generator that reads likelihoods (`transformers`).

    Attributes:
        per: `token`; or `byte`, which compares models whose tokens differ.
    """

    per: Per = "token"
    name: ClassVar[str] = "reference_likelihood"
    unit: ClassVar[str] = "nats"
    higher_is_better: ClassVar[bool] = True
    likelihoods: ClassVar[bool] = True

    @property
    def title(self) -> str:
        return f"Log-likelihood of the reference, nats a {self.per}"

    def score_rows(self, rows: Sequence[Answered], training: Sequence[Example]) -> list[float]:  # noqa: ARG002 - the protocol's signature
        return [nats(row.reference_likelihood, row.reference, self.per) for row in rows]


@dataclass(frozen=True)
class Perplexity:
    """The perplexity of the reference under the model that was asked: among how many equally likely tokens it seems to choose. Lower is better, 1 is certain.

    The mean is ruled by the hardest answers; `reference_likelihood`, its negative logarithm, is the better headline.

    Attributes:
        per: `token`; or `byte`, which compares models whose tokens differ.
    """

    per: Per = "token"
    name: ClassVar[str] = "perplexity"
    unit: ClassVar[str] = ""
    higher_is_better: ClassVar[bool] = False
    likelihoods: ClassVar[bool] = True

    @property
    def title(self) -> str:
        return f"Perplexity of the reference, a {self.per}"

    def score_rows(self, rows: Sequence[Answered], training: Sequence[Example]) -> list[float]:  # noqa: ARG002 - the protocol's signature
        return [_exp(-nats(row.reference_likelihood, row.reference, self.per)) for row in rows]


def nats(likelihood: Likelihood | None, text: str, per: Per = "token") -> float:
    """Nats for each token or byte of a text; NaN where they are not known, or there is none."""
    size = 0 if likelihood is None or likelihood.error is not None else likelihood.tokens if per == "token" else len(text.encode("utf-8", "replace"))
    return likelihood.nats / size if likelihood is not None and size else math.nan


def _exp(value: float) -> float:
    return math.exp(min(value, 700.0))  # beyond, a float ends
