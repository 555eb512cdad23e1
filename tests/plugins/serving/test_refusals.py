"""Whatever is wrong with a request, the answer is an error of the protocol, and soon."""

from __future__ import annotations

import json
import random
import socket
import string
import time

import pytest

WORDS = {"application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "application/json; charset=utf-16", ""}
CHAT = {"model": "tiny", "messages": [{"role": "user", "content": "refund"}], "max_tokens": 2, "temperature": 0}
JOB = {"model": "tiny", "training_file": "file-none"}
ENDS = [
    ("POST", "/v1/chat/completions", CHAT),
    ("POST", "/v1/fine_tuning/jobs", JOB),
    ("POST", "/v1/files", None),
    ("GET", "/v1/files", None),
    ("GET", "/v1/models", None),
    ("DELETE", "/v1/models/tiny", None),
    ("GET", "/v1/fine_tuning/jobs", None),
    ("POST", "/v1/fine_tuning/jobs/ftjob-x/cancel", None),
]


def refused(status: int, body: bytes, method: str = "GET") -> None:
    """Insist that an answer is a refusal in the protocol's shape."""
    assert 400 <= status < 500, (status, body[:500])
    if method == "HEAD":
        return
    error = json.loads(body)["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]
    assert isinstance(error["type"], str)


def junk(chance: random.Random, depth: int = 0):
    """Any JSON value, odd ones more often than in life."""
    kinds = [
        lambda: chance.choice([None, True, False, 0, -1, 1.5, 1e308, 2**63, 2**70, -(2**64), "", "\0", "\u202e", "é", "\ud83d\ude00"]),
        lambda: "".join(chance.choices(string.printable, k=chance.randrange(12))),
        lambda: chance.randrange(-5, 5),
    ]
    if depth < 3:
        kinds += [
            lambda: [junk(chance, depth + 1) for _ in range(chance.randrange(3))],
            lambda: {chance.choice(["role", "content", "type", "text", "x", ""]): junk(chance, depth + 1) for _ in range(chance.randrange(3))},
        ]
    return chance.choice(kinds)()


def malformed(chance: random.Random):
    """A request with something wrong in it: method, address, header, query, field or bytes."""
    method, path, body = chance.choice(ENDS)
    headers = {"content-type": "application/json"}
    raw = b""
    if body is not None:
        body = dict(body)
        match chance.randrange(5):
            case 0:
                body[chance.choice(["model", "messages", "training_file", "method", "hyperparameters", "stop", "n", "stream", "tools"])] = junk(chance)
            case 1:
                body.pop(chance.choice(list(body)))
                body["temperature"] = 17
            case 2:
                body["unknown_" + str(chance.randrange(9))] = junk(chance)
            case 3:
                body["messages"] = [junk(chance) for _ in range(chance.randrange(4))]
            case 4:
                body["metadata"] = junk(chance)
        raw = json.dumps(body).encode()
    match chance.randrange(9):
        case 0:
            raw = raw[: chance.randrange(len(raw) + 1)]
        case 1:
            raw = chance.randbytes(chance.randrange(64))
        case 2:
            headers["content-type"] = chance.choice(sorted(WORDS))
        case 3:
            path += chance.choice(["/", "/x", "%2F..%2F..%2Fetc%2Fpasswd", "/%00", "/%ff%fe", "?limit=-1", "?limit=9e9", "?after=nobody", "?limit=%00"])
        case 4:
            method = chance.choice(["GET", "PUT", "PATCH", "OPTIONS", "DELETE", "HEAD", "TRACE", "POST", "BREW"])
        case 5:
            raw = b"[" * chance.choice([10, 2000, 60000])
        case 6:
            raw = b'{"model": "tiny", "messages": [{"role": "user", "content": "\\ud800"}]}'
        case 7:
            headers["idempotency-key"] = chance.choice(["", "k" * 300, "a b", "\u00e9"])
        case _:
            pass
    return method, path, raw or None, headers


@pytest.mark.parametrize(("which", "enough"), [("server", 1000), ("llama_server", 200)])
def test_a_thousand_malformed_requests_are_refused_in_the_protocols_shape(which, enough, request):
    server = request.getfixturevalue(which)
    chance = random.Random(20)
    sent = found = 0
    slowest = 0.0
    while found < enough:
        sent += 1
        method, path, body, headers = malformed(chance)
        began = time.monotonic()
        status, answered, text = server.send(method, path, body, {name: value.encode("latin-1") for name, value in headers.items()})
        slowest = max(slowest, time.monotonic() - began)
        if status >= 300:  # else chance made one that means something: an odd header on a list
            refused(status, text, method)
            assert answered["content-type"] == "application/json"
            found += 1
    assert sent < 2 * enough, "most of them have to be malformed"
    assert slowest < 5
    assert server.client().models.list().data, "and it still works"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"messages": "hello"}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}, "messages[0].content"),
        ({"messages": [{"role": "robot", "content": "a"}]}, "messages[0].role"),
        ({"temperature": 2.1}, "temperature"),
        ({"top_p": -1}, "top_p"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_completion_tokens": "many"}, "max_completion_tokens"),
        ({"n": 2}, "n"),
        ({"top_logprobs": 2}, "top_logprobs"),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
        ({"stop": ["a"] * 5}, "stop"),
        ({"stop": ""}, "stop"),
        ({"tools": [{"type": "function"}]}, "tools"),
        ({"presence_penalty": 1}, "presence_penalty"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"temprature": 1}, "temprature"),
    ],
)
def test_the_part_that_is_wrong_is_named(server, body, param):
    status, _, text = server.send("POST", "/v1/chat/completions", json.dumps(CHAT | body), {"content-type": "application/json"})
    assert status == 400
    assert json.loads(text)["error"]["param"] == param


