"""Slips on a page of texts, all at once.

Chance is a hash of the text's own seed and the place in the text, never of the place in the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, cast

from . import noise_tables
from .noise_page import LETTER, MARK, UPPER, Page, holding

if TYPE_CHECKING:
    import numpy as np

_LONG_ENOUGH = 4  # letters: a slip in a shorter word makes another word of it
_LONGEST_WORD = 12
_FEW = 4  # letters of a word drawn one by one; more are sorted out together
_LETTERS, _WORDS, _CHOICE = 1, 2, 3  # what a hash is for

keyboard, ocr = cache(noise_tables.keyboard), cache(noise_tables.ocr)


class Slips:
    """One variant of a page: which words get which slip, and the texts that result."""

    def __init__(self, page: Page, seeds: np.ndarray, kinds: Sequence[str], rate: float, within: float) -> None:
        import numpy as np

        self.page, self.seeds, self.within = page, seeds, within
        self.codes = page.codes.copy()
        self.counts: list[tuple[np.ndarray, int | np.ndarray]] = []  # places, and how many code points each becomes
        self.fills: list[tuple[np.ndarray, np.ndarray]] = []  # words that become others: where they start, their code points
        self.seconds: list[tuple[np.ndarray, np.ndarray]] = []  # what stands after a code point that became two
        self.sizes = page.ends - page.starts
        able = np.stack([self._able(kind) for kind in kinds])
        chosen = self._chosen(np.flatnonzero(able.any(axis=0)), rate)
        if len(kinds) == 1:
            _MAKE[kinds[0]](self, chosen)
            return
        wish = self._hash(page.starts[chosen], page.owners[chosen], _CHOICE) % np.uint64(len(kinds))
        kind_of = np.full(len(chosen), -1)
        for step in range(len(kinds)):  # the kind that chance wishes for, or the next that is possible here
            kind = (wish.astype(np.int64) + step) % len(kinds)
            kind_of = np.where((kind_of < 0) & able[kind, chosen], kind, kind_of)
        for number, name in enumerate(kinds):
            words = chosen[kind_of == number]
            if name == "case" and len(words):
                self._make_second(kinds, able, chosen, kind_of, wish)
            if len(words):
                _MAKE[name](self, words)

    def _make_second(self, kinds: Sequence[str], able: np.ndarray, chosen: np.ndarray, kind_of: np.ndarray, wish: np.ndarray) -> None:
        """A slip of another kind beside the wrong case, in texts that would have no other: by its case alone no text counts as another."""
        import numpy as np

        owners, cased = self.page.owners[chosen], kind_of == kinds.index("case")
        spared = np.ones(len(self.page.begins), bool)
        spared[owners[~cased]] = False
        first = np.append(True, owners[1:] != owners[:-1])
        alone = np.flatnonzero(first & spared[owners])
        second = np.full(len(alone), -1)
        for step in range(len(kinds)):
            kind = (wish[alone].astype(np.int64) + step) % len(kinds)
            fits = able[kind, chosen[alone]] & (kind != kinds.index("case"))
            second = np.where((second < 0) & fits, kind, second)
        for number, name in enumerate(kinds):
            words = chosen[alone[second == number]]
            if len(words):
                _MAKE[name](self, words)

    @cached_property
    def apostrophes(self) -> np.ndarray:
        """Which words have one."""
        return holding(_is_apostrophe(self.page.codes), self.page.starts)

    def _hash(self, positions: np.ndarray, owners: np.ndarray, purpose: int) -> np.ndarray:
        """Sixty-four random bits for each place (splitmix64)."""
        import numpy as np

        place = (positions - self.page.begins[owners]).astype(np.uint64) * np.uint64(4) + np.uint64(purpose)
        bits = self.seeds[owners] + place * np.uint64(0x9E3779B97F4A7C15)
        bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return cast("np.ndarray", bits ^ (bits >> np.uint64(31)))

    def _word_hash(self, words: np.ndarray) -> np.ndarray:
        return self._hash(self.page.starts[words], self.page.owners[words], _LETTERS)

    def _chosen(self, words: np.ndarray, rate: float) -> np.ndarray:
        """Of the words where a slip is possible, as many as `rate` asks for in each text, in order."""
        import numpy as np

        owners = self.page.owners[words]
        wanted = np.ceil(rate * self.page.totals - 1e-9).astype(np.int64)
        return cast("np.ndarray", words[_smallest(self._hash(self.page.starts[words], owners, _WORDS), owners, wanted)])

    def _able(self, kind: str) -> np.ndarray:
        """In which words this slip is possible."""
        import numpy as np

        page, sizes = self.page, self.sizes
        opens = page.flags[page.starts] & LETTER > 0
        if kind == "keyboard":
            return cast("np.ndarray", sizes >= _LONG_ENOUGH)
        if kind == "ocr":
            return cast("np.ndarray", (sizes >= _LONG_ENOUGH) & holding(ocr()[1][np.minimum(page.codes, 127)] > 0, page.starts))
        if kind == "case":
            return cast("np.ndarray", opens & ((sizes >= _LONG_ENOUGH) | ((page.codes[page.starts] == ord("I")) & (sizes == 1))))
        if kind == "spacing":
            return cast("np.ndarray", opens & (_can_join(page) | (sizes >= _LONG_ENOUGH + 2)))
        if kind == "punctuation":
            return cast("np.ndarray", (page.flags[page.ends] & MARK > 0) | self.apostrophes)
        if kind in {"homophone", "autocorrect"}:
            return _looked_up(page, noise_tables.HOMOPHONES if kind == "homophone" else noise_tables.AUTOCORRECT) >= 0
        return cast("np.ndarray", (sizes > _LONG_ENOUGH) & ~self.apostrophes)  # swap, drop, double

    def substitute(self, words: np.ndarray, table: tuple[np.ndarray, np.ndarray]) -> None:
        """Some letters of each word become one of those that `table` has for them."""
        import numpy as np

        others, sizes = table
        places, which = self.page.positions(words)
        fit = sizes[np.minimum(self.codes[places], 127)] > 0
        places, which = places[fit], which[fit]
        bits = self._hash(places, self.page.owners[words][which], _LETTERS)
        taken = _smallest(bits, which, np.ceil(self.within * self.sizes[words] - 1e-9).astype(np.int64))
        places, bits = places[taken], bits[taken]
        letters = self.codes[places]
        self.codes[places] = others[letters, ((bits >> np.uint64(17)) % sizes[letters]).astype(np.int64)]

    def keyboard(self, words: np.ndarray) -> None:
        """Every letter has keys beside it, so a few of them are drawn without looking at all; the rest goes the longer way."""
        import numpy as np

        wanted = np.ceil(self.within * self.sizes[words] - 1e-9).astype(np.int64)
        easy = (wanted <= _FEW) & ~self.apostrophes[words]
        if not easy.all():
            self.substitute(words[~easy], keyboard())
            words, wanted = words[easy], wanted[easy]
        others, sizes = keyboard()
        drawn: list[np.ndarray] = []
        bits = self._word_hash(words)
        for draw in range(int(wanted.max(initial=0))):  # Floyd's sampling without replacement, a letter of every word at a time
            more = wanted > draw
            if not more.all():
                words, wanted, bits, drawn = words[more], wanted[more], bits[more], [places[more] for places in drawn]
            last = self.sizes[words] - wanted + draw
            place = ((bits >> np.uint64(40)) * (last + 1).astype(np.uint64) >> np.uint64(24)).astype(np.int64)
            for before in drawn:
                place = np.where(place == before, last, place)
            drawn.append(place)
            where = self.page.starts[words] + place
            letters = self.codes[where]
            choice = ((bits & np.uint64(0xFFFF)) * sizes[letters] >> np.uint64(16)).astype(np.int64)
            self.codes[where] = others[letters, choice]
            bits = (bits ^ (bits >> np.uint64(29))) * np.uint64(0x94D049BB133111EB)

    def ocr(self, words: np.ndarray) -> None:
        self.substitute(words, ocr())

    def _inner(self, words: np.ndarray) -> np.ndarray:
        """A place inside each word, neither its first letter nor its last two."""
        import numpy as np

        room = np.maximum(self.sizes[words] - 3, 1).astype(np.uint64)
        return cast("np.ndarray", self.page.starts[words] + 1 + (self._word_hash(words) % room).astype(np.int64))

    def swap(self, words: np.ndarray) -> None:
        places = self._inner(words)
        self.codes[places], self.codes[places + 1] = self.codes[places + 1], self.codes[places]

    def drop(self, words: np.ndarray) -> None:
        self.counts.append((self._inner(words), 0))

    def double(self, words: np.ndarray) -> None:
        self.counts.append((self._inner(words), 2))

    def case(self, words: np.ndarray) -> None:
        """The first letter in the other case, or, after a capital, the second a capital as well (*HOw*)."""
        import numpy as np

        places = self.page.starts[words]
        held = (self._word_hash(words) % np.uint64(3) == 0) & (self.page.flags[places] & UPPER > 0) & (self.sizes[words] >= _LONG_ENOUGH)
        self.codes[places + held] ^= self.codes.dtype.type(32)

    def spacing(self, words: np.ndarray) -> None:
        """Run into the next word, or be torn apart in the middle."""
        import numpy as np

        joins = _can_join(self.page)[words] & ((self._word_hash(words) & np.uint64(1) == 0) | (self.sizes[words] < _LONG_ENOUGH + 2))
        self.counts.append((self.page.ends[words[joins]], 0))
        places = self._inner(words[~joins])
        self.counts.append((places, 2))
        self.seconds.append((places, np.full(len(places), 32, np.uint32)))

    def punctuation(self, words: np.ndarray) -> None:
        """The mark after the word is left out or comes twice; a word without one loses its apostrophe."""
        import numpy as np

        ends = self.page.ends[words]
        marked = self.page.flags[ends] & MARK > 0
        twice = self._word_hash(words) % np.uint64(3) == 0
        self.counts.append((ends[marked], np.where(twice[marked], 2, 0)))
        places, _ = self.page.positions(words[~marked])
        self.counts.append((places[_is_apostrophe(self.codes[places])], 0))

    def replace(self, words: np.ndarray, table: dict[str, str]) -> None:
        """Each word becomes what `table` has for it, with a capital where it had one."""
        import numpy as np

        _, targets, lengths = _lookup_table(tuple(table.items()))
        found = _looked_up(self.page, table)[words]
        places, _ = self.page.positions(words)
        self.counts.append((places, 0))
        self.counts.append((self.page.starts[words], lengths[found]))
        fill = targets[found]
        capital = self.page.flags[self.page.starts[words]] & UPPER > 0
        fill[capital, 0] ^= np.uint32(32)
        self.fills.append((self.page.starts[words], fill))

    def homophone(self, words: np.ndarray) -> None:
        self.replace(words, noise_tables.HOMOPHONES)

    def autocorrect(self, words: np.ndarray) -> None:
        self.replace(words, noise_tables.AUTOCORRECT)

    def texts(self) -> list[str]:
        """The texts, with their slips."""
        import numpy as np

        out, ends = self.codes, self.page.begins + self.page.lengths
        if self.counts:
            counts = np.ones(len(out), np.int64)
            for places, count in self.counts:
                counts[places] = count
            out, after = np.repeat(out, counts), np.cumsum(counts)
            ends = after[ends] - 1
            for places, second in self.seconds:
                out[after[places] - 1] = second
            for places, fill in self.fills:
                lengths = counts[places]
                for column in range(fill.shape[1]):
                    some = lengths > column
                    out[(after[places] - lengths + column)[some]] = fill[some, column]
        whole = out.tobytes().decode("ascii" if out.itemsize == 1 else "utf-32-le", "surrogatepass")
        first = 0
        texts = []
        for end in ends.tolist():
            texts.append(whole[first:end])
            first = end + 1
        return texts


def _smallest(bits: np.ndarray, groups: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Indices of the `wanted[g]` smallest of each group `g`, in order; `groups` is in order, too.

    Group, chance and index share one 64-bit key, because sorting plain numbers is several times faster than sorting indices.
    """
    import numpy as np

    sizes = np.bincount(groups, minlength=len(wanted))
    firsts = np.cumsum(sizes) - sizes
    index_bits = np.uint64(max(len(groups), 1).bit_length())
    group_bits = np.uint64(len(wanted).bit_length())
    chance = bits >> (index_bits + group_bits) << index_bits
    keys = np.sort(groups.astype(np.uint64) << (np.uint64(64) - group_bits) | chance | np.arange(len(groups), dtype=np.uint64))
    order = (keys & ((np.uint64(1) << index_bits) - np.uint64(1))).astype(np.int64)
    rank = np.arange(len(groups)) - firsts[groups]
    return cast("np.ndarray", order[rank < wanted[groups]])


