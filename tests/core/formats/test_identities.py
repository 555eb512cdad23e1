"""Ids that stay unique in a file of any size."""

from __future__ import annotations

import doctest
import tracemalloc
from collections import Counter

from hypothesis import given as for_all
from hypothesis import strategies as st

from augmentor.formats import identities
from augmentor.formats.identities import Identities


@for_all(st.lists(st.sampled_from(["a", "b", "a-2", "a-2-2", "b-3"])))
def test_every_id_is_given_once_and_first_comers_keep_theirs(wanted):
    known = Identities()
    given = [known.unique(identity) for identity in wanted]
    assert max(Counter(given).values(), default=1) == 1
    assert all(given[place].startswith(identity) for place, identity in enumerate(wanted))
    assert given[:1] == wanted[:1]


def test_fifty_thousand_ids_take_less_than_sixty_bytes_each():
    known = Identities()
    tracemalloc.start()
    try:
        assert all(known.unique(f"id {number}") == f"id {number}" for number in range(50_000))
        assert known.unique("id 49999") == "id 49999-2"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50_000 * 60


def test_many_repeats_of_one_id_are_numbered_in_order():
    known = Identities()
    assert [known.unique("x") for _ in range(20_000)][-1] == "x-20000"


def test_the_example_in_the_docstring_holds():
    assert doctest.testmod(identities).failed == 0
