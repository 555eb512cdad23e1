"""What a job will take, before it starts: tokens and money, estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import msgspec

from augmentor.errors import TrainingError
from augmentor.examples import Example
from augmentor.inspection import approximate_tokens
from augmentor.prices import FREE, SHIPPED, own_file, price_of

MARGIN = 1.25
"""The estimate was 0.82 to 1.24 times the true count on ten data sets (o200k_base), so a quarter more is the most it should be."""
_BY_MESSAGE = _BY_EXAMPLE = 3
MOST_EPOCHS = 50


@dataclass(frozen=True)
class Estimate:
    """`tokens` are those of one epoch; `dollars` and `most` are None where the price of training is not known."""

    examples: int
    tokens: int
    epochs: int
    dollars: float | None
    most: float | None

    @property
    def sentence(self) -> str:
        """The estimate in words."""
        counted = f"{self.examples:,} examples, about {self.tokens:,} tokens; in {self.epochs} epochs about {self.tokens * self.epochs:,}"
        if self.dollars is None or self.most is None:
            return f"{counted}. What that costs is not known."
        return (
            f"{counted}. That costs about ${self.dollars:,.2f}, at most ${self.most:,.2f}."
            if self.most
            else f"{counted}. It costs nothing."
        )


def estimate(examples: Sequence[Example], epochs: int, model: str, *, local: bool) -> Estimate:
    """Tokens at four bytes each, with 3 a message and 3 an example (OpenAI's chat layout), and their price."""
    tokens = sum(map(_tokens, examples))
    price = FREE if local else price_of(model)
    dollars = None if price is None or price.training is None else price.training * tokens * epochs / 1e6
    return Estimate(len(examples), tokens, epochs, dollars, None if dollars is None else dollars * MARGIN)


def refuse_above(most: float | None, found: Estimate, model: str) -> None:
    """Hold an estimate against the most that a job may cost.

    Raises:
        TrainingError: it could cost more, or nobody knows what it costs.
    """
    if most is None:
        return
    if found.most is None:
        raise TrainingError(
            f"max_cost is ${most:,.2f}, but the price of training {model!r} is not known. Write it into {own_file()} (the form is that of {SHIPPED})."
        )
    if found.most > most:
        raise TrainingError(
            f"The job could cost ${found.most:,.2f}, more than max_cost, ${most:,.2f}: {found.sentence} Give it fewer epochs or examples, or raise max_cost."
        )


def epochs_for(examples: int, epochs: int | None, batch_size: int | None, steps: int | None) -> int:
    """Passes over the data: those that make about `steps` steps, or `epochs`, or 3, and more (up to 25) where 3 would be under 100 examples."""
    if steps is not None:
        return min(MOST_EPOCHS, max(1, round(steps * (batch_size or 1) / max(examples, 1))))
    return epochs or max(3, min(25, 100 // max(examples, 1)))


def steps_for(examples: int, epochs: int | None, batch_size: int | None) -> int:
    """Steps of `epochs_for` passes; where the endpoint chooses the batch size, a step is taken for one example."""
    return ceil(examples * epochs_for(examples, epochs, batch_size, None) / (batch_size or 1))


def _tokens(example: Example) -> int:
    count = _BY_EXAMPLE
    for message in (*example.messages, *example.rejected):
        count += _BY_MESSAGE + approximate_tokens(message.text)
        if message.tool_calls:
            count += approximate_tokens(msgspec.json.encode(message.tool_calls).decode())
    return count + (approximate_tokens(msgspec.json.encode(example.extra).decode()) if example.extra else 0)
