from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor_plugins.trainers.order import batches

lengths = st.lists(st.integers(1, 500), min_size=1, max_size=60)


@settings(deadline=None)
@given(lengths, st.integers(1, 9), st.integers(1, 40), st.integers(0, 3))
def test_every_batch_is_full_and_no_row_comes_again_before_all_have_come(lengths, size, count, seed):
    found = batches(lengths, size, count, seed)
    assert [len(batch) for batch in found] == [size] * count
    seen = Counter(row for batch in found for row in batch)
    passes = size * count / len(lengths)
    assert all(int(passes) <= seen[row] <= int(passes) + 1 for row in range(len(lengths)))


@settings(deadline=None)
@given(lengths, st.integers(1, 9), st.integers(1, 40))
def test_the_order_depends_on_the_seed_alone(lengths, size, count):
    assert batches(lengths, size, count, seed=5) == batches(lengths, size, count, seed=5)


def test_another_seed_is_another_order():
    assert batches([1] * 50, 4, 10, seed=1) != batches([1] * 50, 4, 10, seed=2)


def test_rows_of_like_length_share_a_batch():
    short_and_long = [10] * 32 + [400] * 32
    padded = sum(max(short_and_long[row] for row in batch) * len(batch) for batch in batches(short_and_long, 4, 16, seed=0))
    assert padded <= 1.2 * sum(short_and_long)
