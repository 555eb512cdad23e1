from __future__ import annotations

from pathlib import Path

import pytest
import torch

from augmentor.errors import DataError, GenerationError
from augmentor.examples import Message
from augmentor_plugins.models.chat import as_chat, end_tokens
from augmentor_plugins.models.loading import convert_gguf, load_model, load_tokenizer


def test_a_gguf_file_becomes_a_directory_of_the_same_model(tiny_model: Path, tiny_gguf: Path, tmp_path: Path):
    convert_gguf(tiny_gguf, tmp_path)
    tokens = torch.arange(3, 40)[None]
    with torch.inference_mode():
        first, second = (load_model(str(folder), "cpu")(tokens).logits for folder in (tiny_model, tmp_path))
    torch.testing.assert_close(first, second, rtol=1e-4, atol=1e-4)
    chat = [{"role": "user", "content": "Where is my parcel?"}]
    one, other = (load_tokenizer(str(folder)).apply_chat_template(chat, return_dict=True)["input_ids"] for folder in (tiny_model, tmp_path))
    assert one == other


def test_a_broken_directory_says_which_and_what_else_to_name(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(GenerationError, match="cannot be loaded"):
        load_model(str(tmp_path), "cpu")


def test_a_pickle_is_never_opened(tiny_model, tmp_path):
    import shutil

    shutil.copytree(tiny_model, tmp_path / "model")
    weights = tmp_path / "model" / "model.safetensors"
    torch.save({}, tmp_path / "model" / "pytorch_model.bin")
    weights.unlink()
    with pytest.raises(GenerationError, match="cannot be loaded"):
        load_model(str(tmp_path / "model"), "cpu")


def test_the_ends_of_an_answer_are_the_tokenizers_and_the_models(tiny_model):
    model, tokenizer = load_model(str(tiny_model), "cpu"), load_tokenizer(str(tiny_model))
    model.generation_config.eos_token_id = [7, 2]
    assert end_tokens(model, tokenizer) == [2, 7]


def test_tools_reach_the_template_and_text_parts_become_text():
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    call = [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
    messages = [
        Message(role="user", content=parts),
        Message(role="assistant", tool_calls=call),
        Message(role="tool", content="3", tool_call_id="1"),
    ]
    assert as_chat(messages) == [
        {"role": "user", "content": "a\nb"},
        {"role": "assistant", "content": "", "tool_calls": call},
        {"role": "tool", "content": "3", "tool_call_id": "1"},
    ]
    with pytest.raises(DataError, match="image_url"):
        as_chat([Message(role="user", content=[{"type": "image_url"}])])
