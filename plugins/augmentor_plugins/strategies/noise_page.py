"""A batch of texts as one array of code points, with its words found and what must not change marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import numpy as np

SPACE, LETTER, UPPER, WORD, MARK, ODD, INNER = 1, 2, 4, 8, 16, 32, 64
_ODD = "0123456789@/_#$%{}[]<>\\`=&~^*+|"  # what words do not have: numbers, codes, addresses, placeholders
_BRACKETS = re.compile(r"\{[^{}\n]{1,60}\}|\[[^\[\]\n]{1,60}\]|<[^<>\n]{1,60}>|`[^`\n]+`")


@dataclass(frozen=True)
class Page:
    """Texts one after the other, each closed by a line feed.

    Attributes:
        codes: all code points, uint8 where they are all ASCII, else uint32.
        flags: what each one is, uint8.
        begins, lengths: where each text begins and how long it is.
        starts, ends: the words that may change, as ranges of `codes`.
        owners: the text that each of these words belongs to.
        totals: how many words each text has, those that may not change included.
    """

    codes: np.ndarray
    flags: np.ndarray
    begins: np.ndarray
    lengths: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    owners: np.ndarray
    totals: np.ndarray

    def positions(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Every position of the words numbered `chosen`, and for each which of them it is part of."""
        import numpy as np

        sizes = self.ends[chosen] - self.starts[chosen]
        which = np.repeat(np.arange(len(chosen)), sizes)
        within = np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self.starts[chosen][which] + within, which


@cache
def _flags() -> np.ndarray:
    import numpy as np

    table = np.full(129, 0, np.uint8)
    table[128] = WORD  # all that is not ASCII
    for code in range(128):
        letter = chr(code)
        table[code] = (
            SPACE * (letter.isspace() or code < 32)
            | (LETTER | WORD) * letter.isalpha()
            | UPPER * letter.isupper()
            | WORD * (letter == "'")
            | MARK * (letter in ",.?!;:")
            | ODD * (letter in _ODD)
            | INNER * (letter in ".:")
        )
    return table


def lay_out(texts: Sequence[str]) -> Page:
    """The page of some texts."""
    import numpy as np

    joined = "\n".join(texts) + "\n"
    if joined.isascii():  # a quarter of the memory to go through, for nearly all English
        codes = np.frombuffer(joined.encode("ascii"), np.uint8)
        flags = _flags()[codes]
    else:
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        flags = _flags()[np.minimum(codes, 128)]
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    begins = np.cumsum(lengths + 1) - lengths - 1
    before = np.concatenate((np.array([SPACE], np.uint8), flags[:-1]))
    word = flags & WORD > 0  # the last code point is a line feed, so every word ends inside the page
    edges = np.flatnonzero(word[1:] != word[:-1]) + 1
    if word[0]:
        edges = np.concatenate(([0], edges))
    starts, ends = edges[::2], edges[1::2]
    owners = np.repeat(np.arange(len(texts)), lengths + 1)[starts]
    totals = np.bincount(owners, minlength=len(texts))

    # A run of non-space that holds a digit, a sign, a capital after a letter or a point between letters is none of our business.
    odd = (flags & ODD > 0) | ((flags & UPPER > 0) & (before & LETTER > 0))
    odd[1:-1] |= (flags[1:-1] & INNER > 0) & word[:-2] & word[2:]
    keep = ~_touching(np.flatnonzero(odd), np.flatnonzero(flags & SPACE), starts)
    if not joined.isascii():
        keep &= ~holding((codes > 127) & (codes != 0x2019), starts)
    keep &= ~_is_name(codes, flags, starts, ends)
    if any(sign in joined for sign in "{[<`"):
        inside = np.zeros(len(codes), bool)
        for match in _BRACKETS.finditer(joined):
            inside[match.start() : match.end()] = True
        keep &= ~inside[starts]
    return Page(codes, flags, begins, lengths, starts[keep], ends[keep], owners[keep], totals)


def _touching(odd: np.ndarray, spaces: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Which words stand in a run of non-space with one of the `odd` positions."""
    import numpy as np

    after = np.searchsorted(spaces, odd)
    firsts = np.where(after > 0, spaces[after - 1], -1)
    changes = np.zeros(len(starts) + 1, np.int64)
    np.add.at(changes, np.searchsorted(starts, firsts), 1)
    np.add.at(changes, np.searchsorted(starts, spaces[after]), -1)
    return cast("np.ndarray", np.cumsum(changes)[:-1] > 0)


def holding(which: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Which words hold a marked code point; marked are only code points of words, and few of them."""
    import numpy as np

    found = np.zeros(len(starts) + 1, bool)
    found[np.searchsorted(starts, np.flatnonzero(which), side="right")] = True
    return found[1:]


def _is_name(codes: np.ndarray, flags: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Whether a word is capitalised though no sentence begins with it."""
    import numpy as np

    one, two = np.maximum(starts - 1, 0), np.maximum(starts - 2, 0)
    fresh = (starts == 0) | (codes[one] == 10) | ((flags[one] & SPACE > 0) & (((flags[two] & MARK > 0) & (codes[two] != ord(","))) | (flags[two] & SPACE > 0)))
    return cast("np.ndarray", (flags[starts] & UPPER > 0) & ~fresh & (ends - starts > 1))
