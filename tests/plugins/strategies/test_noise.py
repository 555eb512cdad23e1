from __future__ import annotations

import random
import re
from difflib import SequenceMatcher
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor.testing import TEXTS, check_strategy
from augmentor.texts import normalised
from augmentor_plugins.strategies.noise import Noise

KINDS = ("keyboard", "swap", "drop", "double", "case", "spacing", "punctuation", "homophone", "autocorrect", "ocr")
SENTENCES = (
    "How do I reset my password when I no longer have that phone?",
    "My parcel should have arrived yesterday, where could it have gone?",
    "Please tell me what the delivery costs, because your page doesn't say.",
    "I'd like to know whether the warranty covers water damage.",
)


def noisy(text: str, seed: int = 0, **options: object) -> list[str]:
    return Noise(**options).vary_batch([text], [Random(seed)])[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_keeps_the_rules_of_strategies(kind: str) -> None:
    check_strategy(Noise(kinds=(kind,), n=2))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_changes_something(kind: str) -> None:
    assert any(noisy(text, seed, kinds=(kind,)) for text in SENTENCES for seed in range(5))


def test_a_text_gets_the_same_slips_in_any_batch() -> None:
    texts = [f"{sentence} {extra}" for sentence in SENTENCES for extra in ("Thank you.", "Größe bitte", "It is for a friend", "")] + list(TEXTS)
    whole = Noise(n=2).vary_batch(texts, [Random(index) for index in range(len(texts))])
    alone = [Noise(n=2).vary_batch([text], [Random(index)])[0] for index, text in enumerate(texts)]
    backwards = Noise(n=2).vary_batch(texts[::-1], [Random(index) for index in reversed(range(len(texts)))])[::-1]
    assert whole == alone == backwards
    assert any(whole)


def test_more_texts_than_a_chunk_holds_come_out_in_order() -> None:
    texts = [f"Where is the parcel that belongs to number{index} please" for index in range(5000)]
    for index, (variant,) in enumerate(Noise(kinds=("keyboard",)).vary_batch(texts, [Random(0)] * len(texts))):
        assert f"number{index} " in variant


@given(st.lists(st.text(max_size=40), max_size=5), st.sampled_from(KINDS), st.integers(0, 2**32))
@settings(max_examples=80, deadline=None)
def test_any_text_survives(texts: list[str], kind: str, seed: int) -> None:
    found = Noise(kinds=(kind,), rate=1.0).vary_batch(texts, [Random(seed)] * len(texts))  # type: ignore[arg-type]
    assert len(found) == len(texts)
    for text, variants in zip(texts, found, strict=True):
        assert text not in variants
        for variant in variants:
            assert [letter for letter in variant if ord(letter) > 127] == [letter for letter in text if ord(letter) > 127 and letter != "\u2019"] or "\u2019" in text


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_codes_addresses_names_and_placeholders_stay(kind: str) -> None:
    text = "Please send order #A-1042 for $1,299.00 to Ann in {first name}, [your city], <the street>, www.example.com/path, me@example.com, iPhone, NASA, DE12, file.txt or 10:30 today"
    kept = ("#A-1042", "$1,299.00", "Ann", "{first name}", "[your city]", "<the street>", "www.example.com/path", "me@example.com", "iPhone", "NASA", "DE12", "file.txt", "10:30")
    for seed in range(30):
        for variant in noisy(text, seed, kinds=(kind,), rate=1.0, within=1.0):
            for span in kept:
                assert span in variant, (span, variant)


def test_a_keyboard_slip_is_a_key_beside_the_one_meant() -> None:
    near = {"p": "olp", "a": "qwsza", "s": "adwexzs", "w": "qeasdw", "o": "iplko", "r": "etdfgr", "d": "sferxcd"}
    for seed in range(30):
        (variant,) = noisy("password", seed, kinds=("keyboard",))
        assert len(variant) == len("password")
        for meant, typed in zip("password", variant, strict=True):
            assert typed in near[meant] + meant


def test_a_rate_is_the_share_of_words() -> None:
    text = " ".join(["garden"] * 50)
    for rate in (0.1, 0.3, 0.5):
        (variant,) = noisy(text, kinds=("keyboard",), rate=rate)
        assert sum(word != "garden" for word in variant.split()) == round(50 * rate)


def test_word_slips_keep_a_capital() -> None:
    assert noisy("Your card", kinds=("homophone",)) == ["You're card"]


def test_no_variant_differs_by_case_alone_where_another_slip_is_possible() -> None:
    texts = ["Where is my parcel now?", "Cancel it please", "Größe ändern please"] * 200
    rows = Noise().vary_batch(texts, [Random(index) for index in range(len(texts))])
    assert all(rows)
    assert [(text, row) for text, row in zip(texts, rows, strict=True) if normalised(row[0]) == normalised(text)] == []
    assert any(row[0][0] == "w" for row in rows), "case slips still happen"
    assert noisy("Where", kinds=("case",)) in (["where"], ["WHere"])


def test_each_variant_has_slips_of_its_own() -> None:
    assert len(set(noisy(SENTENCES[0], n=6))) == 6


@pytest.mark.parametrize("options", [{"kinds": ()}, {"rate": 0.0}, {"rate": 1.5}, {"within": 0.0}])
def test_senseless_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"empty|shares"):
        Noise(**options)  # type: ignore[arg-type]


