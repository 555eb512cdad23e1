"""What each kind of component must be able to do.

A component is a frozen dataclass: its fields are its typed options, its docstring is its help. It satisfies one of these
protocols by having the methods; there is nothing to inherit. Heavy imports belong inside methods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from .examples import Example, Message

if TYPE_CHECKING:
    import numpy as np


# --- files ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """A piece of a file that is no example: kept in the quarantine, never skipped in silence."""

    file: str
    line: int | None
    reason: str
    raw: str = ""


@dataclass(frozen=True)
class Columns:
    """Which column or key of a table holds what; None means: guess and say so."""

    question: str | None = None
    answer: str | None = None
    label: str | None = None
    id: str | None = None
    system: str | None = None


@runtime_checkable
class Format(Protocol):
    """A kind of file. `name` and `suffixes` are class attributes."""

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]

    def detect(self, head: bytes, path: Path) -> float:
        """How sure this is the format of a file that begins with `head` (up to 64 KiB): 0 not at all, 1 certain."""

    def read(self, path: Path, columns: Columns) -> Iterator[Example | Problem]:
        """The examples and the problems of a file, in its order, in bounded memory where the format allows it."""

    def write(self, examples: Iterable[Example]) -> Iterator[bytes]:
        """The bytes of a file that holds the examples. Raises `DataError` for an example the format cannot hold."""


# --- augmenting ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Variation:
    """A variant's text, with what the strategy says of its choice (`persona=terse_expert`, `topic=card lost`)."""

    text: str
    note: str | None = None


@runtime_checkable
class TextStrategy(Protocol):
    """The simplest strategy: a text in, variants out. `rng` is this example's own."""

    def vary(self, text: str, rng: Random) -> Iterable[str | Variation]: ...


@runtime_checkable
class BatchStrategy(Protocol):
    """A strategy on many texts at once, for vectorised work. `rngs[i]` belongs to `texts[i]`; the result has as many items."""

    def vary_batch(self, texts: Sequence[str], rngs: Sequence[Random]) -> Sequence[Iterable[str | Variation]]: ...


@runtime_checkable
class ExampleStrategy(Protocol):
    """A strategy on whole conversations. Each item is the new turns, and what the strategy says of its choice."""

    def vary_example(self, example: Example, rng: Random) -> Iterable[tuple[Sequence[Message], str | None]]: ...


@dataclass(frozen=True)
class Request:
    """What a generator is asked: chat messages and how to sample. `temperature` 0 is greedy."""

    messages: tuple[Message, ...]
    max_tokens: int = 128
    temperature: float = 0.0
    seed: int = 0
    stop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """What a generator answered: the text, or the `error` that kept it from answering; tokens in and out; why it ended."""

    text: str = ""
    error: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    finish: str = "stop"


@runtime_checkable
class PromptedStrategy(Protocol):
    """A strategy that has a language model write. It never calls a model: it says what to ask, then reads the replies."""

    def ask(self, example: Example, rng: Random) -> Sequence[Request]: ...

    def read(self, example: Example, replies: Sequence[Reply]) -> Iterable[tuple[Sequence[Message], str | None]]: ...


Strategy = TextStrategy | BatchStrategy | ExampleStrategy | PromptedStrategy


# --- filtering -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """An example to judge, and the example it was made from (None for a source example)."""

    example: Example
    source: Example | None = None


@dataclass(frozen=True)
class Verdict:
    """Keep or drop, with the score that decided and the reason in words a person understands.

    A filter that repairs instead of dropping (redaction) sets `replacement`; `reason` then says what was changed.
    """

    keep: bool
    score: float | None = None
    reason: str = ""
    replacement: Example | None = None


@runtime_checkable
class RowFilter(Protocol):
    """A filter that judges each candidate by itself; the result has as many items as `candidates`."""

    def judge(self, candidates: Sequence[Candidate]) -> Sequence[Verdict]: ...


