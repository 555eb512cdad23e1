from random import Random

import msgspec
import pytest

from augmentor.examples import Message
from augmentor.protocols import Malformed, Reply
from augmentor.testing import check_strategy, example
from augmentor_plugins.strategies.dialogue import Dialogue

SOURCE = example("How do I return a chair?", "Print the label at https://a.example/label and send it within 30 days.")
GOOD = """CUSTOMER: hi, my chair wobbles, can it go back?
ASSISTANT: Yes. Print the return label at https://a.example/label first.

CUSTOMER: how long do I have?
ASSISTANT: Send it within 30 days."""


def read(text, **more):
    return list(Dialogue(turns=2).read(SOURCE, [Reply(text, **more)]))


def test_it_keeps_the_rules():
    check_strategy(Dialogue())


def test_the_model_is_told_who_asks_what_and_the_known_answer():
    one, two = Dialogue(n=2, turns=2, personas=("student", "executive")).ask(SOURCE, Random(0))
    assert "exactly 2 messages" in one.messages[0].text
    assert SOURCE.answer in one.messages[1].text
    assert one.messages[0] != two.messages[0]


def test_a_good_reply_becomes_a_conversation():
    ((turns, note),) = read(GOOD)
    assert [turn.role for turn in turns] == ["user", "assistant", "user", "assistant"]
    assert turns[-1].text == "Send it within 30 days."
    assert note == "dialogue=2"


def test_a_system_message_stays_in_front():
    told = msgspec.structs.replace(SOURCE, messages=(Message(role="system", content="Be brief."), *SOURCE.messages))
    ((turns, _),) = Dialogue(turns=2).read(told, [Reply(GOOD)])
    assert [turn.role for turn in turns][:2] == ["system", "user"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Here it is:\n" + GOOD, "a line does not begin with"),
        (GOOD.partition("\n\n")[0], "it is not 2 messages of each"),
        (GOOD.replace("CUSTOMER: how", "ASSISTANT: how"), "it is not 2 messages of each"),
        (GOOD.replace("30 days", "60 days"), "the assistant says '60'"),
        (GOOD.replace(" within 30 days", " soon"), "the assistant leaves out '30'"),
        ("CUSTOMER: a\nASSISTANT: https://a.example/label\nCUSTOMER: b\nASSISTANT: 30", "the assistant does not give the known answer"),
        ("", "it is not 2 messages"),
    ],
)
def test_a_reply_that_is_no_such_conversation_is_malformed(text, reason):
    (item,) = read(text)
    assert isinstance(item, Malformed)
    assert reason in item.reason


def test_longer_conversations_and_tool_calls_are_passed_over():
    longer = msgspec.structs.replace(SOURCE, messages=SOURCE.messages * 2)
    assert Dialogue().ask(longer, Random(0)) == []
