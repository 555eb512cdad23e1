"""Filters that ask an encoder: semantic_duplicate, label_consistency, label_error, outlier, and leakage by meaning."""

import csv
import random

import pytest

from augmentor.examples import Example, Message
from augmentor.protocols import Candidate
from augmentor_plugins.filters.label_consistency import LabelConsistency
from augmentor_plugins.filters.label_error import LabelError
from augmentor_plugins.filters.leakage import Leakage
from augmentor_plugins.filters.outlier import Outlier
from augmentor_plugins.filters.semantic_duplicate import SemanticDuplicate

pytest.importorskip("wordllama")

LOST = ["I lost my card", "My card is gone", "Somebody stole my card", "I can't find my bank card", "My debit card is missing", "Where is my card, I lost it"]
RATE = ["What is the exchange rate?", "Which rate do you use for dollars?", "Is the exchange rate fixed?", "How is my rate worked out?", "The exchange rate was wrong", "What rate did I get abroad?"]


def judged(filter, candidates, held_out=()):
    return filter.reduce(filter.sketch(candidates), filter.sketch(held_out))


def kept_ids(filter, candidates):
    return {candidate.example.id for candidate, verdict in zip(candidates, judged(filter, candidates), strict=True) if verdict.keep}


@pytest.fixture(scope="module")
def labelled(row):
    rows = [row(text, id=f"l{index}", label="lost") for index, text in enumerate(LOST)]
    return rows + [row(text, id=f"r{index}", label="rate") for index, text in enumerate(RATE)]


