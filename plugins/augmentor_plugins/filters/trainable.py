"""What the model to be trained can be taught, by its own tokenizer and chat template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from augmentor.errors import TrainingError
from augmentor.examples import Example
from augmentor.protocols import Candidate, Verdict


@dataclass(frozen=True)
class Trainable:
    """Drop conversations that the model could not be trained on, before time or money is spent on the others.

    Writes each with the model's chat template, as the trainer will, and drops those with more tokens than the model reads (the
    answer would be cut off), with no assistant turn to learn, or that the template refuses or writes differently from turn to
    turn. The score is the number of tokens. Needs the extra `local`; only the tokenizer is loaded.

    Attributes:
        model: the model to be trained: a fetched model's name, a directory, a `.gguf` file or a Hugging Face name.
        max_length: most tokens of a conversation. None: what the model's configuration says.
    """

    model: str = "smollm2-135m-instruct"
    max_length: int | None = None

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        if not candidates:
            return []
        tokenizer, longest = _tokenizer(self.model)
        return [_verdict(candidate.example, tokenizer, self.max_length or longest) for candidate in candidates]


def _verdict(example: Example, tokenizer: Any, longest: int | None) -> Verdict:
    from ..trainers.conversations import rows_of

    try:
        rows = rows_of([example], tokenizer, [tokenizer.eos_token_id], max_length=2**31)
    except TrainingError as error:
        return Verdict(keep=False, reason=str(error).replace("in 1 examples", "in it"))
    tokens = max(len(row.tokens) for row in rows)
    if longest and tokens > longest:
        return Verdict(keep=False, score=float(tokens), reason=f"it has {tokens} tokens and the model reads {longest}: its answer would be cut off")
    return Verdict(keep=True, score=float(tokens))


@cache
def _tokenizer(reference: str) -> tuple[Any, int | None]:
    """The tokenizer, and how many tokens the model reads."""
    from ..models.loading import context_length, load_tokenizer

    return load_tokenizer(reference), context_length(reference)
