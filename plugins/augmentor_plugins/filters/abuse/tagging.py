"""Naming the words that matter in a text, so that rules can be written about kinds of words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ..wordlists import sections
from .folding import plain, undisguised
from .slips import slips

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

KINDS = {
    "slur": "s", "ambiguous": "a", "insult": "i", "sexual": "x", "putdown": "p", "profanity": "f", "negative": "n", "violence": "v", "rough": "u",
    "violated": "w", "hating": "h", "scornful": "d", "vermin": "c", "saying": "y", "menace": "t", "innocent": "o",
}  # fmt: skip
"""The letter that stands for each section of `words/abuse.txt`; `g` stands for groups of people, `j` for a member of one."""

_MASKED = ("slur", "ambiguous", "insult", "profanity", "sexual", "putdown", "hating", "violence", "violated")
_WORD = re.compile(r"[^\W_]+(?:'[a-z]+)?|[.!?;\"]+|,")
_SHORT = {
    "u": "you", "ur": "your", "r": "are", "ya": "you", "yall": "you all", "y'all": "you all", "youre": "you are", "im": "i am", "ill": "ill", "theyre": "they are", "gonna": "going to",
    "gunna": "going to", "wanna": "want to", "gotta": "have to", "dont": "do not", "doesnt": "does not", "cant": "can not", "cannot": "can not", "wont": "will not", "arent": "are not",
    "isnt": "is not", "shouldnt": "should not", "wouldnt": "would not", "ima": "i am going to", "imma": "i am going to", "kys": "kill yourself", "plz": "please", "ppl": "people",
    "can't": "can not", "won't": "will not", "ain't": "are not", "aint": "are not", "shan't": "shall not", "let's": "let us", "lets": "let us", "i'm": "i am", "isn't": "is not", "em": "them",
}  # fmt: skip
_IS = frozenset({"he", "she", "it", "that", "what", "there", "here", "who", "how", "where", "why", "this", "everyone", "everybody", "someone", "nobody", "everything"})
_ENDINGS = (("n't", " not"), ("'re", " are"), ("'ll", " will"), ("'ve", " have"), ("'d", " would"), ("'m", " am"))


@dataclass(frozen=True)
class Tagged:
    """A text in which each listed word reads `<letters>` for its kinds; `words` are those words, in order, `plain` all words as they were."""

    text: str
    words: tuple[str, ...]
    plain: str

    def word_at(self, position: int) -> str:
        """The listed word at or after a position of `text`."""
        index = self.text.count("<", 0, position)
        return self.words[index] if index < len(self.words) else ""

    def quoted(self, start: int, end: int) -> str:
        """The words between two positions of `text`."""
        words = iter(self.words[self.text.count("<", 0, start) :])
        return " ".join(next(words, "") if piece.startswith("<") else piece for piece in self.text[start:end].split())


@dataclass(frozen=True)
class _Lexicon:
    """The listed phrases: a matcher for all of them, and the letters of each."""

    matcher: AhoCorasick
    patterns: tuple[str, ...]
    kinds: tuple[str, ...]
    words: frozenset[str]
    maskable: Mapping[int, tuple[str, ...]]
    vocabulary: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

    kinds: dict[str, str] = {}
    abuse = sections("abuse")
    groups = sections("groups")
    for section, letter in KINDS.items():
        for phrase in abuse[section]:
            kinds[phrase] = kinds.get(phrase, "") + letter
    heads = groups["heads"]
    one = [head for head in heads if head in {"person", "man", "woman", "guy", "girl", "boy", "kid", "child", "individual", "couple", "worker", "driver", "student", "family"}]
    for phrase in (*groups["peoples"], *groups["singulars"], *(f"{singular} {head}" for singular in groups["singulars"] for head in one), *(f"{adjective} {head}" for adjective in groups["adjectives"] for head in heads)):
        kinds[phrase] = "g" + kinds.get(phrase, "").replace("g", "")
    for phrase in groups["members"]:
        kinds[phrase] = kinds.get(phrase, "") + "j"
    for stem in [phrase.rstrip("*") for phrase in kinds if phrase.endswith("*")]:
        for phrase, letters in kinds.items():
            if phrase.startswith(stem) and "o" not in letters:
                kinds[phrase] = letters + "".join(letter for letter in kinds[stem + "*"] if letter not in letters)
    pattern = {" " + phrase.rstrip("*").replace(" ", "  ") + ("" if phrase.endswith("*") else " "): letters for phrase, letters in kinds.items()}
    single = frozenset(phrase.rstrip("*") for phrase in kinds if " " not in phrase)
    sensitive = {word for section in _MASKED for word in abuse[section]}
    maskable: dict[int, tuple[str, ...]] = {}
    for word in sorted(sensitive):
        stem = word.rstrip("*")
        if " " not in stem and len(stem) > 3:
            for form in (stem, stem + "ing", stem + "s") if word.endswith("*") else (stem,):
                maskable[len(form)] = (*maskable.get(len(form), ()), form)
    common = "i we you he she they it a an the all are is am was were be so do not no to of in and or my your our their this that these those them just really very should must will would have has deserve die people u r now here out back every one need go get him her please again from more"
    vocabulary = frozenset(word for word in single if len(word) > 2) | frozenset(common.split()) | frozenset(word for word in groups["adjectives"] if len(word) > 2)
    matcher = AhoCorasick(list(pattern), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)
    return _Lexicon(matcher, tuple(pattern), tuple(pattern.values()), single, maskable, vocabulary)


# Letters and digits as they are, all else a space; ASCII in lower case.
_BARE = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))
# A superset of what `folding` takes for disguise, signs and digits: cheaper to look for.
_SIGN = re.compile(r"[0-9@$!|+*#_.\-][a-z]|[a-z][$@*|+0-9]")
_SPELT = re.compile(r"\b[a-z](?:[\s.\-_*]+[a-z]\b){2}")
_LONG = 13


def may_hold(folded: str) -> bool:
    """Whether a plain text may hold a listed word, disguised or not: one cheap look that most texts fail."""
    if not folded.isascii() or _SIGN.search(folded):
        return True
    words = folded.encode().translate(_BARE).split()
    sizes = list(map(len, words))
    if max(sizes, default=0) >= _LONG or (sizes.count(1) > 2 and _SPELT.search(folded)):
        return True
    if "'" in folded or not _rewritten().isdisjoint(words):
        spaced = f" {' '.join(word for word in _words(folded) if word[0].isalnum())} "
    else:
        spaced = f" {b' '.join(words).decode()} "
    return bool(_signs().find_matches_as_indexes(spaced))


@cache
def _rewritten() -> frozenset[bytes]:
    return frozenset(short.encode() for short in (*_SHORT, *slips()))


@cache
def _signs() -> AhoCorasick:
    """What an undisguised text must hold one of, once its short forms are written out: a listed phrase, or what may be disguise."""
    from ahocorasick_rs import AhoCorasick, Implementation

    signs = {letter * 3 for letter in "abcdefghijklmnopqrstuvwxyz"}
    signs |= {"ihate", *(f"{verb}{whom}" for verb in ("hate", "kill", "fuck") for whom in ("all", "you", "the"))}
    signs |= {f" {' '.join(pattern.split())}{' ' if pattern.endswith(' ') else ''}" for pattern in _lexicon().patterns}
    return AhoCorasick(sorted(signs), implementation=Implementation.DFA)


def tagged(text: str) -> Tagged | None:
    """A text with its listed words tagged; None when it holds none of them."""
    folded = plain(text)
    if not may_hold(folded):
        return None
    lexicon = _lexicon()
    folded = undisguised(folded, _known, _masked, _cut)
    spoken = " ".join(_words(folded))
    spread = " " + spoken.replace(" ", "  ") + " "
    found = lexicon.matcher.find_matches_as_indexes(spread)
    if not found:
        return None
    pieces, words, last = [], [], 0
    for pattern, start, stop in found:
        if start < last:
            continue  # a phrase that ran to the end of its word took this one in
        end = stop if lexicon.patterns[pattern].endswith(" ") else spread.find(" ", stop) + 1
        pieces += [spread[last:start], f" <{lexicon.kinds[pattern]}> "]
        words.append(" ".join(spread[start:end].split()))
        last = end
    pieces.append(spread[last:])
    return Tagged(" ".join("".join(pieces).split()), tuple(words), spoken)


def _words(text: str) -> list[str]:
    found: list[str] = []
    meant = slips()
    for word in _WORD.findall(text):
        if word in _SHORT:
            found += _SHORT[word].split()
        elif word in meant:
            found += meant[word].split()
        elif "'" in word:
            for ending, written in _ENDINGS:
                if word.endswith(ending):
                    found += (word[: -len(ending)] + written).split()
                    break
            else:
                head, _, tail = word.partition("'")
                found.append(head)
                found.append("is" if tail == "s" and head in _IS else tail)
        elif word[0] in ".!?;":
            found.append(".?"["?" in word])
        else:
            found.append(word[0] if word[0] == '"' else word)
    return found


def _known(word: str) -> bool:
    lexicon = _lexicon()
    return word in lexicon.words or (len(word) > 1 and word in lexicon.vocabulary) or (len(word) > 3 and any(word.startswith(stem) for stem in ("fuck", "motherfuck", "bullshit")))


def _masked(word: str) -> str | None:
    """The only kind of word that a word with stars in it can be: one of the same length, with the same letters around the stars."""
    form = re.compile("".join("." if letter in "*#" else re.escape(letter) for letter in word.replace("-", "").replace("_", "")))
    if not any(map(str.isalpha, word)) or not word[0].isalpha():
        return None
    return next((other for other in _lexicon().maskable.get(len(word), ()) if form.fullmatch(other)), None)


def _cut(word: str, fewest: int) -> str | None:
    """Words written as one, apart: only where all of it is known words, at least `fewest`, one of them listed."""
    lexicon = _lexicon()
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 16), end):
            before = best[start]
            if before is not None and word[start:end] in lexicon.vocabulary and (best[end] is None or len(before) + 1 < len(best[end] or ())):
                best[end] = [*before, word[start:end]]
    parts = best[-1]
    return " ".join(parts) if parts and len(parts) >= fewest and any(part in lexicon.words and len(part) > 2 for part in parts) else None