@pytest.fixture(scope="module")
def bank(row, shared_data):
    with (shared_data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return [row(line["text"], None, id=f"{index:05}", label=line["category"]) for index, line in enumerate(random.Random(0).sample(lines, 2_000))]


def test_the_same_in_other_words_is_a_duplicate_and_names_the_kept_row(row):
    rows = [row("Can somebody help me with activating my card?", id="b"), row("Can someone assist me in activating my card?", id="a")]
    verdict = judged(SemanticDuplicate(threshold=0.85), rows)[0]
    assert not verdict.keep
    assert verdict.other == "a"
    assert "cosine" in verdict.reason


@pytest.mark.parametrize("other", ["I can't cancel my subscription now", "I can cancel your subscription now"])
def test_what_an_encoder_does_not_see_keeps_a_row(row, other):
    rows = [row("I can cancel my subscription now", id="a"), row(other, id="b")]
    assert len(kept_ids(SemanticDuplicate(threshold=0.8), rows)) == 2


def test_relatives_other_labels_and_other_answers_are_no_duplicates(row):
    one, two = "Can someone help me activate my card?", "Can someone assist me to activate my card?"
    filter = SemanticDuplicate(threshold=0.85)
    source = row(one, id="a")
    assert len(kept_ids(filter, [source, Candidate(source.example.vary(0, two, "test"), source.example)])) == 2
    assert len(kept_ids(filter, [row(one, id="a", label="x"), row(two, id="b", label="y")])) == 2
    assert len(kept_ids(filter, [row(one, "Tap Cards.", id="a"), row(two, "We are closed on Sunday.", id="b")])) == 2
    assert kept_ids(SemanticDuplicate(threshold=0.85, on="questions"), [row(one, "Tap Cards.", id="a"), row(two, "We are closed on Sunday.", id="b")]) == {"a"}


@pytest.mark.parametrize("filter", [SemanticDuplicate(threshold=0.9), LabelError(), Outlier(), Outlier(by="topic"), LabelConsistency()], ids=lambda value: type(value).__name__)
def test_order_and_batches_change_no_verdict(filter, bank):
    some = bank[:700]
    some += [Candidate(item.example.vary(0, f"Hello, {item.example.question}", "test"), item.example) for item in some[:40]]
    expected = {item.example.id: verdict for item, verdict in zip(some, judged(filter, some), strict=True)}
    shuffled = random.Random(3).sample(some, len(some))
    sketches = [sketch for start in range(0, len(shuffled), 97) for sketch in filter.sketch(shuffled[start : start + 97])]
    assert {item.example.id: verdict for item, verdict in zip(shuffled, filter.reduce(sketches, []), strict=True)} == expected


def test_every_pair_is_measured(bank):
    from augmentor_plugins.filters.vectors import Row, cosine

    filter = SemanticDuplicate(threshold=0.93, on="questions")
    some = bank[:400]
    rows = [Row(*sketch) for sketch in filter.sketch(some)]
    kept = [row for row, verdict in zip(rows, filter.reduce(rows, []), strict=True) if verdict.keep]
    from augmentor_plugins.filters.semantic_duplicate import _differ

    alike = [(one.text, other.text) for place, one in enumerate(kept) for other in kept[:place] if one.label == other.label and cosine(one.asked, other.asked) >= 0.93]
    assert all(_differ(*pair) for pair in alike)


def test_a_variant_that_drifts_to_another_label_is_dropped(labelled):
    drifted = Candidate(labelled[0].example.vary(0, "What is the exchange rate for dollars?", "test"), labelled[0].example)
    faithful = Candidate(labelled[1].example.vary(0, "I have lost my bank card somewhere", "test"), labelled[1].example)
    verdicts = judged(LabelConsistency(), [*labelled, drifted, faithful])
    assert all(verdict.keep for verdict in verdicts[:-2])
    assert not verdicts[-2].keep
    assert "labelled 'lost' and sounds like 'rate'" in verdicts[-2].reason
    assert verdicts[-1].keep
    assert verdicts[-1].score > verdicts[-2].score


def test_a_variant_does_not_agree_only_because_its_source_is_known(labelled):
    """A family with a wrong label has a source that says so; the others decide."""
    source = Candidate(Example(id="x", messages=(Message(role="user", content="What is the exchange rate for yen?"),), label="lost"))
    variant = Candidate(source.example.vary(0, "Which exchange rate do I get for yen?", "test"), source.example)
    assert not judged(LabelConsistency(), [*labelled, source, variant])[-1].keep


def test_without_labels_nothing_is_said_of_them(row):
    rows = [row(text, id=f"{index}") for index, text in enumerate(LOST)]
    for filter in (LabelConsistency(), LabelError()):
        assert all(verdict.keep and verdict.score is None for verdict in judged(filter, rows))


def test_planted_label_errors_are_found_more_surely_than_guessed(bank):
    rng = random.Random(1)
    labels = sorted({item.example.label for item in bank})
    wrong, rows = set(), []
    for item in bank:
        label = item.example.label
        if rng.random() < 0.05:
            wrong.add(item.example.id)
            label = rng.choice([other for other in labels if other != label])
        rows.append(Candidate(Example(id=item.example.id, messages=item.example.messages, label=label)))
    dropped = {item.example.id for item in rows} - kept_ids(LabelError(), rows)
    assert len(dropped & wrong) >= 0.7 * len(dropped)
    assert len(dropped & wrong) >= 0.3 * len(wrong)


def test_what_belongs_to_nothing_is_an_outlier(bank, row):
    odd = [row(text, None, id=f"odd{index}", label="card_arrival") for index, text in enumerate(["The mitochondria is the powerhouse of the cell", "Who won the world cup in 1998?", "lol"])]
    for by in ("label", "topic"):
        verdicts = judged(Outlier(by=by), [*bank, *odd])
        assert not any(verdict.keep for verdict in verdicts[-3:])
        assert sum(not verdict.keep for verdict in verdicts[:-3]) < 0.02 * len(bank)
        assert "z " in verdicts[-1].reason


def test_few_rows_have_no_outliers(row):
    assert all(verdict.keep for verdict in judged(Outlier(), [row("Where is my card?", id="a"), row("The sea is blue", id="b")]))


def test_a_leak_in_other_words_is_found_when_asked_for(row):
    train, test = [row("Can someone assist me in activating my card?", id="a")], [row("Could somebody help me with activating the new card?", id="t7")]
    assert judged(Leakage(), train, test)[0].keep
    verdict = judged(Leakage(semantic=0.8), train, test)[0]
    assert not verdict.keep
    assert verdict.other == "t7"
    assert "in other words" in verdict.reason


def test_a_missing_encoder_says_what_to_install(monkeypatch, row):
    from augmentor.errors import MissingExtra
    from augmentor_plugins.encoders import static

    def missing(name):
        raise static.PackageNotFoundError(name)

    static._files.cache_clear()
    monkeypatch.setattr(static, "distribution", missing)
    with pytest.raises(MissingExtra, match=r"augmentor-toolkit\[encoder\]"):
        SemanticDuplicate().sketch([row("Where?")])
