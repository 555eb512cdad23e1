"""What fingers, scanners and autocorrection mistake for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_OFFSETS = (0.0, 0.25, 0.75)  # how far right each row of the keyboard begins, in keys
_NEAR = 1.2  # keys: the neighbours left and right, and those that touch above and below

# One shape read as another; letters only, as digits are protected.
_OCR = {
    "a": "o", "b": "h", "c": "e", "e": "c", "f": "t", "g": "q", "h": "b", "i": "l1", "l": "1i", "n": "u", "o": "0", "q": "g", "r": "t", "s": "5", "t": "f",
    "u": "v", "v": "u", "z": "2", "B": "8", "C": "G", "D": "O", "E": "F", "F": "E", "G": "C", "H": "N", "I": "l1", "L": "I", "O": "0", "Q": "O", "S": "5", "Z": "2",
}  # fmt: skip

# Words that sound alike, and what autocorrection makes of a slip. Readers of the whole sentence still see what is meant.
HOMOPHONES = {
    "their": "there", "there": "their", "they're": "their", "your": "you're", "you're": "your", "its": "it's", "it's": "its", "to": "too", "too": "to",
    "than": "then", "then": "than", "hear": "here", "here": "hear", "where": "were", "we're": "were", "were": "where", "whose": "who's", "who's": "whose", "buy": "by", "by": "buy",
    "new": "knew", "right": "write", "write": "right", "weather": "whether", "whether": "weather", "wait": "weight", "week": "weak",
    "mail": "male", "piece": "peace", "break": "brake", "affect": "effect", "effect": "affect", "accept": "except", "except": "accept", "lose": "loose", "loose": "lose",
    "past": "passed", "passed": "past", "sale": "sail", "check": "cheque", "cheque": "check", "would": "wood", "one": "won", "our": "are", "are": "our", "of": "off", "off": "of",
    "because": "becos", "definitely": "definately", "receive": "recieve", "received": "recieved", "separate": "seperate", "address": "adress", "until": "untill",
    "which": "witch", "through": "threw", "quite": "quiet", "quiet": "quite", "advice": "advise", "advise": "advice", "allowed": "aloud", "sent": "cent", "stationery": "stationary",
}  # fmt: skip
AUTOCORRECT = {
    "well": "we'll", "from": "form", "form": "from", "on": "in", "if": "of", "for": "fir", "the": "thee", "this": "thus", "and": "ad", "with": "wish", "will": "wool",
    "have": "gave", "just": "must", "like": "lime", "need": "meed", "time": "tine", "please": "pleas", "about": "abut", "think": "thing", "tell": "tel", "its": "it's",
    "still": "stil", "when": "wen", "was": "wad", "my": "mt", "you": "yoy", "were": "we're", "there": "there's", "some": "same", "take": "tale", "could": "cold", "does": "dies",
}  # fmt: skip


def keyboard() -> tuple[np.ndarray, np.ndarray]:
    """For each ASCII code, the codes of the keys beside it, shape (128, 8), and how many there are, shape (128,)."""
    places = {letter: (column + offset, row) for row, (letters, offset) in enumerate(zip(_ROWS, _OFFSETS, strict=True)) for column, letter in enumerate(letters)}
    near = {
        letter: "".join(other for other, (u, v) in places.items() if other != letter and (x - u) ** 2 + (y - v) ** 2 <= _NEAR**2) for letter, (x, y) in places.items()
    }
    return _table(near | {letter.upper(): others.upper() for letter, others in near.items()})


def ocr() -> tuple[np.ndarray, np.ndarray]:
    """The same for shapes that scanners confuse."""
    return _table(_OCR)


def _table(mistakes: dict[str, str]) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    table, sizes = np.zeros((128, 8), np.uint32), np.zeros(128, np.uint64)
    for letter, others in mistakes.items():
        table[ord(letter), : len(others)] = [ord(other) for other in others]
        sizes[ord(letter)] = len(others)
    return table, sizes
