import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor.examples import Example, Message, chance, content_id, decode, encode, families, user_turns

json_values = st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)
messages = st.builds(
    Message,
    role=st.sampled_from(["system", "user", "assistant", "tool"]),
    content=st.none() | st.text(),
    name=st.none() | st.text(),
    weight=st.none() | st.sampled_from([0, 1]),
    extra=st.dictionaries(st.text(), json_values, max_size=2),
)
examples = st.builds(
    Example,
    id=st.text(min_size=1),
    messages=st.lists(messages, min_size=1, max_size=4).map(tuple),
    parent=st.none() | st.text(),
    label=st.none() | st.text(),
    meta=st.dictionaries(st.text(), json_values, max_size=2),
    scores=st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False), max_size=2),
)


def faq(question="How do I pay?", answer="By card."):
    turns = (Message(role="user", content=question), Message(role="assistant", content=answer))
    return Example(id=content_id(turns), messages=turns)


@given(examples)
def test_an_example_survives_the_native_file(example):
    assert decode(encode(example)) == example


def test_what_is_empty_is_not_written():
    assert encode(Example(id="a", messages=(Message(role="user", content="Hi"),))) == b'{"id":"a","messages":[{"role":"user","content":"Hi"}]}\n'


def test_a_source_is_its_own_root():
    assert faq().root == faq().id


def test_a_variant_knows_its_family():
    source = faq()
    variant = source.vary(0, "Which ways of paying are there?", "rephrase:n=4", "topic=pay")
    grandchild = variant.vary(0, "which ways of paying are there", "noise")
    assert (variant.root, variant.parent, variant.made_by, variant.variation) == (source.id, source.id, "rephrase:n=4", "topic=pay")
    assert (grandchild.root, grandchild.parent) == (source.id, variant.id)
    assert variant.answer == source.answer
    assert variant.id != source.id
    assert list(families([source, variant, grandchild])) == [source.id]


def test_the_id_depends_on_content_and_nothing_else():
    turns = faq().messages
    assert content_id(turns) == content_id(list(turns))
    assert content_id(turns) != content_id(turns, "label")
    assert content_id(turns) != content_id(turns[:1])


def test_chance_is_a_function_of_seed_component_and_example():
    assert chance(0, "noise", "a").random() == chance(0, "noise", "a").random()
    values = {chance(seed, component, example).random() for seed in (0, 1) for component in ("noise", "rephrase") for example in ("a", "b")}
    assert len(values) == 8


def test_prompt_and_answer_part_at_the_last_assistant_turn():
    turns = [Message(role=role, content=text) for role, text in [("system", "s"), ("user", "1"), ("assistant", "2"), ("user", "3"), ("assistant", "4")]]
    example = Example(id="a", messages=tuple(turns))
    assert [turn.content for turn in example.prompt] == ["s", "1", "2", "3"]
    assert (example.question, example.answer) == ("1", "4")
    assert list(user_turns(example, "first")) == [1]
    assert list(user_turns(example, "last")) == [3]
    assert list(user_turns(example, "all")) == [1, 3]


def test_a_question_without_answer_is_all_prompt():
    example = Example(id="a", messages=(Message(role="user", content="Where is it?"),), label="where")
    assert example.prompt == example.messages
    assert example.answer == ""


def test_text_of_content_parts_is_joined():
    message = Message(role="user", content=[{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "x"}}, {"type": "text", "text": "b"}])
    assert message.text == "a\nb"


def test_a_line_of_another_shape_is_refused_with_the_place():
    with pytest.raises(msgspec.ValidationError, match="messages"):
        decode(b'{"id":"a","messages":"hello"}')


def test_a_varied_turn_keeps_its_pictures():
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    example = Example(id="1", messages=(Message(role="user", content=[{"type": "text", "text": "What is"}, picture, {"type": "text", "text": "this?"}]),))
    assert example.vary(0, "Tell me what this is", "x").messages[0].content == [{"type": "text", "text": "Tell me what this is"}, picture]
