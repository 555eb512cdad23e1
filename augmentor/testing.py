"""The conformance kit: what every component has to do, as checks that a plugin's author runs.

from augmentor.testing import check_strategy

def test_my_strategy_keeps_the_rules():
check_strategy(Shout())
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from random import Random
from typing import TYPE_CHECKING, Any

from .examples import Example, Message, content_id
from .protocols import BatchStrategy, Candidate, DatasetFilter, ExampleStrategy, PromptedStrategy, RowFilter, TextStrategy, Variation

if TYPE_CHECKING:
    from .plugins import Plugins

TEXTS = (
    "How do I reset my password?",
    "My card was declined twice in Zürich. Why?",
    "",
    " ",
    "?",
    "\u4f60\u597d\uff0c\u600e\u4e48\u53d6\u6d88\u8ba2\u5355\uff1f",
    "I paid $1,299.00 for order #A-77 at https://example.com/x?y=1, e-mail me@example.com",
    "a" * 5000,
    "e\u0301 \u202e \u200b \U0001f600 \x00",
)
"""Texts that a component must survive: plain, empty, foreign, long, odd."""


def example(text: str, answer: str = "Like this.") -> Example:
    """A source example of one question and its answer."""
    messages = (Message(role="user", content=text), Message(role="assistant", content=answer))
    return Example(id=content_id(messages), messages=messages)


def check_strategy(strategy: Any) -> None:
    """Assert that a strategy survives odd texts, gives texts, and depends on nothing but its text and its rng."""
    first, second = (_variants(strategy) for _ in range(2))
    assert first == second, f"{strategy!r} gives other variants the second time: take all chance from rng"
    for variants in first:
        for text in variants:
            assert isinstance(text, str), f"{strategy!r} gave {text!r}, which is no text"


def _variants(strategy: Any) -> list[list[str]]:
    rngs = [Random(index) for index in range(len(TEXTS))]
    if isinstance(strategy, BatchStrategy):
        batches: Any = strategy.vary_batch(TEXTS, rngs)
        assert len(batches) == len(TEXTS), f"{strategy!r} gave {len(batches)} results for {len(TEXTS)} texts"
        return [[_text(item) for item in batch] for batch in batches]
    if isinstance(strategy, TextStrategy):
        return [[_text(item) for item in strategy.vary(text, rng)] for text, rng in zip(TEXTS, rngs, strict=True)]
    if isinstance(strategy, ExampleStrategy):
        return [["\n".join(turn.text for turn in turns) for turns, _ in strategy.vary_example(example(text), rng)] for text, rng in zip(TEXTS, rngs, strict=True)]
    if isinstance(strategy, PromptedStrategy):
        return [[turn.text for request in strategy.ask(example(text), rng) for turn in request.messages] for text, rng in zip(TEXTS, rngs, strict=True)]
    raise AssertionError(f"{strategy!r} is no strategy")


def _text(item: str | Variation) -> str:
    return item.text if isinstance(item, Variation) else item


def check_filter(filter: Any) -> None:
    """Assert that a filter gives a verdict each, with a reason for every drop, and the same however rows are batched."""
    rows = [Candidate(example(text)) for text in TEXTS] + [Candidate(example(text + " now"), example(text)) for text in TEXTS]
    if isinstance(filter, RowFilter):
        verdicts = list(filter.judge(rows))
        one_by_one = [verdict for row in rows for verdict in filter.judge([row])]
    elif isinstance(filter, DatasetFilter):
        verdicts = list(filter.reduce(filter.sketch(rows), []))
        one_by_one = list(filter.reduce([sketch for row in rows for sketch in filter.sketch([row])], []))
    else:
        raise AssertionError(f"{filter!r} is no filter")
    assert len(verdicts) == len(rows), f"{filter!r} gave {len(verdicts)} verdicts for {len(rows)} candidates"
    assert verdicts == one_by_one, f"{filter!r} judges differently when rows come one by one"
    for verdict in verdicts:
        assert verdict.keep or verdict.reason, f"{filter!r} dropped a row without a reason"


def check_component_instances(plugins: Plugins) -> list[str]:
    """The faults of a plugin's strategies and filters that can be made without options, a sentence each."""
    faults = []
    for kind, check in (("strategy", check_strategy), ("filter", check_filter)):
        for name, component in plugins[kind]:
            if any(item.default is MISSING and item.default_factory is MISSING for item in fields(component)):
                continue
            try:
                check(component())
            except Exception as error:  # whatever a component does wrong is what its author wants to know
                faults.append(f"{kind} {name}: {type(error).__name__}: {error}")
    return faults
