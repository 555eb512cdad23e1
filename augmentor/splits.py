"""Train, validation and test parts that share nothing they should not.

A *group* is what must stay together: by default a root with all its variants, or everything that shares a key (a customer).
Groups that say the same or nearly the same are joined, so that no near-duplicate straddles two parts. Where a group goes is a
function of the seed and the group (or of its time), never of the order of the rows.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Literal

from .errors import UsageError
from .examples import Example
from .likeness import near_pairs
from .texts import normalised

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Split:
    """How to split.

    Attributes:
        by: `root` (unseen roots: whole families, or all that shares `key`, go one way) or `label` (known facts, unseen
            wording: within each label some roots train and others test; a label with a single root only trains).
        test, validation: shares of the groups, 0 to 1.
        key: a key of `meta` (or `label`) whose value keeps rows together.
        stratify: a key of `meta` (or `label`): every part gets its share of each of the values.
        time: a key of `meta` with a date or number: the latest groups test, those before them validate, the oldest train.
        alike: Jaccard index of word pairs from which two prompts are near-duplicates that stay together; at 1 only those with the same pairs.
    """

    by: Literal["root", "label"] = "root"
    test: float = 0.1
    validation: float = 0.1
    key: str | None = None
    stratify: str | None = None
    time: str | None = None
    alike: float = 0.6

    def __post_init__(self) -> None:
        if not 0 < self.alike <= 1:
            raise UsageError(f"alike is a Jaccard index above 0 and up to 1, not {self.alike:g}")
        if self.by == "label" and (self.stratify or self.time):
            raise UsageError("splitting by label is stratified by label already; 'stratify' and 'time' go with by: root")
        if self.stratify and self.time:
            raise UsageError("'stratify' and 'time' pull in two directions: choose one")
        if not (0 <= self.test < 1 and 0 <= self.validation < 1 and self.test + self.validation < 1):
            raise UsageError(f"shares must be at least 0 and leave something to train on: test {self.test}, validation {self.validation}")


def split(examples: Sequence[Example], how: Split, seed: int = 0) -> dict[str, list[Example]]:
    """The parts, each in the order of `examples`.

    Raises:
        UsageError: a key is in no example, or a time cannot be read.
    """
    for key in (how.key, how.stratify, how.time):
        _check_key(examples, key)
    groups = _groups(examples, how)
    if how.by == "label":
        place = _within_labels(examples, groups, how, seed)
    elif how.time:
        place = _by_time(examples, groups, how, how.time)
    elif how.stratify:
        place = _stratified(examples, groups, how, seed, how.stratify)
    else:
        place = _by_share(_order(set(groups), seed, "split"), how)
    parts: dict[str, list[Example]] = {part: [] for part in PARTS}
    for example, group in zip(examples, groups, strict=True):
        parts[place[group]].append(example)
    return parts


def _check_key(examples: Sequence[Example], key: str | None) -> None:
    if key is not None and examples and not any(_key(example, key) is not None for example in examples):
        known = sorted({key for example in examples for key in example.meta})
        raise UsageError(f"no example has the key {key!r} to split by; known: {', '.join(['label', *known])}")


def _groups(examples: Sequence[Example], how: Split) -> list[str]:
    """A name for the group of each example: the smallest root in it."""
    parent: dict[Hashable, Hashable] = {}

    def find(item: Hashable) -> Hashable:
        while parent.setdefault(item, item) != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for example in examples:
        root = find(("root", example.root))
        for other in _ties(example, how):
            parent[find(other)] = root
            root = find(root)
    _join_near(sorted({_asked(example) for example in examples}), how.alike, parent, find)
    smallest: dict[Hashable, str] = {}
    for example in examples:
        top = find(("root", example.root))
        smallest[top] = min(smallest.get(top, example.root), example.root)
    return [smallest[find(("root", example.root))] for example in examples]


def _ties(example: Example, how: Split) -> Iterable[Hashable]:
    """What ties an example to others beside its root: the same prompt, the same key."""
    yield ("text", _asked(example))
    if how.key is not None and (value := _key(example, how.key)) is not None:
        yield ("key", value)


def _join_near(texts: Sequence[str], alike: float, parent: dict[Hashable, Hashable], find: Callable[[Hashable], Hashable]) -> None:
    """Join the groups of prompts that are near-duplicates."""

    def joined(one: int, other: int) -> bool:
        return find(("text", texts[one])) == find(("text", texts[other]))

    for one, other in near_pairs(texts, alike, joined):
        parent[find(("text", texts[one]))] = find(("text", texts[other]))


def _asked(example: Example) -> str:
    return "\n".join(normalised(message.text) for message in example.prompt if message.role != "system")


def _key(example: Example, key: str) -> str | None:
    value = example.meta.get(key, example.label if key == "label" else None)
    return None if value is None else str(value)


def _order(names: Iterable[str], seed: int, salt: str) -> list[str]:
    return sorted(names, key=lambda name: (hashlib.blake2b(f"{seed}\0{salt}\0{name}".encode("utf-8", "surrogatepass"), digest_size=8).digest(), name))


def _by_share(order: Sequence[str], how: Split) -> dict[str, str]:
    """The first groups of an order test, the next validate, the others train."""
    tests = round(len(order) * how.test)
    validations = round(len(order) * how.validation)
    return {name: "test" if index < tests else "validation" if index < tests + validations else "train" for index, name in enumerate(order)}


def _stratified(examples: Sequence[Example], groups: Sequence[str], how: Split, seed: int, key: str) -> dict[str, str]:
    """Like `_by_share` with each value of the key dealt out evenly; a group counts for the value that most of its rows have.

    Groups are put in an order in which every stratum is spread evenly (its i-th of n groups stands at (i + a half) / n), so each
    run of that order, and so each part, holds its share of each.
    """
    values: dict[str, Counter[str]] = {}
    for example, group in zip(examples, groups, strict=True):
        values.setdefault(group, Counter())[_key(example, key) or ""] += 1
    strata: dict[str, list[str]] = {}
    for group, counts in values.items():
        strata.setdefault(min(counts, key=lambda value: (-counts[value], value)), []).append(group)
    place = {name: (index + 0.5) / len(some) for stratum, some in strata.items() for index, name in enumerate(_order(some, seed, f"split\0{stratum}"))}
    return _by_share(sorted(_order(place, seed, "split"), key=place.__getitem__), how)


def _by_time(examples: Sequence[Example], groups: Sequence[str], how: Split, key: str) -> dict[str, str]:
    """The latest groups test. A group is as late as its latest row; one without a time is the oldest."""
    latest: dict[str, float] = {}
    for example, group in zip(examples, groups, strict=True):
        latest[group] = max(latest.get(group, float("-inf")), _time(example.meta, key, example.id))
    return _by_share(sorted(latest, key=lambda name: (-latest[name], name)), how)


def _time(meta: Mapping[str, Any], key: str, example: str) -> float:
    value = meta.get(key)
    if value is None or value == "":
        return float("-inf")
    try:
        if isfinite(seconds := float(value)):
            return seconds
    except (TypeError, ValueError):
        pass
    try:
        time = datetime.fromisoformat(str(value))
    except ValueError:
        raise UsageError(f"example {example}: {value!r} in {key!r} is no time; write it as 2026-01-31, 2026-01-31T08:00:00Z or seconds") from None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _within_labels(examples: Sequence[Example], groups: Sequence[str], how: Split, seed: int) -> dict[str, str]:
    """Within each label: one group always trains; of the others each part gets its share, rounded up so that small labels are tested."""
    by_label: dict[str, list[str]] = {}
    for example, group in zip(examples, groups, strict=True):
        by_label.setdefault(example.label or "", []).append(group)
    place: dict[str, str] = {}
    for label, some in sorted(by_label.items()):
        order = [name for name in _order(set(some), seed, f"split\0{label}") if name not in place]
        spare = len(order) - 1
        tests = min(spare, -(-len(order) * how.test // 1)) if how.test else 0
        validations = min(spare - tests, round(len(order) * how.validation))
        for index, name in enumerate(order):
            place[name] = "test" if index < tests else "validation" if index < tests + validations else "train"
    return place
