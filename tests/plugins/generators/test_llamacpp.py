from __future__ import annotations

from pathlib import Path

import pytest

from augmentor.errors import BadOption, GenerationError
from augmentor.examples import Message
from augmentor.protocols import Generator, Request
from augmentor_plugins.generators.llamacpp import LlamaCpp

pytest.importorskip("xllamacpp")


def ask(text: str, **options) -> Request:
    return Request((Message(role="user", content=text),), **({"max_tokens": 8} | options))


QUESTIONS = ["where is my parcel", "refund", "how do i reset my password and where do i click", "late colour"]


@pytest.fixture(scope="module")
def generator(tiny_gguf: Path) -> LlamaCpp:
    return LlamaCpp(model=str(tiny_gguf), parallel=2, context=256, threads=1)


def answers(generator, requests) -> list:
    pairs = list(generator.generate(requests))
    assert sorted(index for index, _ in pairs) == list(range(len(requests)))
    return [reply for _, reply in sorted(pairs, key=lambda pair: pair[0])]


def test_every_request_is_answered_and_again_the_same(generator):
    first = answers(generator, [ask(text) for text in QUESTIONS])
    assert all(reply.error is None and reply.prompt_tokens > 5 for reply in first)
    assert first == answers(generator, [ask(text) for text in QUESTIONS])


def test_a_sampled_reply_depends_on_its_seed(generator):
    replies = answers(generator, [ask("refund", temperature=1.5, seed=seed) for seed in (1, 2, 3, 1)])
    assert replies[0] == replies[3]
    assert len({reply.text for reply in replies}) == 3


def test_one_bad_request_does_not_spoil_the_others(generator):
    picture = Request((Message(role="user", content=[{"type": "image_url"}]),))
    replies = answers(generator, [ask("refund"), picture, ask("late " * 600)])
    assert replies[0].error is None
    assert "image_url" in replies[1].error
    assert "context" in replies[2].error


def test_the_file_of_a_directory_is_found_and_named(generator, tiny_gguf, tmp_path):
    assert LlamaCpp(model=str(tiny_gguf.parent)).identity == generator.identity
    assert generator.identity.startswith("llama.cpp tiny.gguf@")
    with pytest.raises(GenerationError, match="comes with 0 gguf files"):
        list(LlamaCpp(model=str(tmp_path)).generate([ask("a")]))


def test_a_file_that_is_no_model_is_refused(tmp_path):
    (tmp_path / "bad.gguf").write_bytes(b"not a model")
    with pytest.raises(GenerationError, match=r"cannot load bad\.gguf"):
        list(LlamaCpp(model=str(tmp_path / "bad.gguf")).generate([ask("a")]))


def test_it_is_a_generator(generator):
    assert isinstance(generator, Generator)
    with pytest.raises(BadOption):
        LlamaCpp(parallel=0)
