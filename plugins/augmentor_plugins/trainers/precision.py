"""Which numbers a device computes with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Precisions = Literal["auto", "float32", "bfloat16"]


@dataclass(frozen=True)
class Precision:
    """The type that weights are kept in, and the one that products are computed in (None: that of the weights)."""

    weights: str = "float32"
    products: Literal["bfloat16", "float16"] | None = None


def choose_precision(asked: Precisions, device: str, adapters: bool) -> Precision:
    """What `asked` means on a device.

    `auto`: on CUDA, bfloat16 products where the card has them, float16 else; on a CPU, bfloat16 where it has matrix units for it (AMX), float32
    else, since without them bfloat16 is slower; on Apple's devices float32. Weights that are trained are float32, because small steps are lost in
    16 bits; under adapters they are not trained, and take half the memory in bfloat16 on CUDA.
    """
    import torch

    if asked == "auto":
        cuda = device == "cuda"
        bfloat16 = torch.cuda.is_bf16_supported() if cuda else device == "cpu" and has_matrix_units(torch.cpu)
        asked = "bfloat16" if bfloat16 else "float32"
        if cuda and not bfloat16:
            return Precision(products="float16")
    if asked == "float32":
        return Precision()
    return Precision("bfloat16" if adapters and device == "cuda" else "float32", "bfloat16")


def has_matrix_units(cpu: Any) -> bool:
    """Whether this processor multiplies bfloat16 matrices in hardware; PyTorch knows (`torch.cpu`), under a private name."""
    known = getattr(cpu, "_is_amx_tile_supported", None)
    return bool(known and known())
