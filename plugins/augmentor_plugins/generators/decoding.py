"""Token by token: a batch of prompts continued by a causal language model, greedily or sampled.

Faster on a CPU than a general-purpose loop: what all prompts begin with (a system message) is read once for the whole batch, and a row that
has ended leaves the batch instead of being padded to the end of the longest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from augmentor.protocols import Reply, Request
from augmentor_plugins.models.chat import shared_start


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request as token ids, with its place in the caller's list and the most tokens that may follow."""

    index: int
    request: Request
    tokens: tuple[int, ...]
    most: int


@dataclass(slots=True)
class _Row:
    """A prompt that is being continued. `chance` is its own, so that it does not matter who shares the batch."""

    prompt: Prompt
    chance: Any
    written: list[int] = field(default_factory=list)
    finish: str = ""
    text: str = ""


def decode(model: Any, tokenizer: Any, prompts: Sequence[Prompt], ends: Collection[int]) -> Iterator[tuple[int, Reply]]:
    """Continue prompts until each has ended; gives a reply with its prompt's index as soon as it has."""
    import torch

    rows = [_Row(prompt, torch.Generator().manual_seed(prompt.request.seed % 2**63)) for prompt in prompts]
    with torch.inference_mode():
        logits, cache, seen = _read(model, [prompt.tokens for prompt in prompts])
        while True:
            chosen = _choose(logits, rows)
            for row, token in zip(rows, chosen, strict=True):
                _append(row, token, tokenizer, ends)
            yield from ((row.prompt.index, _reply(row)) for row in rows if row.finish)
            going = [number for number, row in enumerate(rows) if not row.finish]
            if not going:
                return
            if len(going) < len(rows):
                kept = torch.tensor(going, device=seen.device)
                cache.batch_select_indices(kept)
                rows, seen = [rows[number] for number in going], seen[kept]
            seen = torch.cat([seen, seen.new_ones(len(rows), 1)], dim=1)
            tokens = torch.tensor([[row.written[-1]] for row in rows], device=seen.device)
            logits = _forward(model, tokens, seen, cache)


def _read(model: Any, prompts: Sequence[Sequence[int]]) -> tuple[Any, Any, Any]:
    """The logits after each prompt, the cache of what was read, and a mask of what in it is text (1) and what padding (0)."""
    import torch
    from transformers import DynamicCache

    cache = DynamicCache(config=model.config)
    shared = min(shared_start(prompts), min(map(len, prompts)) - 1)
    if shared and len(prompts) > 1:
        start = torch.tensor([prompts[0][:shared]], device=model.device)
        _forward(model, start, torch.ones_like(start), cache)
        cache.batch_repeat_interleave(len(prompts))
    else:
        shared = 0
    width = max(map(len, prompts)) - shared
    tokens = torch.zeros(len(prompts), width, dtype=torch.long)
    seen = torch.zeros(len(prompts), shared + width, dtype=torch.long)
    seen[:, :shared] = 1
    for number, prompt in enumerate(prompts):
        tokens[number, width - len(prompt) + shared :] = torch.tensor(prompt[shared:])
        seen[number, width - len(prompt) + 2 * shared :] = 1
    seen = seen.to(model.device)
    return _forward(model, tokens.to(model.device), seen, cache), cache, seen


def _forward(model: Any, tokens: Any, seen: Any, cache: Any) -> Any:
    """Read tokens into the cache; the logits after the last, in float32, of shape (rows, vocabulary)."""
    positions = (seen.cumsum(1) - 1).clamp(min=0)[:, -tokens.shape[1] :]
    output = model(input_ids=tokens, attention_mask=seen, position_ids=positions, past_key_values=cache, use_cache=True, logits_to_keep=1)
    return output.logits[:, -1].float()


def _choose(logits: Any, rows: Sequence[_Row]) -> list[int]:
    import torch

    chosen: list[int] = logits.argmax(dim=-1).tolist()
    for number, row in enumerate(rows):
        if row.prompt.request.temperature > 0:
            heaped = torch.softmax(logits[number].double().cpu() / row.prompt.request.temperature, dim=-1).cumsum(-1)
            drawn = torch.rand(1, generator=row.chance, dtype=torch.float64) * heaped[-1]
            chosen[number] = min(int(torch.searchsorted(heaped, drawn, right=True)), len(heaped) - 1)
    return chosen


def _append(row: _Row, token: int, tokenizer: Any, ends: Collection[int]) -> None:
    if token in ends:
        row.finish = "stop"
    else:
        row.written.append(token)
        if len(row.written) >= row.prompt.most:
            row.finish = "length"
    stops = row.prompt.request.stop
    if row.finish or stops:
        row.text = tokenizer.decode(row.written, skip_special_tokens=True)
        if found := [at for at in map(row.text.find, stops) if at >= 0]:
            row.text, row.finish = row.text[: min(found)], "stop"


def _reply(row: _Row) -> Reply:
    return Reply(row.text.strip(), prompt_tokens=len(row.prompt.tokens), completion_tokens=len(row.written), finish=row.finish)