def _shares(pairs: list[tuple[str, str]]) -> tuple[float, float]:
    """The share of words that changed, and of letters in those that did."""
    changed = words = letters = touched = 0
    for before, after in pairs:
        old, new = before.split(), after.split()
        assert len(old) == len(new)
        for one, other in zip(old, new, strict=True):
            words += 1
            if one != other:
                changed += 1
                letters += len(one)
                touched += sum(a != b for a, b in zip(one, other, strict=True))
    return changed / words, touched / letters


def test_the_shares_are_those_of_nlpaug() -> None:
    import nlpaug.augmenter.char as nac

    texts = ["please tell me what this delivery costs because your page never says anything", "where could that parcel have gone when nobody here has seen it"] * 100
    ours = list(zip(texts, (row[0] for row in Noise(kinds=("keyboard",), rate=0.3, within=0.3).vary_batch(texts, [Random(i) for i in range(200)])), strict=True))
    oracle = nac.KeyboardAug(include_special_char=False, include_numeric=False)
    state = random.getstate()
    random.seed(0)
    theirs = [(text, oracle.augment(text)[0]) for text in texts]
    random.setstate(state)
    (our_words, our_letters), (their_words, their_letters) = _shares(ours), _shares(theirs)
    assert our_words == pytest.approx(their_words, rel=0.1)
    assert our_letters == pytest.approx(their_letters, rel=0.1)


def test_what_scanners_confuse_agrees_with_nlpaug_on_shares() -> None:
    import nlpaug.augmenter.char as nac

    texts = ["the blue bell should be louder because people like balls"] * 200
    ours = [(text, row[0]) for text, row in zip(texts, Noise(kinds=("ocr",), rate=0.3, within=0.3).vary_batch(texts, [Random(i) for i in range(200)]), strict=True)]
    oracle = nac.OcrAug(min_char=4)
    state = random.getstate()
    random.seed(0)
    theirs = [(text, oracle.augment(text)[0]) for text in texts]
    random.setstate(state)
    assert _shares(ours)[0] == pytest.approx(_shares(theirs)[0], rel=0.25)


def test_most_of_a_text_stays_readable_at_the_default_rate() -> None:
    for seed in range(50):
        for text in SENTENCES:
            for variant in noisy(text, seed):
                assert SequenceMatcher(None, text, variant).ratio() > 0.85
                assert len(re.findall(r"\w", variant)) >= len(re.findall(r"\w", text)) - 3
