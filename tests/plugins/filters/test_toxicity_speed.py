"""The quick looks that spare most texts the slow ones: they may say "perhaps" too often, never "no" too often."""

import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor_plugins.filters.abuse import rules, tagging
from augmentor_plugins.filters.abuse.folding import plain, undisguised

WORDS = "i you we they u ur ppl kys y'all we're can't isn't i'm the a are is not people hate kill stupid damn women black trash gay problem ihate so... f**k st00pid h a t e sooooo ,"


def slow(text):
    """Whether a listed phrase is found without the quick look."""
    folded = undisguised(plain(text), tagging._known, tagging._masked, tagging._cut)
    spread = " " + " ".join(tagging._words(folded)).replace(" ", "  ") + " "
    return bool(tagging._lexicon().matcher.find_matches_as_indexes(spread))


def test_every_listed_phrase_passes_the_quick_look():
    for pattern in tagging._lexicon().patterns:
        phrase = " ".join(pattern.split())
        assert tagging.may_hold(f"well, {phrase}!"), phrase


def test_every_listed_phrase_passes_in_short_forms():
    rng = random.Random(2)
    for short, long in tagging._SHORT.items():
        for pattern in rng.sample(tagging._lexicon().patterns, 300):
            phrase = " ".join(pattern.split())
            if f" {long} " in f" {phrase} ":
                assert tagging.may_hold(f" {phrase} ".replace(f" {long} ", f" {short} ")), phrase


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=8), st.sampled_from([" ", "  ", ", ", "-", "_", ". "]))
def test_what_the_slow_look_finds_passes_the_quick_one(words, between):
    text = between.join(words)
    assert tagging.may_hold(plain(text)) or not slow(text)


def test_a_rule_is_only_left_out_where_it_cannot_match():
    """Each rule on texts made to please it: those that match have a tag of each kind that the rule is said to need."""
    rng = random.Random(5)
    tags = [f"<{letter}>" for letter in "gasicdnphvwufjty"]
    plainly = "i we you they are is will all the not hate should deserve want to kill because of better without go back".split()
    matched = 0
    for _ in range(3_000):
        text = " ".join(rng.choice(tags if rng.random() < 0.45 else plainly) for _ in range(rng.randint(2, 7)))
        letters = frozenset("".join(re.findall(r"<(\w+)>", text)))
        for pattern in (*rules._THREAT, *rules._HATE, *rules._INSULT):
            if pattern.search(text):
                matched += 1
                assert any(all(letters & wanted for wanted in needed) for needed in rules._needed(pattern.pattern)), (text, pattern.pattern)
    assert matched > 500
