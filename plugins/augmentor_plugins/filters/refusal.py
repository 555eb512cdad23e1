"""Answers that refuse, or that show the machine behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from augmentor.protocols import Candidate, Verdict

from .turns import spoken

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

# A support answer may well say "I can't find your order": only what no person in support would write counts.
_MACHINE = re.compile(
    r"\bas an? (?:\w+[ -]){0,2}(?:ai|artificial intelligence|(?:large )?language model|llm|virtual assistant created|machine learning model|chatbot|text-based ai)\b(?! (?:customer|user|company|engineer|developer|team|researcher|startup))"
    r"|\bi(?: a|')m (?:just |only |merely )?an? (?:\w+ ){0,2}(?:ai language|(?:large )?language model|ai model|ai assistant (?:and|created|developed|trained|made|built)|artificial intelligence)"
    r"|\b(?:my|the) (?:knowledge|training)(?: data)? cut-?off\b|\bmy (?:training data|programming (?:does|prevents|prohibits)|last (?:knowledge )?update)\b"
    r"|\b(?:developed|created|trained|made) by (?:openai|anthropic|google deepmind|deepmind|meta ai|mistral ai|alibaba cloud)\b"
    r"|\bi (?:do not|don't) have (?:personal (?:opinions|experiences|beliefs|feelings|preferences|emotions)|the ability to (?:browse|access the internet|feel)|access to real-?time|feelings or|a physical body|consciousness)"
    r"|\b(?:openai|anthropic)'s? (?:use case |usage |content )?polic(?:y|ies)\b"
)
_REFUSAL = re.compile(
    r"^(?:\W|(?:i(?: a|')m |i am )?(?:so |very |really |deeply )?sorry|i apologi[sz]e|my apologies|unfortunately|apologies|oh no|no|for (?:the|any) (?:confusion|inconvenience)|but|however|,| )*"
    r"(?:i|we) (?:(?:can ?not|can't|won't|will not|am unable to|'?m unable to|am not able to|'?m not able to|must decline to|have to decline to|am not allowed to|am not permitted to|do not feel comfortable|don't feel comfortable)(?: in good conscience)?"
    r" (?:(?:help|assist)(?: you)? with (?:that|this)(?: request| question| topic| task)?(?=\W*(?:$|as\b|because|since|[.!]))"
    r"|(?:fulfil|fulfill|comply with|complete|process|satisfy|accommodate|carry out) (?:this|that|your|the) (?:request|prompt|instruction)s?\b(?! (?:for|to) (?:a )?(?:refund|return|cancel))"
    r"|(?:generate|create|write|produce|provide|engage in|discuss|promote|participate in|rephrase|paraphrase) (?:\w+ ){0,4}(?:content|text|material|that request|inappropriate|harmful|explicit|offensive|illegal|medical advice|legal advice|sentence|opinions?|response|information on that))"
    r"|must (?:respectfully )?decline|(?:have to|must) refuse)"
)
_SCOPE = re.compile(r"\b(?:it is|it's|that is|it would be) (?:not appropriate|inappropriate|unethical|against my (?:guidelines|programming|principles)) (?:for me )?to\b|\bgoes against my (?:programming|guidelines|principles)\b|\bi (?:can't|cannot|am not able to) (?:answer|respond to) (?:that|this) (?:question|prompt)\b")
# Nearly all texts hold none of what the slow patterns need.
_SIGNS = (" ai", "-ai", "language model", "llm", "artificial", "virtual assistant", "machine learning", "chatbot", "cutoff", "cut-off", "my training", "my programming", "my last", "openai", "anthropic", "deepmind", "mistral", "alibaba", "i do not have", "i don't have", "appropriate", "unethical", "against my", "answer", "respond")  # fmt: skip
_FINE = Verdict(keep=True, score=0.0)


@dataclass(frozen=True)
class Refusal:
    """Drop conversations whose answers refuse as a language model does, or say that one is speaking ("As an AI ...").

    The questions of variants are read too, as a model that was asked to rephrase may refuse that. Ordinary bad news ("I can't
    find your order") is no refusal. The score is 1 for a machine that names itself, 0.9 for a refusal, 0 otherwise.

    Attributes:
        self_reference: whether an answer that only says what the speaker is ("As an AI ...") is dropped, too.
    """

    self_reference: bool = True

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        return [self._verdict(candidate) for candidate in candidates]

    def _verdict(self, candidate: Candidate) -> Verdict:
        for place, text in spoken(candidate.example, "answers" if candidate.source is None else "both"):
            folded = text.lower().replace("\u2019", "'")
            signs = _signs().find_matches_as_indexes(folded)
            machine = _MACHINE.search(folded) if self.self_reference and signs else None
            if machine:
                return Verdict(keep=False, score=1.0, reason=f"the {place} speaks as a language model: {machine.group()!r}")
            refusal = _REFUSAL.match(folded) or (_SCOPE.search(folded) if signs else None)
            if refusal:
                return Verdict(keep=False, score=0.9, reason=f"the {place} refuses: {refusal.group().strip()!r}")
        return _FINE


@cache
def _signs() -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick, Implementation

    return AhoCorasick(list(_SIGNS), implementation=Implementation.DFA)
