"""The rows at the ends of a file."""

from __future__ import annotations

from augmentor.inspection import odd as rows
from augmentor.inspection.masking import LONGEST, cut


def kinds(found):
    return {odd.name: odd.rows for odd in found.odd}


def test_the_longest_and_the_shortest_come_in_order_and_the_earlier_of_equals_first(inspected, row):
    found = kinds(inspected("".join(row(" ".join(["word"] * number), "yes") for number in (3, 9, 1, 7, 9, 2, 4))))
    assert [(one.row, one.why) for one in found["longest"]][:3] == [(2, "10 words"), (5, "10 words"), (4, "8 words")]
    assert [(one.row, one.why) for one in found["shortest"]][:2] == [(3, "2 words"), (6, "3 words")]
    assert len(found["longest"]) == rows.SHOWN


def test_what_is_there_most_often_comes_first(inspected, row):
    found = kinds(inspected(row("Hi", "Hello") * 2 + row("Where is it?", "Here") * 5 + row("Once", "only")))
    assert [(one.question, one.why) for one in found["repeated"]] == [("Where is it?", "5 times"), ("Hi", "2 times")]


def test_rows_without_an_answer_are_shown(inspected, row):
    found = kinds(inspected(row("Hi", "Hello") + row("Where?", label="track")))
    assert [one.row for one in found["unanswered"]] == [2]


def test_what_is_frequent_survives_many_rare_copies(inspected, row, monkeypatch):
    monkeypatch.setattr(rows, "_REPEATED", 10)
    rare = [row(f"rare {number}", "yes") * 2 for number in range(300)]
    often = row("Where is it?", "Here")
    found = kinds(inspected("".join(f"{often}{often}{one}" for one in rare)))
    first = found["repeated"][0]
    assert first.question == "Where is it?"
    assert first.why.startswith("at least ")
    assert 400 < int(first.why.split()[2]) <= 600


def test_long_texts_are_cut_and_empty_lines_left_out():
    assert cut("short") == "short"
    assert cut("a\n\n\n\nb\n") == "a\nb"
    assert len(cut("x" * 10_000)) == LONGEST
    assert cut("x" * 10_000).endswith("…")
    assert cut("line\n" * 100).count("\n") == 7