def test_what_is_not_there_and_what_is_not_done_there(server):
    assert server.send("GET", "/v2/nothing")[0] == 404
    status, headers, text = server.send("PUT", "/v1/models")
    assert status == 405
    assert set(headers["allow"].split(", ")) == {"GET", "HEAD"}
    refused(status, text)
    assert server.send("DELETE", "/v1/models/tiny")[0] == 403


def test_a_body_that_is_too_large_is_refused_and_the_answer_arrives(server):
    for body in (b" " * (9 * 2**20), iter([b" " * 2**20] * 9)):
        status, _, text = server.send("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
        assert status == 413
        refused(status, text)
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"a" * (2**21 + 1) + b"\r\n--x--\r\n"
    status, _, text = server.send("POST", "/v1/files", form, {"content-type": "multipart/form-data; boundary=x"})
    assert status == 413
    refused(status, text)
    assert not [path for path in (server.parts.state.folder / "files").iterdir() if path.stat().st_size > 2**20]


def test_a_request_that_stops_coming_is_not_waited_for_for_ever(server, monkeypatch):
    monkeypatch.setattr("augmentor_plugins.serving.guard.SECONDS", 0.3)
    host, port = server.address.removeprefix("http://").split(":")
    head = f"POST /v1/files HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 99\r\n\r\n--x"
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode())
        answered = connection.recv(65536)
    assert answered.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("name", ["../../evil", "a\0b", "..\\..\\evil", "x" * 4000, "é\u202e.jsonl"])
def test_the_name_of_an_upload_is_only_a_name(server, training_rows, name):
    made = server.client().files.create(file=(name, training_rows()), purpose="fine-tune")
    assert "/" not in made.filename
    assert "\\" not in made.filename
    assert len(made.filename) <= 255
    files = server.parts.state.folder / "files"
    assert (files / made.id).read_bytes() == training_rows()
    status, headers, _ = server.send("GET", f"/v1/files/{made.id}/content")
    assert status == 200
    assert headers["content-disposition"].startswith("attachment")
