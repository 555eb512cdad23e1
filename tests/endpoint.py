"""An endpoint on this machine that speaks the chat part of the OpenAI protocol, and fails when told to."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

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
                with server.lock:
                    server.answered[question] += 1
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
    request_queue_size = 128

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, *_):
        """A connection that was reset on purpose is no news."""


@contextmanager
def serving(fault: Fault = lambda *_: False, delay: float = 0.0) -> Iterator[Server]:
    """A running server: `bodies`, `keys`, `attempts` by question, how many were `answered`, and the `most` requests at once."""
    server = Server(("127.0.0.1", 0), Endpoint)
    server.fault, server.delay, server.lock = fault, delay, threading.Lock()
    server.bodies, server.keys, server.attempts, server.answered, server.now, server.most = [], [], Counter(), Counter(), 0, 0
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def faults(share: float, stall: float) -> Fault:
    """Every kind of failure, together at a share of the attempts, the same ones every time. A stall is `stall` seconds of silence."""

    def fault(endpoint: Endpoint, question: str, attempt: int) -> bool:
        rng = Random(f"{question}#{attempt}")
        if rng.random() >= share:
            return False
        kind = rng.randrange(7)
        if kind == 0:
            return endpoint.fail(429, retry_after="0.05")
        if kind == 1:
            return endpoint.fail(429)
        if kind in {2, 3}:
            return endpoint.fail(500 if kind == 2 else 503)
        if kind == 4:
            time.sleep(stall)
        elif kind == 5:
            endpoint.send(200, {"choices": [], "padding": "x" * 500}, keep=40)
            return True
        return endpoint.reset()

    return fault
