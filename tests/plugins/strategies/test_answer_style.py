from random import Random

import pytest

from augmentor.errors import UsageError
from augmentor.examples import Example, Message
from augmentor.protocols import Malformed, Reply
from augmentor.testing import check_strategy, example
from augmentor_plugins.strategies.answer_style import STYLES, AnswerStyle, read_card

SOURCE = example("How do I pay?", "Please be advised that you can pay within 14 days at https://pay.example.")


def read(*texts, source=SOURCE, **options):
    return list(AnswerStyle(**options).read(source, [Reply(text) for text in texts]))


def test_it_keeps_the_rules():
    check_strategy(AnswerStyle())


def test_the_model_sees_the_card_and_the_answer():
    (request,) = AnswerStyle(card="warm").ask(SOURCE, Random(0))
    card = read_card("warm")
    assert card.voice in request.messages[0].text
    assert card.examples[0].after in request.messages[0].text
    assert all(word in request.messages[0].text for word in card.avoid)
    assert SOURCE.answer in request.messages[1].text
    assert "How do I pay?" in request.messages[1].text


def test_the_question_stays_and_the_answer_changes():
    ((turns, note),) = read('"Pay within 14 days at https://pay.example."')
    assert [turn.text for turn in turns] == ["How do I pay?", "Pay within 14 days at https://pay.example."]
    assert note == "style=plain"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Pay at https://pay.example.", "it leaves out '14'"),
        ("Pay within 14 days at https://pay.example for $3.", "it says '$3'"),
        ("Kindly pay within 14 days at https://pay.example.", "it uses 'kindly'"),
        ("Pay within 14 days at https://pay.example." + " Really." * 60, "more than 3 times"),
        ("", "it says nothing"),
    ],
)
def test_an_answer_that_is_not_the_same_is_malformed(text, reason):
    (item,) = read(text)
    assert isinstance(item, Malformed)
    assert reason in item.reason


def test_all_answers_of_a_conversation_change_or_none():
    call = [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
    turns = [("user", "Hi"), ("assistant", "Hello."), ("user", "Pay?"), ("assistant", None), ("tool", "ok"), ("assistant", "Paid.")]
    messages = tuple(
        Message(role=role, content=text, tool_calls=call if text is None else None, tool_call_id="1" if role == "tool" else None) for role, text in turns
    )
    source = Example(id="a", messages=messages)
    assert len(AnswerStyle(n=2).ask(source, Random(0))) == 4
    ((changed, _), bad) = read("Hey.", "It is paid.", "Hey.", "", source=source, n=2)
    assert [turn.content for turn in changed] == ["Hi", "Hey.", "Pay?", None, "ok", "It is paid."]
    assert changed[3].tool_calls == call
    assert isinstance(bad, Malformed)


def test_the_shipped_cards_can_be_read():
    assert len([read_card(path.stem) for path in STYLES.glob("*.toml")]) == 3


def test_a_card_of_ones_own(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text('name = "us"\nvoice = "Loud."\n')
    assert "Loud." in AnswerStyle(card=str(path)).ask(SOURCE, Random(0))[0].messages[0].text
    path = tmp_path / "bad.toml"
    path.write_text('name = "us"\nvoise = "Loud."\n')
    with pytest.raises(UsageError, match="voise"):
        read_card(str(path))
    with pytest.raises(UsageError, match="Known: formal, plain, warm"):
        read_card("loud")
