"""A judge of pairs: which of two answers is better?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from augmentor.examples import Example
from augmentor.protocols import ArmPredictions, Reply, Request
from augmentor_evaluation.metrics.normal import normal
from augmentor_evaluation.predictions import Prediction, read_predictions
from augmentor_evaluation.words import words

from .choosing import chosen, pair_seeds
from .judgement import Choice, PairJudgement, failed
from .prompting import Prompt, asked

_VERDICT = re.compile(r"\bverdict\W{0,8}(1|2|tie)\b", re.IGNORECASE)
_ALONE = re.compile(r"\W*(?:answer\s+)?(1|2|tie)\W*", re.IGNORECASE)


@dataclass(frozen=True)
class Pairwise:
    """Have a language model say which of two answers is better: every arm's against the baseline's, question by question.

    Each pair is shown in both orders; where the verdicts disagree it is a tie, since then the place decided. The same words twice are
    a tie unasked. Replies without a verdict are counted and left out. `metrics.json` says how often the judge changed its mind
    with the order, chose the first, chose the longer, could not be read, and what it cost.

    Attributes:
        generator: who judges, as a recipe writes it: `openai:model=...`, or `{transformers: {model: ...}}`. A judge should be a better
            model than those it judges; SmolLM2-135M gave no verdict on any of ten easy pairs.
        questions: judge at most as many questions, the same for all arms; 0 for all.
        reference: show the judge the reference answer.
        prompt: `pairwise`, or the path of a Jinja template of your own. It is given question, earlier, reference, first and second.
        max_tokens: the longest reply. Give more to a judge that thinks aloud before its verdict.
        ratings: a JSONL file of what people chose (`id`, `arm_a`, `arm_b`, `winner`), to say how far the judge agrees with them.
        seed: for choosing the questions.
    """

    generator: str | dict[str, Any]
    questions: int = 0
    reference: bool = True
    prompt: str = "pairwise"
    max_tokens: int = 16
    ratings: str | None = None
    seed: int = 0
    title: ClassVar[str] = "the judge of pairs"

    def __post_init__(self) -> None:
        if self.questions < 0 or self.max_tokens < 1:
            raise ValueError("questions cannot be below 0, nor max_tokens below 1")

    def judge(
        self, arms: Sequence[ArmPredictions], baseline: str, questions: Mapping[str, Example], ask: Callable[[Sequence[Request]], Sequence[Reply]]
    ) -> Iterator[PairJudgement]:
        """Judgements of every other arm against `baseline`, on the questions that both answered."""
        rows = {(one.arm, one.seed): {row.id: row for row in read_predictions(one.path) if row.error is None} for one in arms}
        wanted = chosen([row for seeds in rows.values() for row in seeds.values()], self.questions, self.seed)
        pairs = [
            (arm, seed, other, rows[arm, seed][id], rows[baseline, other][id])
            for arm, seed, other in pair_seeds(list(rows), baseline)
            for id in rows[arm, seed]
            if id in wanted and id in rows[baseline, other]
        ]
        differing = [(ours, theirs) for *_, ours, theirs in pairs if normal(ours.prediction) != normal(theirs.prediction)]
        replies = iter(ask([request for ours, theirs in differing for request in self._requests(ours, theirs, questions.get(ours.id))]))
        for arm, seed, other, ours, theirs in pairs:
            lengths = len(words(ours.prediction)), len(words(theirs.prediction))
            if normal(ours.prediction) == normal(theirs.prediction):
                yield PairJudgement(ours.id, arm, seed, baseline, other, "tie", "tie", 0, asked=False, lengths=lengths)
                continue
            both = [next(replies), next(replies)]
            first, second = _choice(both[0], "arm", "baseline"), _choice(both[1], "baseline", "arm")
            outcome = None if first is None or second is None else {("arm", "arm"): 1, ("baseline", "baseline"): -1}.get((first, second), 0)
            yield PairJudgement(
                ours.id, arm, seed, baseline, other, first, second, outcome, asked=True, lengths=lengths,
                prompt_tokens=sum(reply.prompt_tokens for reply in both), completion_tokens=sum(reply.completion_tokens for reply in both),
                replies=[reply.text for reply in both], error=failed(both, "a reply held no verdict") if outcome is None else None,
            )  # fmt: skip

    def _requests(self, ours: Prediction, theirs: Prediction, example: Example | None) -> Iterator[Request]:
        known = {**asked(ours, example), "reference": ours.reference if self.reference else ""}
        for first, second in ((ours, theirs), (theirs, ours)):
            yield self._prompt.request(self.max_tokens, first=first.prediction, second=second.prediction, **known)

    @cached_property
    def _prompt(self) -> Prompt:
        return Prompt(self.prompt)


def verdict(text: str) -> str | None:
    """`1`, `2` or `tie`: the last verdict in a reply, or the word that the reply is; None where there is none.

    >>> verdict("Both are right, but... Verdict: **2**"), verdict("1"), verdict("I cannot say.")
    ('2', '1', None)
    """
    found = _VERDICT.findall(text)
    if found:
        return str(found[-1]).lower()
    alone = _ALONE.fullmatch(text)
    return alone[1].lower() if alone else None


def _choice(reply: Reply, first: Choice, second: Choice) -> Choice | None:
    choices: dict[str | None, Choice] = {"1": first, "2": second, "tie": "tie"}
    return None if reply.error is not None else choices.get(verdict(reply.text))
