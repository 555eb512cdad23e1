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


WORDS = "how do i cancel my order today please refund card late".split()
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
recipes = st.builds(
    lambda by, shares, key, order, alike: Split(by, *shares, key=key, alike=alike, **({order: {"stratify": "label", "time": "day"}[order]} if order and by == "root" else {})),
    st.sampled_from(["root", "label"]),
    st.sampled_from([(0.1, 0.1), (0.5, 0.2), (0.3, 0.0), (0.2, 0.4)]),
    st.sampled_from([None, "customer"]),
    st.sampled_from([None, "stratify", "time"]),
    st.sampled_from([0.5, 0.6, 0.8, 1.0]),
)


def jaccard(one, other):
    first, second = (frozenset(zip(["", *text.split()], [*text.split(), ""], strict=True)) for text in (one, other))
    return len(first & second) / len(first | second)


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), texts, st.sampled_from("xyz"), st.integers(0, 5)), min_size=2, max_size=14), recipes, st.integers(0, 3))
def test_no_root_and_no_near_duplicate_straddles_two_parts_whatever_the_recipe(rows, how, seed):
    examples = [
        Example(id=f"{index}", root=f"r{root}", messages=(Message(role="user", content=text),), label=label, meta={"customer": day % 3, "day": day})
        for index, (root, text, label, day) in enumerate(rows)
    ]
    parts = split(examples, how, seed)
    placed = [(name, example) for name in PARTS for example in parts[name]]
    assert len(placed) == len(examples)
    for name, one in placed:
        for other_name, other in placed:
            if one.root == other.root or jaccard(one.question, other.question) >= how.alike or (how.key and one.meta["customer"] == other.meta["customer"]):
                assert name == other_name


def test_a_stratified_split_gives_every_part_its_share_of_each_value():
    examples = [Example(id=f"{n}", messages=(Message(role="user", content=f"{n}"),), label="rare" if n % 10 == 0 else "often") for n in range(200)]
    parts = split(examples, Split(test=0.1, validation=0.2, stratify="label"), seed=3)
    assert {name: [sum(example.label == label for example in part) for label in ("rare", "often")] for name, part in parts.items()} == {
        "train": [14, 126], "validation": [4, 36], "test": [2, 18],
    }  # fmt: skip


def test_split_by_time_tests_on_the_latest_and_trains_on_what_has_no_time():
    days = ["2026-01-05", "2026-01-03T10:00:00+02:00", 1767571200, None, "2026-02-01"]  # 1767571200 is 2026-01-05 00:00 UTC
    examples = [Example(id=f"{n}", messages=(Message(role="user", content=f"{n}"),), meta={"day": day}) for n, day in enumerate(days)]
    parts = split(examples, Split(test=0.2, validation=0.4, time="day"))
    assert {name: sorted(example.id for example in part) for name, part in parts.items()} == {"train": ["1", "3"], "validation": ["0", "2"], "test": ["4"]}


def test_a_time_that_is_none_is_refused_with_the_row():
    with pytest.raises(UsageError, match="example a: 'soon' in 'day'"):
        split([Example(id="a", messages=(Message(role="user", content="x"),), meta={"day": "soon"})], Split(time="day"))


def test_label_splits_take_no_second_order():
    with pytest.raises(UsageError, match="stratified by label already"):
        Split("label", stratify="label")


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