def _can_join(page: Page) -> np.ndarray:
    """Whether one space follows, and then a word that is not protected."""
    import numpy as np

    following = np.zeros(len(page.codes) + 2, bool)
    following[page.starts] = True
    return cast("np.ndarray", (page.codes[page.ends] == ord(" ")) & following[page.ends + 1])


def _is_apostrophe(codes: np.ndarray) -> np.ndarray:
    return cast("np.ndarray", (codes == ord("'")) | (codes == 0x2019))


@cache
def _lookup_table(items: tuple[tuple[str, str], ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Words as rows of code points, sorted for looking up; what they become, as rows; and how long that is."""
    import numpy as np

    items = tuple(sorted(items, key=lambda item: item[0].ljust(_LONGEST_WORD, "\0")))
    keys = np.array([item[0].ljust(_LONGEST_WORD, "\0") for item in items], f"U{_LONGEST_WORD}")
    lengths = np.array([len(item[1]) for item in items])
    targets = np.zeros((len(items), int(lengths.max())), np.uint32)
    for row, (_, target) in enumerate(items):
        targets[row, : len(target)] = [ord(letter) for letter in target]
    return keys, targets, lengths


def _looked_up(page: Page, table: dict[str, str]) -> np.ndarray:
    """For each word its row in the lookup table, -1 where it has none."""
    import numpy as np

    keys, _, _ = _lookup_table(tuple(table.items()))
    sizes = page.ends - page.starts
    places = page.starts[:, None] + np.arange(_LONGEST_WORD)
    letters = page.codes[np.minimum(places, len(page.codes) - 1)]
    letters = np.where(page.flags[np.minimum(places, len(page.codes) - 1)] & UPPER > 0, letters | 32, letters)
    letters = letters.astype(np.uint32)
    letters[np.arange(_LONGEST_WORD) >= sizes[:, None]] = 0
    words = np.ascontiguousarray(letters, np.uint32).view(f"U{_LONGEST_WORD}").ravel()
    rows = np.minimum(np.searchsorted(keys, words), len(keys) - 1)
    return np.where((keys[rows] == words) & (sizes <= _LONGEST_WORD), rows, -1)


_MAKE: dict[str, Callable[[Slips, np.ndarray], None]] = {
    kind: getattr(Slips, kind) for kind in ("keyboard", "swap", "drop", "double", "case", "spacing", "punctuation", "homophone", "autocorrect", "ocr")
}
