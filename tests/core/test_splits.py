import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor.errors import UsageError
from augmentor.examples import Example, Message
from augmentor.splits import PARTS, Split, split
from augmentor.texts import normalised

rows = st.lists(st.tuples(st.integers(0, 12), st.sampled_from("abcdefgh"), st.sampled_from(["x", "y", None]), st.integers(0, 5)), min_size=1, max_size=40)


def examples_of(rows):
    """Each row is (root, text, label, customer)."""
    return [
        Example(id=f"{index}", root=f"r{root}", messages=(Message(role="user", content=text), Message(role="assistant", content="A")), label=label, meta={"customer": customer})
        for index, (root, text, label, customer) in enumerate(rows)
    ]


@settings(max_examples=300, deadline=None)
@given(rows, st.integers(0, 3), st.sampled_from(["root", "label"]), st.sampled_from([None, "customer", "label"]), st.sampled_from([(0.1, 0.1), (0.5, 0.2), (0.0, 0.0), (0.3, 0.0)]))
def test_no_root_text_or_key_is_ever_in_two_parts(rows, seed, by, key, shares):
    examples = examples_of(rows)
    if key == "label" and not any(example.label for example in examples):
        return
    parts = split(examples, Split(by, *shares, key=key), seed)
    assert sorted(example.id for part in parts.values() for example in part) == sorted(example.id for example in examples)
    for tie in (lambda e: e.root, lambda e: normalised(e.question), *([lambda e: e.meta["customer"]] if key == "customer" else [])):
        seen = {}
        for name in PARTS:
            for example in parts[name]:
                assert seen.setdefault(tie(example), name) == name


@settings(max_examples=50, deadline=None)
@given(rows, st.randoms())
def test_the_order_of_rows_does_not_matter(rows, random):
    examples = examples_of(rows)
    shuffled = list(examples)
    random.shuffle(shuffled)
    first, second = (split(some, Split(test=0.3, validation=0.2), 1) for some in (examples, shuffled))
    assert {name: {e.id for e in part} for name, part in first.items()} == {name: {e.id for e in part} for name, part in second.items()}


def test_within_labels_every_label_trains_and_larger_ones_are_tested():
    examples = [
        Example(id=f"{label}{number}", messages=(Message(role="user", content=f"{label} {number}"),), label=label) for label, size in (("one", 1), ("two", 2), ("ten", 10)) for number in range(size)
    ]
    parts = split(examples, Split("label", test=0.2, validation=0.0))
    assert {example.label for example in parts["train"]} == {"one", "two", "ten"}
    assert sorted(example.label for example in parts["test"]) == ["ten", "ten", "two"]


def test_a_key_that_no_row_has_is_refused_with_the_keys_there_are():
    with pytest.raises(UsageError, match="known: label, customer"):
        split(examples_of([(0, "a", None, 1)]), Split(key="client"))


def test_shares_that_leave_nothing_to_train_on_are_refused():
    with pytest.raises(UsageError, match="leave something to train on"):
        Split(test=0.6, validation=0.4)
