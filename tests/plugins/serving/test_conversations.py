"""What is kept for the next round: with consent, without personal data, whole."""

from __future__ import annotations

import json
import stat

import pytest

from augmentor.cli.serve import CONSENT
from augmentor.examples import Message, decode
from augmentor.formats import read_examples
from augmentor.plugins import plugins
from augmentor.protocols import Problem
from augmentor_plugins.serving.conversations import Conversations

TALK = (
    Message(role="user", content="I am anna.berg@mail.example and my card is 4111 1111 1111 1111."),
    Message(role="assistant", content="Thank you, Anna."),
    Message(role="user", content="Where is my parcel?"),
)


def read(path) -> list:
    formats = {name: kind() for name, kind in plugins()["format"]}
    return list(read_examples(path, formats=formats))


def test_a_conversation_is_an_example_of_the_next_round_without_personal_data(tmp_path):
    path = tmp_path / "talk.jsonl"
    kept = Conversations(path, CONSENT)
    kept.add(TALK, "It left on Monday; we wrote to anna.berg@mail.example.", "support")
    assert b"anna.berg" not in path.read_bytes()
    assert b"4111" not in path.read_bytes()
    (example,) = read(path)
    assert [message.role for message in example.messages] == ["user", "assistant", "user", "assistant"]
    assert "[EMAIL]" in example.answer
    assert [message.weight for message in example.messages] == [None, 0, None, None], "each reply is learnt once"
    assert example.meta["consent"] == CONSENT
    assert example.meta["model"] == "support"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_that_a_kill_cut_off_does_not_take_the_next_with_it(tmp_path):
    path = tmp_path / "talk.jsonl"
    kept = Conversations(path, CONSENT)
    kept.add(TALK, "On Monday.", "support")
    path.write_bytes(path.read_bytes() + b'{"id": "cut o')
    Conversations(path, CONSENT).add(TALK, "On Tuesday.", "support")
    lines = path.read_bytes().splitlines()
    assert [decode(lines[0]).answer, decode(lines[2]).answer] == ["On Monday.", "On Tuesday."]
    assert [isinstance(item, Problem) for item in read(path)] == [False, True, False]


@pytest.mark.parametrize(("store", "kept"), [(True, 1), (False, 0), (None, 0)])
@pytest.mark.parametrize("stream", [True, False])
def test_only_what_was_agreed_to_is_kept(start, tiny_model, tmp_path, store, kept, stream):
    log = tmp_path / "log" / "talk.jsonl"
    with start(tiny_model, tmp_path, log=log, consent="Kept for training.") as server:
        options = {} if store is None else {"store": store}
        chat = [{"role": "user", "content": "write to bob@mail.example"}]
        said = server.client().chat.completions.create(model="tiny", messages=chat, max_tokens=4, stream=stream, **options)
        if stream:
            list(said)
    lines = log.read_bytes().splitlines()
    assert len(lines) == kept
    for line in lines:
        assert json.loads(line)["messages"][0]["content"] == "write to [EMAIL]"
        assert json.loads(line)["meta"]["consent"] == "Kept for training."


def test_nothing_is_kept_where_no_file_is_named(server, tmp_path):
    before = {path for path in server.parts.state.folder.rglob("*") if path.is_file()}
    server.client().chat.completions.create(model="tiny", messages=[{"role": "user", "content": "hi"}], max_tokens=4, store=True)
    assert {path for path in server.parts.state.folder.rglob("*") if path.is_file()} == before
