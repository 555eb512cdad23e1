"""Files of predictions: a line a test question, with what an arm answered."""

from __future__ import annotations

from pathlib import Path

import msgspec

from augmentor.errors import DataError


class Prediction(msgspec.Struct, frozen=True):
    """One answer. `error` says why there is none; `root` and `label` group questions that belong together, `groups` are for slices."""

    id: str
    root: str
    reference: str
    prediction: str
    label: str | None = None
    question: str = ""
    error: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    groups: dict[str, str] = {}


_DECODER = msgspec.json.Decoder(Prediction)


def read_predictions(path: Path) -> list[Prediction]:
    """The lines of a predictions file, in its order.

    Raises:
        DataError: there is no such file, a line is no prediction, or a question is answered twice; says which line.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise DataError(f"the predictions {path} cannot be read: {error.strerror}") from None
    found: dict[str, Prediction] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            prediction = _DECODER.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise DataError(f"{path}:{number}: this is no prediction: {error}") from None
        if prediction.id in found:
            raise DataError(f"{path}:{number}: the question {prediction.id!r} is answered twice in this file")
        found[prediction.id] = prediction
    return list(found.values())
