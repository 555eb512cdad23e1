"""Tokens and base forms, as far as looking a question up needs them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r"n't\b|'(?:s|m|re|ve|ll|d)\b|\w+(?:[.@]\w+)*", re.IGNORECASE)
_RESPELT = [
    (re.compile(r"[\u2018\u2019\u02bc`]"), "'"),
    (re.compile(r"\bcannot\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bcan['\u2019]?t\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bwon['\u2019]?t\b", re.IGNORECASE), "will not"),
    (re.compile(r"\be-?(mail(?:s|ed|ing)?)\b", re.IGNORECASE), r"e\1"),
    (re.compile(r"\bwi-?\s?fi\b", re.IGNORECASE), "wifi"),
    (re.compile(r"\bsetting(?= (?:it |this |them |\w+ \w+ )?up\b)", re.IGNORECASE), "set"),
    (re.compile(r"\b(\w+)-ups\b", re.IGNORECASE), r"\1-up"),
    (re.compile(r"(?<=[a-z])n't\b", re.IGNORECASE), " n't"),
    (re.compile(r"\b(do|does|did|is|are|was|were|has|have|could|would|should)nt\b", re.IGNORECASE), r"\1 n't"),
]

NEGATIONS = frozenset({"not", "n't", "never", "unable", "neither", "nor"})

# Words that say nothing about *what* is asked. They need not be matched by a topic.
FUNCTION_WORDS = frozenset(
    """
    a an the this that these those some any all both each every either such own
    i me my mine myself we us our ours ourselves you your yours yourself he him his she her hers it its itself they
    them their theirs one ones someone somebody anyone anybody everyone everybody something anything thing there here
    am is are was were be been being do does did doing done have has had having can could may might must shall should
    will would ought need want wish like let able possible possibly
    's 'm 're 've 'll 'd s m re ve ll d
    and or but so if then than as because since while whether though although however
    of to in on at by for from with about into onto over under after before during within without between through via
    up down out off per around against upon across along near behind
    please kindly just really actually simply easily quickly currently maybe perhaps also too very quite still already
    yet again anymore more now soon today ever even only properly correctly immediately directly recently suddenly
    exactly basically completely hi hello hey dear thanks thank cheers ok okay yes sorry
    what when where why who whom whose which much many how know tell explain wonder wondering ask asking say help assist assistance question info information
    way ways step steps process procedure option options method possibility instruction instructions guide guidance
    proper correct right best easiest simplest quickest fastest proceed go going get got try trying
    happen happens happened case situation
    online existing current actual available offer provide allow via own particular specific certain recent once
    make made making use using used feature function
    """.split()
)
_KEPT_IN_PHRASES = frozenset({"get", "go", "up", "down", "out", "off", "in", "on", "over", "back", "through", "try", "have", "not"})

# Function words that matter once the question is about a fact (`ask`).
FACT_WORDS = ("how much", "how many", "how long", "how often", "how far", "how soon", "how late", "how early", "how old",
              "how big", "how fast", "when", "where", "why", "who", "which", "whose")

_IRREGULAR = {
    form: base
    for base, forms in {
        "arise": "arose arisen", "awake": "awoke", "become": "became", "begin": "began begun", "bite": "bit bitten",
        "blow": "blew blown", "break": "broke broken", "bring": "brought", "build": "built", "burn": "burnt",
        "buy": "bought", "catch": "caught", "choose": "chose chosen", "come": "came", "deal": "dealt", "dig": "dug",
        "draw": "drew drawn", "drink": "drank drunk", "drive": "drove driven", "eat": "ate eaten",
        "fall": "fell fallen", "feed": "fed", "feel": "felt", "fight": "fought", "find": "found", "fly": "flew flown",
        "forget": "forgot forgotten", "freeze": "froze frozen", "get": "got gotten", "give": "gave given",
        "go": "went gone", "grow": "grew grown", "hang": "hung", "hear": "heard", "hide": "hid hidden",
        "hold": "held", "keep": "kept", "know": "knew known", "lay": "laid", "lead": "led", "leave": "left",
        "lend": "lent", "lose": "lost", "mean": "meant", "meet": "met", "mistake": "mistook mistaken",
        "overpay": "overpaid", "pay": "paid", "prepay": "prepaid", "repay": "repaid", "ride": "rode ridden", "ring": "rang rung",
        "rise": "risen", "run": "ran", "say": "said", "see": "saw seen", "sell": "sold", "send": "sent resent",
        "shake": "shook shaken", "shoot": "shot", "show": "shown", "shrink": "shrank shrunk", "sing": "sang sung",
        "sit": "sat", "sleep": "slept", "speak": "spoke spoken", "spell": "spelt", "spend": "spent", "spill": "spilt",
        "stand": "stood", "steal": "stole stolen", "stick": "stuck", "swim": "swam swum", "take": "took taken",
        "teach": "taught", "tear": "tore torn", "tell": "told", "think": "thought", "throw": "threw thrown",
        "understand": "understood", "wake": "woke woken", "wear": "wore worn", "win": "won", "withdraw": "withdrew withdrawn",
        "write": "wrote written", "child": "children", "man": "men", "woman": "women", "foot": "feet",
        "tooth": "teeth", "person": "people", "mouse": "mice", "wife": "wives", "knife": "knives", "leaf": "leaves",
        "shelf": "shelves", "half": "halves", "life": "lives", "photo": "photos", "key": "keys",
        "use": "using used", "add": "adding added adds", "option": "options", "method": "methods",
        "way": "ways", "step": "steps", "process": "processes", "procedure": "procedures", "instruction": "instructions", "question": "questions",
        "possibility": "possibilities", "happen": "happens happened happening", "make": "making made",
        "cancel": "canceled canceling cancelled cancelling", "die": "dying died", "lie": "lying", "tie": "tying tied",
    }.items()
    for form in forms.split()
}
# Not the inflection they look like.
_KEPT = frozenset(
    """
    training wedding evening morning building clothing meaning during ceiling lightning string savings earring housing
    pudding news address business access process status bus gas less express press glass class pass mass loss cross
    series species lens plus bonus virus basis analysis always perhaps this his its us thus dress boss unless wireless
    charged speed feed need seed deed indeed bleed exceed proceed succeed bed red shed hundred kindred sacred naked
    missing customs
    spring king ring thing bring swing wing sing sting parking setting settings meeting heating lighting
    """.split()
) - {"charged", "settings"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: where it stands, how it was written, and its base form."""

    start: int
    end: int
    text: str
    base: str

    @property
    def counts(self) -> bool:
        """Whether a topic has to account for this word."""
        return self.base not in FUNCTION_WORDS


