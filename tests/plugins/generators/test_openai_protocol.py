"""The real client against a real server on this machine that fails on purpose."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from augmentor.errors import BadOption, GenerationError
from augmentor.examples import Message
from augmentor.protocols import Generator, Request
from augmentor_plugins.generators.openai_protocol import OpenAI

Fault = Callable[["Endpoint", str, int], bool]


class Endpoint(BaseHTTPRequestHandler):
    """Answers `question` with `re: question`, once `fault(self, question, attempt)` lets it."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Stay silent."""

    def do_POST(self):
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        question = body["messages"][-1]["content"]
        with server.lock:
            server.bodies.append(body)
            server.keys.append(self.headers["Authorization"])
            server.attempts[question] += 1
            server.now += 1
            server.most = max(server.most, server.now)
            attempt = server.attempts[question]
        try:
            if not server.fault(self, question, attempt):
                time.sleep(server.delay)
                self.answer(question)
        finally:
            with server.lock:
                server.now -= 1

    def answer(self, question: str):
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": f" re: {question} "}}
        usage = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
        self.send(200, {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage})

    def send(self, status: int, content: dict, headers: dict[str, str] | None = None, *, keep: int | None = None):
        data = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[:keep])
        if keep is not None:
            self.close_connection = True

    def fail(self, status: int, message: str = "no", code: str | None = None, **headers: str) -> bool:
        said = {"error": {"message": message, "type": "t", "param": None, "code": code}}
        self.send(status, said, {name.replace("_", "-"): value for name, value in headers.items()})
        return True

    def reset(self) -> bool:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
        return True


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A connection that was reset on purpose is no news."""


@pytest.fixture
def serve() -> Iterator[Callable[[Fault], Server]]:
    running: list[Server] = []

    def start(fault: Fault = lambda *_: False, delay: float = 0.0) -> Server:
        server = Server(("127.0.0.1", 0), Endpoint)
        server.fault, server.delay, server.lock = fault, delay, threading.Lock()
        server.bodies, server.keys, server.attempts, server.now, server.most = [], [], Counter(), 0, 0
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def asking(server: Server, **options) -> OpenAI:
    return OpenAI(model="m", base_url=f"http://127.0.0.1:{server.server_port}/v1", **options)


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


def test_it_is_a_generator():
    assert isinstance(OpenAI(model="m"), Generator)
    assert OpenAI(model="m", base_url="http://x/v1/").identity == "openai http://x/v1 m"
