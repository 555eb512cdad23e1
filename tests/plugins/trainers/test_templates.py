from __future__ import annotations

from pathlib import Path

import pytest

from augmentor.errors import TrainingError
from augmentor.examples import Example, Message
from augmentor_plugins.models.loading import load_tokenizer
from augmentor_plugins.trainers.templates import check_templates

USER, ANSWER = Message(role="user", content="where is my parcel"), Message(role="assistant", content="it left")
CALL = {"type": "function", "id": "c1", "function": {"name": "find", "arguments": "not json"}}
TOOL = {"type": "function", "function": {"name": "find", "parameters": {}}}


@pytest.fixture
def tokenizer(tiny_model: Path):
    return load_tokenizer(str(tiny_model))


def test_a_template_that_writes_everything_is_fine_however_it_trims_and_quotes(tokenizer):
    tokenizer.chat_template = "{% for m in messages %}{{ m.role }}: {{ m.content | trim | tojson }}\n{% endfor %}"
    check_templates([Example(id="e", messages=(Message(role="user", content='  a "b" é\n'), ANSWER))], tokenizer)


def test_a_template_that_leaves_out_a_turn_is_refused_with_the_turn(tokenizer):
    tokenizer.chat_template = "{% for m in messages %}{% if m.role != 'system' %}{{ m.content }}\n{% endif %}{% endfor %}"
    example = Example(id="chat 4", messages=(Message(role="system", content="be kind"), USER, ANSWER))
    check_templates([Example(id="fine", messages=(USER, ANSWER))], tokenizer)
    with pytest.raises(TrainingError, match=r"'chat 4'.*leaves out the system turn number 1"):
        check_templates([example], tokenizer)


def test_a_template_that_reads_the_last_question_only_is_refused(tokenizer):
    tokenizer.chat_template = "{% for m in messages[-2:] %}{{ m.content }}\n{% endfor %}"
    with pytest.raises(TrainingError, match="the user turn number 1"):
        check_templates([Example(id="e", messages=(USER, ANSWER, USER, ANSWER))], tokenizer)


def test_a_template_that_knows_no_tool_calls_is_refused(tokenizer):
    called = Example(id="e", messages=(USER, Message(role="assistant", tool_calls=[CALL])))
    with pytest.raises(TrainingError, match="the tool call of turn number 2"):
        check_templates([called], tokenizer)


def test_a_template_that_knows_no_tools_is_refused(tokenizer):
    with pytest.raises(TrainingError, match="the tools"):
        check_templates([Example(id="e", messages=(USER, ANSWER), extra={"tools": [TOOL]})], tokenizer)
