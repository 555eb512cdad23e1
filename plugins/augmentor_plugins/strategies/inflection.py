"""The forms of English verbs and nouns, as far as exchanging one for another needs them."""

from __future__ import annotations

from typing import Literal

Form = Literal["base", "s", "ing", "past", "participle"]
FORMS: tuple[Form, ...] = ("base", "s", "ing", "past", "participle")

_IRREGULAR = {
    verb: (past, participle)
    for verb, past, participle in (
        line.split()
        for line in """
        become became become|begin began begun|break broke broken|bring brought brought|build built built|buy bought bought|catch caught caught|choose chose chosen
        come came come|cost cost cost|cut cut cut|do did done|draw drew drawn|drop dropped dropped|eat ate eaten|fall fell fallen|feel felt felt|find found found
        forget forgot forgotten|get got got|give gave given|go went gone|have had had|hear heard heard|hold held held|keep kept kept|know knew known|lead led led
        leave left left|let let let|lose lost lost|make made made|mean meant meant|meet met met|pay paid paid|put put put|read read read|run ran run|say said said
        see saw seen|sell sold sold|send sent sent|set set set|shut shut shut|show showed shown|speak spoke spoken|spend spent spent|take took taken|tell told told
        think thought thought|understand understood understood|withdraw withdrew withdrawn|write wrote written|hand handed handed|throw threw thrown|undo undid undone
        overlook overlooked overlooked|be was been|rise rose risen|grow grew grown|win won won|stick stuck stuck|wear wore worn|drive drove driven|fly flew flown
        """.replace("\n", "|").split("|")
        if line.strip()
    )
}
_DOUBLED = frozenset("stop plan cancel refer submit get put set cut swap drop ship log tap begin let run chat scan spot top permit commit admit occur transfer shut plug pop win".split())
_PLURALS = {"person": "people", "child": "children", "man": "men", "woman": "women", "life": "lives", "wife": "wives", "half": "halves"}
_VOWEL_SOUND = ("a", "e", "i", "o", "u")
_AN_EXCEPTIONS = ("uni", "use", "usu", "uti", "eu", "one", "once", "ufo")


def verb(base: str, form: Form) -> str:
    """A form of a verb; of a phrase (*log in*), that of its first word."""
    head, space, rest = base.partition(" ")
    return _verb(head, form) + space + rest


def _verb(base: str, form: Form) -> str:
    if form == "base":
        return base
    if form in {"past", "participle"} and base in _IRREGULAR:
        return _IRREGULAR[base][form == "participle"]
    consonant_y = base.endswith("y") and base[-2:-1] not in _VOWEL_SOUND
    if form == "s":
        if base in {"have", "be"}:
            return {"have": "has", "be": "is"}[base]
        return base[:-1] + "ies" if consonant_y else base + ("es" if base.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
    doubled = base + base[-1] if base in _DOUBLED else base
    if form == "ing":
        if base.endswith("ie"):
            return base[:-2] + "ying"
        return (base[:-1] if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) and base != "be" else doubled) + "ing"
    if consonant_y:
        return base[:-1] + "ied"
    return base + "d" if base.endswith("e") else doubled + "ed"


def plural(noun: str) -> str:
    """The plural of a noun; of a phrase, that of its last word, or of the word before *of*."""
    before, of, after = noun.partition(" of ")
    first, space, last = before.rpartition(" ")
    return first + space + _plural(last) + of + after


def _plural(noun: str) -> str:
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith("y") and noun[-2:-1] not in _VOWEL_SOUND:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x", "z")) else "s")


def article(following: str) -> str:
    """*a* or *an*, by how the next word sounds."""
    word = following.lower()
    if word.startswith(_AN_EXCEPTIONS):
        return "a"
    return "an" if word.startswith((*_VOWEL_SOUND, "hour", "honest")) else "a"
