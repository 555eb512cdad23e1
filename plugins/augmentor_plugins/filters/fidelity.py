"""Variants that no longer ask what their source asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from augmentor.protocols import Candidate, Encoder, Verdict

from .faithful.details import lost_details
from .faithful.meaning import turned


@dataclass(frozen=True)
class Fidelity:
    """Drop variants that mean something else than their source.

    Guards look for what models and rules get wrong: a negation that came or went, an opposite, another speaker ("your order" for
    "my order"), must for may, a changed or lost number, date, name, code or placeholder, and an answer where a question should be;
    where a variant repeats its source almost word for word, also a word that another one replaced ("my phone" for "my password") or
    that is gone. They are made to let good paraphrases pass, however different their words. Works on English; numbers, codes and placeholders
    in any language. The score is 1 without complaint, else 0, or with an encoder the similarity to the source.

    Attributes:
        min_similarity: also drop variants that an encoder finds less alike than this (cosine, -1 to 1); 0 asks no encoder. Similarity
            alone proves nothing: "I can cancel" and "I can't cancel" are almost the same to it.
        encoder: which encoder to ask.
    """

    min_similarity: float = 0.0
    encoder: str = "static"

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        similarities = self._similarities(candidates)
        return [self._verdict(candidate, similarity) for candidate, similarity in zip(candidates, similarities, strict=True)]

    def _verdict(self, candidate: Candidate, similarity: float | None) -> Verdict:
        if candidate.source is None:
            return Verdict(keep=True)
        complaint = next(_complaints(candidate), None)
        if complaint:
            return Verdict(keep=False, score=0.0 if similarity is None else similarity, reason=f"it no longer says what {candidate.source.id} says: {complaint}")
        if similarity is None:
            return Verdict(keep=True, score=1.0)
        if similarity < self.min_similarity:
            return Verdict(keep=False, score=similarity, reason=f"it is too far from {candidate.source.id}: similarity {similarity:.2f}, limit {self.min_similarity:g}")
        return Verdict(keep=True, score=similarity)

    def _similarities(self, candidates: Sequence[Candidate]) -> Sequence[float | None]:
        if self.min_similarity == 0 or not candidates:
            return [None] * len(candidates)
        from augmentor.plugins import plugins

        encoder: Encoder = plugins()["encoder"].make(self.encoder)
        here = encoder.encode([candidate.example.question for candidate in candidates])
        there = encoder.encode([(candidate.source or candidate.example).question for candidate in candidates])
        # A row at a time, so that a score never depends on the batch it was in.
        return [round(float((one * other).sum()), 4) if candidate.source is not None else None for candidate, one, other in zip(candidates, here, there, strict=True)]


def _complaints(candidate: Candidate) -> Iterator[str]:
    """What is wrong with the turns that were rewritten."""
    assert candidate.source is not None
    if len(candidate.source.messages) != len(candidate.example.messages):
        return
    for before, after in zip(candidate.source.messages, candidate.example.messages, strict=True):
        source, variant = before.text, after.text
        if source == variant or not source.strip():
            continue
        if not variant.strip():
            yield "a turn is empty"
        yield from filter(None, lost_details(source, variant))
        if after.role == "user":
            yield from turned(source, variant)
