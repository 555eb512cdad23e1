"""A message as a given persona would type it: rules that change the dress and leave what is said."""

from __future__ import annotations

import re
from random import Random

from ..lexicon.forms import indirect_clause, verb_phrase
from ..lexicon.questions import GREETING, strip_asides
from .contractions import bare, contract, expand
from .persona_files import Persona, Typing
from .spans import rewrite

_QUESTION = re.compile(
    r"\?\s*$|^(?:how|what|when|where|why|who|which|can|could|do|does|did|is|are|was|were|will|would|should|may|am|has|have)\b", re.IGNORECASE
)
_TROUBLE = re.compile(
    r"n't\b|\bnot\b|\bnever\b|\bunable\b|\bcannot\b|\b(?:lost|stolen|wrong|fail\w*|declin\w+|reject\w*|block\w*|broke\w*|stuck|missing|late|error|problem|issue|twice|"
    r"refus\w+|den(?:y|ied)|disappear\w*|cancel+ed|revert\w*|damag\w+|charged|still waiting|gone|swallowed|ate|compromised|fraud\w*|without my)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"n't\b|\bnot\b|\bnever\b|\bunable\b|\bcannot\b", re.IGNORECASE)
# A question with a word of trouble is a complaint when it begins like this: "Is there a fee if I lost it?" is none.
_COMPLAINT = re.compile(r"(?:why|how come|where(?:'s| is| are| has| have)|ha(?:s|ve)n?|did|my|i|we|the|it|this|that|your?|what happened)\b", re.IGNORECASE)
_OPENED = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|sorry|apolog\w+|excuse|pardon|please|pls|thanks?|help|ok(?:ay)?|so|well|sir|madam|quick|"
    r"(?:can|could|would|will) (?:you|someone|anyone|somebody)|i(?:'m| am) (?:worried|afraid|sorry|confused|new|wondering|very|so|really)|and|but|also|because)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"\b(?:please|thanks?|thank you|cheers|help(?: me)?|asap|regards|sorry|urgent(?:ly)?|immediately|right away|what (?:do|should|can) i do|any ideas?|advise)\W*$", re.IGNORECASE)
# Words that open sentences and are no names: only these lose their capital.
COMMON = frozenset(
    """a about after all also although am an and another any anyone are as at because been before both but by came can can't cannot come could couldn't customer
    did didn't do does doesn't don't during each either even every everyone everything first for from get getting give had has hasn't have haven't he hello help her
    here hey hi his how however i'd i'll i'm i've if in instead is isn't it it's its just last lately let long looks lost make may maybe me money more most my
    need neither never next no nobody nor not nothing now of off ok okay on once one only or our over payment please put quick said seems shall she should since so some
    somebody someone something somewhere sorry still suddenly tell than thank thanks that that's the their them then there there's these they they're this those though
    through till to today tomorrow transfer tried trying two under unless until up us use want was wasn't we we're we've well went were what what's when where
    where's whenever whether which while who who's whose why will with without won't would wouldn't yes yesterday yet you your you're
    whatever according apparently everywhere nowhere after someone's somebody's having looking checking waiting wondering being""".split()
)
_KEPT_ARTICLE = re.compile(r"\b(?:the|an?)\s+(?!(?:few|little|lot|bit|same|other|others|one|ones|while|couple|first|last|next|day|week|month|year|minute|moment|hour|more|less|number|most|only|best|whole|number)\b)(?=[a-z])", re.IGNORECASE)
_OTHER_WORDS = frozenset("three form from trail trial quiet quite angel angle united untied though thorough through dairy diary causal casual later alter later bank".split())
_FRAME_SUFFICES = 0.6  # the share of messages in a sentence form of the persona's own that get nothing around it


def dress(text: str, persona: Persona, rng: Random) -> str:
    """`text` as `persona` types it. Numbers, names, codes, addresses and placeholders stay exactly as they are."""
    kind = kind_of(text)
    text = re.sub(r"[ \t]+", " ", text).strip()
    said = GREETING.sub("", text).strip() if persona.verbosity == "terse" else text
    if persona.verbosity == "terse":
        said = _without_courtesy(said)
    framed = _framed(said, persona, rng)
    greeted = bool(_OPENED.match(framed or said))
    said = framed or said
    opening, closing = _around(said, kind, persona, rng, greeted=greeted)
    if framed and persona.verbosity == "plain" and rng.random() < _FRAME_SUFFICES:
        opening = closing = ""
    typed = rewrite(said, lambda masked: _typed(masked, persona, opening, rng))
    return _joined(opening, typed, closing, persona.typing, rng)


def kind_of(text: str) -> str:
    """What a message is: `do` (*how do I ...*), `ask`, `trouble` or `statement`."""
    troubled = bool(_TROUBLE.search(text))
    if verb_phrase(text) and not (troubled and _NEGATED.search(text)):
        return "do"
    plain = not re.search(r"[.!?]\s+\w", text) and bool(_QUESTION.search(text)) and not _COMPLAINT.match(strip_asides(text))
    if troubled and not plain:
        return "trouble"
    return "ask" if _QUESTION.search(text) else "statement"


def _without_courtesy(text: str) -> str:
    """Without *could you tell me*, *please* and *thanks*."""
    text = re.sub(r"[,.!]?\s*\b(?:please|thanks?(?: you)?(?: in advance| so much| a lot| very much)?|thx|cheers)\s*([.!?]*)\s*$", r"\1", text, flags=re.IGNORECASE)
    if not re.search(r"[.!?]\s+\w", text):
        text = strip_asides(text)
    return text


def _framed(text: str, persona: Persona, rng: Random) -> str:
    """The message in one of the persona's own sentence forms; empty where its words would not stay what they are."""
    phrase = verb_phrase(text)
    if phrase and phrase in text and persona.frames.do and not re.search(r"\b(?:and|or|but|if|so)\b", phrase):
        return rng.choice(persona.frames.do).replace("{vp}", phrase)
    clause = None if phrase else indirect_clause(text)
    if clause and persona.frames.ask and all(word in text.lower() for word in clause.lower().split()):
        return rng.choice(persona.frames.ask).replace("{clause}", clause)
    return ""


def _around(text: str, kind: str, persona: Persona, rng: Random, *, greeted: bool) -> tuple[str, str]:
    """An opening and a closing that say nothing the message says already; which of them, by how much the persona talks."""
    joins = _small(text) != text or text[:1].islower() or bool(re.match(r"I\b", text))
    openings = tuple(phrase for phrase in persona.openings.fitting(kind) if joins or phrase[-1] in ".!?")
    opening = "" if greeted else _pick(openings, text, rng)
    closing = "" if _CLOSED.search(text) else _pick(persona.closings.fitting(kind), f"{text} {opening}", rng)
    if persona.verbosity == "plain" and opening and closing:
        return (opening, "") if rng.random() < 0.5 else ("", closing)
    return opening, closing


def _pick(phrases: tuple[str, ...], text: str, rng: Random) -> str:
    said = set(re.findall(r"[a-z]{4,}", text.lower()))
    fresh = [phrase for phrase in phrases if not said & (set(re.findall(r"[a-z]{4,}", phrase.lower())) - {"this", "have", "with", "that", "could", "would", "from"})]
    return rng.choice(fresh) if fresh else ""


def _typed(text: str, persona: Persona, opening: str, rng: Random) -> str:
    typing = persona.typing
    if typing.telegram:
        text = _telegram(text)
    if typing.contractions != "keep":
        text = (expand if typing.contractions == "out" else contract)(text)
    for old, new in persona.words.items():
        text = re.sub(rf"(?<![\w'-]){re.escape(old)}(?![\w'-])", lambda match, to=new: _cased(to, match.group()), text, flags=re.IGNORECASE)  # type: ignore[misc]
    if not typing.articles:
        text = _KEPT_ARTICLE.sub(lambda match: "" if rng.random() < 0.8 else match.group(), text)
        text = text[:1].upper() + text[1:]
    if typing.capitals == "none" or (opening and opening[-1] not in ".!?"):
        text = _small(text)
    if typing.capitals == "none":
        text = re.sub(r"(?<=[.!?] )[A-Z][\w']*", lambda match: _small(match.group()), text)
        text = re.sub(r"\bI\b(?!\.)", "i", text)
    elif typing.marks == "full" and not opening:
        text = text[:1].upper() + text[1:]
    if not typing.apostrophes:
        text = bare(text)
    return _slip(text, rng) if rng.random() < typing.slips else text


def _telegram(text: str) -> str:
    """*My card is not working* -> *card not working*, at the start of each sentence; *reset my password* -> *reset password*."""
    start = r"(?:(?<=^)|(?<=[.!?] ))"
    text = re.sub(rf"{start}(?:my|the)\s+((?:\w+\s+){{1,3}}?)(?:is|are|was|were|has been|have been)\s+(?=(?:not|still|\w{{3,}}ed|\w{{3,}}ing|lost|stolen|broken|stuck|gone|late|wrong)\b)", r"\1", text, flags=re.IGNORECASE)
    text = re.sub(rf"{start}(?:my|the)\s+(?=[a-z])", "", text, flags=re.IGNORECASE)
    text = re.sub(rf"{start}(?:i|we)(?:'ve| have)?\s+(?=(?:just |still |already )?(?:\w{{3,}}ed|lost|forgot|made|sent|paid|bought|got|can't|cannot|don't|didn't|haven't|want|need|think|tried)\b)", "", text, flags=re.IGNORECASE)
    return re.sub(r"\b(?:the|my)\s+(?!(?:same|other|others|one|ones|first|last|next|day|week|month|only|most|best|whole|own)\b)(?=[a-z])", "", text)


def _small(text: str) -> str:
    """The first letter small, unless the first word may be a name."""
    first = re.match(r"[\w']+", text)
    if first and first.group() != "I" and not re.match(r"I'", text) and first.group().lower() in COMMON:
        return text[:1].lower() + text[1:]
    return text


def _slip(text: str, rng: Random) -> str:
    """One slip of the fingers in a longer word: two letters swapped, one left out or one doubled. Its ends stay."""
    words = list(re.finditer(r"(?<![\w'-])[a-z]{5,}(?![\w'-])", text))
    if not words:
        return text
    word = rng.choice(words)
    letters = word.group()
    at = rng.randrange(1, len(letters) - 2)
    swapped = letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]
    slipped = rng.choice((swapped, letters[:at] + letters[at + 1 :], letters[: at + 1] + letters[at:]))
    if slipped in COMMON or slipped in _OTHER_WORDS:
        return text
    return text[: word.start()] + slipped + text[word.end() :]


def _joined(opening: str, text: str, closing: str, typing: Typing, rng: Random) -> str:
    if (closing or typing.marks == "full") and text[-1:].isalnum():
        text += "?" if _QUESTION.search(text) else "."
    if typing.capitals == "none":
        opening, closing = (_small(part) for part in (opening, closing))
    whole = " ".join(part for part in (opening, text, closing) if part)
    if typing.marks == "none":
        return whole.rstrip(".?! ") if not whole.endswith("..") else whole
    if typing.marks == "double" and whole[-1:] in "?!" and whole[-2:-1] not in "?!" and rng.random() < 0.6:
        return whole + whole[-1]
    return whole


def _cased(new: str, old: str) -> str:
    return new[:1].upper() + new[1:] if old[:1].isupper() and old != "I" else new
