"""A few of many."""

from __future__ import annotations

from random import Random
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Reservoir(Generic[Item]):
    """Up to `most` items of a stream, every one with the same chance; `total` counts all."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.total = 0
        self.items: list[Item] = []
        self._rng = Random(0)

    def add(self, item: Item) -> None:
        """Count an item, and keep it if chance will have it."""
        self.total += 1
        if len(self.items) < self.most:
            self.items.append(item)
        elif (place := self._rng.randrange(self.total)) < self.most:
            self.items[place] = item

    def some(self, count: int) -> list[Item]:
        """At most that many of those kept, drawn by chance, in their order."""
        if len(self.items) <= count:
            return self.items
        return [self.items[index] for index in sorted(Random(0).sample(range(len(self.items)), count))]