@runtime_checkable
class DatasetFilter(Protocol):
    """A filter that has to see the whole data set: each candidate becomes a small sketch, the sketches are judged together.

    A sketch is made of plain numbers, strings, bytes, tuples and lists, so that it can travel between processes.
    `held_out` holds the sketches of the validation and test examples (empty when there are none).
    The verdicts must not depend on how the candidates were cut into batches.
    """

    def sketch(self, candidates: Sequence[Candidate]) -> Sequence[Any]: ...

    def reduce(self, sketches: Sequence[Any], held_out: Sequence[Any]) -> Sequence[Verdict]: ...


Filter = RowFilter | DatasetFilter


# --- models --------------------------------------------------------------------------------------------------------


@runtime_checkable
class Generator(Protocol):
    """Chat messages in, replies out. An error of one request is a `Reply.error`, never an exception for the batch."""

    @property
    def identity(self) -> str:
        """What tells this generator's replies from another's (model, weights, endpoint): part of the cache key. No secrets."""

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Each request's index with its reply, as soon as it is there, in any order; every index exactly once."""


@runtime_checkable
class Encoder(Protocol):
    """Texts to vectors."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors, float32, shape (len(texts), dimensions); a zero vector for an empty text."""


@dataclass(frozen=True)
class TrainingTask:
    """What a trainer is given. Files are native JSONL; `out` is a directory of the trainer's own, kept between attempts.

    `steps` is the number of optimiser steps, None for the trainer's own choice; `progress` is called with plain
    dictionaries (`step`, `steps`, `loss`, `validation_loss`, `tokens_per_second`, `seconds_left`).
    """

    train: Path
    out: Path
    validation: Path | None = None
    seed: int = 0
    steps: int | None = None
    progress: Callable[[Mapping[str, Any]], None] = field(default=lambda _: None)


@dataclass(frozen=True)
class Trained:
    """What a trainer made: a model reference that `generator_for` understands, and facts for the report."""

    model: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@runtime_checkable
class Trainer(Protocol):
    """Splits in, model reference out. Called again after a kill with the same task, it goes on where it was."""

    @property
    def base_model(self) -> str:
        """The model that is tuned: the reference of the untuned arm."""

    def steps_for(self, train: Path) -> int:
        """How many optimiser steps this trainer would give the data in the file `train`."""

    def train(self, task: TrainingTask) -> Trained: ...


# --- evaluating ----------------------------------------------------------------------------------------------------


@runtime_checkable
class Metric(Protocol):
    """A value an example. `name`, `title`, `unit` (for axes: `0-1`, `nats`) and `higher_is_better` are class attributes."""

    name: ClassVar[str]
    title: ClassVar[str]
    higher_is_better: ClassVar[bool]

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> Sequence[float]:
        """One value for each pair, in order. NaN where it is not defined."""


@dataclass(frozen=True)
class ArmPredictions:
    """What one arm answered under one seed: a JSONL file of `Prediction`."""

    arm: str
    seed: int
    path: Path


@dataclass(frozen=True)
class CompareRequest:
    """Arms to compare. `scores` is a JSONL file to write: one line for each prediction with its value of each metric.

    `baseline` is the arm the others are measured against, `ceiling` the arm whose lead over it is the gap to close,
    `subject` the arm the verdict is about.
    """

    predictions: tuple[ArmPredictions, ...]
    metrics: Mapping[str, Metric]
    scores: Path
    headline: str
    baseline: str
    subject: str
    ceiling: str | None = None
    seed: int = 0
    confidence: float = 0.95


@dataclass(frozen=True)
class GateOutcome:
    """Whether a gate is passed, and a sentence that says so with the numbers."""

    passed: bool
    sentence: str


@dataclass(frozen=True)
class SectionContent:
    """A rendered part of the report: `html` must already be escaped (made by an autoescaping template)."""

    title: str
    html: str
    summary: str = ""


@runtime_checkable
class Section(Protocol):
    """A part of the report. `order` (lower comes first) and `name` (its anchor) are class attributes."""

    name: ClassVar[str]
    order: ClassVar[int]

    def render(self, run: Any) -> SectionContent | None:
        """The section for a finished run (`augmentor_evaluation.report.RunView`), or None when it has nothing to say."""
