"""Answers with all that is known of them, for metrics that look further than the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from augmentor.errors import DataError
from augmentor.examples import Example, Message, decode
from augmentor.protocols import Answered, ArmPredictions, ReadLikelihoods

from .predictions import Prediction

_LIKELIHOODS = msgspec.json.Decoder(ReadLikelihoods)


def answered(arm: ArmPredictions, rows: Sequence[Prediction], messages: Mapping[str, tuple[Message, ...]]) -> list[Answered]:
    """The rows that have an answer, with their earlier turns and likelihoods where those are at hand."""
    likelihoods = read_likelihoods(arm.likelihoods)
    found = []
    for row in rows:
        if row.error is None:
            read = likelihoods.get(row.id)
            of = (read.reference, read.prediction) if read else (None, None)
            found.append(Answered(row.id, row.root, row.label, row.question, row.reference, row.prediction, messages.get(row.id, ()), *of))
    return found


def read_likelihoods(path: Path | None) -> dict[str, ReadLikelihoods]:
    """The likelihoods in a file, by question.

    Raises:
        DataError: a line holds none; says which.
    """
    found = {}
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            try:
                row = _LIKELIHOODS.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise DataError(f"{path}:{number}: these are no likelihoods: {error}") from None
            found[row.id] = row
    return found


def read_examples(path: Path | None) -> list[Example]:
    """The examples of a native file; none where there is no such file.

    Raises:
        DataError: a line is no example; says which.
    """
    found = []
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            try:
                found.append(decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise DataError(f"{path}:{number}: this is no example: {error}") from None
    return found


def _lines(path: Path | None) -> list[bytes]:
    return path.read_bytes().split(b"\n") if path is not None and path.is_file() else []
