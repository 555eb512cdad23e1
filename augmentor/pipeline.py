"""Strategies, then filters, with reasons: the pure function that a shard goes through, and the passes around it.

A shard holds source examples. Each is varied by every strategy, the variants are judged by the row filters, and what
data-set-wide filters need is sketched, all in one function (`work_shard`) that any executor can run. The sketches of all
shards are then judged together (`reduce`). Row filters therefore run before data-set-wide ones, whatever their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from .errors import UsageError
from .examples import Example, Message, chance, decode, encode, user_turns
from .executors.local import run_shards
from .plugins import plugins
from .protocols import (
    BatchStrategy,
    Candidate,
    DatasetFilter,
    ExampleStrategy,
    Malformed,
    PromptedStrategy,
    Reply,
    Request,
    RowFilter,
    TextStrategy,
    Variation,
    Verdict,
)
from .registry import Spec
from .texts import normalised

SHARD_BYTES = 4 << 20
REPEAT = "repeat"
"""The name under which a variant is dropped that says what its source or an earlier variant of it says."""
MALFORMED = "malformed"
"""The name under which a model's reply is dropped that its strategy could not use. The row holds the raw reply as an assistant's turn."""
FAILED = "failed"
"""The name under which a call is dropped that brought no reply. The row holds no turns."""

Answerer = Callable[[Sequence[Request]], Sequence[Reply]]


@dataclass(frozen=True)
class Plan:
    """What happens to each source example. Made of plain values, so that it travels to any worker."""

    strategies: tuple[Spec, ...] = ()
    filters: tuple[Spec, ...] = ()
    seed: int = 0
    turns: str = "first"


class Dropped(msgspec.Struct, frozen=True, omit_defaults=True):
    """An example that a filter took out, or a reply that became none: kept beside the result, with the reason and the score.

    `other` is the id of the example it was compared with, where that decided; `row` its place among the rows that went in,
    counted from 1, where that is known.
    """

    example: Example
    filter: str
    reason: str
    score: float | None = None
    other: str | None = None
    row: int | None = None


class Changed(msgspec.Struct, frozen=True):
    """An example as it was before a filter repaired it, and what the filter changed."""

    example: Example
    filter: str
    reason: str


@dataclass
class Shard:
    """Source examples on their way through: `replies[i]` are those of prompted strategy number i, an item an example."""

    lines: list[bytes]
    plan: Plan
    replies: Mapping[int, list[list[Reply]]] = field(default_factory=dict)
    sources_judged: bool = False


@dataclass
class ShardResult:
    """A shard after the row filters: kept lines, dropped and changed rows, and a sketch of each kept line for each data-set-wide filter."""

    kept: list[bytes]
    dropped: list[Dropped]
    changed: list[Changed]
    sketches: dict[str, list[Any]]
    made: dict[str, int]


def work_shard(shard: Shard) -> ShardResult:
    """Take a shard through all strategies and row filters."""
    sources = [decode(line) for line in shard.lines]
    made: dict[str, int] = {}
    dropped: list[Dropped] = []
    variants: list[list[Example]] = [[] for _ in sources]
    for number, spec in enumerate(shard.plan.strategies):
        lost = len(dropped)
        made[str(spec)] = 0
        for index, drafts in enumerate(_vary(spec, sources, shard.plan, shard.replies.get(number), dropped)):
            made[str(spec)] += len(drafts)
            variants[index] += drafts
        made[str(spec)] += len(dropped) - lost
    candidates: list[Candidate] = []
    for source, drafts in zip(sources, variants, strict=True):
        seen = {normalised(source.text)}
        candidates.append(Candidate(source))
        for draft in drafts:
            key = normalised(draft.text)
            if key in seen:
                dropped.append(Dropped(draft, REPEAT, "it says the same as its source or an earlier variant"))
            else:
                seen.add(key)
                candidates.append(Candidate(draft, source))
    changed: list[Changed] = []
    candidates = _judge(candidates, shard, dropped, changed)
    sketches = {}
    for spec in shard.plan.filters:
        component = plugins()["filter"].make(spec)
        if isinstance(component, DatasetFilter):
            sketches[str(spec)] = list(component.sketch(candidates))
    return ShardResult([encode(candidate.example) for candidate in candidates], dropped, changed, sketches, made)


def _judge(candidates: list[Candidate], shard: Shard, dropped: list[Dropped], changed: list[Changed]) -> list[Candidate]:
    """Row filters, in order. Sources pass unjudged unless the plan is about them (`sources_judged`)."""
    for spec in shard.plan.filters:
        component = plugins()["filter"].make(spec)
        if not isinstance(component, RowFilter):
            continue
        judged = [candidate for candidate in candidates if shard.sources_judged or candidate.source is not None]
        verdicts = iter(_checked(component.judge(judged), len(judged), spec))
        kept = []
        for candidate in candidates:
            if not shard.sources_judged and candidate.source is None:
                kept.append(candidate)
                continue
            verdict = next(verdicts)
            example = verdict.replacement or candidate.example
            if verdict.keep and verdict.replacement is not None:
                changed.append(Changed(candidate.example, str(spec), verdict.reason))
            if verdict.score is not None:
                example = msgspec.structs.replace(example, scores={**example.scores, spec.name: round(verdict.score, 6)})
            if verdict.keep:
                kept.append(Candidate(example, candidate.source))
            else:
                dropped.append(Dropped(example, str(spec), verdict.reason, verdict.score, verdict.other))
        candidates = kept
    return candidates


def _checked(verdicts: Sequence[Verdict], wanted: int, spec: Spec) -> Sequence[Verdict]:
    if len(verdicts) != wanted:
        raise UsageError(f"filter {spec.name!r} gave {len(verdicts)} verdicts for {wanted} candidates; it must give one each")
    return verdicts


def _vary(
    spec: Spec, sources: Sequence[Example], plan: Plan, replies: list[list[Reply]] | None, dropped: list[Dropped]
) -> Iterator[list[Example]]:
    """The variants of each source by one strategy; replies that became none go to `dropped`."""
    component = plugins()["strategy"].make(spec)
    name = str(spec)
    if isinstance(component, PromptedStrategy) and replies is not None:
        for source, answers in zip(sources, replies, strict=True):
            yield _read(component, name, source, answers, dropped)
    elif isinstance(component, ExampleStrategy):
        for source in sources:
            yield [source.derive(turns, name, note) for turns, note in component.vary_example(source, chance(plan.seed, name, source.id))]
    else:
        yield from _vary_texts(component, name, sources, plan)


def _read(strategy: PromptedStrategy, name: str, source: Example, replies: Sequence[Reply], dropped: list[Dropped]) -> list[Example]:
    """What a prompted strategy makes of the replies."""
    dropped += [Dropped(source.derive((), name), FAILED, reply.error) for reply in replies if reply.error is not None]
    drafts = []
    for item in strategy.read(source, replies):
        if not isinstance(item, Malformed):
            turns, note = item
            drafts.append(source.derive(turns, name, note))
        elif item.reply.error is None:
            said = Message(role="assistant", content=item.reply.text)
            dropped.append(Dropped(source.derive((said,), name), MALFORMED, item.reason))
    return drafts


def _vary_texts(component: Any, name: str, sources: Sequence[Example], plan: Plan) -> Iterator[list[Example]]:
    places = [(index, turn) for index, source in enumerate(sources) for turn in user_turns(source, plan.turns)]
    texts = [sources[index].messages[turn].text for index, turn in places]
    rngs = [chance(plan.seed, f"{name}#{turn}", sources[index].id) for index, turn in places]
    if isinstance(component, BatchStrategy):
        batches: Sequence[Iterable[str | Variation]] = component.vary_batch(texts, rngs)
    elif isinstance(component, TextStrategy):
        batches = [component.vary(text, rng) for text, rng in zip(texts, rngs, strict=True)]
    else:
        raise UsageError(f"strategy {name!r} needs a language model; name one with --generator, or 'generator:' in the recipe")
    found: list[list[Example]] = [[] for _ in sources]
    for (index, turn), batch in zip(places, batches, strict=True):
        for item in batch:
            variation = item if isinstance(item, Variation) else Variation(item)
            found[index].append(sources[index].vary(turn, variation.text, name, variation.note))
    yield from found


def shards(examples: Iterable[Example], plan: Plan, *, sources_judged: bool = False, answer: Answerer | None = None) -> Iterator[Shard]:
    """Cut source examples into shards of about 4 MiB, with the replies that prompted strategies need."""
    lines: list[bytes] = []
    size = 0
    for example in examples:
        line = encode(example)
        lines.append(line)
        size += len(line)
        if size >= SHARD_BYTES:
            yield _with_replies(Shard(lines, plan, sources_judged=sources_judged), answer)
            lines, size = [], 0
    if lines:
        yield _with_replies(Shard(lines, plan, sources_judged=sources_judged), answer)


def _with_replies(shard: Shard, answer: Answerer | None) -> Shard:
    """Have the model answer what prompted strategies ask; strategies that can do without a model do without when there is none."""
    if answer is None:
        return shard
    replies: dict[int, list[list[Reply]]] = {}
    for number, asked in asking(map(decode, shard.lines), shard.plan):
        answers = iter(answer([request for requests in asked for request in requests]))
        replies[number] = [[next(answers) for _ in requests] for requests in asked]
    shard.replies = replies
    return shard


def asking(examples: Iterable[Example], plan: Plan) -> Iterator[tuple[int, list[list[Request]]]]:
    """What each prompted strategy of the plan asks a model: the strategy's number, and its requests for each example."""
    sources = list(examples)
    for number, spec in enumerate(plan.strategies):
        component = plugins()["strategy"].make(spec)
        if isinstance(component, PromptedStrategy):
            yield number, [list(component.ask(source, chance(plan.seed, str(spec), source.id))) for source in sources]


