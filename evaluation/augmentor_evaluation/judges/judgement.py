"""What judges write: a line a judgement of `judgements/JUDGE.jsonl`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from augmentor.errors import DataError
from augmentor.protocols import Reply

Choice = Literal["arm", "baseline", "tie"]


class PairJudgement(msgspec.Struct, frozen=True):
    """An arm's answer against the baseline's.

    Attributes:
        id: of the question.
        arm, seed, baseline, baseline_seed: whose answers.
        first: what the judge chose with the arm's answer shown first; None where it could not be read.
        second: the same with the baseline's shown first.
        outcome: 1 where both orders say the arm, -1 where both say the baseline, 0 for a tie *and* where the orders disagree; None
            where one of them could not be read.
        asked: whether the judge was asked; the same words twice are a tie without it.
        lengths: words of the arm's answer, and of the baseline's.
        prompt_tokens, completion_tokens: of both questions to the judge.
        replies: what it replied, in the order asked.
        error: why there is no judgement.
    """

    id: str
    arm: str
    seed: int
    baseline: str
    baseline_seed: int
    first: Choice | None
    second: Choice | None
    outcome: int | None
    asked: bool
    lengths: tuple[int, int]
    prompt_tokens: int = 0
    completion_tokens: int = 0
    replies: list[str] = []
    error: str | None = None


class RubricJudgement(msgspec.Struct, frozen=True):
    """How good an arm's answer is: `score` from 1 to the judge's `most`, None where it could not be read."""

    id: str
    arm: str
    seed: int
    score: float | None
    length: int
    prompt_tokens: int = 0
    completion_tokens: int = 0
    replies: list[str] = []
    error: str | None = None


J = TypeVar("J", PairJudgement, RubricJudgement)


def read_judgements(path: Path, kind: type[J]) -> list[J]:
    """The judgements in a file.

    Raises:
        DataError: a line holds none; says which.
    """
    found = []
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if line.strip():
            try:
                found.append(msgspec.json.decode(line, type=kind))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise DataError(f"{path}:{number}: this is no judgement: {error}") from None
    return found


def failed(replies: Sequence[Reply], unread: str) -> str | None:
    """Why replies could not be judged by: the first that failed; else `unread`."""
    return next((reply.error for reply in replies if reply.error is not None), unread)
