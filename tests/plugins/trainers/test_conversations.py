from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor.errors import TrainingError
from augmentor.examples import Example, Message
from augmentor_plugins.models.chat import for_template
from augmentor_plugins.models.loading import load_tokenizer
from augmentor_plugins.trainers.conversations import MASKED, Row, rows_of
from augmentor_plugins.trainers.templates import check_templates

END = 2


@pytest.fixture(scope="module")
def tokenizer(tiny_model: Path):
    return load_tokenizer(str(tiny_model))


def chat(*turns: tuple[str, str], weights: dict[int, int] | None = None, name: str = "e") -> Example:
    weights = weights or {}
    return Example(id=name, messages=tuple(Message(role=role, content=text, weight=weights.get(i)) for i, (role, text) in enumerate(turns)))


def learnt(row: Row, tokenizer) -> str:
    return tokenizer.decode([label for label in row.labels if label != MASKED])


def test_only_the_answer_and_its_end_are_learnt(tokenizer):
    [row] = rows_of([chat(("user", "where is my parcel"), ("assistant", "it left"))], tokenizer, [END], 256)
    assert learnt(row, tokenizer) == "it left<|im_end|>"
    assert row.tokens[-1] == END, "what the template writes after the end is never generated"


def test_every_assistant_turn_of_a_long_chat_is_learnt_in_one_row(tokenizer):
    turns = [("system", "help"), ("user", "a"), ("assistant", "open settings"), ("user", "b"), ("assistant", "tap the key")]
    [row] = rows_of([chat(*turns)], tokenizer, [END], 256)
    assert learnt(row, tokenizer) == "open settings<|im_end|>tap the key<|im_end|>"


def test_a_turn_of_weight_zero_is_read_but_not_learnt(tokenizer):
    turns = [("user", "a"), ("assistant", "wrong"), ("user", "b"), ("assistant", "right")]
    [row] = rows_of([chat(*turns, weights={1: 0, 3: 1})], tokenizer, [END], 256)
    assert learnt(row, tokenizer) == "right<|im_end|>"
    assert "wrong" in tokenizer.decode(row.tokens)


TOOLS_TEMPLATE = (
    "{% if tools %}<|im_start|>system\nTools: {{ tools | tojson }}<|im_end|>\n{% endif %}"
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content or '' }}"
    "{% for call in m.tool_calls or [] %}CALL {{ call.function.name }} {{ call.function.arguments | tojson }}{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def test_a_chat_with_tools_and_a_weight_of_zero_read_back_as_text(tiny_model):
    tokenizer = load_tokenizer(str(tiny_model))
    tokenizer.chat_template = TOOLS_TEMPLATE
    call = {"id": "c1", "type": "function", "function": {"name": "find_parcel", "arguments": '{"number": 7}'}}
    example = Example(
        id="tools",
        messages=(
            Message(role="user", content="hello"),
            Message(role="assistant", content="go away", weight=0),
            Message(role="user", content="where is my parcel"),
            Message(role="assistant", tool_calls=[call], weight=1),
            Message(role="tool", content='{"place": "depot"}', tool_call_id="c1"),
            Message(role="assistant", content="it is at the depot"),
        ),
        extra={"tools": [{"type": "function", "function": {"name": "find_parcel"}}]},
    )
    check_templates([example], tokenizer)
    [row] = rows_of([example], tokenizer, [END], 1024)
    read, runs = tokenizer.decode(row.tokens), []
    for token, label in zip(row.tokens, row.labels, strict=True):
        if not runs or runs[-1][0] != (label != MASKED):
            runs.append((label != MASKED, []))
        runs[-1][1].append(token)
    assert [(is_learnt, tokenizer.decode(tokens)) for is_learnt, tokens in runs] == [
        (
            False,
            (
                '<|im_start|>system\nTools: [{"type": "function", "function": {"name": "find_parcel"}}]<|im_end|>\n'
                "<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\ngo away<|im_end|>\n"
                "<|im_start|>user\nwhere is my parcel<|im_end|>\n<|im_start|>assistant\n"
            ),
        ),
        (True, 'CALL find_parcel {"number": 7}<|im_end|>'),
        (False, '\n<|im_start|>tool\n{"place": "depot"}<|im_end|>\n<|im_start|>assistant\n'),
        (True, "it is at the depot<|im_end|>"),
    ]
    assert read == tokenizer.apply_chat_template(for_template(example.messages), tools=example.extra["tools"], tokenize=False).rstrip("\n")


def test_a_template_that_rewrites_earlier_turns_gives_a_row_for_each_answer(tiny_model):
    tokenizer = load_tokenizer(str(tiny_model))
    tokenizer.chat_template = (
        "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}"
        "{% if m['role'] == 'assistant' and loop.last %} thinking{% endif %}<|im_end|>{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    turns = [("user", "a"), ("assistant", "one"), ("user", "b"), ("assistant", "two")]
    rows = rows_of([chat(*turns)], tokenizer, [END], 256)
    assert [learnt(row, tokenizer) for row in rows] == ["one thinking<|im_end|>", "two thinking<|im_end|>"]


def test_a_template_without_an_end_gets_one_or_the_model_would_never_stop(tiny_model):
    tokenizer = load_tokenizer(str(tiny_model))
    tokenizer.chat_template = (
        "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"
    )
    [row] = rows_of([chat(("user", "a"), ("assistant", "green"))], tokenizer, [END], 256)
    assert learnt(row, tokenizer) == "green\n<|im_end|>"


@pytest.mark.parametrize(
    ("examples", "reason"),
    [
        ([], "holds no examples"),
        ([chat(("user", "a"))], "nothing to learn in 1 examples"),
        ([chat(("user", "a"), ("assistant", "b"), weights={1: 0})], "weight is not 0"),
        ([chat(("user", "a"), ("assistant", "late " * 300), name="long one")], "'long one', has"),
    ],
)
def test_data_that_would_teach_nothing_is_refused_before_training(examples, reason, tokenizer):
    with pytest.raises(TrainingError, match=reason):
        rows_of(examples, tokenizer, [END], 256)


def test_a_picture_is_refused_by_the_name_of_its_example(tokenizer):
    parts = [{"type": "image_url", "image_url": {"url": "x"}}]
    example = Example(id="p7", messages=(Message(role="user", content=parts), Message(role="assistant", content="b")))
    with pytest.raises(TrainingError, match=r"'p7' cannot be trained on.*image_url"):
        rows_of([example], tokenizer, [END], 256)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(min_size=1, max_size=12)), min_size=1, max_size=3))
def test_whatever_people_write_exactly_the_answers_are_learnt(tokenizer, turns):
    spoken = [turn for question, reply in turns for turn in (("user", question), ("assistant", reply))]
    if any("<|" in text for _, text in spoken):
        return
    rows = rows_of([chat(*spoken)], tokenizer, [END], 4096)
    wanted = [reply.encode("utf-8", "replace") for _, reply in turns]
    assert [part.encode() for part in learnt(rows[0], tokenizer).split("<|im_end|>")[:-1]] == wanted
