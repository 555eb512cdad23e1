from random import Random

import pytest

from augmentor.errors import BadOption, GenerationError
from augmentor.plugins import plugins
from augmentor.testing import check_strategy
from augmentor.texts import normalised
from augmentor_plugins.strategies.back_translate import BackTranslate

TEXTS = ["where is my parcel ?", "", "please cancel the order today , my phone is broken !", "how do i pay ?"]


def vary(model, texts, **options):
    found = BackTranslate(str(model), str(model), **options).vary_batch(texts, [Random(0)] * len(texts))
    return [[variation.text for variation in row] for row in found]


def test_it_keeps_the_rules(tiny_marian):
    check_strategy(BackTranslate(str(tiny_marian), str(tiny_marian), n=1, beams=1))


def test_a_text_comes_back_otherwise_and_in_any_batch_the_same(tiny_marian):
    whole = vary(tiny_marian, TEXTS, n=3)
    assert [len(row) > 0 for row in whole] == [True, False, True, True]
    assert all(len(row) <= 3 and len(set(row)) == len(row) for row in whole)
    for text, row in zip(TEXTS, whole, strict=True):
        assert normalised(text) not in map(normalised, row)
    assert whole == [vary(tiny_marian, [text], n=3)[0] for text in TEXTS]


def test_what_lost_a_number_or_a_code_is_left_out():
    strategy = BackTranslate("a", "b")
    kept = strategy._fitting("pay 30 for A-12", ["pay 30 for A-12 now", "pay 13 for A-12", "30 for A-12 to pay", "A-12 costs 30 now"])
    assert [variation.text for variation in kept] == ["pay 30 for A-12 now", "30 for A-12 to pay"]


def test_a_model_that_is_not_there_or_of_another_kind_is_named(tiny_bert, tmp_path):
    for place in (tmp_path, tiny_bert):
        with pytest.raises(GenerationError, match=place.name):
            vary(place, ["where is it ?"])


def test_senseless_options_are_refused():
    with pytest.raises(BadOption, match="at most the number of beams"):
        BackTranslate("a", "b", n=9)
    with pytest.raises(BadOption, match="needs the options there, back"):
        plugins()["strategy"].make("back_translate")
