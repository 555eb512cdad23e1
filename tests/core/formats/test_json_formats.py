"""The chat formats in JSON: what each row becomes, and back."""

from __future__ import annotations

import json

import pytest

from augmentor.errors import DataError, UsageError
from augmentor.examples import Example, Message, content_id, decode, encode

CHAT = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]
HUMAN = [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "hello"}]


def lines(*rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def said(example):
    return [(message.role, message.text) for message in example.messages]


def test_a_chat_row_becomes_an_example_with_an_id_from_its_content(given):
    found = given(lines({"messages": CHAT}))
    assert found.format == "openai"
    assert said(found.only) == [("user", "hi"), ("assistant", "hello")]
    assert found.only.id == content_id(found.only.messages, None, "")


def test_tools_are_training_data_and_other_keys_are_meta(given):
    row = {"messages": CHAT, "tools": [{"type": "function"}], "parallel_tool_calls": False, "label": "greet", "meta": {"a": 1}, "ticket": 7}
    example = given(lines(row)).only
    assert example.extra == {"tools": [{"type": "function"}], "parallel_tool_calls": False}
    assert example.label == "greet"
    assert example.meta == {"a": 1, "ticket": 7}


def test_unknown_keys_of_a_message_survive_openai_and_native_round_trips(given, rewritten):
    turns = [CHAT[0], {**CHAT[1], "weight": 0, "refusal": None, "annotations": [1, {"x": "y"}]}]
    example = given(lines({"messages": turns})).only
    assert rewritten([example], "openai").only.messages == example.messages
    assert rewritten([example], "native").only == example
    assert example.messages[1].weight == 0
    assert example.messages[1].extra == {"refusal": None, "annotations": [1, {"x": "y"}]}


def test_content_parts_survive_a_round_trip(given, rewritten):
    parts = [{"type": "text", "text": "what is this?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]
    example = given(lines({"messages": [{"role": "user", "content": parts}, CHAT[1]]})).only
    assert example.question == "what is this?"
    assert rewritten([example], "openai").only.messages == example.messages


def test_native_keeps_lineage(given):
    source = Example(
        id="s", messages=(Message(role="user", content="a"), Message(role="assistant", content="b")), label="x", scores={"f": 0.5}
    )
    variant = source.vary(0, "c", "swap:n=1", "note")
    found = given(encode(source) + encode(variant))
    assert found.format == "native"
    assert found.examples == [source, variant]


def test_unknown_keys_of_a_native_row_are_kept_in_meta(given):
    example = given(lines({"id": "1", "messages": CHAT, "channel": "mail", "meta": {"a": 1}}), format="native").only
    assert example.meta == {"channel": "mail", "a": 1}


def test_tools_at_the_top_of_a_native_row_are_training_data(given):
    assert given(lines({"id": "1", "messages": CHAT, "tools": [1]}), format="native").only.extra == {"tools": [1]}


def test_a_native_row_with_a_wrong_key_is_a_problem_that_names_it(given):
    found = given(lines({"id": "1", "root": "1", "messages": CHAT}, {"id": "2", "messages": CHAT, "scores": {"f": "high"}}))
    assert len(found.examples) == 1
    assert found.problems[0].line == 2
    assert "scores" in found.problems[0].reason


def test_sharegpt_turns_and_tool_calls_become_openai_messages(given):
    turns = [
        {"from": "human", "value": "area?"},
        {"from": "function_call", "value": '{"name": "area", "arguments": {"r": 2}}'},
        {"from": "observation", "value": "12.5"},
        {"from": "gpt", "value": "12.5 m2"},
    ]
    found = given(json.dumps([{"conversations": turns, "system": "Be brief.", "tools": '[{"name": "area"}]'}]), "data.json")
    example = found.only
    assert found.format == "sharegpt"
    assert [message.role for message in example.messages] == ["system", "user", "assistant", "tool", "assistant"]
    call = example.messages[2].tool_calls[0]
    assert call["function"] == {"name": "area", "arguments": '{"r":2}'}
    assert example.messages[3].tool_call_id == call["id"]
    assert example.extra == {"tools": [{"name": "area"}]}


def test_sharegpt_written_and_read_is_the_same_conversation(shared_data, read, rewritten):
    source = read(shared_data / "llama_factory_formats/glaive_toolcall_en_demo.json").examples
    again = rewritten(source, "sharegpt").examples
    assert [example.messages for example in again] == [example.messages for example in source]
    assert [example.extra for example in again] == [example.extra for example in source]


def test_a_transcript_of_speakers_is_read(given):
    turns = [{"speaker": "Customer", "utterance": "Where is it?"}, {"speaker": "SYSTEM", "utterance": "On its way."}]
    assert said(given(lines({"dialogue": turns})).only) == [("user", "Where is it?"), ("assistant", "On its way.")]


def test_alpaca_joins_instruction_and_input_and_keeps_history(given, rewritten):
    row = {"instruction": "Add.", "input": "1 and 2", "output": "3", "system": "Reckon.", "history": [["hi", "hello"]]}
    found = given(lines(row))
    assert found.format == "alpaca"
    assert said(found.only) == [
        ("system", "Reckon."),
        ("user", "hi"),
        ("assistant", "hello"),
        ("user", "Add.\n1 and 2"),
        ("assistant", "3"),
    ]
    assert rewritten([found.only], "alpaca").only.messages == found.only.messages


def test_chatml_text_is_taken_apart_into_turns(given, rewritten):
    text = "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nhi\nthere<|im_end|>\n<|im_start|>assistant\nhello<|im_end|>\n<|im_start|>user\n"
    found = given(lines({"text": text, "label": "greet"}, {"text": "before " + text}))
    assert found.format == "chatml"
    assert said(found.examples[0]) == [("system", "Be kind."), ("user", "hi\nthere"), ("assistant", "hello")]
    assert found.problems[0].reason == "the text has something outside <|im_start|> and <|im_end|>, after turn 0"
    assert rewritten(found.examples, "chatml").only.messages == found.examples[0].messages


def test_an_empty_alpaca_output_is_a_problem(given):
    found = given(lines({"instruction": "a", "output": "b"}, {"instruction": "a", "output": None}))
    assert [(item.line, item.reason) for item in found.problems] == [(2, "'output' is empty")]


PAIRS = {
    "openai-dpo": {
        "input": {"messages": CHAT[:1], "tools": [{"x": 1}]},
        "preferred_output": CHAT[1:],
        "non_preferred_output": [{"role": "assistant", "content": "no"}],
    },
    "trl": {"prompt": "hi", "chosen": "hello", "rejected": "no", "tools": [{"x": 1}]},
    "trl-turns": {"chosen": CHAT, "rejected": [CHAT[0], {"role": "assistant", "content": "no"}], "tools": [{"x": 1}]},
    "trl-prompt-repeated": {
        "prompt": "hi",
        "chosen": CHAT,
        "rejected": [CHAT[0], {"role": "assistant", "content": "no"}],
        "tools": [{"x": 1}],
    },
    "llama-factory": {"conversations": HUMAN[:1], "chosen": HUMAN[1], "rejected": {"from": "gpt", "value": "no"}, "tools": '[{"x": 1}]'},
    "alpaca": {"instruction": "hi", "input": "", "chosen": "hello", "rejected": "no", "tools": [{"x": 1}]},
    "v1": {"chosen_messages": CHAT, "rejected_messages": [CHAT[0], {"role": "assistant", "content": "no"}], "tools": [{"x": 1}]},
}


@pytest.mark.parametrize("kind", PAIRS)
def test_every_kind_of_preference_row_is_the_same_example(given, rewritten, kind):
    example = given(lines(PAIRS[kind])).only
    assert said(example) == [("user", "hi"), ("assistant", "hello")]
    assert [message.text for message in example.rejected] == ["no"]
    assert example.extra == {"tools": [{"x": 1}]}
    for name in ("openai-dpo", "preference", "sharegpt", "native"):
        again = rewritten([example], name).only
        assert (again.messages, again.rejected, again.extra) == (example.messages, example.rejected, example.extra)


def test_a_system_text_beside_the_prompt_comes_first(given):
    for row in ({**PAIRS["trl"], "system": "Be kind."}, {**PAIRS["alpaca"], "system": "Be kind."}):
        example = given(lines(row)).only
        assert said(example) == [("system", "Be kind."), ("user", "hi"), ("assistant", "hello")]
        assert example.meta == {}


def test_a_preference_pair_that_differs_in_several_turns_is_not_cut_short(given):
    bad = {"chosen": [*CHAT, *CHAT], "rejected": [CHAT[0], {"role": "assistant", "content": "no"}, *CHAT]}
    found = given(lines(PAIRS["trl"], bad))
    assert found.problems[0].line == 2
    assert "not one assistant turn" in found.problems[0].reason


def test_kto_marks_are_kept_in_meta_and_said(given, rewritten):
    found = given(lines({"messages": CHAT, "label": True}, {"prompt": "hi", "completion": "go away", "label": False}))
    assert found.format == "kto"
    assert [said(example)[-1] for example in found.examples] == [("assistant", "hello"), ("assistant", "go away")]
    assert said(given(lines({"instruction": "hi", "output": "hello", "kto_tag": True})).only) == said(found.examples[0])
    assert [example.meta["desirable"] for example in found.examples] == [True, False]
    assert found.examples[0].label is None
    assert any("marked as not desirable" in sentence for sentence in found.said)
    assert [example.meta for example in rewritten(found.examples, "kto").examples] == [{"desirable": True}, {"desirable": False}]


def test_two_assistant_turns_in_a_row_are_kept_and_said(given):
    found = given(lines({"messages": [*CHAT, {"role": "assistant", "content": "anything else?"}]}))
    assert len(found.only.messages) == 3
    assert "two assistant turns in a row" in found.said[0]


def test_tool_arguments_that_are_encoded_twice_are_said_and_left_as_they_are(given):
    arguments = json.dumps(json.dumps({"city": "Paris"}))
    call = {"id": "c", "type": "function", "function": {"name": "weather", "arguments": arguments}}
    found = given(lines({"messages": [CHAT[0], {"role": "assistant", "tool_calls": [call]}]}))
    assert found.only.messages[1].tool_calls == [call]
    assert "JSON-encoded twice" in found.said[0]


BAD = {
    "[]": "no turns",
    '[{"role": "user", "content": "x"}]': "neither an assistant turn nor a label",
    '[{"role": "assistant", "content": "x"}, {"role": "assistant", "content": "y"}]': "answer nobody",
    '[{"role": "robot", "content": "x"}]': "the role 'robot'",
    '[{"role": "user"}]': "turn 1 (user) has no content",
    '[{"role": "user", "content": 5}]': "the content is a number",
    '[{"role": "user", "content": null}]': "has no content",
    '"text"': "the turns are a text",
    "null": "the turns are null",
    "[null]": "turn 1 is null",
    '[{"content": "x"}]': "turn 1 has no role",
    '[{"role": "user", "content": ["x"]}]': "content part that is a text",
    '[{"role": "user", "content": "a"}, {"role": "assistant", "content": null}]': "turn 2 (assistant) has no content",
    '[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 3}]': "neither 0 nor 1",
    '[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "name": 3}]': "Expected `str | null`",
    '[{"role": "user", "content": "a\\u0000"}, {"role": "assistant", "content": "b"}]': "NUL",
    '[{"role": "user", "content": " "}, {"role": "assistant", "content": ""}]': "all its turns are empty",
    '[{"from": "human", "value": "x"}, {"from": "function_call", "value": "{"}]': "the function call is not JSON",
}


@pytest.mark.parametrize("turns", BAD)
def test_a_wrong_conversation_is_a_problem_with_its_line_and_reason(given, turns):
    found = given(lines({"messages": CHAT}) + '{"messages": ' + turns + "}\n" + lines({"messages": CHAT}))
    assert len(found.examples) == 2
    assert [item.line for item in found.problems] == [2]
    assert BAD[turns] in found.problems[0].reason
    assert found.problems[0].raw.startswith('{"messages"')


def test_a_question_without_answer_is_kept_when_it_has_a_label(given):
    assert given(lines({"messages": CHAT[:1], "label": "greet"})).only.label == "greet"


def test_the_ids_of_the_source_are_kept_and_repeats_get_a_number(given):
    found = given(lines(*({"id": identity, "messages": CHAT} for identity in (7, "a", "a", "a-2", "a", True, ""))))
    content = content_id(found.examples[0].messages, None, "")
    assert [example.id for example in found.examples[:5]] == ["7", "a", "a-2", "a-2-2", "a-3"]
    assert [example.id for example in found.examples[5:]] == [content, f"{content}-2"]
    again = given(lines({"messages": CHAT}, {"messages": CHAT}, {"messages": CHAT}))
    assert [example.id for example in again.examples] == [content, f"{content}-2", f"{content}-3"]
    assert all(example.root == example.id for example in again.examples)


def test_columns_name_the_label_and_the_id_of_chat_rows(given):
    example = given(lines({"messages": CHAT, "topic": "greet", "ticket": "T-1"}), label="topic", id="ticket").only
    assert (example.label, example.id, example.meta) == ("greet", "T-1", {})


def test_columns_that_name_the_question_read_rows_of_any_shape_as_records(given):
    found = given(lines({"instruction": "hi", "output": "hello", "why": "greeting"}), question="instruction", answer="why")
    assert found.format == "records"
    assert said(found.only) == [("user", "hi"), ("assistant", "greeting")]


def test_columns_that_a_format_cannot_use_are_refused(given):
    with pytest.raises(UsageError, match="says itself what its question is"):
        given(lines({"messages": CHAT}), format="openai", question="x")


@pytest.mark.parametrize("target", ["openai", "alpaca", "csv", "faq", "parquet"])
def test_a_format_that_cannot_hold_a_pair_says_so(formats, target):
    pair = Example(
        id="p1",
        messages=(Message(role="user", content="a"), Message(role="assistant", content="b")),
        rejected=(Message(role="assistant", content="c"),),
    )
    with pytest.raises(DataError, match=r"example p1 .*Use --to"):
        list(formats[target].write([pair]))


@pytest.mark.parametrize("target", ["openai-dpo", "preference", "kto"])
def test_preference_formats_refuse_an_example_without_a_verdict(formats, target):
    with pytest.raises(DataError, match=r"example p1 .*Use --to openai"):
        list(
            formats[target].write([Example(id="p1", messages=(Message(role="user", content="a"), Message(role="assistant", content="b")))])
        )


def test_openai_rows_hold_no_key_of_ours(formats):
    example = Example(
        id="1",
        messages=(Message(role="user", content="a"), Message(role="assistant", content="b", weight=1)),
        label="x",
        meta={"m": 1},
        made_by="swap",
    )
    [line] = formats["openai"].write([example])
    assert json.loads(line) == {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 1}]}


def test_what_is_read_can_be_written_and_decoded_again(shared_data, read):
    for path in sorted((shared_data / "llama_factory_formats").glob("*_demo*.json*")):
        if path.name != "c4_demo.jsonl":
            assert all(decode(encode(example)) == example for example in read(path).examples)
