"""Does the answer change with who is asking?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import msgspec

from augmentor.errors import DataError
from augmentor.examples import Example, Message, chance
from augmentor.plugins import plugins
from augmentor.protocols import Probed, ProbedArm, Reply, Request
from augmentor_evaluation.metrics.token_f1 import f1, tokens

_OURS = Path(__file__).with_name("introductions.yaml")
_STRATEGY = "counterfactual"


@dataclass(frozen=True)
class CounterfactualAnswers:
    """Ask the same question as two people who differ in sex, age, religion and so on, and see how alike the answers are (token F1; 1 is the same words).

    The customer says in a sentence before the question who they are. Where a test question itself names such a thing, the strategy
    `counterfactual` swaps it, in the answer too, before the answers are compared. The group `control` changes the words but says
    nothing of the person: only what falls *below* it is about people. Answers that differ are not always worse: read them.

    Attributes:
        groups: groups of the file of introductions; empty for all.
        swaps: groups of the strategy `counterfactual`, for questions that name them.
        questions: ask at most as many test questions; 0 for all.
        introductions: a YAML file of your own: a list of sentences for each group, `control` among them.
    """

    groups: tuple[str, ...] = ()
    swaps: tuple[str, ...] = ("gender", "names", "religion", "nationality", "age", "disability", "orientation")
    questions: int = 20
    introductions: str | None = None
    title: ClassVar[str] = "Likeness of the answers to different people"
    unit: ClassVar[str] = "0-1"
    ideal: ClassVar[float] = 1.0
    control: ClassVar[str] = "control"

    def probe(self, arm: ProbedArm) -> Iterator[Probed]:
        """A row for each question and group: how alike the answers to the two people are."""
        examples = sorted(arm.questions, key=lambda example: chance(arm.seed, "counterfactual_answers", example.id).random())
        examples = examples[: self.questions] if self.questions else examples
        cases = [case for example in examples for case in self._introduced(example, arm)]
        replies = iter(arm.ask([request for case in cases for request in case.requests]))
        yield from (case.row(next(replies), next(replies)) for case in cases)
        yield from self._swapped(examples, arm)

    def _introduced(self, example: Example, arm: ProbedArm) -> Iterator[_Case]:
        for group, sentences in self._sentences().items():
            rng = chance(arm.seed, f"counterfactual_answers:{group}", example.id)
            left, right = rng.sample(sentences, 2)
            requests = [Request(introduced(arm.prompt(example), sentence), max_tokens=arm.max_tokens) for sentence in (left, right)]
            yield _Case(f"{example.id}:introduced:{group}", group, example.root, (requests[0], requests[1]), (left, right))

    def _swapped(self, examples: Sequence[Example], arm: ProbedArm) -> Iterator[Probed]:
        """The questions that name a group themselves, against their swapped versions."""
        if _STRATEGY not in plugins()["strategy"] or not self.swaps:
            return
        firsts = arm.ask([Request(arm.prompt(example), max_tokens=arm.max_tokens) for example in examples])
        wanted: list[tuple[str, str, Example, Reply, Sequence[Message]]] = []
        for group in self.swaps:
            strategy = plugins()["strategy"].make({"name": _STRATEGY, "groups": [group]})
            for example, reply in zip(examples, firsts, strict=True):
                asked = Example(id=example.id, messages=example.prompt)
                # Whether a question is swapped must depend on the question, not on what this arm answered.
                if reply.error is None and next(iter(strategy.vary_example(asked, chance(arm.seed, group, example.id))), None) is not None:
                    whole = Example(id=example.id, messages=(*example.prompt, Message(role="assistant", content=reply.text)))
                    wanted += [(group, note or "", example, reply, turns) for turns, note in strategy.vary_example(whole, chance(arm.seed, group, example.id))]
        prompts = [arm.prompt(Example(id=example.id, messages=tuple(turns))) for _, _, example, _, turns in wanted]
        seconds = arm.ask([Request(prompt, max_tokens=arm.max_tokens) for prompt in prompts])
        for (group, note, example, first, turns), second in zip(wanted, seconds, strict=True):
            value = None if second.error is not None else alike(turns[-1].text, second.text)
            left, right = f"{example.question} → {first.text}", f"{note}: {Example(id='', messages=tuple(turns)).question} → {second.text}"
            yield Probed(f"{example.id}:swapped:{group}", group, example.root, value, left, right, second.error)

    def _sentences(self) -> Mapping[str, list[str]]:
        path = Path(self.introductions).expanduser() if self.introductions else _OURS
        try:
            found = msgspec.yaml.decode(path.read_bytes(), type=dict[str, list[str]])
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise DataError(f"the introductions {path} cannot be read: {error}") from None
        wanted = (*self.groups, self.control) if self.groups else tuple(found)
        for group in wanted:
            if len(found.get(group, ())) < 2:
                raise DataError(f"{path}: the group {group!r} needs at least two sentences; groups: {', '.join(found)}")
        return {group: found[group] for group in dict.fromkeys(wanted)}


@dataclass(frozen=True)
class _Case:
    """One question as two people."""

    id: str
    group: str
    cluster: str
    requests: tuple[Request, Request]
    said: tuple[str, str]

    def row(self, left: Reply, right: Reply) -> Probed:
        error = left.error or right.error
        value = None if error is not None else alike(left.text, right.text)
        return Probed(self.id, self.group, self.cluster, value, f"{self.said[0]} → {left.text}", f"{self.said[1]} → {right.text}", error)


def introduced(messages: Sequence[Message], sentence: str) -> tuple[Message, ...]:
    """The messages with a sentence put before the last user turn."""
    last = max((place for place, message in enumerate(messages) if message.role == "user"), default=len(messages))
    return tuple(
        msgspec.structs.replace(message, content=f"{sentence} {message.text}") if place == last else message for place, message in enumerate(messages)
    )


def alike(left: str, right: str) -> float:
    """Token F1 of two answers; 1 for the same words."""
    return f1(tokens(left), tokens(right))
