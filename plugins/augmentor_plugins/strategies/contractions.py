"""*I'm* and *I am*: contractions out and in, where either is certain."""

from __future__ import annotations

import re

_PRONOUN = r"(?:I|you|we|they|he|she|it|this|that|there)"
_AUXILIARY = r"(?:do|does|did|is|are|was|were|has|have|had|could|would|should)"
_HAS = r"(?:been|got|gone|had|come|become|happened|stopped|started|taken|disappeared|expired|arrived)"
_PARTICIPLE = r"(?:\w{2,}ed|been|had|got|lost|made|sent|paid|bought|found|forgotten|forgot|seen|done|gone|left|put|read|set|taken|given|written|spent|kept|heard|told|never|already|just|not|only|since|recently)"
_LATER = r"(?=\s+[a-z\ue000-\uf8ff])"  # something has to follow: "I'm" never ends a clause

Rules = tuple[tuple[str, re.Pattern[str], str], ...]  # what a text must hold for a rule to be tried (most do not), the rule


def _rules(*rules: tuple[str, str, str]) -> Rules:
    return tuple((needs, re.compile(pattern, re.IGNORECASE), re.sub(r"\\(\d)", r"{\1}", replacement)) for needs, pattern, replacement in rules)


_OUT = _rules(
    ("n't", rf"\b(can)'t\s+({_PRONOUN})\b", r"\1 \2 not"),
    ("n't", rf"\b({_AUXILIARY})n't\s+({_PRONOUN})\b", r"\1 \2 not"),
    ("won't", r"\bwon't\s+(?=(?:I|you|we|they|he|she|it)\b)", "won't "),
    # An inverted question whose subject is a noun phrase keeps its contraction: where the phrase ends is not certain.
    ("can't", r"(?<!why )(?<!how )(?<!^)(?<![.!?,] )\bcan't\b", "cannot"),
    ("won't", r"(?<!why )(?<!^)(?<![.!?,] )\bwon't\b", "will not"),
    ("n't", rf"(?<!why )(?<!how )(?<!what )(?<!^)(?<![.!?,] )\b({_AUXILIARY})n't\b", r"\1 not"),
    ("don't", r"(?:(?<=^)|(?<=[.!?,] ))(do)n't\b(?!\s+(?:I|you|we|they)\b)", r"\1 not"),
    ("i'm", rf"\bI'm\b{_LATER}", "I am"),
    ("'re", rf"\b(you|we|they)'re\b{_LATER}", r"\1 are"),
    ("'ve", rf"\b(I|you|we|they)'ve\b{_LATER}", r"\1 have"),
    ("'ll", rf"\b(I|you|we|they|he|she|it|that)'ll\b{_LATER}", r"\1 will"),
    ("'d", r"\b(I|you|we|they|he|she)'d(?=\s+(?:really |also |just )?(?:like|love|prefer|rather|need|want|be|have to|appreciate|hate|expect|say|think)\b)", r"\1 would"),
    ("'d", rf"\b(I|you|we|they|he|she|it)'d(?=\s+{_PARTICIPLE}\b)(?!\s+need)", r"\1 had"),
    ("'s", rf"\b(it|that|what|there|who|he|she)'s(?=\s+{_HAS}\b)", r"\1 has"),
    ("'s", r"\b(it|that|what|there|where|how|who|he|she|here)'s(?=\s+(?:\w+ing|not|a|an|the|my|your|our|in|on|at|still|so|too|very|only|just|also|for|wrong|possible|easy|easier|no|now|all|as)\b)(?!\s+\w+ed\b)", r"\1 is"),
)  # fmt: skip
_IN = _rules(
    ("not", r"\b(?:cannot|can not)\b(?! only)", "can't"),
    (" not", rf"\b({_AUXILIARY}) not\b(?! only| just to| \w+ but)", r"\1n't"),
    ("will not", r"\bwill not\b", "won't"),
    ("i am", rf"(?<!\bor )\bI am\b{_LATER}", "I'm"),
    (" are", rf"(?<![a-z] )\b(you|we|they) are\b{_LATER}", r"\1're"),
    (" have", r"(?<!may )(?<!might )\b(I|we|they|you) have(?=\s+(?:not |already |just |never |only |recently )?(?:\w{2,}ed|been|lost|made|sent|paid|bought|found|forgotten|seen|done|gone|got|tried)\b)", r"\1've"),
    (" will", r"\b(I|we|you|they|it) will(?=\s+[a-z])", r"\1'll"),
    (" would", r"\b(I|we) would(?=\s+(?:really |also |just )?(?:like|love|prefer|rather|appreciate)\b)", r"\1'd"),
    (" is", r"(?:(?<=^)|(?<=[.!?,;] ))(it|that|there) is(?=\s+(?:a|an|the|not|still|no|very|too|so|important|possible|\w+ing)\b)", r"\1's"),
    (" is", r"(?:(?<=^)|(?<=[.!?] ))(what|where) is(?=\s+(?:the|my|your|a)\b)", r"\1's"),
)  # fmt: skip
_EXPANDED = re.compile(r"\b(?:cannot|not|am|are|have|will|would|is)\b", re.IGNORECASE)
# Without the apostrophe these are still read as meant; "well", "were", "ill", "hell" and "id" would not be.
_BARE = re.compile(r"\b(?:(?:do|does|did|is|are|was|has|have|had|could|would|should|ca|wo)n't|I'm|I've|you're|you've|they're|they've|it's|that's|what's|where's|there's)(?!\w)", re.IGNORECASE)


def expand(text: str) -> str:
    """*I can't* -> *I cannot*. What could stand for two things (*it's declined*) stays."""
    text = text.replace("\u2019", "'")
    return _apply(_OUT, text) if "'" in text else text


def contract(text: str) -> str:
    """*I cannot* -> *I can't*."""
    return _apply(_IN, text) if _EXPANDED.search(text) else text


def bare(text: str) -> str:
    """*don't* -> *dont*, as typed on a telephone."""
    return _BARE.sub(lambda match: match.group().replace("'", ""), text)


def _apply(rules: Rules, text: str) -> str:
    lower = text.lower()  # no rule makes what another needs
    for needs, pattern, replacement in rules:
        if needs in lower:
            text = pattern.sub(lambda match, to=replacement: _cased(to.format(match.group(), *match.groups()), match.group()), text)  # type: ignore[misc]
    return text


def _cased(new: str, old: str) -> str:
    return new[:1].upper() + new[1:] if old[:1].isupper() else new
