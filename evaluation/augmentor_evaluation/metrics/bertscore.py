"""BERTScore: each word of one text matched with the nearest of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from augmentor.plugins import plugins
from augmentor.protocols import Encoder
from augmentor_evaluation.words import words

from .contextual import Contextual

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class BertScore:
    """The F-measure of how near each token of the answer is to its nearest in the reference, and the other way round: 0 to 1.

    Zhang and others, *BERTScore: Evaluating Text Generation with BERT* (2020), without its weights by rarity and its rescaling.

    Attributes:
        model: a Hugging Face encoder on this machine (a directory), whose tokens know their context. None matches the vectors that
            `encoder` gives single words: faster, needs no model, and does not see word order.
        layer: whose output is used; -1 is the last. The paper's package names a good one for each of its models.
        encoder: of single words, where there is no model.
    """

    model: str | None = None
    layer: int = -1
    encoder: str = "static"
    name: ClassVar[str] = "bertscore"
    title: ClassVar[str] = "BERTScore"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = True

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        pairs = list(zip(predictions, references, strict=True))
        found = dict(zip(texts := list(dict.fromkeys([*predictions, *references])), self._tokens(texts), strict=True))
        return [1.0 if left == right else greedy_f(found[left], found[right]) for left, right in pairs]

    def _tokens(self, texts: Sequence[str]) -> list[np.ndarray[Any, Any]]:
        """For each text the unit vectors of its tokens, shape (tokens, dimensions)."""
        if self.model is not None:
            return self._contextual.tokens(texts, self.layer)
        cut = [words(text) for text in texts]
        vocabulary = {word: place for place, word in enumerate(dict.fromkeys(word for row in cut for word in row))}
        encoder: Encoder = plugins()["encoder"].make(self.encoder)
        table = encoder.encode(list(vocabulary))
        return [table[[vocabulary[word] for word in row]] for row in cut]

    @cached_property
    def _contextual(self) -> Contextual:
        assert self.model is not None
        return Contextual(self.model)


def greedy_f(left: np.ndarray[Any, Any], right: np.ndarray[Any, Any]) -> float:
    """F-measure of greedy matching; 0 where one side has no token, or nothing is alike."""
    if not len(left) or not len(right):
        return 0.0
    alike = left @ right.T
    precision, recall = float(alike.max(axis=1).mean()), float(alike.max(axis=0).mean())
    if precision <= 0 or recall <= 0:
        return 0.0
    return min(2 * precision * recall / (precision + recall), 1.0)