@dataclass
class Outcome:
    """What came of a data set: the examples that stay, the ones that went, how many each strategy made, and what repairs changed."""

    kept: list[Example]
    dropped: list[Dropped]
    made: dict[str, int]
    changed: list[Changed] = field(default_factory=list)


def process(
    examples: Iterable[Example],
    plan: Plan,
    *,
    held_out: Sequence[Example] = (),
    sources_judged: bool = False,
    workers: int = 1,
    answer: Answerer | None = None,
    progress: Callable[[int, int], None] = lambda _sources, _rows: None,
) -> Outcome:
    """Take examples through the whole plan.

    `held_out` are the validation and test examples, for filters that keep training data away from them. With
    `sources_judged` the filters judge the sources themselves (cleaning) instead of variants of them.
    """
    kept: list[Example] = []
    dropped: list[Dropped] = []
    changed: list[Changed] = []
    made: dict[str, int] = {str(spec): 0 for spec in plan.strategies}
    sketches: dict[str, list[Any]] = {}
    sources = 0
    cut = shards(examples, plan, sources_judged=sources_judged, answer=answer)
    for result in run_shards(work_shard, cut, workers):
        part = [decode(line) for line in result.kept]
        kept += part
        sources += sum(example.parent is None for example in part)
        dropped += result.dropped
        changed += result.changed
        for name, count in result.made.items():
            made[name] += count
        for name, some in result.sketches.items():
            sketches.setdefault(name, []).extend(some)
        progress(sources, len(kept))
    kept, more = reduce(kept, sketches, plan, held_out, sources_judged=sources_judged)
    return Outcome(kept, dropped + more, made, changed)


