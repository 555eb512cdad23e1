"""A wanted number of accepted variants."""

from __future__ import annotations

import pytest

from augmentor.collecting import SURPLUS, collect
from augmentor.examples import Example, Message
from augmentor.pipeline import MALFORMED, REPEAT, Plan, process
from augmentor.plugins import plugins
from augmentor.protocols import Reply

QUESTIONS = [f"How do I {verb} my {thing}?" for verb in ("cancel", "change", "find") for thing in ("order", "password", "booking", "invoice")]


def sources(count=12):
    turns = [(Message(role="user", content=text), Message(role="assistant", content="Like this.")) for text in QUESTIONS[:count]]
    return [Example(id=f"s{number}", messages=both) for number, both in enumerate(turns)]


def plan(*strategies, filters=(), seed=0):
    found = plugins()
    return Plan(tuple(map(found["strategy"].parse, strategies)), tuple(map(found["filter"].parse, filters)), seed)


def variants(outcome):
    return [example for example in outcome.kept if example.parent is not None]


@pytest.mark.parametrize("wanted", [1, 7, 40])
def test_so_many_are_accepted_as_are_wanted_and_all_sources_stay(wanted):
    outcome = collect(sources(), plan("noise:kinds=keyboard+swap,rate=0.5", filters=["length"]), accepted=wanted, candidates=1000)
    assert len(variants(outcome)) == wanted
    assert [example.id for example in outcome.kept if example.parent is None] == [f"s{number}" for number in range(12)]
    assert len({example.text for example in outcome.kept}) == len(outcome.kept)
    assert sum(outcome.made.values()) == wanted + len(outcome.dropped)
    roots = [example.root for example in outcome.kept]
    assert roots == sorted(roots, key=roots.index), "each variant stands behind its source"


def test_no_more_is_made_than_is_needed():
    outcome = collect(sources(), plan("rephrase:n=2"), accepted=4, candidates=1000)
    assert sum(outcome.made.values()) <= 12
    assert {row.filter for row in outcome.dropped} <= {SURPLUS}


def test_the_same_seed_gives_the_same_rows_on_any_number_of_workers():
    arguments = (sources(), plan("noise:kinds=keyboard,rate=0.5", filters=["near_duplicate", "length"]))
    first = collect(*arguments, accepted=30, candidates=500)
    assert collect(*arguments, accepted=30, candidates=500, workers=2) == first
    assert collect(sources(), plan("noise:kinds=keyboard,rate=0.5", filters=["near_duplicate", "length"], seed=1), accepted=30, candidates=500) != first


def test_the_first_turn_makes_what_a_plain_run_makes():
    collected = collect(sources(), plan("rephrase:n=3"), accepted=10**6, candidates=10**6)
    assert {example.text for example in process(sources(), plan("rephrase:n=3")).kept} <= {example.text for example in collected.kept}


def test_it_ends_when_a_whole_turn_brings_nothing_new():
    outcome = collect(sources(3), plan("paraphrase:n=1"), accepted=1000, candidates=10**6)
    assert len(variants(outcome)) < 1000
    assert REPEAT in {row.filter for row in outcome.dropped} or not outcome.made["paraphrase:n=1"]


def test_it_ends_at_the_limit_of_candidates():
    outcome = collect(sources(), plan("noise:rate=0.5", filters=["length:min_question=400"]), accepted=5, candidates=40)
    assert variants(outcome) == []
    assert 40 <= sum(outcome.made.values()) <= 42
    assert len(outcome.dropped) == sum(outcome.made.values())


def test_filters_of_the_whole_data_set_judge_all_turns_together():
    outcome = collect(sources(1), plan("noise:kinds=case,rate=1.0", filters=["exact_duplicate"]), accepted=50, candidates=200)
    assert len({example.text.lower() for example in variants(outcome)}) == len(variants(outcome))


def test_variants_in_the_data_are_sources_too_and_are_not_lost():
    before = process(sources(4), plan("rephrase:n=1")).kept
    outcome = collect(before, plan("noise:rate=0.5"), accepted=5, candidates=100)
    assert {example.id for example in before} <= {example.id for example in outcome.kept}
    assert len(outcome.kept) == len(before) + 5


def test_a_model_is_asked_as_often_as_it_takes_with_other_seeds_each_turn():
    asked = []

    def answer(requests):
        asked.extend(requests)
        return [Reply(f"Which way is number {request.seed}?" if request.seed % 3 else "two\nlines") for request in requests]

    outcome = collect(sources(), plan("prompted:n=2"), accepted=30, candidates=1000, answer=answer)
    assert len(variants(outcome)) == 30
    assert len(asked) == len({request.seed for request in asked}) == sum(outcome.made.values()) < 90
    assert MALFORMED in {row.filter for row in outcome.dropped}


def test_nothing_is_collected_from_nothing():
    assert collect([], plan("rephrase"), accepted=5, candidates=10).kept == []
