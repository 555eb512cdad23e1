"""What asking costs, and what it may cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from ..errors import UsageError
from ..prices import SHIPPED, Price, own_file
from ..protocols import Generator, Reply, Request
from .cache import Cache, cache_key

_TEMPLATE_TOKENS = 32  # what a chat template puts around the messages, beside the bytes that the JSON of a message has more than its text
_BYTES_A_TOKEN = 4  # of English, about


@dataclass
class Account:
    """Counts what calls take, and says which may be made before it could be more than allowed.

    Before a call is made the most that it can take is set aside: `max_tokens` of the request for the reply, and for the prompt a token a byte,
    which no tokenizer exceeds. An attempt that broke off (`Reply.lost`), and a reply that does not say its tokens, count at that.

    Attributes:
        price: of the model; None where it is not known.
        max_tokens: the most tokens that all replies together may have.
        max_cost: the most that all calls together may cost, in US dollars.
    """

    price: Price | None = None
    max_tokens: int | None = None
    max_cost: float | None = None
    calls: int = 0
    failed: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __post_init__(self) -> None:
        if self.max_cost is not None and (self.price is None or self.price.of(1, 1) is None):
            raise UsageError(
                f"a cost cannot be kept under ${self.max_cost:g} when the model's price is not known: put it into {own_file()} (the form is that "
                f"of {SHIPPED}), or cap tokens instead"
            )

    @property
    def cost(self) -> float | None:
        """What the calls cost so far, in US dollars; None where the price is not known."""
        return self.price.of(self.prompt_tokens, self.completion_tokens) if self.price else None

    def taken(self) -> dict[str, float | None]:
        """What was asked, as plain numbers."""
        return {
            "calls": self.calls, "failed": self.failed, "prompt_tokens": self.prompt_tokens, "completion_tokens": self.completion_tokens, "cost": self.cost,
        }

    def fitting(self, requests: Iterable[Request]) -> int:
        """How many of the requests, from the first, can all be made at once without a chance of passing the budget."""
        prompt, completion = self.prompt_tokens, self.completion_tokens
        count = 0
        for request in requests:
            prompt += most_prompt_tokens(request)
            completion += request.max_tokens
            if self._passed(prompt, completion):
                break
            count += 1
        return count

    def charge(self, request: Request, reply: Reply) -> None:
        """Count a call by what came of it."""
        self.calls += 1
        self.failed += reply.error is not None
        blind = reply.lost + (reply.error is None and not reply.prompt_tokens and not reply.completion_tokens)
        self.prompt_tokens += reply.prompt_tokens + blind * most_prompt_tokens(request)
        self.completion_tokens += reply.completion_tokens + blind * request.max_tokens

    def _passed(self, prompt: int, completion: int) -> bool:
        if self.max_tokens is not None and completion > self.max_tokens:
            return True
        cost = self.price.of(prompt, completion) if self.price else None
        return self.max_cost is not None and (cost is None or cost > self.max_cost)

    def limits(self) -> str:
        """What is allowed, in words."""
        tokens = f"{self.max_tokens:,} tokens" if self.max_tokens is not None else ""
        return " and ".join(part for part in (f"${self.max_cost:g}" if self.max_cost is not None else "", tokens) if part)


def most_prompt_tokens(request: Request) -> int:
    """The most tokens the messages can be: one a byte, and some for the chat template."""
    return sum(len(msgspec.json.encode(message)) for message in request.messages) + _TEMPLATE_TOKENS


@dataclass(frozen=True)
class Estimate:
    """What requests would take: how many there are (equal ones once), how many the cache answers, and of the others about how many prompt
    tokens, at most how many reply tokens, and about what cost at most (US dollars, None where the price is not known).
    """

    requests: int
    cached: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None

    @property
    def new(self) -> int:
        return self.requests - self.cached


def estimate(generator: Generator, requests: Sequence[Request], cache: Cache | None = None) -> Estimate:
    """What asking would take, without asking."""
    identity = generator.identity
    wanted = {cache_key(identity, request): request for request in requests}
    new = [request for key, request in wanted.items() if cache is None or cache.get(key) is None]
    prompt = sum(sum(len(message.text.encode("utf-8", "replace")) for message in request.messages) // _BYTES_A_TOKEN for request in new)
    completion = sum(request.max_tokens for request in new)
    price = price_of_generator(generator)
    return Estimate(len(wanted), len(wanted) - len(new), prompt, completion, price.of(prompt, completion) if price else None)


def price_of_generator(generator: Generator) -> Price | None:
    """What a generator says its model costs, in its attribute `price`; None where it does not say."""
    price = getattr(generator, "price", None)
    return price if isinstance(price, Price) else None
