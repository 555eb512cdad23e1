"""Replies: whole and streamed, from both engines."""

from __future__ import annotations

import concurrent.futures
import time

import openai
import pytest

QUESTION = [{"role": "user", "content": "where is my parcel"}]


@pytest.fixture(params=["server", "llama_server"])
def client(request) -> openai.OpenAI:
    return request.getfixturevalue(request.param).client()


def ask(client, **options):
    return client.chat.completions.create(**({"model": "tiny", "messages": QUESTION, "temperature": 0, "max_tokens": 12} | options))


def test_a_stream_says_what_a_whole_reply_says(client):
    whole = ask(client)
    chunks = list(ask(client, stream=True, stream_options={"include_usage": True}))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == whole.choices[0].finish_reason == "length"
    assert chunks[-1].usage == whole.usage
    assert whole.usage.completion_tokens == 12
    assert all(chunk.usage is None for chunk in ask(client, stream=True))


def test_a_sampled_reply_follows_its_seed(client):
    replies = [ask(client, temperature=1.5, seed=seed).choices[0].message.content for seed in (1, 1, 2, 3)]
    assert replies[0] == replies[1]
    assert len(set(replies)) > 1


def test_nothing_of_a_stop_sequence_is_said(client):
    text = ask(client).choices[0].message.content
    stop = text[3:6]
    whole = ask(client, stop=stop)
    assert whole.choices[0].message.content == text[: text.index(stop)]
    assert whole.choices[0].finish_reason == "stop"
    streamed = "".join(chunk.choices[0].delta.content or "" for chunk in ask(client, stop=[stop, "never said"], stream=True))
    assert streamed == whole.choices[0].message.content


def test_log_probabilities_come_with_likelier_tokens(client):
    entries = ask(client, logprobs=True, top_logprobs=3).choices[0].logprobs.content
    assert len(entries) == 12
    for entry in entries:
        assert len(entry.top_logprobs) == 3
        assert entry.logprob == pytest.approx(entry.top_logprobs[0].logprob), "a greedy token is the likeliest"
        assert entry.logprob < 0
        assert bytes(entry.bytes)
    assert ask(client, logprobs=True).choices[0].logprobs.content[0].top_logprobs == []
    streamed = [chunk.choices[0].logprobs for chunk in ask(client, logprobs=True, stream=True)]
    assert sum(len(logprobs.content) for logprobs in streamed if logprobs) == 12
    assert ask(client).choices[0].logprobs is None


def test_content_parts_and_developer_messages_are_read(client):
    plain = ask(client, messages=[{"role": "system", "content": "you help"}, *QUESTION])
    parts = [{"role": "developer", "content": [{"type": "text", "text": "you help"}]}, *QUESTION]
    assert ask(client, messages=parts).choices[0].message.content == plain.choices[0].message.content


def test_a_chat_longer_than_the_model_reads_is_refused(client):
    for words in (400, 40_000):
        with pytest.raises(openai.BadRequestError) as refused:
            ask(client, messages=[{"role": "user", "content": "late colour " * words}])
        assert refused.value.code == "context_length_exceeded"


def test_64_chats_at_once_are_all_answered_as_if_alone(client):
    questions = [f"refund {number % 8}" for number in range(64)]
    alone = {text: ask(client, messages=[{"role": "user", "content": text}]).choices[0].message.content for text in questions[:8]}

    def answered(number: int) -> str:
        chat = [{"role": "user", "content": questions[number]}]
        if number % 2:
            return "".join(chunk.choices[0].delta.content or "" for chunk in ask(client, messages=chat, stream=True))
        return ask(client, messages=chat).choices[0].message.content

    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        replies = list(pool.map(answered, range(64)))
    assert replies == [alone[text] for text in questions]


def test_others_are_answered_while_a_long_reply_is_written(server):
    client = server.client()
    stream = iter(ask(client, max_tokens=200, temperature=2.0, seed=3, stream=True))
    next(stream)
    began = time.monotonic()
    assert client.models.list().data
    assert ask(client, max_tokens=2).choices[0].finish_reason in {"length", "stop"}
    assert time.monotonic() - began < 10
    stream.close()


def test_a_client_that_goes_away_makes_room(server):
    for _ in range(3):
        stream = ask(server.client(), max_tokens=240, temperature=2.0, seed=1, stream=True)
        next(iter(stream))
        stream.close()
    deadline = time.monotonic() + 10
    while server.parts.catalogue._busy.get("tiny") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.parts.catalogue._busy["tiny"] == 0
