"""Conversations of several turns: what a strategy may change, and what has to stay."""

import pytest

from augmentor.examples import Example, Message
from augmentor.pipeline import Plan, process
from augmentor.plugins import plugins

CALL = [{"id": "c1", "type": "function", "function": {"name": "find_order", "arguments": '{"order": "A-77"}'}}]
CHAT = Example(
    id="chat",
    messages=(
        Message(role="system", content="You help the customers of a shop."),
        Message(role="user", content="How do I cancel my order A-77?"),
        Message(role="assistant", tool_calls=CALL),
        Message(role="tool", tool_call_id="c1", content='{"status": "packed"}'),
        Message(role="assistant", content="It is packed already. I can still stop it."),
        Message(role="user", content="If it is possible, please cancel it. I don't need it because I bought another one."),
        Message(role="assistant", content="Done, order A-77 is cancelled."),
    ),
)
USER = (1, 5)


def variants(strategy, turns):
    outcome = process([CHAT], Plan((plugins()["strategy"].parse(strategy),), turns=turns))
    return [example for example in outcome.kept if example.parent]


@pytest.mark.parametrize("strategy", ["rephrase:n=3", "paraphrase:n=3", "persona:n=3", "noise:n=3", "nlpaug:n=2", "compose:n=3"])
@pytest.mark.parametrize(("turns", "places"), [("first", {1}), ("last", {5}), ("all", {1, 5})])
def test_a_variant_differs_in_one_of_the_turns_that_vary_and_nowhere_else(strategy, turns, places):
    changed = set()
    for variant in variants(strategy, turns):
        others = [place for place, (one, other) in enumerate(zip(CHAT.messages, variant.messages, strict=True)) if one != other]
        assert len(others) == 1
        changed.add(others[0])
    assert changed <= places
    assert changed or strategy.startswith(("paraphrase", "rephrase")), "something varies"


def test_a_question_varies_in_the_same_way_whatever_else_varies():
    alone = [example.messages[1].text for example in variants("rephrase:n=4", "first")]
    together = [example.messages[1].text for example in variants("rephrase:n=4", "all") if example.messages[1] != CHAT.messages[1]]
    assert alone == together
    assert alone


def test_the_order_number_stays_wherever_it_is_said():
    for strategy in ("noise:n=5", "paraphrase:n=5", "persona:n=5"):
        for variant in variants(strategy, "all"):
            assert "A-77" in variant.messages[1].text
