"""What a trainer chooses where an option is left open: from the data and the size of the model alone, so the same choice everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from augmentor.errors import BadOption

if TYPE_CHECKING:
    from .huggingface import HuggingFace

SMALL = 600_000_000
"""Parameters up to which weights are trained directly; above, LoRA keeps memory and checkpoints small."""


_RATES = {
    (False, True, False): 3e-4,
    (False, True, True): 1e-3,
    (False, False, False): 2e-5,
    (False, False, True): 2e-4,
    (True, True, False): 1e-5,
    (True, True, True): 1e-4,
    (True, False, False): 1e-6,
    (True, False, True): 1e-5,
}
"""The peak learning rate: of preferences or not, of a small model or not, of adapters or not."""


@dataclass(frozen=True)
class Sizes:
    """What choices are made from; `examples` are those with something to learn, `pairs` says that they are preferences."""

    examples: int
    parameters: int
    layers: int
    pairs: bool = False


@dataclass(frozen=True)
class Choices:
    """Every option that was open, decided."""

    steps: int
    batch_size: int
    gradient_accumulation: int
    learning_rate: float
    lora: int
    frozen_layers: int
    freeze_embeddings: bool
    evaluate_every: int


def choose(options: HuggingFace, sizes: Sizes, steps: int | None) -> Choices:
    """Decide what `options` leave open; `steps`, where given, overrides them.

    Raises:
        BadOption: all layers would be frozen.
    """
    small = sizes.parameters <= SMALL
    rank = options.lora if options.lora is not None else (0 if small and not options.qlora else 16)
    layers = _frozen_layers(options.freeze, sizes.layers)
    rate = _RATES[sizes.pairs, small, rank > 0]
    steps = steps or steps_for(options, sizes.examples)
    return Choices(
        steps=steps,
        batch_size=options.batch_size,
        gradient_accumulation=options.gradient_accumulation,
        learning_rate=options.learning_rate or rate,
        lora=rank,
        frozen_layers=layers,
        freeze_embeddings=layers > 0 if options.freeze_embeddings is None else options.freeze_embeddings,
        evaluate_every=options.evaluate_every or ceil(steps / 4),
    )


def steps_for(options: HuggingFace, examples: int) -> int:
    """The steps or epochs asked for; else about 480 passes over examples, or 3 epochs where that is more, but no example more than 10 times."""
    if options.steps is not None:
        return options.steps
    passes = examples * options.epochs if options.epochs is not None else min(max(480, 3 * examples), 10 * examples)
    return max(1, ceil(passes / (options.batch_size * options.gradient_accumulation)))


def _frozen_layers(asked: float, layers: int) -> int:
    count = int(asked) if asked >= 1 else int(layers * asked)
    if asked < 0 or (count and count >= layers):
        raise BadOption(f"freeze={asked:g} leaves none of the model's {layers} layers to train: give a share below 1, or fewer layers.")
    return count
