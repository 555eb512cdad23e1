"""The same need in other sentence forms: what `rephrase` says around a verb phrase, and around a whole question.

A form changes no word of what is asked, so agreement, numbers, names and negation stay as they are.
"""

from __future__ import annotations

import re

from .questions import GREETING, strip_asides
from .words import FUNCTION_WORDS, respell

# Around a verb phrase in its base form: "reset my password".
DO_FORMS = (
    "How do I {vp}?",
    "How can I {vp}?",
    "I'd like to {vp}.",
    "I need to {vp}, how does that work?",
    "Is there a way to {vp}?",
    "What do I have to do to {vp}?",
    "I want to {vp}, where do I start?",
    "Can you help me {vp}?",
    "I'm trying to {vp}.",
    "What's the best way to {vp}?",
    "Could you tell me how to {vp}?",
    "I'm not sure how to {vp}, can you help?",
    "Is it possible to {vp}?",
    "What are the steps to {vp}?",
    "I was hoping to {vp}, what should I do?",
    "Where do I go to {vp}?",
)
# Around a goal, which is itself in other words: plainer forms will do.
GOAL_FORMS = (
    "How do I {vp}?",
    "How can I {vp}?",
    "I'd like to {vp}.",
    "I want to {vp}, how does that work?",
    "Is there a way to {vp}?",
    "What do I have to do to {vp}?",
    "I need to {vp}.",
    "Can you help me {vp}?",
    "Hi, I'm trying to {vp}.",
    "Where do I {vp}?",
    "What's the easiest way to {vp}?",
    "Please tell me how to {vp}.",
)
_REQUEST = re.compile(
    r"^(?:how (?:to|(?:do|can|could|should|would|might) (?:i|we|you|one))\s+|"
    r"(?:can|could|may|might|am i able to|are we able to) (?:i|we)\s+|"
    r"(?:is|would) it (?:be )?possible (?:for (?:me|us) )?to\s+|is there (?:a|any|some) (?:way|option|possibility) (?:for (?:me|us) )?(?:to|of)\s+|"
    r"what (?:do|should|must) (?:i|we) (?:need to |have to )?do (?:in order )?to\s+|"
    r"what(?:'s| is| are) the (?:\w+ )?(?:way|process|procedure|steps?) (?:to|for|of)\s+|"
    r"where (?:do|can|could) (?:i|we|you)\s+|"
    r"(?:i|we)(?:'d| would)? (?:just |really |also )?(?:like|want|wish|need|love|prefer) to\s+|(?:i|we)(?:'m| am|'re| are) (?:trying|looking|hoping|planning) to\s+|"
    r"(?:can|could|would|will) you (?:please )?help (?:me|us) (?:to )?|please help (?:me|us) (?:to )?)",
    re.IGNORECASE,
)
_ADVERBS = frozenset("please also just actually now still ever easily quickly simply".split())
_NOT_VERBS = frozenset("be have not no sure able the a an my our your this that it and or if when more".split())


def verb_phrase(text: str) -> str | None:
    """What the customer wants to do, as a verb phrase in its base form (*reset my password*), or None when that is not plain."""
    text = strip_asides(GREETING.sub("", respell(text)))
    match = _REQUEST.match(text)
    if match is None:
        return None
    phrase = text[match.end() :].strip()
    if len(re.findall(r"[.?!](?:\s|$)", phrase)) > 1 or re.search(r"[.?!]\s+\w", phrase):
        return None
    phrase = phrase.rstrip(" .?!")
    words = phrase.split()
    while words and words[0].lower() in _ADVERBS:
        words.pop(0)
    if words and words[-1].lower() == "please":
        words.pop()
        words[-1:] = [words[-1].rstrip(",")] if words else []
    if len(words) < 2 or not words[0].isalpha() or words[0].lower() in _NOT_VERBS or (words[0].lower().endswith("ing") and match.group().rstrip().endswith(("for", "of"))):
        return None
    return _own(" ".join(words), generic=bool(re.match(r"(?:how|where) .*\byou\s*$", match.group().strip(), re.IGNORECASE)))


def _own(phrase: str, *, generic: bool) -> str:
    """*How do you change your address?* is about the customer's own."""
    if not generic:
        return phrase
    phrase = re.sub(r"\byour\b", "my", phrase, flags=re.IGNORECASE)
    phrase = re.sub(r"\byours\b", "mine", phrase, flags=re.IGNORECASE)
    return re.sub(r"\byourself\b", "myself", phrase, flags=re.IGNORECASE)


# Around a whole question that is left as it stands.
ASK_FORMS = (
    "Quick question: {q}",
    "Hi, {q}",
    "Hello, {q} Thanks!",
    "One thing I couldn't find: {q}",
    "I have a question. {Q}",
    "{Q} I couldn't find it on your site.",
    "Could somebody tell me this: {q}",
    "{Q} Thanks in advance.",
    "Good morning, {q}",
    "I need to know: {q}",
)

_INVERTED = re.compile(
    r"^(?P<wh>why|when|where|how (?:much|many|long|often|far|soon)(?: \w+)?|what(?: \w+)?|which \w+|who)\s+(?P<aux>is|are|was|were|will|can|could|should|has|have|do|does|did|'s)\s+"
    r"(?P<subject>(?:i|we|you|it|they|this|that|he|she)|(?:(?:the|my|our|your|a|an|this|that|these|those)\s+(?:[\w'-]+\s+)*?[\w'-]+))\s+(?P<rest>\w.*)$",
    re.IGNORECASE,
)
INDIRECT_FORMS = ("Could you tell me {clause}?", "I'd like to know {clause}.", "I'm wondering {clause}.", "Can you explain {clause}?", "Do you know {clause}?", "I can't work out {clause}.")


def indirect_clause(text: str) -> str | None:
    """A direct question as the clause of an indirect one: *why was my card declined* -> *why my card was declined*.

    None unless the subject is a pronoun, or one noun with its determiner that a participle or adjective follows, so that
    where it ends is certain.
    """
    text = strip_asides(GREETING.sub("", respell(text))).strip()
    if not text.endswith("?") or text.count("?") > 1 or re.search(r"[.!,;:]", text[:-1]):
        return None
    match = _INVERTED.match(text[:-1].strip())
    if match is None:
        return None
    wh, aux, subject, rest = (match[name] for name in ("wh", "aux", "subject", "rest"))
    words = subject.split()
    pronoun = len(words) == 1
    if not pronoun and not _ends_here(words, rest.split()[0].lower(), aux.lower()):
        return None
    if aux.lower() in {"do", "does", "did"}:
        if not pronoun or subject.lower() in {"it", "this", "that", "he", "she"} or aux.lower() == "did":
            return None
        return f"{wh.lower()} {_lower_subject(subject)} {rest}"
    return f"{wh.lower()} {_lower_subject(subject)} {aux.lower()} {rest}"


def _ends_here(words: list[str], following: str, aux: str) -> bool:
    if len(words) > 3 or (following in FUNCTION_WORDS and following not in {"not", "still", "being", "on", "in", "so"}):
        return False
    if aux in {"will", "can", "could", "should"}:
        return following in {"arrive", "be", "come", "work", "take", "start", "end", "expire", "get", "go"}
    return aux in {"is", "are", "was", "were", "has", "have"} and (following.endswith(("ed", "ing")) or following in {"not", "still", "being", "so", "due", "late", "slow", "wrong", "gone", "lost"})


def _lower_subject(subject: str) -> str:
    return "I" if subject.lower() == "i" else subject[0].lower() + subject[1:]
