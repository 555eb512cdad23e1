"""Abuse, seen through disguise and told from talk about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from augmentor.errors import BadOption
from augmentor.protocols import Candidate, Verdict

from .abuse.rules import abuse
from .abuse.tagging import Tagged, tagged
from .turns import Side, spoken

Severity = Literal["mild", "strong", "severe"]

_RANK = {"none": 0.0, "mild": 1 / 3, "strong": 2 / 3, "severe": 1.0}
_SEVERITY = {"threat": "severe", "hate": "severe", "slur": "severe", "insult": "strong", "sexual": "strong", "profanity": "mild"}
_SAYS = {
    "threat": "threatens or wishes violence",
    "hate": "attacks a group of people",
    "slur": "uses a slur",
    "insult": "insults",
    "sexual": "is sexually crude",
    "profanity": "swears",
}


@dataclass(frozen=True)
class Toxicity:
    """Drop conversations that threaten, attack groups of people, use slurs, insult, or swear.

    Works on English, by word lists and rules about who says what of whom. Leetspeak, stars, look-alike letters, spaced and
    stretched words are read as what they stand for. Naming a group is no offence, and what is quoted to condemn it, reported or
    denied is kept. The score is 1 for severe, 0.67 for strong, 0.33 for mild, 0 for nothing. A text classifier may be asked as
    well: then either of the two drops a conversation, and the score is the higher one.

    Attributes:
        at: from which severity a conversation is dropped: `severe` (threats, hate, slurs), `strong` (also insults and sexual
            crudeness) or `mild` (also swearing at nobody).
        side: whose turns are judged.
        classifier: a Hugging Face text classifier, by directory or name, that is asked too; empty: none. For other languages, and for
            what is only implied.
        min_score: from which probability of abuse on the classifier's word drops a conversation.
        labels: the classifier's labels that mean abuse; empty: those whose names say so.
    """

    at: Severity = "strong"
    side: Side = "both"
    classifier: str = ""
    min_score: float = 0.5
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.min_score <= 1:
            raise BadOption(f"min_score is a probability above 0 and up to 1, not {self.min_score:g}")
        if self.labels and not self.classifier:
            raise BadOption("labels are a classifier's: name one in `classifier`")

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        seen: dict[str, tuple[str, str]] = {}
        verdicts = [self._verdict(candidate, seen) for candidate in candidates]
        return self._asked(candidates, verdicts) if self.classifier and candidates else verdicts

    def _asked(self, candidates: Sequence[Candidate], verdicts: list[Verdict]) -> list[Verdict]:
        """What becomes of the verdicts once the classifier was asked, about each text once."""
        from .abuse.classifier import abusiveness

        turns = [spoken(candidate.example, self.side) for candidate in candidates]
        texts = sorted({text for spoken_turns in turns for _, text in spoken_turns})
        scores = dict(zip(texts, abusiveness(self.classifier, texts, self.labels), strict=True))
        asked = []
        for verdict, said in zip(verdicts, turns, strict=True):
            where, text = max(said, key=lambda turn: scores[turn[1]], default=("", ""))
            score = scores.get(text, 0.0)
            worst = max(score, verdict.score or 0.0)
            if verdict.keep and score >= self.min_score:
                asked.append(Verdict(keep=False, score=worst, reason=f"the {where} is abusive to {self.classifier}: {score:.2f}, limit {self.min_score:g}"))
            else:
                asked.append(replace(verdict, score=worst))
        return asked

    def _verdict(self, candidate: Candidate, seen: dict[str, tuple[str, str]]) -> Verdict:
        worst, kind, where, words = 0.0, "", "", ""
        for place, text in spoken(candidate.example, self.side):
            if text not in seen:
                seen[text] = judged(text)
            found, quote = seen[text]
            rank = _RANK[_SEVERITY.get(found, "none")]
            if rank > worst:
                worst, kind, where, words = rank, found, place, quote
        if worst < _RANK[self.at]:
            return Verdict(keep=True, score=worst)
        return Verdict(keep=False, score=worst, reason=f"the {where} {_SAYS[kind]} ({_SEVERITY[kind]}): {words!r}")


def judged(text: str) -> tuple[str, str]:
    """The worst class of abuse in a text (`threat`, `hate`, `slur`, `insult`, `sexual`, `profanity`, or empty), and the words that show it."""
    marked = tagged(text)
    if marked is None:
        return "", ""
    found = [(_RANK[_SEVERITY[item.kind]], -index, item) for index, item in enumerate(abuse(marked))]
    if found:
        item = max(found)[2]
        return item.kind, item.words
    position = _position(marked, "f")
    return ("profanity", marked.word_at(position)) if position >= 0 else ("", "")


def _position(marked: Tagged, letter: str) -> int:
    start = marked.text.find("<")
    while start >= 0:
        end = marked.text.index(">", start)
        if letter in marked.text[start:end]:
            return start
        start = marked.text.find("<", end)
    return -1
