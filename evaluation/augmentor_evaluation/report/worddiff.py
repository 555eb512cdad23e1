"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

LONGEST = 400
ALIKE = 0.3


class Piece(NamedTuple):
    """A stretch of text that both have, that only the first has (`del`), or that only the second has (`ins`)."""

    kind: Literal["same", "del", "ins"]
    text: str


def words(text: str) -> list[str]:
    """Words with the white space that follows them; joined they are the text."""
    return re.findall(r"\s+|[^\s]+\s*", text)


def word_diff(before: str, after: str) -> list[Piece]:
    """The way from `before` to `after`, changed words grouped, deletions before insertions.

    Texts that share little, or are longer than 400 words, come back whole: a diff of them would be confetti.
    """
    old, new = words(before), words(after)
    if max(len(old), len(new)) > LONGEST:
        return [Piece("same", after)]
    old_keys, new_keys = [word.strip() for word in old], [word.strip() for word in new]
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [Piece("same", after)]
    pieces: list[Piece] = []
    gone: list[str] = []
    come: list[str] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        # one short word between two changes is part of the change, not an island
        island = (gone or come) and d - c == 1 and len(new_keys[c]) < 3 and d < len(new)
        if tag == "equal" and not island:
            _flush(pieces, gone, come)
            pieces.append(Piece("same", "".join(new[c:d])))
        else:
            gone += old[a:b]
            come += new[c:d]
    _flush(pieces, gone, come)
    return pieces


def _flush(pieces: list[Piece], gone: list[str], come: list[str]) -> None:
    if gone:
        pieces.append(Piece("del", "".join(gone)))
    if come:
        pieces.append(Piece("ins", "".join(come)))
    gone.clear()
    come.clear()
