from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from augmentor.errors import BadOption, TrainingError
from augmentor.protocols import TrainingTask
from augmentor_plugins.models.loading import load_model
from augmentor_plugins.trainers.huggingface import HuggingFace
from tests.plugins.trainers.small_tasks import settings, weights, write


@pytest.mark.parametrize("freeze", [0, 1])
def test_the_adapters_kept_beside_the_model_make_it_from_the_base(tiny_model, tmp_path, freeze):
    options = settings(tiny_model, lora=4, freeze=freeze)
    result = options.train(TrainingTask(write(tmp_path / "t.jsonl"), tmp_path / "out", steps=3))
    assert result.facts["lower_layers_run_once"] == freeze
    from peft import PeftModel

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # PEFT's
        adapted = PeftModel.from_pretrained(load_model(str(tiny_model), "cpu"), str(tmp_path / "out" / "adapter")).merge_and_unload()
    tuned, base = weights(result.model), weights(tiny_model)
    assert all(adapted.state_dict()[name].equal(weight) for name, weight in tuned.items())
    moved = {name for name in base if not base[name].equal(tuned[name])}
    assert {name.split(".")[2] for name in moved} == ({"1"} if freeze else {"0", "1"})


@pytest.fixture(scope="module")
def wider_model(tiny_model: Path, tmp_path_factory) -> Path:
    """The tiny model's tokenizer with layers whose sizes can be quantised."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("wider-model")
    config = {**json.loads((tiny_model / "config.json").read_text()), "hidden_size": 64, "intermediate_size": 128, "head_dim": 16}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        LlamaForCausalLM(LlamaConfig(**{key: value for key, value in config.items() if key not in {"architectures", "model_type"}})).save_pretrained(folder)
    AutoTokenizer.from_pretrained(tiny_model).save_pretrained(folder)
    return folder


def test_qlora_trains_adapters_on_four_bits_and_merges_them_into_the_whole_weights(wider_model, tmp_path):
    pytest.importorskip("bitsandbytes")
    options = settings(wider_model, qlora=True, lora=8, learning_rate=0.02)
    result = options.train(TrainingTask(write(tmp_path / "t.jsonl"), tmp_path / "out", steps=40))
    assert result.facts["final_loss"] < result.facts["history"][0]["loss"] - 0.5
    base, tuned = weights(wider_model), weights(result.model)
    assert tuned.keys() == base.keys()
    assert all(weight.dtype == base[name].dtype and weight.shape == base[name].shape for name, weight in tuned.items())
    assert tuned["model.embed_tokens.weight"].equal(base["model.embed_tokens.weight"]), "four bits have left no trace"


def test_qlora_is_refused_where_it_cannot_be_had(tiny_model, tiny_gguf, tmp_path):
    task = TrainingTask(write(tmp_path / "t.jsonl"), tmp_path / "out", steps=1)
    with pytest.raises(TrainingError, match="CUDA device or a CPU, and this is mps"):
        HuggingFace(model=str(tiny_model), device="mps", qlora=True).train(task)
    pytest.importorskip("bitsandbytes")
    with pytest.raises(TrainingError, match="name a directory"):
        HuggingFace(model=str(tiny_gguf), device="cpu", qlora=True).train(task)
    with pytest.raises(BadOption, match="leave lora open"):
        HuggingFace(qlora=True, lora=0)
