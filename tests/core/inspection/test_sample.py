"""Some of many examples."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from augmentor.examples import Example, Message
from augmentor.inspection.sample import Sample


def example(number, text="hello"):
    return Example(id=f"id-{number}", messages=(Message(role="user", content=text),))


def drawn(numbers, most, room=10**9, size=5):
    sample = Sample(most, room)
    for row, number in enumerate(numbers, 1):
        sample.add(row, example(number, "x" * (size if isinstance(size, int) else size[number])))
    return sample


@given(st.integers(1, 60), st.integers(1, 40), st.randoms(use_true_random=False))
def test_the_same_examples_are_drawn_whatever_their_order(number, most, rng):
    order = list(range(number))
    rng.shuffle(order)
    ids = {one.id for _, one in drawn(range(number), most).drawn()}
    assert ids == {one.id for _, one in drawn(order, most).drawn()}
    assert len(ids) == min(number, most)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40), st.integers(1, 300), st.randoms(use_true_random=False))
def test_long_texts_take_no_more_room_than_there_is(sizes, room, rng):
    order = list(range(len(sizes)))
    rng.shuffle(order)
    one, other = (drawn(numbers, 30, room, sizes).drawn() for numbers in (range(len(sizes)), order))
    assert {item.id for _, item in one} == {item.id for _, item in other}
    assert len(one) == 1 or sum(len(item.text) for _, item in one) <= room


def test_rows_come_in_the_order_of_the_file_with_their_numbers():
    found = drawn(range(100), 30).drawn()
    assert [row for row, _ in found] == sorted(row for row, _ in found)
    assert all(one.id == f"id-{row - 1}" for row, one in found)


def test_a_smaller_sample_is_a_part_of_the_larger_one():
    sample = drawn(range(200), 50)
    few, more = ({row for row, _ in sample.drawn(most)} for most in (10, None))
    assert few < more
    assert few == {row for row, _ in drawn(range(200), 10).drawn()}


def test_every_example_has_the_same_chance():
    rng = Random(0)
    hits = [0, 0]
    for _ in range(100):
        offset = rng.randrange(10**9)
        for row, _ in drawn(range(offset, offset + 100), 20).drawn():
            hits[row > 50] += 1
    assert sum(hits) == 2000
    assert abs(hits[0] - 1000) < 120  # 5 standard deviations
