"""QLoRA: adapters on a base model whose weights are kept in 4 bits (Dettmers et al. 2023, arXiv:2305.14314).

The adapters are merged into the weights as they were before they were squeezed, so what is lost in 4 bits is not in the tuned model.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from augmentor.errors import MissingExtra, TrainingError
from augmentor.models import resolve
from augmentor.plugins import plugins
from augmentor_plugins.models.loading import load_model, quiet

from .adapters import unworried


def load_quantised(reference: str, device: str, products: str) -> Any:
    """A model with its linear layers in 4 bits (NF4, the constants quantised too); products are computed in the type `products`.

    Raises:
        MissingExtra: bitsandbytes is not installed.
        TrainingError: the device cannot do it, or the model is a gguf file, which is quantised in another way.
    """
    if device not in {"cuda", "cpu"}:
        raise TrainingError(f"qlora needs a CUDA device or a CPU, and this is {device}: leave it out, and adapters train on the whole weights.")
    if importlib.util.find_spec("bitsandbytes") is None:
        raise MissingExtra("qlora (bitsandbytes)", "qlora")
    found = resolve(reference, plugins()["model"].names())
    if isinstance(found, Path) and found.is_file():
        raise TrainingError("qlora squeezes the weights of a Hugging Face directory, and this is a gguf file: name a directory.")
    import torch
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    squeezed = BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype=getattr(torch, products)
    )
    with quiet():
        model = AutoModelForCausalLM.from_pretrained(
            str(found),
            quantization_config=squeezed,
            device_map={"": device},
            dtype=getattr(torch, products),
            trust_remote_code=False,
            use_safetensors=True,
        )
    for weight in model.parameters():
        weight.requires_grad_(requires_grad=False)
    for module in model.modules():
        # On some CPUs bitsandbytes packs weights for inference on first use, in a form that cannot be trained through.
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False
    return model.eval()


def merged(reference: str, adapter: Path) -> Any:
    """The model as it was before it was quantised, on the CPU, with the adapters merged in."""
    from peft import PeftModel

    with unworried():
        return PeftModel.from_pretrained(load_model(reference, "cpu"), str(adapter)).merge_and_unload()
