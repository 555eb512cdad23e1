"""Some of many examples: the same ones whatever the order of the rows, in bounded memory."""

from __future__ import annotations

import hashlib
import heapq
from dataclasses import dataclass, field

from ..examples import Example

BYTES = 128_000_000
"""Most letters of text that a sample holds."""


@dataclass
class Sample:
    """The `most` examples whose ids have the smallest hashes, or fewer where these hold more than `room` letters.

    A bottom-k sample: what is drawn is a function of the ids, and every example has the same chance.
    """

    most: int
    room: int = BYTES
    _heap: list[tuple[int, int, int, Example]] = field(default_factory=list, repr=False)
    _letters: int = 0
    _bound: int | None = None

    def add(self, row: int, example: Example) -> None:
        """Take in an example that stands in that row."""
        place = -int.from_bytes(hashlib.blake2b(example.id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
        if self._bound is not None and place <= self._bound:
            return
        letters = sum(len(message.text) for message in (*example.messages, *example.rejected))
        heapq.heappush(self._heap, (place, -row, letters, example))
        self._letters += letters
        while len(self._heap) > self.most or (self._letters > self.room and len(self._heap) > 1):
            self._bound, _, gone, _ = heapq.heappop(self._heap)
            self._letters -= gone

    def drawn(self, most: int | None = None) -> list[tuple[int, Example]]:
        """The examples with their rows, in the order of the file; with `most`, that many of them, by the same chance."""
        some = self._heap if most is None else heapq.nlargest(most, self._heap, key=lambda item: item[:2])
        return sorted(((-row, example) for _, row, _, example in some), key=lambda item: item[0])
