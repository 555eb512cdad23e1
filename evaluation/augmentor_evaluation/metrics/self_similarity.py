"""Self-similarity: whether a model says the same to everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from augmentor.examples import Example
from augmentor.protocols import Answered

from .vectors import encode


@dataclass(frozen=True)
class SelfSimilarity:
    """How alike an answer is, on average, to the same arm's answers to other questions (of another label, or root): 0 to 1, cosine of an encoder's vectors. Lower is more varied.

    References are alike, too, to some degree: compare arms, not with 0. After Zhu and others, *Texygen* (2018), whose Self-BLEU counts
    words instead.

    Attributes:
        encoder: which encoder.
    """

    encoder: str = "static"
    name: ClassVar[str] = "self_similarity"
    title: ClassVar[str] = "Self-similarity"
    unit: ClassVar[str] = "0-1"
    higher_is_better: ClassVar[bool] = False

    def score_rows(self, rows: Sequence[Answered], training: Sequence[Example]) -> list[float]:  # noqa: ARG002 - the protocol's signature
        import numpy as np

        if not rows:
            return []
        vectors = encode(self.encoder, [row.prediction for row in rows]).astype(np.float64)
        names = [row.label or row.root for row in rows]
        codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
        own = np.array([codes[name] for name in names])
        sums = np.zeros((len(codes), vectors.shape[1]))
        np.add.at(sums, own, vectors)
        # A mean of cosines is one product with a sum of vectors.
        others = len(rows) - np.bincount(own)[own]
        products = np.einsum("ij,ij->i", vectors, sums.sum(axis=0) - sums[own])
        return np.where(others > 0, np.clip(products / np.maximum(others, 1), 0.0, 1.0), np.nan).tolist()  # type: ignore[no-any-return]
