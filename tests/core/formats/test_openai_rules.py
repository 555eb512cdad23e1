"""What fine-tuning services refuse, found beforehand; and every wild format on its way to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from augmentor.cli import cli
from augmentor.errors import DataError
from augmentor.examples import Example, Message
from augmentor.formats import read_examples
from augmentor.formats.openai_rows import as_taken, row_line
from augmentor.formats.openai_rules import file_faults, row_faults
from augmentor.plugins import plugins
from augmentor.protocols import Columns, Problem

USER, ANSWER = {"role": "user", "content": "Is it in?"}, {"role": "assistant", "content": "It is."}
TOOL = {"type": "function", "function": {"name": "stock", "parameters": {"type": "object", "properties": {}}}}


def call(arguments="{}", name="stock", identity="c1", **fields):
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}, **fields}


def calling(*calls, answers=("c1",)):
    results = [{"role": "tool", "tool_call_id": answer, "content": "3 left"} for answer in answers]
    return [USER, {"role": "assistant", "tool_calls": list(calls)}, *results, ANSWER]


def faults(row, method="supervised"):
    return list(row_faults(row, method))


def turns(*messages, **keys):
    return {"messages": list(messages), **keys}


GOOD = {
    "plain": turns(USER, ANSWER),
    "system and weights": turns({"role": "system", "content": ""}, USER, {**ANSWER, "weight": 0}, USER, {**ANSWER, "weight": 1}),
    "developer and names": turns({"role": "developer", "content": "Be kind."}, {**USER, "name": "Ann_1"}, ANSWER),
    "parts": turns({"role": "user", "content": [{"type": "text", "text": "x"}, {"type": "image_url", "image_url": {"url": "https://x/y.png"}}]}, ANSWER),
    "a call and its result": turns(*calling(call()), tools=[TOOL], parallel_tool_calls=False),
    "two calls, results in another order": turns(*calling(call(), call(identity="c2"), answers=("c2", "c1")), tools=[TOOL]),
    "a call at the end": turns(USER, {"role": "assistant", "tool_calls": [call('{"a": 1}')]}, tools=[TOOL]),
    "a function call of old": turns(
        USER, {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}, {"role": "function", "name": "f", "content": "1"}, ANSWER,
        functions=[{"name": "f", "parameters": {}}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", GOOD.values(), ids=GOOD)
def test_good_rows_have_no_fault(row):
    assert faults(row) == []


BAD = {
    "no messages": ({}, "it has no 'messages'"),
    "a preference row": ({"preferred_output": []}, "it has no 'messages' but is a preference row: its method is dpo"),
    "an empty list": (turns(), "'messages' is empty, not a list of turns"),
    "messages as text": ({"messages": "hi"}, "'messages' is a text, not a list of turns"),
    "an unknown key": (turns(USER, ANSWER, label="x"), "it has the key 'label', which a service does not know"),
    "an unknown role": (turns(USER, {"role": "bot", "content": "x"}, ANSWER), "turn 2 has the role 'bot'; known: system, developer, user, assistant, tool, function"),
    "no role": (turns(USER, {"content": "x"}, ANSWER), "turn 2 has no role; known: system, developer, user, assistant, tool, function"),
    "a turn of text": (turns(USER, "x", ANSWER), "turn 2 is a text"),
    "nothing to learn": (turns(USER), "it has no assistant turn, so there is nothing to learn"),
    "all weights 0": (turns(USER, {**ANSWER, "weight": 0}), "all its assistant turns have weight 0, so there is nothing to learn"),
    "half a weight": (turns(USER, {**ANSWER, "weight": 0.5}), "turn 2 (assistant): the weight is 0.5; it must be 0 or 1"),
    "a true weight": (turns(USER, {**ANSWER, "weight": True}), "turn 2 (assistant): the weight is true; it must be 0 or 1"),
    "a user's weight": (turns({**USER, "weight": 1}, ANSWER), "turn 1 (user) has the key 'weight', which a service does not know"),
    "the user last": (turns(USER, ANSWER, USER), "it ends with a turn of the user, not of the assistant"),
    "two answers": (turns(USER, ANSWER, ANSWER), "turn 3 (assistant) follows another assistant turn"),
    "no content": (turns({"role": "user"}, ANSWER), "turn 1 (user): it has no content"),
    "an empty answer": (turns(USER, {"role": "assistant", "content": ""}), "turn 2 (assistant): it says nothing and calls nothing"),
    "a number": (turns({"role": "user", "content": 3}, ANSWER), "turn 1 (user): the content is a number, not text"),
    "an unknown part": (turns({"role": "user", "content": [{"type": "video"}]}, ANSWER), "turn 1 (user): a content part of type 'video' is none that a service knows (text, image_url, input_audio, file, refusal)"),
    "a picture in an answer": (turns(USER, {"role": "assistant", "content": [{"type": "image_url", "image_url": {}}]}), "turn 2 (assistant): a content part of type 'image_url' belongs into a user turn only"),
    "a name with a space": (turns({**USER, "name": "Ann B"}, ANSWER), "turn 1 (user): the name 'Ann B' is not 1 to 64 characters without spaces and <|\\/>"),
    "reasoning": (turns(USER, {**ANSWER, "reasoning_content": "hm"}), "turn 2 (assistant) has the key 'reasoning_content', which a service does not know"),
    "arguments twice": (turns(*calling(call('"{\\"a\\": 1}"')), tools=[TOOL]), "turn 2 (assistant): call 1: its arguments are encoded as JSON twice; write them as '{\"a\": 1}'"),
    "arguments as object": (turns(*calling(call({"a": 1})), tools=[TOOL]), "turn 2 (assistant): call 1: its arguments are an object, not JSON written as text"),
    "arguments that are no JSON": (turns(*calling(call("{a}")), tools=[TOOL]), "turn 2 (assistant): call 1: its arguments are not JSON: '{a}'"),
    "arguments as list": (turns(*calling(call("[1]")), tools=[TOOL]), "turn 2 (assistant): call 1: its arguments are a list, not an object"),
    "an undefined tool": (turns(*calling(call(name="price")), tools=[TOOL]), "turn 2 (assistant): call 1 calls 'price', which the row does not define"),
    "an unanswered call": (turns(*calling(call(), call(identity="c2")), tools=[TOOL]), "turn 2 calls a tool ('c2') that no turn after it answers"),
    "an answer to nobody": (turns(USER, {"role": "tool", "tool_call_id": "c9", "content": "x"}, ANSWER), "turn 2 (tool) answers the call 'c9', which the assistant's turn before it did not make"),
    "one id twice": (turns(*calling(call(), call()), tools=[TOOL]), "turn 2 (assistant): call 2 has the id 'c1' of another call"),
    "a call that is no function": (turns(*calling(call(type="web"), answers=()), tools=[TOOL]), 'turn 2 (assistant): call 1 is not {"id": ..., "type": "function", "function": ...}'),
    "no list of calls": (turns(USER, {"role": "assistant", "tool_calls": []}), "turn 2 (assistant): 'tool_calls' is not a list of calls"),
    "a bare tool": (turns(USER, ANSWER, tools=[{"name": "stock"}]), 'tool 1 is not {"type": "function", "function": {"name": ...}}'),
    "a tool's name": (turns(USER, ANSWER, tools=[{"type": "function", "function": {"name": "in stock?"}}]), "tool 1 has the name 'in stock?': 1 to 64 letters, digits, _ and - are allowed"),
    "a tool twice": (turns(USER, ANSWER, tools=[TOOL, TOOL]), "tool 2 defines 'stock' once more"),
    "too many tools": (turns(USER, ANSWER, tools=[{"type": "function", "function": {"name": f"t{n}"}} for n in range(129)]), "it defines 129 tools; a service takes 128"),
    "a schema as text": (turns(USER, ANSWER, tools=[{"type": "function", "function": {"name": "f", "parameters": "{}"}}]), "tool 1: its parameters are a text, not a JSON schema"),
    "tools as object": (turns(USER, ANSWER, tools={}), "'tools' is not a list of definitions"),
    "parallel, maybe": (turns(USER, ANSWER, parallel_tool_calls="no"), "'parallel_tool_calls' is not true or false"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "fault"), BAD.values(), ids=BAD)
def test_bad_rows_have_the_one_fault_that_they_have(row, fault):
    found = faults(row)
    assert fault in found
    assert len(found) <= 2, "no cascade of follow-up faults"


def pair(asked=(USER,), good=(ANSWER,), bad=({"role": "assistant", "content": "No."},), **keys):
    return {"input": {"messages": list(asked), **keys}, "preferred_output": list(good), "non_preferred_output": list(bad)}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (pair(), None),
        (pair(asked=(USER, ANSWER, USER), tools=[TOOL]), None),
        (pair(asked=(USER, ANSWER)), "the input ends with an assistant turn, which leaves nothing to answer"),
        (pair(asked=()), "'input' is no object with a list of 'messages'"),
        (pair(good=(ANSWER, USER)), "'preferred_output' is not a list of one assistant turn"),
        (pair(bad=(USER,)), "'non_preferred_output' is not a list of one assistant turn"),
        (pair(bad=(ANSWER,)), "the preferred and the other answer are the same"),
        (
            pair(bad=({"role": "assistant", "content": ""},)),
            "'non_preferred_output': turn 1 (assistant): it says nothing and calls nothing",
        ),
        (turns(USER, ANSWER), "it has no 'input' and no 'preferred_output' and no 'non_preferred_output'"),
    ],
)
def test_preference_rows_are_one_prompt_and_two_answers(row, fault):
    assert faults(row, "dpo") == ([fault] if fault else [])


def test_a_file_is_checked_by_line(tmp_path):
    path = tmp_path / "upload.jsonl"
    good = json.dumps(GOOD["plain"])
    path.write_text(
        "\n".join([good, "", good[:-3], '{"messages": [], "messages": []}', "[]", *[good] * 4, json.dumps(BAD["two answers"][0])])
    )
    assert [(fault.line, fault.reason) for fault in file_faults(path)] == [
        (3, "not JSON: it is cut off before its end"),
        (4, "the key 'messages' is there twice"),
        (5, "a list where an object was expected"),
        (10, "turn 3 (assistant) follows another assistant turn"),
        (None, "it has 9 rows; a service wants at least 10"),
    ]
    path.write_text(f"{good}\n" * 10)
    assert list(file_faults(path)) == []


_json = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["role", "content", "messages", "tools", "tool_calls", "function", "name", "id", "type", "arguments", "weight", "input", "preferred_output", "non_preferred_output"]), inner, max_size=5), max_leaves=12)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["messages", "tools", "input", "preferred_output", "non_preferred_output"]), _json), st.sampled_from(["supervised", "dpo"]))  # fmt: skip
def test_any_json_is_judged_and_never_a_crash(row, method):
    assert all(isinstance(fault, str) and fault for fault in row_faults(row, method))


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), min_size=1, max_size=4), st.booleans())
def test_a_conversation_of_questions_and_answers_always_passes(pairs, opens):
    said = [Message(role="system", content="Be kind.")] if opens else []
    for question, answer in pairs:
        said += [Message(role="user", content=question, weight=0), Message(role="assistant", content=answer)]
    example = Example(id="x", messages=tuple(said))
    row = json.loads(row_line(example, "supervised"))
    assert faults(row) == []
    assert [turn["content"] for turn in row["messages"]] == [turn.text for turn in said]


def test_what_services_are_strict_about_is_made_regular():
    example = Example(
        id="x",
        messages=(
            Message(role="user", content="q", weight=0),
            Message(role="assistant", tool_calls=[call('"{\\"a\\": 1}"'), call(identity="c2")]),
            Message(role="tool", content="1"),
            Message(role="tool", content="2"),
            Message(role="assistant", content="done", weight=0),
            Message(role="user", content="q"),
            Message(role="assistant", content="yes"),
        ),
        extra={"tools": [{"name": "stock", "parameters": {}}]},
    )
    taken = as_taken(example)
    assert [turn.weight for turn in taken.messages] == [None, None, None, None, 0, None, None]
    assert [turn.tool_call_id for turn in taken.messages if turn.role == "tool"] == ["c1", "c2"]
    assert taken.messages[1].tool_calls[0]["function"]["arguments"] == '{"a": 1}'
    assert taken.extra["tools"] == [{"type": "function", "function": {"name": "stock", "parameters": {}}}]
    assert as_taken(taken) == taken
    assert faults(json.loads(row_line(example, "supervised"))) == []
    assert example.messages[0].weight == 0, "the example itself is as it was"


# --- wild formats --------------------------------------------------------------------------------------------------

WILD = {
    "alpaca_en_demo.json": (999, 999, ""),
    "identity.json": (91, 91, ""),
    "v1_sft_demo.jsonl": (500, 500, ""),
    "glaive_toolcall_en_demo.json": (300, 300, ""),
    "dpo_en_demo.json": (299, 299, ""),
    "v1_dpo_demo.jsonl": (10, 10, ""),
    "kto_en_demo.json": (300, 150, "marked as bad"),
    "reason_tool_use_demo_50.jsonl": (50, 0, "reasoning_content"),
    "c4_demo.jsonl": (300, 0, "has no answer"),
}


@pytest.mark.parametrize("name", WILD)
def test_wild_formats_reach_the_upload_turn_for_turn_or_are_refused_with_a_reason(name, shared_data):
    rows, through, reason = WILD[name]
    path = shared_data / "llama_factory_formats" / name
    reading = read_examples(path, "auto", Columns(), formats={kind: make() for kind, make in plugins()["format"]})
    examples = [item for item in reading if not isinstance(item, Problem)]
    assert len(examples) == rows
    passed = 0
    for example in examples:
        method = "dpo" if example.rejected else "supervised"
        row: dict = {}
        try:
            row = json.loads(row_line(example, method))
            found = faults(row, method)
        except DataError as error:
            found = [str(error)]
        if found:
            assert reason, found
            assert any(reason in fault for fault in found)
            continue
        passed += 1
        written = (
            row["messages"]
            if method == "supervised"
            else [*row["input"]["messages"], *row["preferred_output"], *row["non_preferred_output"]]
        )
        assert [(turn["role"], _text(turn), len(turn.get("tool_calls", ()))) for turn in written] == [
            (turn.role, turn.text, len(turn.tool_calls or ())) for turn in (*example.messages, *example.rejected)
        ]
    assert passed == through


def _text(turn) -> str:
    content = turn.get("content") or ""
    return content if isinstance(content, str) else "\n".join(part["text"] for part in content)


# --- augmentor convert --check -------------------------------------------------------------------------------------


def run(*words) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["convert", *map(str, words)])
    return done.exit_code, done.output + (str(done.exception) if done.exception else "")


def chats(path: Path, *rows) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_convert_checks_what_it_wrote(tmp_path):
    out = tmp_path / "up.jsonl"
    good = [turns({**USER, "content": f"q{n}", "loss_weight": 0}, ANSWER) for n in range(10)]
    code, said = run(chats(tmp_path / "in.jsonl", *good), "-o", out, "--to", "openai", "--check")
    assert (code, "would refuse" in said) == (0, False), said
    assert "weight" not in out.read_text()
    code, said = run(chats(tmp_path / "in.jsonl", *good[:8], turns(USER, ANSWER, ANSWER)), "-o", out, "--to", "openai", "--check", "--json")
    assert code == 1
    assert f"{out}:9: turn 3 (assistant) follows another assistant turn" in said
    assert f"{out}: it has 9 rows; a service wants at least 10" in said
    assert "a fine-tuning service would refuse" in said
    assert '"line": 9' in said


def test_only_formats_that_services_take_can_be_checked(tmp_path):
    code, said = run(chats(tmp_path / "in.jsonl", turns(USER, ANSWER)), "-o", tmp_path / "x.csv", "--to", "csv", "--check")
    assert code != 0
    assert "--check knows the rules of openai and openai-dpo; csv has none" in said
