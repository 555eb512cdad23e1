from random import Random

import pytest

from augmentor.testing import check_strategy
from augmentor_plugins.lexicon import forms
from augmentor_plugins.strategies.rephrase import Rephrase


def variants(question, **options):
    return list(Rephrase(**options).vary(question, Random(0)))


def test_it_keeps_the_rules():
    check_strategy(Rephrase())


def test_a_known_need_is_put_in_other_words():
    found = variants("How do I reset my password?", n=8)
    assert len(found) == 8
    others = [variation for variation in found if variation.note != "form"]
    assert len(others) == 6
    assert sum("reset" not in variation.text for variation in others) >= 5


def test_it_is_never_the_question_itself_and_never_twice_the_same():
    found = [variation.text for variation in variants("How do I cancel my order?", n=20)]
    assert len({text.casefold() for text in found} - {"how do i cancel my order?"}) == len(found) == 20


def test_a_message_of_several_wordings_states_first_and_asks_last():
    found = [variation.text for variation in variants("How do I reset my password?", n=10, sentences=3, forms=0)]
    assert len(found) == 10
    longer = [text for text in found if text.count("?") == 1 and "." in text[:-1]]
    assert longer
    assert all(text.endswith("?") for text in longer)


def test_no_wording_is_said_twice_in_one_questions_messages():
    from augmentor_plugins.lexicon.matching import read_lexicon
    from augmentor_plugins.lexicon.rendering import lines, rendered

    match = read_lexicon().match("How do I reset my password?")[0]
    found = " | ".join(variation.text for variation in variants("How do I reset my password?", n=30, sentences=3, forms=0))
    known = [rendered(line, match).rstrip(".") for line in lines(match)]
    assert all(found.count(text) <= 1 for text in known if not any(text in other for other in known if other != text))


@pytest.mark.parametrize("options", [{"n": 0}, {"sentences": 0}])
def test_senseless_numbers_are_refused(options):
    with pytest.raises(ValueError, match="at least 1"):
        Rephrase(**options)


def test_an_unknown_need_gets_other_sentence_forms_alone():
    found = variants("How do I flumble my grommet?", n=4)
    assert {variation.note for variation in found} == {"form"}
    assert all("flumble my grommet" in variation.text for variation in found)


def test_the_same_chance_gives_the_same_variants():
    assert variants("How do I pay?") == variants("How do I pay?")


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("How do I reset my password?", "reset my password"),
        ("Could you please tell me how to pay the 12.50 bill?", "pay the 12.50 bill"),
        ("I'd like to cancel order #77, please", "cancel order #77"),
        ("How can you change your address?", "change my address"),
        ("Is it possible to pay in two parts?", "pay in two parts"),
        ("What is the fee?", None),
        ("How do I reset it. Thanks. Bye", None),
    ],
)
def test_the_verb_phrase_is_found_or_left_alone(question, phrase):
    assert forms.verb_phrase(question) == phrase


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("Why was my card declined?", "why my card was declined"),
        ("When will my order arrive?", "when my order will arrive"),
        ("What do I need?", "what I need"),
        ("Where are you?", None),
        ("Why does my valve make noise?", None),
        ("How much is the delivery of a parcel?", None),
    ],
)
def test_a_direct_question_is_turned_around_only_where_that_is_certain(question, clause):
    assert forms.indirect_clause(question) == clause
