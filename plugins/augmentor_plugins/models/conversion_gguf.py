"""A Llama-shaped model as a gguf file.

What can be written: models of the classes `LlamaForCausalLM` and `MistralForCausalLM` (SmolLM, Llama 3, TinyLlama-shaped ones ...) without a
sliding window, with the usual rotary positions and a byte-level BPE tokenizer. Other architectures, SentencePiece vocabularies and scaled
positions are refused: llama.cpp's own converter knows many more. File format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from augmentor.errors import UsageError

from .loading import load_model, load_tokenizer, require

Numbers = Literal["f32", "f16", "q8_0"]

_CLASSES = {"LlamaForCausalLM", "MistralForCausalLM"}
_OTHERS = "llama.cpp's convert_hf_to_gguf.py knows more kinds."
_LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def write_gguf(reference: str, out: Path, numbers: Numbers) -> int:
    """Write a model's weights, vocabulary and chat template; the size of the file in bytes.

    Vectors stay in 32 bits, as llama.cpp wants them; so do rows that q8_0 cannot cut into blocks of 32.

    Raises:
        UsageError: the model is of a kind that cannot be written.
    """
    require("torch", "transformers", "gguf")
    import gguf

    tokenizer, model = load_tokenizer(reference), load_model(reference, "cpu")
    config = model.config
    _check(config)
    writer = gguf.GGUFWriter(out, "llama")
    writer.add_name(Path(reference).name)
    writer.add_file_type({"f32": gguf.LlamaFileType.ALL_F32, "f16": gguf.LlamaFileType.MOSTLY_F16, "q8_0": gguf.LlamaFileType.MOSTLY_Q8_0}[numbers])
    _add_shape(writer, config)
    _add_vocabulary(writer, tokenizer, config)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    weights = model.state_dict()
    if config.tie_word_embeddings:
        weights.pop("lm_head.weight", None)  # llama.cpp then reads the embeddings in its place
    for name, weight in weights.items():
        _add_weight(writer, names.get_name(name, try_suffixes=(".weight", ".bias")), name, weight.float().numpy(), config, numbers)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return out.stat().st_size


def _check(config: Any) -> None:
    kind = (config.architectures or ["?"])[0]
    if kind not in _CLASSES:
        raise UsageError(f"A model of the class {kind} cannot be written as gguf here, only {' and '.join(sorted(_CLASSES))}. {_OTHERS}")
    if getattr(config, "sliding_window", None):
        raise UsageError(f"This model reads through a sliding window, which cannot be written as gguf here. {_OTHERS}")
    rotary = getattr(config, "rope_parameters", None) or {}
    if rotary.get("rope_type", "default") != "default":
        raise UsageError(f"This model scales its positions ({rotary['rope_type']}), which cannot be written as gguf here. {_OTHERS}")


def _add_shape(writer: Any, config: Any) -> None:
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(width)
    writer.add_value_length(width)
    writer.add_rope_dimension_count(width)
    writer.add_rope_freq_base(float((getattr(config, "rope_parameters", None) or {}).get("rope_theta", 10000.0)))
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)


def _add_vocabulary(writer: Any, tokenizer: Any, config: Any) -> None:
    import gguf

    if not getattr(tokenizer, "is_fast", False):
        raise UsageError(f"This model's tokenizer has no tokenizer.json, and cannot be written as gguf here. {_OTHERS}")
    described = json.loads(tokenizer.backend_tokenizer.to_str())
    pre = _pre_tokenizer(described)
    added = {token["id"]: token for token in described["added_tokens"]}
    words = {number: word for word, number in described["model"]["vocab"].items()}
    tokens, types = [], []
    for number in range(config.vocab_size):
        if token := added.get(number):
            tokens.append(token["content"])
            types.append(gguf.TokenType.CONTROL if token["special"] else gguf.TokenType.USER_DEFINED)
        elif number in words:
            tokens.append(words[number])
            types.append(gguf.TokenType.NORMAL)
        else:
            tokens.append(f"[PAD{number}]")
            types.append(gguf.TokenType.UNUSED)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges([pair if isinstance(pair, str) else " ".join(pair) for pair in described["model"]["merges"]])
    for add, number in (
        (writer.add_bos_token_id, tokenizer.bos_token_id),
        (writer.add_eos_token_id, tokenizer.eos_token_id),
        (writer.add_unk_token_id, tokenizer.unk_token_id),
        (writer.add_pad_token_id, tokenizer.pad_token_id),
    ):
        if number is not None:
            add(number)
    writer.add_add_bos_token(False)  # chats begin as the template says
    writer.add_chat_template(tokenizer.chat_template)


def _pre_tokenizer(described: Mapping[str, Any]) -> str:
    """llama.cpp's name for the way that text is cut before merging."""
    steps = described["pre_tokenizer"] or {}
    steps = steps.get("pretokenizers", [steps])
    kinds = [step.get("type") for step in steps]
    if described["model"]["type"] != "BPE" or kinds[-1:] != ["ByteLevel"] or described.get("normalizer"):
        raise UsageError(f"This model's tokenizer is no byte-level BPE, and cannot be written as gguf here. {_OTHERS}")
    last = steps[-1]
    if not last.get("add_prefix_space"):
        if kinds == ["ByteLevel"] and last.get("use_regex", True):
            return "gpt-2"
        if kinds == ["Digits", "ByteLevel"] and steps[0].get("individual_digits") and last.get("use_regex", True):
            return "smollm"
        if kinds == ["Split", "ByteLevel"] and steps[0]["pattern"].get("Regex") == _LLAMA3 and not last.get("use_regex", True):
            return "llama-bpe"
    raise UsageError(f"This model's tokenizer cuts text in a way that is not known here ({', '.join(map(str, kinds))}). {_OTHERS}")


def _add_weight(writer: Any, name: str | None, source: str, weight: Any, config: Any, numbers: Numbers) -> None:
    import gguf
    import numpy as np

    if name is None:
        raise UsageError(f"gguf has no place for the weights {source!r} of this model. {_OTHERS}")
    heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}.get(source.split(".")[-2])
    if heads:  # llama.cpp keeps the two halves of a rotary pair side by side
        weight = weight.reshape(heads, 2, -1, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)
    if numbers == "f32" or weight.ndim < 2:
        writer.add_tensor(name, np.ascontiguousarray(weight, np.float32))
    elif numbers == "q8_0" and weight.shape[-1] % 32 == 0:
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(name, gguf.quants.quantize(np.ascontiguousarray(weight), kind), raw_dtype=kind)
    else:
        writer.add_tensor(name, weight.astype(np.float16 if numbers == "f16" else np.float32))
