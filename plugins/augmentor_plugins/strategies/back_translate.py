"""A text through another language and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random
from typing import Any

from augmentor.errors import BadOption
from augmentor.protocols import Variation
from augmentor.texts import normalised

from .spans import spans

_LONGEST = 1200  # characters; a translation model forgets what is beyond its few hundred tokens


@dataclass(frozen=True)
class BackTranslate:
    """Translate a text into another language and back with two local models that you name (Marian, for example; extra `local`).

    By beam search, so that nothing depends on chance: the best `n` ways back that say something else. A variant that lost or
    changed a number, an address or a code is left out, and long texts are passed over. Models translate whole texts; they may still shift the
    meaning: put the filter `fidelity` behind it.

    Attributes:
        there: the model that translates into the other language: a directory, or a Hugging Face name.
        back: the model that translates from there.
        n: the most variants of a text.
        beams: translations kept in view at once, at least `n`; more are better and slower.
        batch_size: texts that are translated at once.
    """

    there: str
    back: str
    n: int = 2
    beams: int = 4
    batch_size: int = 16

    def __post_init__(self) -> None:
        if not 1 <= self.n <= self.beams:
            raise BadOption(f"n={self.n}, beams={self.beams}: n is at least 1 and at most the number of beams")
        if self.batch_size < 1:
            raise BadOption(f"batch_size={self.batch_size}: it must be at least 1")

    def vary_batch(self, texts: Sequence[str], rngs: Sequence[Random]) -> list[list[Variation]]:
        del rngs  # beam search leaves nothing to chance
        found: list[list[Variation]] = [[] for _ in texts]
        usable = [index for index, text in enumerate(texts) if len(text) <= _LONGEST and re.search(r"[^\W\d_]{2}", text)]
        abroad = [ways[0] for ways in self._translated(self.there, [texts[index] for index in usable], 1)]
        for index, ways in zip(usable, self._translated(self.back, abroad, self.beams), strict=True):
            found[index] = self._fitting(texts[index], ways)
        return found

    def _fitting(self, text: str, ways: Sequence[str]) -> list[Variation]:
        seen = {normalised(text)}
        kept: list[Variation] = []
        for way in ways:
            if way and normalised(way) not in seen and sorted(spans(way)) == sorted(spans(text)) and len(kept) < self.n:
                seen.add(normalised(way))
                kept.append(Variation(way))
        return kept

    def _translated(self, reference: str, texts: Sequence[str], ways: int) -> list[list[str]]:
        """The `ways` best translations of each text, the best first. Texts of as many tokens go together, so that none depends on another's padding."""
        from .local_models import load

        tokenizer, model = load(reference, "Seq2SeqLM")
        tokens = [tokenizer(text, truncation=True)["input_ids"] for text in texts]
        order = sorted(range(len(texts)), key=lambda index: (len(tokens[index]), index))
        found: list[list[str]] = [[] for _ in texts]
        for _, same in groupby(order, key=lambda index: len(tokens[index])):
            indices = list(same)
            for first in range(0, len(indices), self.batch_size):
                batch = indices[first : first + self.batch_size]
                for index, said in zip(batch, self._generated(tokenizer, model, [tokens[index] for index in batch], ways), strict=True):
                    found[index] = said
        return found

    def _generated(self, tokenizer: Any, model: Any, tokens: list[list[int]], ways: int) -> list[list[str]]:
        import torch

        inputs = torch.tensor(tokens, device=model.device)
        with torch.inference_mode():
            outputs = model.generate(
                inputs, attention_mask=torch.ones_like(inputs), num_beams=self.beams, num_return_sequences=ways, do_sample=False,
                max_new_tokens=min(2 * inputs.shape[1] + 16, 512), early_stopping=self.beams > 1,
            )  # fmt: skip
        said = [text.strip() for text in tokenizer.batch_decode(outputs, skip_special_tokens=True)]
        return [said[index : index + ways] for index in range(0, len(said), ways)]
