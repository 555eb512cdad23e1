from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from augmentor.errors import BadOption, GenerationError, UsageError
from augmentor.examples import Message
from augmentor.protocols import Generator, Request
from augmentor_plugins.generators.transformers_local import Transformers


def ask(text: str, **options) -> Request:
    return Request((Message(role="user", content=text),), **({"max_tokens": 12} | options))


QUESTIONS = ["where is my parcel", "refund", "how do i reset my password and where do i click", "late colour", "blue"]


@pytest.fixture(scope="module")
def lively(tiny_model: Path, tmp_path_factory) -> Path:
    """The tiny model with larger weights, which has something else to say to everyone."""
    from safetensors.torch import load_file, save_file

    folder = tmp_path_factory.mktemp("lively") / "model"
    shutil.copytree(tiny_model, folder)
    weights = {name: weight if "norm" in name else weight * 12 for name, weight in load_file(folder / "model.safetensors").items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


@pytest.fixture(scope="module")
def generator(lively: Path) -> Transformers:
    return Transformers(model=str(lively), device="cpu", batch_size=3)


def answers(generator, requests) -> list:
    pairs = list(generator.generate(requests))
    assert sorted(index for index, _ in pairs) == list(range(len(requests))), "every index exactly once"
    return [reply for _, reply in sorted(pairs, key=lambda pair: pair[0])]


def test_a_batch_answers_as_one_by_one(generator):
    together = answers(generator, [ask(text) for text in QUESTIONS])
    assert together == [answers(generator, [ask(text)])[0] for text in QUESTIONS]
    assert len({reply.text for reply in together}) == len(QUESTIONS)


def test_greedy_replies_are_what_transformers_generates(generator, lively):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(lively), AutoModelForCausalLM.from_pretrained(lively)
    for text, ours in zip(QUESTIONS, answers(generator, [ask(text) for text in QUESTIONS]), strict=True):
        chat = [{"role": "user", "content": text}]
        prompt = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)
        out = model.generate(**prompt, max_new_tokens=12, do_sample=False)[0, prompt["input_ids"].shape[1] :]
        assert ours.text == tokenizer.decode(out, skip_special_tokens=True).strip()
        assert ours.prompt_tokens == prompt["input_ids"].shape[1]


def test_a_sampled_reply_depends_on_its_seed_and_on_nothing_else(generator):
    requests = [ask(text, temperature=1.0, seed=7) for text in QUESTIONS]
    assert answers(generator, requests) == [answers(generator, [request])[0] for request in requests]
    state = torch.get_rng_state()
    others = answers(generator, [ask(QUESTIONS[0], temperature=1.0, seed=seed) for seed in range(4)])
    assert len({reply.text for reply in others}) == 4
    assert torch.equal(state, torch.get_rng_state()), "the caller's chance is left alone"


def test_a_reply_ends_after_the_most_tokens_asked_for(generator):
    [reply] = answers(generator, [ask("refund", max_tokens=3)])
    assert (reply.completion_tokens, reply.finish) == (3, "length")


def test_a_reply_ends_before_a_stop_word(generator):
    [whole] = answers(generator, [ask("refund")])
    stop = whole.text[4:6]
    [cut] = answers(generator, [ask("refund", stop=(stop,))])
    assert cut.text == whole.text[: whole.text.index(stop)].strip()
    assert cut.finish == "stop"


def test_one_bad_request_does_not_spoil_the_others(generator):
    picture = Request((Message(role="user", content=[{"type": "image_url"}]),))
    replies = answers(generator, [ask("refund"), picture, ask("late " * 300), ask("blue")])
    assert "image_url" in replies[1].error
    assert "reads 256" in replies[2].error
    assert [reply.error for reply in (replies[0], replies[3])] == [None, None]


def test_nothing_asked_is_nothing_answered(generator):
    assert list(generator.generate([])) == []


def test_the_identity_changes_with_the_weights(generator, lively, tmp_path):
    other = tmp_path / lively.name
    shutil.copytree(lively, other)
    assert Transformers(model=str(other)).identity == generator.identity
    (other / "model.safetensors").write_bytes(b"other weights")
    assert Transformers(model=str(other)).identity != generator.identity


def test_a_model_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match="no model at"):
        list(Transformers(model=str(tmp_path / "gone")).generate([ask("a")]))
    with pytest.raises(GenerationError, match="cannot be loaded"):
        list(Transformers(model=str(tmp_path)).generate([ask("a")]))


def test_a_model_without_a_chat_template_is_refused(tiny_model, tmp_path):
    shutil.copytree(tiny_model, tmp_path / "base")
    (tmp_path / "base" / "chat_template.jinja").unlink()
    with pytest.raises(GenerationError, match="no chat template"):
        list(Transformers(model=str(tmp_path / "base")).generate([ask("a")]))


def test_it_is_a_generator(generator):
    assert isinstance(generator, Generator)
    with pytest.raises(BadOption):
        Transformers(batch_size=0)