def reduce(
    kept: Sequence[Example], sketches: Mapping[str, list[Any]], plan: Plan, held_out: Sequence[Example], *, sources_judged: bool = False
) -> tuple[list[Example], list[Dropped]]:
    """Data-set-wide filters, in order, each on what the one before left: the rows that stay, and those that go."""
    kept = list(kept)
    dropped: list[Dropped] = []
    for spec in plan.filters:
        component = plugins()["filter"].make(spec)
        if not isinstance(component, DatasetFilter):
            continue
        name = str(spec)
        apart = list(component.sketch([Candidate(example) for example in held_out]))
        verdicts = _checked(component.reduce(sketches.get(name, []), apart), len(kept), spec)
        stay: list[int] = []
        for index, verdict in enumerate(verdicts):
            example = verdict.replacement or kept[index]
            if verdict.score is not None:
                example = msgspec.structs.replace(example, scores={**example.scores, spec.name: round(verdict.score, 6)})
            kept[index] = example
            if verdict.keep or (example.parent is None and not sources_judged):
                stay.append(index)
            else:
                dropped.append(Dropped(example, name, verdict.reason, verdict.score, verdict.other))
        kept = [kept[index] for index in stay]
        sketches = {key: [some[index] for index in stay] for key, some in sketches.items()}
    return kept, dropped
