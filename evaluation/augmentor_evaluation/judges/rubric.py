"""A judge of single answers: how good is this one?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from augmentor.examples import Example
from augmentor.protocols import ArmPredictions, Reply, Request
from augmentor_evaluation.predictions import read_predictions
from augmentor_evaluation.words import words

from .choosing import chosen
from .judgement import RubricJudgement, failed
from .prompting import Prompt, asked

_SCORE = re.compile(r"\b(?:score|rating)\W{0,8}(\d+(?:\.\d+)?)", re.IGNORECASE)
_ALONE = re.compile(r"\W*(\d+(?:\.\d+)?)\s*(?:/\s*\d+|out of \d+)?\W*", re.IGNORECASE)


@dataclass(frozen=True)
class Rubric:
    """Have a language model rate each answer from 1 to `most` by a criterion of yours; arms are then compared question by question.

    Cheaper than pairs (one call an answer) and coarser: models crowd at the upper end. Replies without a number in that range are
    counted and left out.

    Attributes:
        generator: who judges, as a recipe writes it: `openai:model=...`, or `{transformers: {model: ...}}`.
        criterion: what is rated, as a sentence to the judge.
        most: the best score.
        questions: judge at most as many questions, the same for all arms; 0 for all.
        reference: show the judge the reference answer.
        prompt: `rubric`, or the path of a Jinja template of your own. It is given question, earlier, reference, answer, criterion and most.
        max_tokens: the longest reply.
        ratings: a JSONL file of what people chose (`id`, `arm_a`, `arm_b`, `winner`), to say how far the judge agrees with them.
        seed: for choosing the questions.
    """

    generator: str | dict[str, Any]
    criterion: str = "does it answer the question, rightly and completely?"
    most: int = 5
    questions: int = 0
    reference: bool = True
    prompt: str = "rubric"
    max_tokens: int = 16
    ratings: str | None = None
    seed: int = 0
    title: ClassVar[str] = "the judge's rating"

    def __post_init__(self) -> None:
        if self.most < 2 or self.questions < 0 or self.max_tokens < 1:
            raise ValueError("most must be at least 2, max_tokens at least 1, and questions not below 0")

    def judge(
        self, arms: Sequence[ArmPredictions], baseline: str, questions: Mapping[str, Example], ask: Callable[[Sequence[Request]], Sequence[Reply]]  # noqa: ARG002 - every arm is rated by itself
    ) -> Iterator[RubricJudgement]:
        """A judgement of every answer."""
        rows = [(one, row) for one in arms for row in read_predictions(one.path) if row.error is None]
        wanted = chosen([row for _, row in rows], self.questions, self.seed)
        rows = [(one, row) for one, row in rows if row.id in wanted]
        prompt = Prompt(self.prompt)
        replies = ask([
            prompt.request(
                self.max_tokens, answer=row.prediction, criterion=self.criterion, most=self.most, reference=row.reference if self.reference else "",
                **asked(row, questions.get(row.id)),
            )
            for _, row in rows
        ])  # fmt: skip
        for (one, row), reply in zip(rows, replies, strict=True):
            found = None if reply.error is not None else rating(reply.text, self.most)
            yield RubricJudgement(
                row.id, one.arm, one.seed, found, len(words(row.prediction)), reply.prompt_tokens, reply.completion_tokens, [reply.text],
                failed([reply], f"the reply held no score from 1 to {self.most}") if found is None else None,
            )  # fmt: skip


def rating(text: str, most: int) -> float | None:
    """The last score in a reply, or the number that the reply is; None where there is none from 1 to `most`.

    >>> rating("Clear and right. Score: 4/5", 5), rating("5", 5), rating("11", 5)
    (4.0, 5.0, None)
    """
    said = _SCORE.findall(text)
    alone = _ALONE.fullmatch(text)
    if not said and alone is None:
        return None
    value = float(said[-1] if said else alone[1] if alone else "nan")
    return value if 1 <= value <= most else None
