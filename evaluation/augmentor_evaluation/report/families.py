"""Where every training row came from: sources, what was made of them, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

import msgspec

from augmentor.examples import Example

from .embed import Texts
from .lines import read_lines
from .runview import Dropped, RunView

SHOWN = 400
BYTES = 500_000
LIMIT = 4000


@dataclass(frozen=True)
class Variant:
    """What a strategy made. `before` is what the source says where `text` differs; `filter` is None for one that was kept."""

    strategy: str
    variation: str | None
    before: str
    text: str
    filter: str | None = None
    reason: str = ""
    score: float | None = None


@dataclass(frozen=True)
class Family:
    """A source with all its variants, kept ones first."""

    root: str
    label: str | None
    question: str
    answer: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True)
class Lineage:
    """All families counted, some chosen to be shown. `kept` and `dropped` count variants by strategy."""

    total: int
    kept: Mapping[str, int]
    dropped: Mapping[str, int]
    chosen: tuple[Family, ...]


class _Glimpse(msgspec.Struct, frozen=True):
    id: str
    root: str = ""
    parent: str | None = None
    made_by: str | None = None


class _DroppedGlimpse(msgspec.Struct, frozen=True):
    example: _Glimpse


def strategy(made_by: str | None) -> str:
    """The strategy's name without its options."""
    return (made_by or "source").partition(":")[0]


def read_lineage(run: RunView, shown: int = SHOWN) -> Lineage | None:
    """The families of the training data; None where the run made no variants."""
    kept, dropped = Counter[str](), Counter[str]()
    size = Counter[str]()
    for row in read_lines(run.path / "data/train.jsonl", _Glimpse):
        if row.parent is None:
            size[row.root or row.id] += 0
        else:
            size[row.root] += 1
            kept[strategy(row.made_by)] += 1
    for one in read_lines(run.path / "data/dropped.jsonl", _DroppedGlimpse):
        if one.example.parent is not None:
            size[one.example.root] += 1
            dropped[strategy(one.example.made_by)] += 1
    if not kept and not dropped:
        return None
    roots = sorted(root for root, count in size.items() if count)
    Random(0).shuffle(roots)
    return Lineage(len(size), kept, dropped, tuple(_families(run, dict.fromkeys(roots[:shown]))))


def _families(run: RunView, wanted: Mapping[str, None]) -> list[Family]:
    """The families of those roots, as many as fit the page."""
    members: dict[str, list[Example]] = {root: [] for root in wanted}
    gone: dict[str, list[Dropped]] = {root: [] for root in wanted}
    for example in run.examples("train"):
        if example.root in members:
            members[example.root].append(example)
    for row in run.dropped():
        if row.example.parent is not None and row.example.root in gone:
            gone[row.example.root].append(row)
    found: list[Family] = []
    texts = Texts(LIMIT)
    for root in wanted:
        known = {example.id: example for example in members[root]} | {row.example.id: row.example for row in gone[root]}
        source = known.get(root) or next((example for example in members[root] if example.parent is None), None)
        variants = [_variant(example, known, source) for example in members[root] if example.parent is not None]
        variants += [_variant(row.example, known, source, row) for row in gone[root]]
        family = Family(
            root, source.label if source else None, source.question if source else "", source.answer if source else "", tuple(variants)
        )
        for text in (family.question, family.answer, *(text for one in variants for text in (one.before, one.text, one.reason))):
            texts.number(text)
        if texts.size > BYTES and found:
            break
        found.append(family)
    return found


def _variant(example: Example, known: Mapping[str, Example], source: Example | None, row: Dropped | None = None) -> Variant:
    origin = known.get(example.parent or "") or source
    before, text = spoken(origin, example)
    made = strategy(example.made_by)
    if row is None:
        return Variant(made, example.variation, before, text)
    return Variant(made, example.variation, before, text, row.filter.partition(":")[0], row.reason, row.score)


def spoken(source: Example | None, example: Example) -> tuple[str, str]:
    """What the source says and what the variant says, as far as they differ: the changed user turns, or the whole conversation."""
    if source is None:
        return "", example.question or example.text
    same_shape = len(source.messages) == len(example.messages)
    if not same_shape:
        return _transcript(source), _transcript(example)
    changed = [(old, new) for old, new in zip(source.messages, example.messages, strict=True) if old.text != new.text]
    if all(old.role == new.role == "user" for old, new in changed):
        return (
            ("\n".join(old.text for old, _ in changed), "\n".join(new.text for _, new in changed))
            if changed
            else (source.question, example.question)
        )
    return _transcript(source), _transcript(example)


def _transcript(example: Example) -> str:
    return "\n".join(f"{message.role}: {message.text}" for message in example.messages)
