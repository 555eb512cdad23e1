"""A model in another form is the same model."""

from __future__ import annotations

import json
import re

import pytest

from augmentor.errors import UsageError
from augmentor.examples import Message
from augmentor.plugins import plugins
from augmentor.protocols import Conversion, Request
from augmentor_plugins.generators.llamacpp import LlamaCpp
from augmentor_plugins.generators.transformers_local import Transformers
from augmentor_plugins.models.conversion import convert

pytest.importorskip("xllamacpp")
pytest.importorskip("gguf")
REQUESTS = [Request((Message(role="user", content=text),), max_tokens=20) for text in ("where is my parcel", "refund", "late colour, Où?  \n é 4711")]


@pytest.fixture(scope="module")
def lively_model(tiny_model, tmp_path_factory):
    """The tiny model with an output layer of its own and larger weights, so that it says something."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("lively")
    config = LlamaConfig.from_pretrained(tiny_model, tie_word_embeddings=False, initializer_range=0.3)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        LlamaForCausalLM(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(tiny_model).save_pretrained(folder)
    return folder


def replies(generator) -> list:
    return [(reply.text, reply.prompt_tokens) for _, reply in sorted(dict(generator.generate(REQUESTS)).items())]


def test_gguf_in_32_bits_answers_word_for_word(lively_model, tmp_path):
    said = convert(Conversion(str(lively_model), tmp_path / "tiny.gguf", "gguf", "f32"))
    theirs = LlamaCpp(model=str(tmp_path / "tiny.gguf"), parallel=1, context=256, threads=1)
    ours = replies(Transformers(model=str(lively_model), device="cpu"))
    assert replies(theirs) == ours
    assert any(text for text, _ in ours)
    assert "3 read as the same number of tokens, 3 answered in the same words (100%" in said[1]
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.gguf"]


@pytest.mark.parametrize("numbers", ["f16", "q8_0"])
def test_smaller_numbers_make_smaller_files_that_begin_alike(tiny_model, tmp_path, numbers):
    convert(Conversion(str(tiny_model), tmp_path / "whole.gguf", "gguf", "f32"))
    said = convert(Conversion(str(tiny_model), tmp_path / "small.gguf", "gguf", numbers))
    assert (tmp_path / "small.gguf").stat().st_size < (tmp_path / "whole.gguf").stat().st_size
    kept = re.search(r"\((\d+)% of the characters", said[1])
    assert kept
    assert "3 read as the same number of tokens" in said[1]


def test_there_and_back_again_is_the_same_model(tiny_model, tmp_path):
    convert(Conversion(str(tiny_model), tmp_path / "tiny.gguf", "gguf", "f32"))
    convert(Conversion(str(tmp_path / "tiny.gguf"), tmp_path / "again", "safetensors"))
    assert replies(Transformers(model=str(tmp_path / "again"), device="cpu")) == replies(Transformers(model=str(tiny_model), device="cpu"))


def changed(model, folder, **changes):
    import shutil

    shutil.copytree(model, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | changes))
    return folder


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 10000.0}}, "scales its positions"),
        ({"architectures": ["GPT2LMHeadModel"], "rope_parameters": None}, "GPT2LMHeadModel"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(tiny_model, tmp_path, changes, said):
    model = changed(tiny_model, tmp_path / "model", **changes)
    if "architectures" in changes:
        from transformers import LlamaConfig

        from augmentor_plugins.models.conversion_gguf import _check

        with pytest.raises(UsageError, match=said):
            _check(LlamaConfig(architectures=changes["architectures"]))
        return
    with pytest.raises(UsageError, match=said):
        convert(Conversion(str(model), tmp_path / "out.gguf", "gguf"))
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_tokenizer_that_cuts_otherwise_is_refused(tiny_model):
    from augmentor_plugins.models.conversion_gguf import _pre_tokenizer

    described = json.loads((tiny_model / "tokenizer.json").read_text())
    assert _pre_tokenizer(described) == "gpt-2"
    digits = {"type": "Digits", "individual_digits": True}
    steps = {"type": "Sequence", "pretokenizers": [digits, described["pre_tokenizer"]]}
    assert _pre_tokenizer({**described, "pre_tokenizer": steps}) == "smollm"
    for wrong in (
        {"pre_tokenizer": {"type": "Whitespace"}},
        {"normalizer": {"type": "NFKC"}},
        {"pre_tokenizer": {**described["pre_tokenizer"], "add_prefix_space": True}},
    ):
        with pytest.raises(UsageError, match="tokenizer"):
            _pre_tokenizer({**described, **wrong})


def test_nothing_is_overwritten(tiny_model, tmp_path):
    (tmp_path / "a.gguf").write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        plugins().manager.hook.augmentor_convert_model(conversion=Conversion(str(tiny_model), tmp_path / "a.gguf", "gguf"))
    assert (tmp_path / "a.gguf").read_text() == "mine"
