"""How likely a causal language model finds texts that it did not write: a batch of prompts and completions read at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from augmentor.protocols import Likelihood


@dataclass(frozen=True, slots=True)
class Reading:
    """A prompt and what follows it as token ids, with its place in the caller's list. There is at least one token of each."""

    index: int
    prompt: tuple[int, ...]
    completion: tuple[int, ...]


def batches(readings: Sequence[Reading], rows: int, tokens: int) -> Iterator[list[Reading]]:
    """Readings of like length together: at most `rows`, and about `tokens` with their padding."""
    ordered = sorted(readings, key=lambda reading: (-len(reading.completion), -len(reading.prompt), reading.index))
    batch: list[Reading] = []
    width = 0
    for reading in ordered:
        wider = max(width, len(reading.prompt) + len(reading.completion))
        if batch and (len(batch) >= rows or wider * (len(batch) + 1) > tokens):
            yield batch
            batch, wider = [], len(reading.prompt) + len(reading.completion)
        batch.append(reading)
        width = wider
    if batch:
        yield batch


def read(model: Any, batch: Sequence[Reading]) -> Iterator[tuple[int, Likelihood]]:
    """The log-likelihood of each completion after its prompt.

    Rows are padded on the left, so that what is asked for stands at the end of each, and only that is projected onto the vocabulary.
    """
    import torch

    width = max(len(reading.prompt) + len(reading.completion) for reading in batch)
    longest = max(len(reading.completion) for reading in batch)
    tokens = torch.zeros(len(batch), width, dtype=torch.long)
    seen = torch.zeros(len(batch), width, dtype=torch.long)
    for number, reading in enumerate(batch):
        row = (*reading.prompt, *reading.completion)
        tokens[number, width - len(row) :] = torch.tensor(row)
        seen[number, width - len(row) :] = 1
    tokens, seen = tokens.to(model.device), seen.to(model.device)
    with torch.inference_mode():
        positions = (seen.cumsum(1) - 1).clamp(min=0)
        logits = model(input_ids=tokens, attention_mask=seen, position_ids=positions, use_cache=False, logits_to_keep=longest + 1).logits
        for number, reading in enumerate(batch):
            size = len(reading.completion)
            expected = tokens[number, -size:]
            guessed = logits[number, -size - 1 : -1].float()
            nats = torch.gather(guessed, 1, expected[:, None])[:, 0] - torch.logsumexp(guessed, dim=1)
            yield reading.index, Likelihood(float(nats.double().sum()), size)
