from __future__ import annotations

import csv
import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor.errors import UsageError
from augmentor.testing import check_strategy
from augmentor_plugins.strategies.contractions import bare, contract, expand
from augmentor_plugins.strategies.dressing import dress, kind_of
from augmentor_plugins.strategies.persona import Persona
from augmentor_plugins.strategies.persona_files import names, read_persona
from augmentor_plugins.strategies.spans import spans

GREETINGS = re.compile(r"\b(?:hi|hello|hey|heyy|hiya|dear|good (?:morning|afternoon|day)|greetings)\b", re.IGNORECASE)


def one(name: str, text: str, seed: int = 0) -> str:
    return dress(text, read_persona(name)[1], Random(seed))


def test_it_keeps_the_rules_of_strategies() -> None:
    check_strategy(Persona())
    check_strategy(Persona(wording=False, n=12))


def test_a_dozen_personas_are_shipped_and_each_can_be_told_to_a_model() -> None:
    assert len(names()) >= 12
    for name in names():
        _, card = read_persona(name)
        assert card.who.endswith(".")
        assert card.mood in card.portrait and card.register in card.portrait and card.language in card.portrait


def test_each_variant_is_by_another_persona_and_says_so() -> None:
    variants = list(Persona(n=5).vary("How do I reset my password?", Random(1)))
    notes = [variant.note for variant in variants]
    assert len(set(notes)) == 5
    assert all(note is not None and note.removeprefix("persona=") in names() for note in notes)


def test_with_wording_a_known_question_comes_in_other_words() -> None:
    own = {variant.text for seed in range(10) for variant in Persona(personas=("terse_expert",), wording=False).vary("How do I reset my password?", Random(seed))}
    other = {variant.text for seed in range(10) for variant in Persona(personas=("terse_expert",)).vary("How do I reset my password?", Random(seed))}
    assert all("reset password" in text for text in own)
    assert any("reset" not in text for text in other)


def test_a_terse_customer_drops_greeting_article_capital_and_mark() -> None:
    assert one("terse_expert", "Hello, my card is not working.") == "card not working"
    assert one("terse_expert", "Could you tell me when the shop opens?") == "when shop opens"


def test_a_formal_customer_writes_contractions_out() -> None:
    assert "do not" in one("formal_retiree", "I don't see my order in the list")


def test_a_learner_leaves_articles_out_but_not_those_that_carry_meaning() -> None:
    dressed = [one("non_native_speaker", "The machine gave me a few notes and a receipt", seed) for seed in range(20)]
    assert all("a few notes" in text for text in dressed)
    assert any("achine gave" in text and "The machine" not in text for text in dressed)


@pytest.mark.parametrize("name", names())
def test_a_message_is_never_greeted_twice(name: str) -> None:
    for seed in range(20):
        for text in ("Hi, can I bring my dog to the room?", "Good morning, my parcel has not come.", "Hello! which shops take the voucher"):
            assert len(GREETINGS.findall(one(name, text, seed))) <= 1


@pytest.mark.parametrize("name", names())
def test_numbers_names_codes_addresses_and_placeholders_stay(name: str) -> None:
    text = "My order #A-1042 for $1,299.00 went to {city} not Zürich, see https://example.com/You?the=my or mail Ann.Lee@example.com about the iPhone and the ATM"
    kept = [*spans(text), "Zürich"]
    for seed in range(10):
        dressed = one(name, text, seed)
        for span in kept:
            assert span in dressed, (span, dressed)


@given(st.text(max_size=60), st.integers(0, 50))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_dressed(text: str, seed: int) -> None:
    for name in ("terse_expert", "mobile_typist", "formal_retiree", "non_native_speaker"):
        dressed = one(name, text, seed)
        for span in spans(text):
            assert span in dressed


def test_negation_stays(shared_data: Path) -> None:
    with (shared_data / "banking77" / "test.csv").open(encoding="utf-8") as file:
        questions = [row["text"] for row in csv.DictReader(file)][::25]
    negation = re.compile(r"n't\b|(?:do|does|did|is|are|was|wo|ca|could|would|has|have)nt\b|\bnot\b|\bcannot\b|\bnever\b|\bno\b", re.IGNORECASE)
    for text in questions:
        for variant in Persona(n=3, wording=False).vary(text, Random(text)):
            assert len(negation.findall(variant.text)) >= len(negation.findall(text)), (text, variant.text)


def test_foreign_text_and_letters_are_left_alone() -> None:
    assert not list(Persona().vary("Wie kann ich mein Passwort ändern?", Random(0)))
    assert not list(Persona().vary("word " * 200, Random(0)))


@pytest.mark.parametrize(
    ("text", "kind"),
    [("How do I change my address?", "do"), ("Which cards do you take?", "ask"), ("Is there a fee if I lost my card?", "ask"), ("My card was stolen", "trouble"), ("Why was my card declined?", "trouble"), ("I found my card", "statement")],
)
def test_openings_suit_what_kind_of_message_it_is(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_a_persona_of_ones_own_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "pirate.toml"
    path.write_text('who = "A pirate."\nregister = "salty"\nverbosity = "chatty"\nmood = "merry"\nlanguage = "English"\n[typing]\n[openings]\nany = ["Ahoy!"]\n[words]\n"my" = "me"\n')
    (variant,) = Persona(personas=(str(path),), wording=False).vary("Where is my parcel?", Random(0))
    assert variant.text == "Ahoy! Where is me parcel?"
    assert variant.note == "persona=pirate"


def test_an_unknown_persona_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'student'"):
        list(Persona(personas=("studnet",)).vary("Where is my parcel?", Random(0)))


@pytest.mark.parametrize(("content", "message"), [("who = 1", "cannot be read"), ("who", "cannot be read"), ("", "cannot be read")])
def test_a_broken_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(content)
    with pytest.raises(UsageError, match=message):
        read_persona(str(path))


def test_a_sentence_form_without_its_place_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('who = "A."\nregister = "a"\nverbosity = "plain"\nmood = "a"\nlanguage = "a"\n[typing]\n[frames]\ndo = ["How?"]\n')
    with pytest.raises(UsageError, match="exactly once"):
        read_persona(str(path))


@pytest.mark.parametrize(
    ("short", "long"),
    [("I don't know", "I do not know"), ("I'm late and can't pay", "I am late and cannot pay"), ("Can't I pay here?", "Can I not pay here?"), ("I'd like a card", "I would like a card"), ("It's been a week", "It has been a week"), ("It's not here", "It is not here")],
)
def test_contractions_go_out(short: str, long: str) -> None:
    assert expand(short) == long


@pytest.mark.parametrize("text", ["Why doesn't my card work?", "It's declined", "my brother's card", "let's go"])
def test_contractions_that_could_mean_two_things_stay(text: str) -> None:
    assert expand(text) == text


@pytest.mark.parametrize(("long", "short"), [("I do not know", "I don't know"), ("I cannot pay", "I can't pay"), ("I have received it", "I've received it"), ("tell me who I am", "tell me who I am"), ("I have a card", "I have a card")])
def test_contractions_come_in(long: str, short: str) -> None:
    assert contract(long) == short


def test_apostrophes_stay_where_another_word_would_come_of_it() -> None:
    assert bare("I don't think we'll go, we're late and I'd rather not") == "I dont think we'll go, we're late and I'd rather not"
