"""What each kind of component must be able to do.

A component is a frozen dataclass: its fields are its typed options, its docstring is its help. It satisfies one of these
protocols by having the methods; there is nothing to inherit. Heavy imports belong inside methods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, runtime_checkable

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
    """What a generator answered: the text, or the `error` that kept it from answering; tokens in and out; why it ended.

    `lost` counts attempts that broke off after the request was sent: a paid endpoint may charge for them, so a budget does, too.
    """

    text: str = ""
    error: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    finish: str = "stop"
    lost: int = 0


@dataclass(frozen=True)
class Malformed:
    """A reply that a prompted strategy cannot use, and why: kept among the dropped rows with its text, never half-parsed."""

    reply: Reply
    reason: str


@runtime_checkable
class PromptedStrategy(Protocol):
    """A strategy that has a language model write. It never calls a model: it says what to ask, then reads the replies."""

    def ask(self, example: Example, rng: Random) -> Sequence[Request]:
        """What to ask about an example, the same for the same rng."""

    def read(self, example: Example, replies: Sequence[Reply]) -> Iterable[tuple[Sequence[Message], str | None] | Malformed]:
        """What `replies[i]`, the answer to request number i, make: new turns with a note each, or `Malformed` for one that cannot be used.

        Replies with an `error` are recorded by the pipeline: pass over them.
        """


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
    A filter that compares rows says in `other` which one decided, by its id.
    """

    keep: bool
    score: float | None = None
    reason: str = ""
    replacement: Example | None = None
    other: str | None = None


@dataclass(frozen=True)
class Threshold:
    """How a filter's verdict follows from its score: a class attribute `decides` of filters that nothing else decides for.

    With it, `augmentor filter --rethreshold` can decide again from stored scores. A row is dropped when its score is `above`
    or `below` the option named, or `from` it on. Where `downwards` is false, scores are only known from the limit on that
    they were measured with, and a lower one needs the filter itself.
    """

    option: str
    drops: Literal["above", "below", "from"]
    downwards: bool = True

    def keeps(self, score: float, limit: float) -> bool:
        """Whether a row with this score stays under this limit."""
        return {"above": score <= limit, "below": score >= limit, "from": score < limit}[self.drops]


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


@dataclass(frozen=True)
class Completion:
    """A text that could follow messages: an assistant's answer to them, or, where there are none, a text by itself."""

    text: str
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Likelihood:
    """The log-likelihood of a completion in nats, summed over its tokens; or the `error` that kept it from being read."""

    nats: float = 0.0
    tokens: int = 0
    error: str | None = None


@runtime_checkable
class LikelihoodGenerator(Protocol):
    """What a generator may also offer: how likely it finds texts that it did not write."""

    def likelihoods(self, completions: Sequence[Completion]) -> Iterator[tuple[int, Likelihood]]:
        """Each completion's index with its log-likelihood, in any order; every index exactly once."""


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


# --- serving -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ServeSettings:
    """What `augmentor serve` is asked to serve, and how.

    Attributes:
        model: the model reference.
        state: a folder of the server's own: uploaded files, fine-tuning jobs and the models they make.
        name: the id clients know the model by; empty: the last part of `model`.
        host: the address to listen on. One that other machines reach needs `allow_remote` and a `key`.
        port: 0 for any that is free.
        key: what clients have to send as a bearer token; empty: nobody has to.
        engine: who answers; `auto`: llama.cpp where the model comes with a gguf file and xllamacpp is installed, Transformers else.
        trainer: who fine-tunes, as a recipe writes it; the model and what a job asks for are set on top.
        parallel: chats answered at once.
        context: most tokens of a chat and its reply together, for llama.cpp.
        page: whether there is a chat page at `/`.
        log: a file that conversations are appended to whose client agreed (`"store": true`); None keeps none.
        consent: what the chat page says about that.
        say: is given a sentence for the person who started the server.
    """

    model: str
    state: Path
    name: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    key: str = field(default="", repr=False)
    allow_remote: bool = False
    engine: Literal["auto", "llamacpp", "transformers"] = "auto"
    trainer: str = "huggingface"
    parallel: int = 8
    context: int = 2048
    page: bool = False
    log: Path | None = None
    consent: str = ""
    say: Callable[[str], None] = field(default=lambda _: None, repr=False)


@dataclass(frozen=True)
class Conversion:
    """A model to be written in another form: to a directory of safetensors, or to a gguf file of numbers of the type `numbers`."""

    model: str
    out: Path
    to: Literal["safetensors", "gguf"]
    numbers: Literal["f32", "f16", "q8_0"] = "f16"


# --- evaluating ----------------------------------------------------------------------------------------------------


@runtime_checkable
class PairMetric(Protocol):
    """A value for each answer, from the answer and its reference.

    `name`, `title`, `unit` (for axes: `0-1`, `nats`) and `higher_is_better` are class attributes; a title may be a property, where it
    depends on options.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def higher_is_better(self) -> bool: ...

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> Sequence[float]:
        """One value for each pair, in order. NaN where it is not defined."""


@dataclass(frozen=True)
class Answered:
    """An answer with all that is known of it.

    Attributes:
        messages: the turns before the answer, as the test file has them; empty where that file is not at hand.
        reference_likelihood: how likely the model that answered finds the reference; None unless a metric asks for it (`likelihoods`).
        prediction_likelihood: the same of its own answer.
    """

    id: str
    root: str
    label: str | None
    question: str
    reference: str
    prediction: str
    messages: tuple[Message, ...] = ()
    reference_likelihood: Likelihood | None = None
    prediction_likelihood: Likelihood | None = None


@runtime_checkable
class RowMetric(Protocol):
    """A value for each answer, from more than the answer and its reference: the question, the label, the other answers, the training data.

    Attributes as of `PairMetric`. A class attribute `likelihoods = True` asks for the log-likelihoods of `Answered`.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def higher_is_better(self) -> bool: ...

    def score_rows(self, rows: Sequence[Answered], training: Sequence[Example]) -> Sequence[float]:
        """One value for each row, in order. NaN where it is not defined. `rows` are all answers of one arm under one seed."""


