from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor.errors import LexiconError
from augmentor.testing import check_strategy
from augmentor_plugins.strategies.clauses import reordered
from augmentor_plugins.strategies.inflection import article, plural, verb
from augmentor_plugins.strategies.paraphrase import Paraphrase
from augmentor_plugins.strategies.phrase_files import DATA, read_phrases
from augmentor_plugins.strategies.phrases import Phrases, substitute
from augmentor_plugins.strategies.spans import mask, spans, unmask

REGISTERS = ("plain", "formal", "casual")
FILES = sorted(DATA.glob("*.txt"))


def results(phrases: Phrases, text: str) -> set[str]:
    """Everything that one substitution makes of a text."""
    return {substitute(text, [(site, other)]) for site in phrases.sites(text, REGISTERS) for other in site.others}


def made(text: str, tries: int = 20) -> set[str]:
    return {variant.text for seed in range(tries) for variant in Paraphrase(n=3).vary(text, Random(seed))}


def test_it_keeps_the_rules_of_strategies() -> None:
    check_strategy(Paraphrase())
    check_strategy(Paraphrase(n=5, changes=1, registers=("plain",)))


def test_the_lexicon_is_large() -> None:
    assert sum(len(read_phrases(path).phrases) for path in FILES) >= 600


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_phrase_file_does_what_its_examples_say(path: Path) -> None:
    file = read_phrases(path)
    phrases = Phrases(file.entries)
    assert file.changes and file.silences
    for line, before, after in file.changes:
        assert after in results(phrases, before), f"{path.name}:{line}"
    for line, text in file.silences:
        assert not results(phrases, text), f"{path.name}:{line}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_phrase_stands_for_itself(path: Path) -> None:
    for entry in read_phrases(path).entries:
        assert " ".join(entry.words) not in {other.lower() for other in entry.others}, f"{path.name}:{entry.line}"


def test_numbers_negation_and_protected_spans_stay(shared_data: Path) -> None:
    with (shared_data / "banking77" / "test.csv").open(encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)][::10]
    texts += [row["output"] for row in json.loads((shared_data / "llama_factory_formats" / "alpaca_en_demo.json").read_text("utf-8"))[::20]]
    negative = re.compile(r"n't\b|\bnot\b|\bcannot\b|\bnever\b|\bunable\b|\bno\b|\bnothing\b|\bno longer\b|\bdecline|\breject|\bturn(?:ed)? down|\bturned off|\bwithout\b|\bforg|\bmiss|\bfail|\bwrong|\bincorrect|\brefus|\blost\b|\bstill waiting|\bstopped|\bpending|\bdespite|\bsorry|\bunfortunately|\bout of order", re.IGNORECASE)
    assert len(texts) > 300
    for text in texts:
        for variant in Paraphrase(n=2).vary(text, Random(text)):
            assert sorted(spans(variant.text)) == sorted(spans(text)), (text, variant.text)
            assert bool(negative.search(variant.text)) == bool(negative.search(text)) or negative.search(text) is None, (text, variant.text)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("If my card is lost, what should I do?", "What should I do if my card is lost?"),
        ("What should I do if my card is lost?", "If my card is lost, what should I do?"),
        ("I paid for the ticket yesterday.", "Yesterday I paid for the ticket."),
        ("When I use my card abroad, do you charge a fee?", "Do you charge a fee when I use my card abroad?"),
    ],
)
def test_clauses_change_places(text: str, other: str) -> None:
    assert reordered(text) == [other]


@pytest.mark.parametrize(
    "text",
    [
        "Can you tell me if my card is lost?", "I don't know when my card will come.", "Can I return the shoes if they don't fit?", "I will call and ask if my card is lost.",
        "If the card is lost, can you block it?", "It works as if my card is new.", "Let me know when my card is here.", "Only if you pay.", "I have been waiting since yesterday.",
    ],
)  # fmt: skip
def test_clauses_stay_where_moving_would_change_the_meaning(text: str) -> None:
    assert reordered(text) == []


def test_inverted_questions_keep_their_verb() -> None:
    assert not any("do I must" in text or "do I've" in text for question in ("Do I need to pay?", "How old do I have to be?", "What do I need to do?") for text in made(question))


def test_a_question_that_becomes_a_request_gets_its_mark() -> None:
    assert all(text.endswith("?") == text.startswith(("Can", "Could", "Do", "Would")) for text in made("I would like to know why my card was declined."))


def test_an_article_fits_the_word_behind_it() -> None:
    assert substitute("a card", [(next(iter(_sites("additional card = extra card", "a additional card"))), "extra card")]) == "an extra card"
    assert [article(word) for word in ("hour", "user", "error", "PIN", "one-off")] == ["an", "a", "an", "a", "a"]


def _sites(line: str, text: str) -> list:  # type: ignore[type-arg]
    from augmentor_plugins.strategies.phrase_files import _forms, _pairs

    (pair,) = _pairs(line, "own.txt", 1)
    return Phrases(_forms(*pair[:2], "noun", "plain", pair[2], 1)).sites(text, REGISTERS)


@pytest.mark.parametrize(
    ("base", "forms"),
    [("buy", "buy buys buying bought bought"), ("stop", "stop stops stopping stopped stopped"), ("verify", "verify verifies verifying verified verified"), ("choose", "choose chooses choosing chose chosen"), ("log in", "log in|logs in|logging in|logged in|logged in")],
)
def test_verbs_have_their_forms(base: str, forms: str) -> None:
    assert [verb(base, form) for form in ("base", "s", "ing", "past", "participle")] == forms.split("|" if "|" in forms else " ")


def test_nouns_have_their_plural() -> None:
    assert [plural(noun) for noun in ("fee", "currency", "person", "proof of purchase", "switch")] == ["fees", "currencies", "people", "proofs of purchase", "switches"]


def test_registers_keep_wordings_out() -> None:
    plain = {text for seed in range(20) for text in (variant.text for variant in Paraphrase(registers=("plain",)).vary("I took a photograph of it.", Random(seed)))}
    assert not any("picture" in text for text in plain)
    assert any("picture" in text for text in made("I took a photograph of it."))


def test_a_file_of_ones_own_comes_in(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("[noun]\nwidget = gizmo ; left: my\n+ my widget => my gizmo\n- the widget\n")
    assert "Behold my gizmos" in {v.text for v in Paraphrase(lexicon=(own,)).vary("Behold my widgets", Random(0))}


@pytest.mark.parametrize(("line", "message"), [("buy purchase", "a phrase is written"), ("a = b ; near: c", "a condition is written"), ("a = b ; left: @verb", "no class of words"), ("+ a", "an example is written")])
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str, message: str) -> None:
    own = tmp_path / "own.txt"
    own.write_text(f"# mine\n{line}\n")
    with pytest.raises(LexiconError, match=rf"own\.txt:2: .*{message}"):
        read_phrases(own)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
@settings(max_examples=60, deadline=None)
def test_what_is_hidden_comes_back(text: str) -> None:
    hidden = mask(text)
    if hidden is not None:
        assert unmask(*hidden) == text


def test_all_that_a_phrase_can_become_is_found_and_then_it_stops(tmp_path):
    path = tmp_path / "own.txt"
    path.write_text("zorble = one | two | three\n")
    made = [variation.text for variation in Paraphrase(n=50, lexicon=(path,)).vary("Qxz zorble qxz", Random(0))]
    assert sorted(made) == ["Qxz one qxz", "Qxz three qxz", "Qxz two qxz"]
