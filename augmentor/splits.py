"""Train, validation and test parts that share nothing they should not.

A *group* is what must stay together: by default a root with all its variants, or everything that shares a key (a customer).
Groups that say the same thing are joined, so that no duplicate straddles two parts. Where a group goes is a function of the
seed and the group, never of the order of the rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from .errors import UsageError
from .examples import Example
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
    """

    by: Literal["root", "label"] = "root"
    test: float = 0.1
    validation: float = 0.1
    key: str | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.test < 1 and 0 <= self.validation < 1 and self.test + self.validation < 1):
            raise UsageError(f"shares must be at least 0 and leave something to train on: test {self.test}, validation {self.validation}")


def split(examples: Sequence[Example], how: Split, seed: int = 0) -> dict[str, list[Example]]:
    """The parts, each in the order of `examples`.

    Raises:
        UsageError: the key is in no example.
    """
    groups = _groups(examples, how)
    place = _within_labels(examples, groups, how, seed) if how.by == "label" else _by_share(sorted(set(groups)), how, seed)
    parts: dict[str, list[Example]] = {part: [] for part in PARTS}
    for example, group in zip(examples, groups, strict=True):
        parts[place[group]].append(example)
    return parts


def _groups(examples: Sequence[Example], how: Split) -> list[str]:
    """A name for the group of each example: the smallest root in it."""
    if how.key is not None and examples and not any(_key(example, how.key) is not None for example in examples):
        known = sorted({key for example in examples for key in example.meta})
        raise UsageError(f"no example has the key {how.key!r} to split by; known: {', '.join(['label', *known])}")
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
    smallest: dict[Hashable, str] = {}
    for example in examples:
        top = find(("root", example.root))
        smallest[top] = min(smallest.get(top, example.root), example.root)
    return [smallest[find(("root", example.root))] for example in examples]


def _ties(example: Example, how: Split) -> Iterable[Hashable]:
    """What ties an example to others beside its root: the same prompt, the same key."""
    yield ("text", "\n".join(normalised(message.text) for message in example.prompt if message.role != "system"))
    if how.key is not None and (value := _key(example, how.key)) is not None:
        yield ("key", value)


def _key(example: Example, key: str) -> str | None:
    value = example.meta.get(key, example.label if key == "label" else None)
    return None if value is None else str(value)


def _order(names: Iterable[str], seed: int, salt: str) -> list[str]:
    return sorted(names, key=lambda name: (hashlib.blake2b(f"{seed}\0{salt}\0{name}".encode("utf-8", "surrogatepass"), digest_size=8).digest(), name))


def _by_share(names: Sequence[str], how: Split, seed: int) -> dict[str, str]:
    order = _order(names, seed, "split")
    tests = round(len(order) * how.test)
    validations = round(len(order) * how.validation)
    return {name: "test" if index < tests else "validation" if index < tests + validations else "train" for index, name in enumerate(order)}


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
