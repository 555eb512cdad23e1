from hypothesis import given
from hypothesis import strategies as st

from augmentor.examples import Example, Message
from augmentor.protocols import Candidate
from augmentor_plugins.filters.balance import Balance


def rows(*texts, label="a", sources=1):
    return [
        Candidate(Example(id=f"{label}{number}", root=f"{label}0", parent=None if number < sources else f"{label}0", label=label, messages=(Message(role="user", content=text),)))
        for number, text in enumerate(texts)
    ]


def kept(candidates, **options):
    balance = Balance(**options)
    return [candidate.example.id for candidate, verdict in zip(candidates, balance.reduce(balance.sketch(candidates), []), strict=True) if verdict.keep]


def test_variants_with_new_words_stay_and_echoes_go():
    some = rows("reset my password", "reset my password please", "locked out after three wrong guesses", "please reset my password", "new phone knows nothing")
    assert kept(some, most=3) == ["a0", "a2", "a4"]


def test_words_that_every_group_says_are_worth_little():
    others = [row for label in "bcdefgh" for row in rows("hello dear team", label=label)]
    some = rows("parcel late", "hello dear team parcel", "courier vanished", label="x")
    assert "x2" in kept([*others, *some], most=2)


def test_sources_all_stay_even_when_they_are_more():
    assert kept(rows("one", "two", "three", sources=3), most=2) == ["a0", "a1", "a2"]


def test_by_chance_the_words_do_not_matter():
    texts = [f"text number {number}" for number in range(20)]
    first = kept(rows(*texts), most=5, choose="chance")
    assert len(first) == 5
    assert first == kept(rows(*texts[:1], *("other words" for _ in texts[1:])), most=5, choose="chance")


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=5).map(" ".join), min_size=1, max_size=15), st.integers(1, 6), st.randoms())
def test_the_order_of_rows_does_not_matter(texts, most, random):
    some = rows(*texts)
    mixed = list(some)
    random.shuffle(mixed)
    assert sorted(kept(some, most=most)) == sorted(kept(mixed, most=most))
    assert len(kept(some, most=most)) == min(most, len(some))
