from random import Random

import pytest

from augmentor.errors import BadOption
from augmentor.testing import check_strategy
from augmentor_plugins.strategies.mask_fill import MaskFill, _places, _whole_word

TEXTS = ["Where is my parcel today?", "", "please cancel the order, the phone is broken now", "Why is my card 12 late?"]


def vary(model, texts, **options):
    found = MaskFill(str(model), least=0.0, **options).vary_batch(texts, [Random(index) for index in range(len(texts))])
    return [[variation.text for variation in row] for row in found]


def test_it_keeps_the_rules(tiny_bert):
    check_strategy(MaskFill(str(tiny_bert), least=0.0))


def test_only_content_words_change_and_in_any_batch_the_same(tiny_bert):
    whole = vary(tiny_bert, TEXTS, n=3)
    assert [len(row) > 0 for row in whole] == [True, False, True, True]
    for text, row in zip(TEXTS, whole, strict=True):
        for variant in row:
            pairs = list(zip(text.split(), variant.split(), strict=True))
            assert 1 <= sum(one != other for one, other in pairs) <= 2
            assert all(one == other for one, other in pairs if one.strip(",?").lower() in {"is", "my", "the", "12"})
    alone = [MaskFill(str(tiny_bert), n=3, least=0.0).vary_batch([text], [Random(index)])[0] for index, text in enumerate(TEXTS)]
    assert whole == [[variation.text for variation in row] for row in alone]


def test_a_rate_is_the_share_of_content_words(tiny_bert):
    text = " ".join(["parcel"] * 10)
    for rate in (0.2, 0.5):
        (variants,) = vary(tiny_bert, [text], n=1, rate=rate)
        assert sum(word != "parcel" for word in variants[0].split()) == round(10 * rate)


def test_an_unlikely_word_is_not_taken(tiny_bert):
    assert MaskFill(str(tiny_bert), least=0.999).vary_batch(TEXTS, [Random(0)] * 4) == [[], [], [], []]


def test_names_codes_negations_and_function_words_are_never_masked():
    text = "Please tell Anna that order #A-12 at https://a.example/card has not come, {name} paid nothing."
    assert [match.group() for match in _places(text)] == ["Please", "tell", "order", "come", "paid"] or {match.group() for match in _places(text)} <= {"Please", "tell", "order", "come", "paid"}


@pytest.mark.parametrize(
    ("token", "marked", "opens", "word"),
    [("card", False, False, "card"), ("##s", False, False, ""), ("\u0120card", True, False, "card"), ("ing", True, False, ""), ("Card", True, True, "Card"), ("Paris", False, False, ""), ("[UNK]", False, False, "")],
)
def test_pieces_of_words_and_names_are_no_words(token, marked, opens, word):
    assert _whole_word(token, marked=marked, opens=opens) == word


def test_senseless_options_are_refused():
    with pytest.raises(BadOption, match="rate"):
        MaskFill("m", rate=0)
    with pytest.raises(BadOption, match="top=0"):
        MaskFill("m", top=0)
