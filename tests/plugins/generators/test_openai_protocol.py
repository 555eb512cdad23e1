"""The real client against a real server on this machine that fails on purpose."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from email.utils import formatdate

import pytest

from augmentor.errors import BadOption, GenerationError
from augmentor.examples import Message
from augmentor.prices import Price
from augmentor.protocols import Generator, Request
from augmentor_plugins.generators.openai_protocol import OpenAI

from endpoint import Server, faults, serving  # isort: skip


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    with ExitStack() as stack:
        yield lambda fault=lambda *_: False, delay=0.0: stack.enter_context(serving(fault, delay))


def asking(server: Server, **options) -> OpenAI:
    return OpenAI(model="m", base_url=server.url, **{"wait": 0.05, **options})


def ask(text: str, **options) -> Request:
    return Request((Message(role="user", content=text),), **options)


def answers(generator: OpenAI, requests: list[Request]) -> list:
    pairs = list(generator.generate(requests))
    assert sorted(index for index, _ in pairs) == list(range(len(requests)))
    return [reply for _, reply in sorted(pairs, key=lambda pair: pair[0])]


def test_replies_come_with_what_they_cost(serve):
    server = serve()
    replies = answers(asking(server), [ask(f"q{n}", max_tokens=9, temperature=0.5, seed=n, stop=("x",)) for n in range(20)])
    assert [reply.text for reply in replies] == [f"re: q{n}" for n in range(20)]
    assert all((reply.prompt_tokens, reply.completion_tokens, reply.finish, reply.error) == (5, 7, "stop", None) for reply in replies)
    body = next(body for body in server.bodies if body["messages"][0]["content"] == "q3")
    assert body == {
        "model": "m",
        "messages": [{"role": "user", "content": "q3"}],
        "max_tokens": 9,
        "temperature": 0.5,
        "seed": 3,
        "stop": ["x"],
    }


def test_as_many_are_under_way_as_asked_for_and_no_more(serve):
    server = serve(delay=0.05)
    answers(asking(server, concurrency=4), [ask(f"q{n}") for n in range(16)])
    assert server.most == 4


def test_a_busy_endpoint_is_waited_for_as_long_as_it_says_and_then_asked_for_less(serve):
    told: list[float] = []
    after: list[int] = []

    def fault(endpoint, question, attempt):
        if told and time.monotonic() - told[0] < 0.5:
            after.append(1)
        if not told:
            told.append(time.monotonic())
            return endpoint.fail(429, retry_after="0.6")
        return False

    server = serve(fault, delay=0.02)
    replies = answers(asking(server, concurrency=4), [ask(f"q{n}") for n in range(24)])
    assert all(reply.error is None for reply in replies)
    assert len(after) <= 3, "only what was under way already"


def test_a_spent_quota_is_not_asked_again(serve):
    server = serve(lambda endpoint, *_: endpoint.fail(429, "you are out of money", "insufficient_quota"))
    [reply] = answers(asking(server), [ask("q")])
    assert "out of money" in reply.error
    assert server.attempts["q"] == 1


@pytest.mark.parametrize(
    "fault",
    [
        lambda endpoint, *_: endpoint.fail(500),
        lambda endpoint, *_: endpoint.fail(503, retry_after="0.1"),
        lambda endpoint, *_: endpoint.reset(),
        lambda endpoint, *_: endpoint.send(200, {"choices": []}) or True,
        lambda endpoint, *_: endpoint.send(200, {"choices": [], "padding": "x" * 500}, keep=40) or True,
        lambda endpoint, *_: time.sleep(1.0) or endpoint.reset(),
    ],
    ids=["500", "503", "reset", "no choices", "cut body", "stall"],
)
def test_a_request_that_fails_once_is_tried_again(serve, fault):
    server = serve(lambda endpoint, question, attempt: attempt == 1 and fault(endpoint, question, attempt))
    replies = answers(asking(server, timeout=0.6), [ask("a")])
    assert [(reply.text, reply.error) for reply in replies] == [("re: a", None)]
    assert server.attempts == {"a": 2}


def test_a_request_that_always_fails_becomes_an_error_of_its_own(serve):
    server = serve(lambda endpoint, question, _: question == "bad" and endpoint.fail(500, "on fire"))
    good, bad = answers(asking(server, retries=1), [ask("good"), ask("bad")])
    assert good.text == "re: good"
    assert "on fire" in bad.error
    assert "tried 2 times" in bad.error


def test_a_request_the_endpoint_will_never_take_is_tried_once(serve):
    server = serve(lambda endpoint, *_: endpoint.fail(400, "no such model"))
    [reply] = answers(asking(server), [ask("q")])
    assert "no such model" in reply.error
    assert server.attempts["q"] == 1


def test_the_key_comes_from_the_environment_and_is_never_told(serve, monkeypatch):
    monkeypatch.setenv("MY_KEY", "sk-very-secret")
    server = serve(lambda endpoint, *_: endpoint.fail(401, "wrong key sk-very-secret"))
    generator = asking(server, key_env="MY_KEY")
    [reply] = answers(generator, [ask("q")])
    assert server.keys == ["Bearer sk-very-secret"]
    assert "sk-very-secret" not in f"{reply} {generator!r} {generator.identity}"


def test_who_stops_early_pays_for_no_more(serve):
    server = serve(delay=0.05)
    replies = asking(server, concurrency=2).generate([ask(f"q{n}") for n in range(50)])
    next(replies)
    replies.close()
    assert sum(server.attempts.values()) <= 6


def test_openai_itself_needs_a_key(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(GenerationError, match="OPENAI_API_KEY"):
        list(OpenAI(model="m").generate([ask("q")]))


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x/v1", "http://me:secret@x/v1"])
def test_an_address_that_is_none_is_refused_without_repeating_a_secret(url):
    with pytest.raises(BadOption) as caught:
        OpenAI(model="m", base_url=url)
    assert "secret" not in str(caught.value)


def test_a_wait_may_be_a_date_or_milliseconds(serve):
    def fault(endpoint, question, attempt):
        told = {"date": {"retry_after": formatdate(time.time() + 2, usegmt=True)}, "ms": {"retry_after_ms": "400"}, "none": {"retry_after": "soon"}}
        return attempt == 1 and endpoint.fail(503, **told[question])

    server = serve(fault)
    took = {}
    for question in ("date", "ms", "none"):
        started = time.monotonic()
        [reply] = answers(asking(server), [ask(question)])
        took[question] = time.monotonic() - started
        assert reply.error is None
    assert 0.9 < took["date"] < 3
    assert 0.4 < took["ms"] < 1
    assert took["none"] < 0.5


def test_being_told_to_wait_is_no_failure_while_others_are_answered(serve):
    server = serve(lambda endpoint, question, attempt: question == "slow" and attempt <= 4 and endpoint.fail(429, retry_after="0.3"), delay=0.05)
    replies = answers(asking(server, retries=1, concurrency=2), [ask("slow"), *(ask(f"q{n}") for n in range(40))])
    assert [reply.error for reply in replies] == [None] * 41
    assert server.attempts["slow"] == 5


@pytest.mark.parametrize("content", [{"choices": [{}]}, {"choices": [{"message": {"content": 7}}]}, {"error": "x"}, {}], ids=str)
def test_an_answer_of_another_shape_is_an_error_of_that_request_alone(serve, content):
    server = serve(lambda endpoint, question, _: question == "odd" and (endpoint.send(200, content) or True))
    good, odd = answers(asking(server, retries=0), [ask("good"), ask("odd")])
    assert good.text == "re: good"
    assert "no chat completion" in odd.error
    assert odd.lost == 1, "the endpoint may charge for it"


def test_attempts_that_may_be_charged_for_are_counted(serve):
    server = serve(lambda endpoint, question, attempt: attempt == 1 and {"reset": endpoint.reset, "busy": lambda: endpoint.fail(500)}[question]())
    reset, busy = answers(asking(server), [ask("reset"), ask("busy")])
    assert (reset.lost, busy.lost) == (1, 0)


def test_nobody_there_costs_nothing():
    [reply] = answers(OpenAI(model="m", base_url="http://127.0.0.1:9/v1", retries=1, wait=0.01), [ask("q")])
    assert "tried 2 times" in reply.error
    assert reply.lost == 0


def test_every_request_ends_exactly_once_whatever_the_endpoint_does(serve):
    server = serve(faults(0.3, stall=1.0), delay=0.01)
    replies = answers(asking(server, concurrency=16, timeout=0.5, wait=0.01), [ask(f"q{n}") for n in range(150)])
    assert [reply.text or "error" for reply in replies] == [f"re: q{n}" if reply.error is None else "error" for n, reply in enumerate(replies)]
    assert sum(reply.error is not None for reply in replies) <= 2
    assert all(server.answered[f"q{n}"] == 1 for n, reply in enumerate(replies) if reply.error is None)
    assert sum(server.attempts.values()) > 180, "it did fail"


def test_its_price_is_that_of_the_model():
    assert OpenAI(model="gpt-4o-mini").price == Price(0.15, 0.6, 3.0)
    assert OpenAI(model="nobody-knows", base_url="http://x/v1").price is None


def test_it_is_a_generator():
    assert isinstance(OpenAI(model="m"), Generator)
    assert OpenAI(model="m", base_url="http://x/v1/").identity == "openai http://x/v1 m"
