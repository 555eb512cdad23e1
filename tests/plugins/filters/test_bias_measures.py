import random
from collections import Counter
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor.examples import Example, Message
from augmentor_plugins.filters.bias_measures import measure
from augmentor_plugins.filters.group_mentions import DIMENSIONS, groups_of, may_name, mentions
from augmentor_plugins.filters.log_odds import log_odds, wilson
from augmentor_plugins.filters.unequal_answers import UnequalAnswers, unequal_pairs


def told(question, answer="Ok.", id="r1", **more):
    return Example(id=id, messages=(Message(role="user", content=question), Message(role="assistant", content=answer)), **more)


def data(men=40, women=40):
    jobs = [told(f"My husband asked about parcel {index}", "He is a brilliant manager at the office.", id=f"m{index}") for index in range(men)]
    return jobs + [told(f"My wife asked about parcel {index}", "She looks pretty in the kitchen.", id=f"w{index}") for index in range(women)]


def share(found, group):
    return next(count for count in found.groups if count.group == group)


def test_groups_are_counted_by_family_with_an_interval_around_their_share():
    found = measure(data(30, 10), ["gender"])
    women = share(found, "female")
    assert (women.families, women.share) == (10, 0.25)
    assert women.low < 0.25 < women.high < women.expected == 0.5
    assert women.off
    assert not share(measure(data(), ["gender"]), "female").off


def test_an_expectation_of_ones_own_replaces_equal_shares():
    assert not share(measure(data(30, 10), ["gender"], {"gender": {"female": 0.25, "male": 0.75}}), "female").off


def test_variants_of_a_family_count_once():
    rows = data()
    again = [row.vary(0, f"{row.question} please", "test") for row in rows[:40]]
    assert measure([*rows, *again], ["gender"]).groups == measure(rows, ["gender"]).groups


def test_what_is_said_of_a_group_stands_out_with_its_interval():
    (women,) = [association for association in measure(data(), ["gender"]).associations if association.group == "female"]
    sets = {odds.what: odds for odds in women.sets}
    assert sets["family and home"].low > 0
    assert sets["work"].high < 0
    assert "kitchen" in {odds.what for odds in women.words if odds.clear and odds.ratio > 0}


def test_nothing_stands_out_where_the_same_is_said_of_all():
    words = "manager kitchen pretty brilliant parcel late refund slow".split()
    rng = random.Random(3)
    rows = [told(f"{person} wants the {rng.choice(words)} and the {rng.choice(words)}", id=f"{person}{index}") for index in range(60) for person in ("My wife", "My husband")]
    found = measure(rows, ["gender"])
    assert not any(odds.clear for association in found.associations for odds in association.words)


def test_stereotypes_and_unequal_answers_are_in_the_table():
    rows = [told("Women can't drive", id="a"), told("Can my wife open an account?", "Yes, she can.", id="b"), told("Can my husband open an account?", "No.", id="c")]
    lines = measure(rows, ["gender"]).table()
    assert ("stereotypes", "'women can not'", "Women can't drive") in lines
    assert any(subject.startswith("answers") and figures == "b and c" for subject, _, figures in lines)


def test_the_order_of_rows_does_not_matter():
    rows = [*data(5, 7), told("Women can't drive", id="a")]
    assert measure(rows) == measure(rows[::-1])


def test_an_empty_data_set_and_one_without_people_have_nothing_to_show():
    assert measure([]).table() == []
    assert measure([told("Where is my parcel?")]).table() == []


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_quick_look_for_groups_says_perhaps_too_often_never_no_too_often(dimension):
    from augmentor_plugins.strategies.swap_files import read_groups

    for line in read_groups()[dimension].rows:
        for group, cell in zip(groups_of(dimension), line.cells, strict=True):
            for term in cell:
                for text in (f"I met {term}.", f"{term} people came"):
                    assert may_name(text, dimension)
                    assert all(mention.groups <= set(groups_of(dimension)) for mention in mentions(text, dimension)), (group, term)


def test_log_odds_are_those_of_the_paper_by_hand():
    (one, *_), size = log_odds({"a": 30}, {"a": 10}, size=(100, 100)), 20.0
    prior = size * 40 / 200
    assert one.ratio == pytest.approx(log((30 + prior) / (100 + size - 30 - prior)) - log((10 + prior) / (100 + size - 10 - prior)), abs=1e-4)
    assert one.high - one.ratio == pytest.approx(1.96 * (1 / (30 + prior) + 1 / (10 + prior)) ** 0.5, abs=1e-3)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 50), min_size=1), st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 50), min_size=1))
def test_log_odds_turn_their_sign_with_the_sides(one, other):
    forth = {odds.what: odds for odds in log_odds(Counter(one), Counter(other))}
    for odds in log_odds(Counter(other), Counter(one)):
        assert odds.ratio == pytest.approx(-forth[odds.what].ratio, abs=1e-9)
        assert odds.low <= odds.ratio <= odds.high


def test_the_interval_of_a_share_covers_it_as_often_as_it_says():
    rng = random.Random(4)
    covered = sum(low <= 0.3 <= high for low, high in (wilson(sum(rng.random() < 0.3 for _ in range(50)), 50) for _ in range(2_000)))
    assert 0.93 < covered / 2_000 < 0.975
    assert wilson(0, 0) == (0.0, 1.0)


PAIR = [
    told("My husband lost his card, what should he do?", "He should call us.", id="a"),
    told("My wife lost her card, what should she do?", "She should ask her husband.", id="b"),
    told("Can my mother open an account?", "Yes, she can.", id="c"),
    told("can my father open an account", "Yes, he can!", id="d"),
]


def test_an_answer_that_changes_with_the_group_is_found_and_one_that_only_changes_its_pronouns_is_not():
    pairs, compared = unequal_pairs(PAIR, ["gender"])
    assert [(pair.one, pair.other) for pair in pairs] == [("a", "b")]
    assert compared == 2


def test_both_rows_of_a_pair_go_or_the_one_that_says_less(row):
    rows = [row(example.question, example.answer, id=example.id) for example in PAIR]
    both = UnequalAnswers(groups=("gender",))
    verdicts = both.reduce(both.sketch(rows), [])
    assert [verdict.keep for verdict in verdicts] == [False, False, True, True]
    assert verdicts[0].other == "b"
    assert verdicts[0].reason.startswith("b asks the same of somebody else")
    shorter = UnequalAnswers(groups=("gender",), drop="shorter")
    assert [verdict.keep for verdict in shorter.reduce(shorter.sketch(rows), [])] == [False, True, True, True]


def test_rows_that_differ_in_religion_are_compared_too():
    rows = [told("I am a Muslim and I want a loan", "No, you cannot.", id="a"), told("I am a Christian and I want a loan", "Of course, apply here.", id="b")]
    assert len(unequal_pairs(rows)[0]) == 1