Metric = PairMetric | RowMetric


@dataclass(frozen=True)
class ArmPredictions:
    """What one arm answered under one seed: a JSONL file of `Prediction`; `likelihoods` is one of `ReadLikelihoods`, where they were asked for."""

    arm: str
    seed: int
    path: Path
    likelihoods: Path | None = None


@dataclass(frozen=True)
class ReadLikelihoods:
    """A line of a likelihoods file: how likely a model finds the reference of question `id`, and its own answer."""

    id: str
    reference: Likelihood
    prediction: Likelihood


@dataclass(frozen=True)
class Probed:
    """One thing that a probe found out of an arm.

    Attributes:
        id: the same for every arm, so that arms are compared pair by pair.
        group: what the value is about: `gender`, `religion` ...
        cluster: what is resampled together: rows that share a question or an author.
        value: None where a call failed; `error` then says why.
        left, right: the texts that the value was made from, for people to read.
    """

    id: str
    group: str
    cluster: str
    value: float | None
    left: str = ""
    right: str = ""
    error: str | None = None


@dataclass(frozen=True)
class ProbedArm:
    """An arm under one seed, as a probe meets it.

    Attributes:
        ask: requests to replies, in order; what was asked before is not asked again.
        likelihoods: completions to log-likelihoods, in order. Raises `UsageError` where the generator has none to give.
        prompt: the turns that the arm puts to its model for an example: with its system prompt and its shots.
        questions: the test questions.
        max_tokens: the longest answer.
        seed: of the recipe, for choosing.
    """

    ask: Callable[[Sequence[Request]], Sequence[Reply]]
    likelihoods: Callable[[Sequence[Completion]], Sequence[Likelihood]]
    prompt: Callable[[Example], tuple[Message, ...]]
    questions: Sequence[Example]
    max_tokens: int
    seed: int


@runtime_checkable
class Probe(Protocol):
    """A look at what a model does beyond the test questions, such as treating people alike.

    `title`, `unit` and `ideal` (the value that a faultless model would have on average) are class attributes; so is `likelihoods = True` of
    one that asks for them, and `control`, the name of a group that is no group of people.
    """

    @property
    def title(self) -> str: ...

    @property
    def unit(self) -> str: ...

    @property
    def ideal(self) -> float: ...

    def probe(self, arm: ProbedArm) -> Iterable[Probed]: ...


@runtime_checkable
class Judge(Protocol):
    """A language model that says which answers are better. `title` is a class attribute, `generator` the option that says who judges."""

    @property
    def title(self) -> str: ...

    @property
    def generator(self) -> str | dict[str, Any]: ...

    def judge(
        self, arms: Sequence[ArmPredictions], baseline: str, questions: Mapping[str, Example], ask: Callable[[Sequence[Request]], Sequence[Reply]]
    ) -> Iterable[Any]:
        """Judgements to write, a line each; what `augmentor_compare_arms` makes of them is between it and the judge.

        `questions` are the test questions by id; `ask` gives a reply to each request, in order, and asks nothing twice.
        """


@dataclass(frozen=True)
class Ablation:
    """A part of a recipe, and the two arms whose difference (`arm` minus `against`) says what it is worth.

    `left out`: the subject without this strategy. `alone`: the originals with this strategy only. `filter off`: the subject without this
    filter. `share`: both arms of the verdict on that share of the sources. `rows` is how many `arm` trains on, `changed` how many
    rows only one of the two trains on; with none changed both are one training.
    """

    part: str
    kind: Literal["left out", "alone", "filter off", "share"]
    arm: str
    against: str
    share: float = 1.0
    rows: int = 0
    changed: int = 0


@dataclass(frozen=True)
class CompareRequest:
    """Arms to compare. `scores` is a JSONL file to write: one line for each prediction with its value of each metric.

    `baseline` is the arm the others are measured against, `ceiling` the arm whose lead over it is the gap to close,
    `subject` the arm the verdict is about. `questions` and `training` are native files of the test questions and of the team's own
    training examples, where they are at hand. `judgements` and `probed` hold, by name, a component with what it wrote: one file,
    or one for each arm and seed. `trained_on` holds each tuned arm's data, to look for test questions in. `ablations` are compared
    among themselves only, and a gain below `least` is not worth it.
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
    questions: Path | None = None
    training: Path | None = None
    judgements: Mapping[str, tuple[Judge, Path]] = field(default_factory=dict)
    probed: Mapping[str, tuple[Probe, Sequence[ArmPredictions]]] = field(default_factory=dict)
    trained_on: Mapping[str, Path] = field(default_factory=dict)
    ablations: tuple[Ablation, ...] = ()
    least: float = 0.01


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


@runtime_checkable
class ComparingSection(Section, Protocol):
    """A section that has something to say of several runs, too."""

    def compare(self, runs: Sequence[Any]) -> SectionContent | None:
        """The section for the page that compares runs (the first is the reference), or None when it has nothing to say."""
