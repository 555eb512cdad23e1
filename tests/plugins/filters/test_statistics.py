"""Counting filters: noise, repetition, gibberish."""

import random
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor_plugins.filters.gibberish import Gibberish
from augmentor_plugins.filters.letters.__main__ import LEXICON
from augmentor_plugins.filters.letters.model import TABLE, learnt, surprise
from augmentor_plugins.filters.noise import Noise
from augmentor_plugins.filters.repetition import Repetition
from augmentor_plugins.filters.statistics import statistics


def verdict_on(filter, candidate):
    (verdict,) = filter.judge([candidate])
    return verdict


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("12 44 9.30 17 -- 88 1,204 33 | 71 | 9", "hold no letter"),
        ("#deal #now #today #sale #buy #best #top #new #hot #win #free #cash #fast #shop #gift #love #cool #nice #wow #yes", "number signs"),
        ("Home...\nAbout us...\nContact...\nLog in now...\nTerms and conditions apply here today", "trail off"),
        ("</td><td>|||</td> ~~~ <<a>> {{b}} [[c]] == ** __ ^^ || <br/><br/>", "are signs"),
        (" ".join(["https://shop.example/a/very/long/path?id=1"] * 9) + " and this", "characters on average"),
    ],
)
def test_scraps_are_dropped_and_the_reason_has_the_figures(text, says, row):
    verdict = verdict_on(Noise(), row(text))
    assert not verdict.keep
    assert verdict.score > 1
    assert says in verdict.reason
    assert re.search(r"limit [\d.]+", verdict.reason)


@pytest.mark.parametrize("text", ["30 + 20 = 50", "Order 1234, 5678 and 9012: where are they?", "😀😀", "怎么取消订单？我想知道", "1. Open it.\n2. Tap **Cards**.\n3. Tap `Freeze`.", "Well... I don't know..."])
def test_sums_lists_and_short_turns_are_no_noise(text, row):
    assert verdict_on(Noise(), row(text)).keep


def test_bank_questions_are_neither_noise_nor_gibberish(row, banking77):
    rows = [row(text) for text in banking77[::4]]
    for filter in (Noise(), Gibberish(), Repetition()):
        assert [candidate.example.question for candidate, verdict in zip(rows, filter.judge(rows), strict=True) if not verdict.keep] == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from("go on and the Card card, CARD aaaaaaaaaaaa !!! 12 é the\tthe no.no.no.no.no.no ..... \x1c".split(" ")), max_size=40).map(" ".join))
def test_the_quick_way_finds_what_counting_one_by_one_finds(text):
    again = statistics(text).again
    run = re.search(r"([^\W\d])\1{9,}|(\b\w+\b)(?:\W+\2\b){4,}|([^\w\s])\3{24,}", text, re.IGNORECASE)
    words = text.lower().split()
    said = Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
    assert (again == 1.0) if run else ((again > 0) == (len(words) >= 12 and max(said.values(), default=0) > 1))


def test_the_table_of_letters_is_what_the_lexicon_teaches():
    words = Counter()
    for file in sorted(LEXICON.glob("*.txt")):
        words.update(re.findall(r"(?<![^\W_])[a-z]{2,}(?![^\W_])", file.read_text("utf-8").lower()))
    shipped, now = TABLE.read_text("ascii").splitlines(), list(learnt(words))
    assert len(shipped) == len(now) == 27 * 27
    # The lexicon grows from day to day; the table has to follow only when it matters.
    off = [abs(ord(one) - ord(other)) for left, right in zip(shipped, now, strict=True) for one, other in zip(left, right, strict=True)]
    assert sum(off) / len(off) < 1, "run: python -m augmentor_plugins.filters.letters"


def test_mashed_keys_are_dropped_whole_and_in_part(row):
    rng = random.Random(4)
    mashed = [" ".join("".join(rng.choice("asdfghjklqwertyuiopzxcvbnm") for _ in range(rng.randint(4, 9))) for _ in range(5)) for _ in range(200)]
    caught = sum(not verdict.keep for verdict in Gibberish().judge([row(text) for text in mashed]))
    assert caught >= 180
    verdict = verdict_on(Gibberish(), row("How do I pay?", "asdkjh qwoeiu zxmcnv lkjsdf"))
    assert verdict.reason.startswith("the answer makes no words: 'asdkjh")


@pytest.mark.parametrize(
    "text",
    ["Wie kann ich meine Karte sperren lassen?", "Jak mogę zresetować moje hasło?", "Miten voin peruuttaa tilaukseni?", "Nasıl şifremi değiştirebilirim?", "làm thế nào để hủy đơn hàng", "怎么取消订单", "Как отменить заказ?", "كيف ألغي طلبي", "Naruto", "tbsp", "A1B2-99XZ", "https://x.example/qzxkj"],
)
def test_other_languages_scripts_names_and_codes_are_no_gibberish(text, row):
    assert verdict_on(Gibberish(), row(text)).keep


def test_surprise_is_higher_for_odder_words():
    assert surprise("parcel") < surprise("quinoa") < surprise("qzxkjv")
