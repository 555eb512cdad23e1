"""Words that a masked language model would put in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from augmentor.errors import BadOption
from augmentor.protocols import Variation
from augmentor.texts import normalised

from .spans import PROTECTED

_WORD = re.compile(r"(?<![\w'\u2019-])[^\W\d_]{3,}(?![\w'\u2019-])")
_NEVER = frozenset("not never none nothing nobody cannot without unless only".split())
_LONGEST = 1200


@dataclass(frozen=True)
class MaskFill:
    """Exchange words for what a local masked language model (BERT, for example; extra `local`) finds likely in their place.

    Content words alone are masked, never numbers, codes, names, placeholders or negations, one forward pass for a batch. Likely is not the same
    as meaning the same (*lost my card* / *found my card*): keep `rate` small and put the filter `fidelity` behind it.

    Attributes:
        model: the model: a directory, or a Hugging Face name.
        n: variants of a text.
        rate: the share of a text's content words that are exchanged; at least one is.
        top: how many of the likeliest words are in the draw.
        least: the least probability of a word in the draw.
        batch_size: texts that are worked on at once.
    """

    model: str
    n: int = 2
    rate: float = 0.15
    top: int = 8
    least: float = 0.02
    batch_size: int = 16

    def __post_init__(self) -> None:
        if self.n < 1 or self.top < 1 or self.batch_size < 1:
            raise BadOption(f"n={self.n}, top={self.top}, batch_size={self.batch_size}: each must be at least 1")
        if not (0 < self.rate <= 1 and 0 <= self.least < 1):
            raise BadOption(f"rate={self.rate}, least={self.least}: rate is a share above 0, least a probability below 1")

    def vary_batch(self, texts: Sequence[str], rngs: Sequence[Random]) -> list[list[Variation]]:
        drafts: list[tuple[int, list[re.Match[str]], list[float]]] = []
        for index, (text, rng) in enumerate(zip(texts, rngs, strict=True)):
            places = list(_places(text))
            for _ in range(self.n if places else 0):
                chosen = sorted(rng.sample(places, max(round(self.rate * len(places)), 1)), key=re.Match.start)
                drafts.append((index, chosen, [rng.random() for _ in chosen]))
        drafts.sort(key=lambda draft: len(texts[draft[0]]))  # stable: a text's drafts stay in order
        found: list[list[Variation]] = [[] for _ in texts]
        for first in range(0, len(drafts), self.batch_size):
            batch = drafts[first : first + self.batch_size]
            for (index, chosen, _), words in zip(batch, self._filled(texts, batch), strict=True):
                variant = _exchanged(texts[index], chosen, words)
                if normalised(variant) != normalised(texts[index]) and variant not in [item.text for item in found[index]]:
                    found[index].append(Variation(variant))
        return found

    def _filled(self, texts: Sequence[str], batch: Sequence[tuple[int, list[re.Match[str]], list[float]]]) -> list[list[str]]:
        """For each draft a word for each of its places; the old one where the model has no other."""
        import torch

        from .local_models import load, marks_spaces

        tokenizer, model = load(self.model, "MaskedLM")
        masked = [_exchanged(texts[index], chosen, [tokenizer.mask_token] * len(chosen)) for index, chosen, _ in batch]
        inputs: Any = tokenizer(masked, return_tensors="pt", padding=True, truncation=True).to(model.device)
        with torch.inference_mode():
            logits = model(**inputs).logits
        filled, marked = [], marks_spaces(self.model)
        for row, (_, chosen, chances) in enumerate(batch):
            places = (inputs["input_ids"][row] == tokenizer.mask_token_id).nonzero().flatten().tolist()
            words = [match.group() for match in chosen]
            for number, place in enumerate(places):  # fewer than were masked where the text was cut
                likely = logits[row, place].float().softmax(-1).topk(min(4 * self.top, logits.shape[-1]))
                words[number] = self._drawn(tokenizer.convert_ids_to_tokens(likely.indices.tolist()), likely.values.tolist(), words[number], chances[number], marked, opens=chosen[number].start() == 0)
            filled.append(words)
        return filled

    def _drawn(self, tokens: list[str], probabilities: list[float], old: str, chance: float, marked: bool, *, opens: bool) -> str:
        """One of the likely whole words that are not the old one, by their probabilities."""
        draw: list[tuple[str, float]] = []
        for token, probability in zip(tokens, probabilities, strict=True):
            word = _whole_word(token, marked=marked, opens=opens)
            if word and probability >= self.least and word.lower() != old.lower() and word.lower() not in _NEVER and len(draw) < self.top:
                draw.append((word, probability))
        left = chance * sum(probability for _, probability in draw)
        for word, probability in draw:
            left -= probability
            if left < 0:
                return word.capitalize() if old[:1].isupper() else word
        return old


def _places(text: str) -> Iterator[re.Match[str]]:
    """The words that may be masked: no function words, no negations, no names inside a sentence, nothing protected."""
    from ..lexicon.words import FUNCTION_WORDS

    if len(text) > _LONGEST:
        return
    closed = [match.span() for match in PROTECTED.finditer(text)]
    for match in _WORD.finditer(text):
        word = match.group()
        name = word[0].isupper() and match.start() > 0 and not re.search(r"[.!?]\s+$", text[: match.start()])
        if not (name or word.lower() in FUNCTION_WORDS | _NEVER or any(start < match.end() and match.start() < end for start, end in closed)):
            yield match


def _whole_word(token: str, *, marked: bool, opens: bool) -> str:
    """The word that a token is by itself; empty for a piece of one, and for a name in the middle of a text."""
    if marked and not opens and token[:1] not in {"\u0120", "\u2581"}:
        return ""
    word = token[1:] if marked and token[:1] in {"\u0120", "\u2581"} else token
    return word if word.isalpha() and len(word) > 1 and (opens or word.islower()) else ""


def _exchanged(text: str, places: Sequence[re.Match[str]], words: Sequence[str]) -> str:
    for match, word in sorted(zip(places, words, strict=True), key=lambda item: -item[0].start()):
        text = text[: match.start()] + word + text[match.end() :]
    return text
