"""Train the upper layers only, and run the lower ones once per row instead of once per pass.

What the frozen lower layers make of a row never changes while the upper ones learn. So they are run once, their output is kept, and the model
that trains is the upper part alone, reading that output as its input embeddings: the same mathematics, a fraction of the work, and checkpoints
without the part that does not change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .conversations import Row

_ROWS_AT_ONCE = 16


def layers_of(model: Any) -> Any:
    """The list of a model's decoder layers; None for an architecture whose layers are not kept in one."""
    return getattr(model.get_decoder(), "layers", None)


def freeze(model: Any, layers: int, embeddings: bool) -> None:
    """Keep the weights of the lowest `layers` layers, and of the input embeddings, as they are."""
    for layer in (layers_of(model) or [])[:layers]:
        layer.requires_grad_(requires_grad=False)
    if embeddings:
        model.get_input_embeddings().requires_grad_(requires_grad=False)


def lower_outputs(model: Any, rows: Sequence[Row], layers: int) -> list[Any]:
    """What the lowest `layers` layers make of each row: a float32 tensor on the CPU, of shape (tokens, hidden size), for each row.

    Rows are batched by length in an order of their own, so a resumed run computes the same bits.
    """
    import torch

    found: list[Any] = [None] * len(rows)
    by_length = sorted(range(len(rows)), key=lambda index: len(rows[index].tokens))
    with _only(model, slice(None, layers), norm=False) as decoder, torch.no_grad():
        for start in range(0, len(by_length), _ROWS_AT_ONCE):
            chosen = by_length[start : start + _ROWS_AT_ONCE]
            tokens = [torch.tensor(rows[index].tokens) for index in chosen]
            padded = torch.nn.utils.rnn.pad_sequence(tokens, batch_first=True).to(model.device)
            there = torch.nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in tokens], batch_first=True).to(model.device)
            hidden = decoder(input_ids=padded, attention_mask=there, use_cache=False).last_hidden_state.float().cpu()
            for index, states in zip(chosen, hidden, strict=True):
                found[index] = states[: len(rows[index].tokens)].clone()
    return found


@contextmanager
def cut(model: Any, rows: Sequence[Row], layers: int) -> Iterator[list[Any] | None]:
    """For as long as the context lasts, make `model` its upper part alone; gives the lower part's output of each row.

    The weights are the whole model's, so it is whole and tuned afterwards. With 0 `layers` nothing is cut, and there is no output.
    """
    if not layers:
        yield None
        return
    states = lower_outputs(model, rows, layers)
    with _only(model, slice(layers, None), norm=True):
        yield states


def can_be_cut(model: Any, row: Row, layers: int) -> bool:
    """Whether this architecture gives the same result in two parts: tried on a row, not guessed from the model's name.

    Some scale their embeddings on the way in, or choose a layer's attention by its number; those are trained whole.
    """
    import torch

    if layers_of(model) is None or not 0 < layers < len(layers_of(model)) or not hasattr(model.get_decoder(), "norm"):
        return False
    with torch.no_grad():
        tokens = torch.tensor([row.tokens[:64]], device=model.device)
        whole = model.get_decoder()(input_ids=tokens, use_cache=False).last_hidden_state
        try:
            states = lower_outputs(model, [Row(row.example, row.tokens[:64], row.labels[:64])], layers)[0]
            with _only(model, slice(layers, None), norm=True):
                parts = model.get_decoder()(inputs_embeds=states[None].to(model.device), use_cache=False).last_hidden_state
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return False
        return bool(torch.allclose(whole, parts, rtol=1e-4, atol=1e-4 * float(whole.abs().max())))


@contextmanager
def _only(model: Any, part: slice, *, norm: bool) -> Iterator[Any]:
    import torch

    decoder = model.get_decoder()
    layers, final = decoder.layers, decoder.norm
    decoder.layers = torch.nn.ModuleList(list(layers)[part])
    decoder.norm = final if norm else torch.nn.Identity()
    _number(decoder.layers)
    try:
        yield decoder
    finally:
        decoder.layers, decoder.norm = layers, final
        _number(layers)


def _number(layers: Any) -> None:
    """Tell each layer its place, which is where it keeps its keys and values."""
    for place, layer in enumerate(layers):
        for module in layer.modules():
            if hasattr(module, "layer_idx"):
                module.layer_idx = place