def respell(text: str) -> str:
    """Bring spellings that differ only on the surface together: *can't* / *cannot*, *e-mail* / *email*, *Wi-Fi* / *wifi*."""
    for pattern, replacement in _RESPELT:
        text = pattern.sub(replacement, text)
    return text


def tokens(text: str, base: Callable[[str], str]) -> list[Token]:
    """The words of a *respelt* text."""
    return [
        Token(match.start(), match.end(), match.group(), "not" if match.group().lower() in NEGATIONS else base(match.group().lower()))
        for match in _TOKEN.finditer(text)
    ]


def base_forms(vocabulary: frozenset[str]) -> Callable[[str], str]:
    """A function from a lower-case word to its base form, trusting a guess only when `vocabulary` has it."""
    cache: dict[str, str] = {}

    def base(word: str) -> str:
        found = cache.get(word)
        if found is None:
            found = cache[word] = _base(word, vocabulary)
        return found

    return base


def _base(word: str, vocabulary: frozenset[str]) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _KEPT or word in FUNCTION_WORDS or len(word) < 4:
        return word
    guess = next((guess for guess in _guesses(word) if guess in vocabulary), word)
    return guess if guess == word else _base(guess, vocabulary)


def _guesses(word: str) -> Iterator[str]:
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        yield word[:-1]
        if word.endswith("es"):
            yield word[:-2]
    for suffix in ("ing", "ed"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            stem = word[: -len(suffix)]
            if suffix == "ed" and stem.endswith("i"):
                yield stem[:-1] + "y"
            if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "sl":
                yield stem[:-1]
            yield stem
            yield stem + "e"
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1]
