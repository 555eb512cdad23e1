"""LoRA adapters: put on, kept beside the model, and merged into it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from augmentor_plugins.models.loading import quiet

from .choices import Choices


def with_adapters(model: Any, choices: Choices, cut: int) -> Any:
    """The model with adapters on all linear layers that may learn; where `choices` say 0, the model itself. `cut` lower layers are not there."""
    if not choices.lora:
        return model
    from peft import LoraConfig, get_peft_model

    whole_and_frozen = choices.frozen_layers and not cut
    upper = {"layers_to_transform": list(range(choices.frozen_layers, model.config.num_hidden_layers)), "layers_pattern": "layers"}
    settings = upper if whole_and_frozen else {}
    wanted = LoraConfig(r=choices.lora, lora_alpha=2 * choices.lora, target_modules=_linears(model), task_type="CAUSAL_LM", **settings)
    with unworried():
        return get_peft_model(model, wanted)


@contextmanager
def unworried() -> Iterator[None]:
    """Leave out what PEFT is warned of by Transformers: it asks models for properties that are to be renamed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


def save(adapted: Any, into: Path, base: str, cut: int) -> None:
    """Write the adapters as PEFT reads them, for the whole model `base`: layers that were numbered from the cut on get their own numbers back."""
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    config = adapted.peft_config["default"]
    state = {_numbered(name, cut): weight.detach().cpu().contiguous() for name, weight in get_peft_model_state_dict(adapted).items()}
    if cut:
        config.layers_to_transform = sorted({int(name.split(".layers.")[1].split(".")[0]) for name in state if ".layers." in name})
        config.layers_pattern = "layers"
    config.base_model_name_or_path, config.inference_mode = base, True
    into.mkdir(parents=True, exist_ok=True)
    with quiet():
        config.save_pretrained(into)
    save_file(state, into / "adapter_model.safetensors", metadata={"format": "pt"})
    for path in into.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _numbered(name: str, cut: int) -> str:
    before, layers, rest = name.partition(".layers.")
    if not layers:
        return name
    number, _, weight = rest.partition(".")
    return f"{before}{layers}{int(number) + cut}.{weight}"


def _linears(model: Any) -> list[str]:
    """The names of the linear layers inside the decoder's layers; those of a quantised model are linear too."""
    import torch

    names = {name.rpartition(".")[2] for name, module in model.get_decoder().named_modules() if isinstance(module, torch.nn.Linear)}
    return sorted(names)
