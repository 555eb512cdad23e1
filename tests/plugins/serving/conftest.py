"""A real server on loopback, in a thread."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from urllib.parse import urlsplit

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("openai")

import openai

from augmentor.protocols import ServeSettings
from augmentor_plugins.serving.app import Parts, build


@dataclass
class Running:
    """A server that answers at `address`."""

    address: str
    parts: Parts

    def client(self, **options) -> openai.OpenAI:
        return openai.OpenAI(base_url=f"{self.address}/v1", **({"api_key": "none", "max_retries": 0, "timeout": 60} | options))

    def send(self, method: str, path: str, body=None, headers=None) -> tuple[int, dict[str, str], bytes]:
        """One plain request: the status, the headers and the body of the answer."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answered = connection.getresponse()
            return answered.status, {name.lower(): value for name, value in answered.getheaders()}, answered.read()
        finally:
            connection.close()


@contextmanager
def running(model, folder, *, file_bytes=2**20, train=False, **settings):
    import uvicorn

    parts = build(ServeSettings(model=str(model), state=folder / "state", **({"name": "tiny", "context": 256} | settings)), file_bytes)
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    server = uvicorn.Server(uvicorn.Config(parts.app, log_level="critical", lifespan="off", timeout_graceful_shutdown=2))
    thread = Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    if train:
        parts.trainings.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield Running(f"http://127.0.0.1:{listener.getsockname()[1]}", parts)
    finally:
        server.should_exit = True
        thread.join()
        parts.close()
        listener.close()


@pytest.fixture(scope="session")
def start():
    """`with start(model, folder, **settings) as server:`"""
    return running


@pytest.fixture(scope="session")
def server(tiny_model, tmp_path_factory):
    """A server of the tiny model that trains nothing."""
    with running(tiny_model, tmp_path_factory.mktemp("server"), parallel=8) as one:
        yield one


@pytest.fixture(scope="session")
def llama_server(tiny_gguf, tmp_path_factory):
    """A server of the tiny gguf file."""
    pytest.importorskip("xllamacpp")
    with running(tiny_gguf, tmp_path_factory.mktemp("llama"), parallel=2) as one:
        yield one


def rows(count: int = 12) -> bytes:
    """Chats to train on."""
    words = ["open settings and tap the orange key", "it left the depot on monday", "within nine days"]
    chats = [[{"role": "user", "content": f"refund {n}"}, {"role": "assistant", "content": words[n % 3]}] for n in range(count)]
    return b"".join(json.dumps({"messages": chat}).encode() + b"\n" for chat in chats)


@pytest.fixture(scope="session")
def training_rows():
    return rows
