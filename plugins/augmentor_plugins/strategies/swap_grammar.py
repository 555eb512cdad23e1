"""What English says only by context: whether *her* is *him* or *his*, and whether an adjective is said of a person."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .swap_files import people

Words = Sequence[str]  # words and marks beside the one in question, lower case, the nearest first

_MARKS = frozenset('.,;:!?()"\u201d\u201c\n\u2026-\u2013\u2014')
_PREPOSITIONS = frozenset("of to in on at by for from with about into onto over under after before during without through via than as since until upon off near behind against".split())
_LINKS = frozenset("and or but if when while because so that who which what where why how whether though although unless once whenever".split())
_AUXILIARIES = frozenset("am is are was were be been has have had do does did can could will would shall should may might must isn't wasn't aren't can't won't doesn't didn't".split())
_DETERMINERS = frozenset("the a an my your our their this that these those any some no each every another me you it us them him his all both anything something everything more".split())
_ADVERBS = frozenset("today yesterday tomorrow tonight now then later again soon anyway please here there twice up down away out in too also either instead alone not never always still yet already ever just".split())
_ADJECTIVES_LY = frozenset("family monthly weekly daily yearly hourly quarterly early only elderly friendly likely lovely supply reply assembly july emily sally kelly holly molly billy fortnightly timely orderly nightly italy anomaly belly".split())
_RETURNED = frozenset("call calls called calling ring rang get gets got getting send sends sent sending pay pays paid paying give gives gave giving bring brings brought take takes took text texted email emailed phone phoned drive drives drove put want wants wanted write wrote have had".split())
_CAUSING = frozenset("let lets letting make makes made making help helps helped helping see saw seen watch watched hear heard have having had".split())
_BASE = frozenset(
    """know go see get do have keep log sign come leave try wait talk speak write choose decide pay buy sell enter open download install join find reach
    identify win fix solve finish prepare manage carry build improve relax breathe stand sit hear believe realise realize
    use go cry feel look send create verify confirm understand cancel upgrade register sleep eat walk drive travel fly apply withdraw recover receive"""
    .split()
)
_NOUNS_TOO = frozenset("transfer call change order reset book return access update contact move look set request register use visit claim check complete deposit exchange start stop".split())
_GIVING = frozenset("give gives gave given giving tell lend lent lending owe owes owed offer offers offered grant granted send sent sending show showed".split())
_GIVEN = frozenset("money access permission cash credit help advice time instructions information notice feedback points flowers directions support chocolates nothing everything".split())
_PERIOD = frozenset("night week month year monday tuesday wednesday thursday friday saturday sunday time summer winter spring autumn weekend".split())
_PRICED = frozenset("charge charged charges pay pays paid owe owes owed give gave gives send sent cost costs lend lent refund refunded tip tipped save saved".split())
_AMOUNTS = frozenset("two three four five six ten twenty fifty hundred thousand nothing twice double extra".split())
_LEAVING = frozenset("keep keeps kept make makes made treat treats treated wish wished wishes find found hold held leave left get".split())
_STATES = frozenset("safe happy well bad badly less sick angry responsible accountable awake late welcome nervous sad comfortable good luck company busy waiting informed updated posted".split())
_SENSED = frozenset("see saw seen hear heard catch caught keep kept stop stopped watch watched leave left find found remember".split())
_ONE_OF = frozenset("a an some any no this that another every two three".split())
_FINITE = frozenset("paid said told wants wanted went came got sent gave made lost needs says tells calls pays bought took saw".split())
_POSSESSIVE = frozenset("my your our their her his its".split())


def case_of_her(before: Words, after: Words) -> str:
    """`object` (*him*) or `determiner` (*his*), for a *her* with these words before and after it."""
    next_, second, last = _at(after, 0), _at(after, 1), _at(before, 0)
    if not next_ or next_ in _MARKS or next_ in _PREPOSITIONS | _LINKS | _AUXILIARIES | _DETERMINERS | _ADVERBS:
        return "object"
    if next_ == "back":
        return "object" if last in _RETURNED else "determiner"
    if next_ in {"last", "next", "first"}:
        if second in _PERIOD:
            return "object" if next_ != "first" and last not in _PREPOSITIONS | _LINKS | _AUXILIARIES else "determiner"
        return "object" if _ends(second) else "determiner"
    if last in _CAUSING and (next_ in _BASE or (next_ in _NOUNS_TOO and (second in _DETERMINERS or second in _POSSESSIVE or (last.startswith("let") and _ends(second))))):
        return "object"
    if last in _GIVING and next_ in _GIVEN and (_ends(second) or second in _PREPOSITIONS | _LINKS):
        return "object"
    if (last in _LEAVING and next_ in _STATES) or next_ in {"lots", "plenty", "someone", "somebody", "everyone"}:
        return "object"
    if last in _PRICED and (next_[0].isdigit() or next_[0] in "$\u20ac\u00a3" or next_ in _AMOUNTS):
        return "object"
    if last in _GIVING and next_ == "one":
        return "object"
    if next_.endswith("ing") and last in _SENSED:
        return "object"
    if next_.endswith("ly") and next_ not in _ADJECTIVES_LY:
        return "object" if _ends(second) or second in _PREPOSITIONS | _LINKS | _DETERMINERS else "determiner"
    return "determiner"


def case_of_his(before: Words, after: Words) -> str:
    """`determiner` (*her*) or `pronoun` (*hers*), for a *his* with these words before and after it."""
    next_, second = _at(after, 0), _at(after, 1)
    if _at(before, 0) == "of" and _at(before, 2) in _ONE_OF and (next_ in _FINITE or next_.endswith("ed")):
        return "pronoun"  # a friend of his paid
    if next_ in {"and", "or"}:
        return "determiner" if second in _POSSESSIVE or second.endswith("'s") else "pronoun"
    if _ends(next_) or next_ in _PREPOSITIONS | _LINKS - {"all"} | _AUXILIARIES | {"too", "yet", "anymore", "again", "now", "yesterday", "today", "please", "not", "either", "instead"}:
        return "pronoun"
    return "determiner"


_PERSON_IS = re.compile(r"(?:i am|i'm|im|you are|you're|he is|he's|she is|she's|we are|we're|they are|they're|who is|who's|who are|i was|he was|she was|we were|they were|identify as|being|born)")
_SOFTENERS = frozenset("a an very also really completely legally partially totally quite happily recently newly now still both fully almost profoundly originally half actually just not openly".split())
_PREDICATE_ENDS = frozenset("and or but so because with who since myself if when in from".split())


def of_a_person(before: Words, after: Words) -> bool:
    """Whether an adjective between these words says something about a person: *a blind customer*, *my wife is Polish*, never *an old card*."""
    if _at(after, 0) in people() or (_at(after, 1) in people() and _describes(_at(after, 0))):
        return True
    if not (_ends(_at(after, 0)) or _at(after, 0) in _PREDICATE_ENDS):
        return False
    rest = list(before[:6])
    while rest and rest[0] in _SOFTENERS:
        rest.pop(0)
    if rest and _PERSON_IS.fullmatch(rest[0]):
        return True
    if len(rest) > 1 and _PERSON_IS.fullmatch(f"{rest[1]} {rest[0]}"):
        return True
    return len(rest) > 1 and rest[0] in {"is", "are", "was", "were"} and rest[1] in people()


_FROM = re.compile(r"(?:(?:am|'m|i'm|is|he's|she's|are|we're|they're|come|comes|came|moved|immigrated|emigrated|originally|family|here|someone|\w*people) from|born in|grew up in|raised in|(?:citizen|citizens|national|native) of)")


def of_somebodys_origin(before: Words) -> bool:
    """Whether a country after these words is where somebody is from."""
    rest = list(before[:4])
    if rest[:1] == ["the"]:
        rest.pop(0)
    two, three = " ".join(reversed(rest[:2])), " ".join(reversed(rest[:3]))
    if rest[:1] == ["from"] and _at(rest, 1) in {"is", "are"} and _at(rest, 2) not in {*people(), "i", "he", "she", "we", "they", "who", "you"}:
        return False  # a parcel is from Poland
    return bool(_FROM.fullmatch(two) or _FROM.fullmatch(three)) or (rest[:1] == ["from"] and _at(rest, 1) in people())


def _describes(word: str) -> bool:
    return word not in _MARKS | _PREPOSITIONS | _LINKS | _AUXILIARIES | _DETERMINERS | _ADVERBS


def _ends(word: str) -> bool:
    return not word or word in _MARKS


def _at(words: Words, index: int) -> str:
    return words[index] if index < len(words) else ""
