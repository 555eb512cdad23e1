import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor_plugins.filters.faithful.frames import _sets, refilled
from augmentor_plugins.filters.fidelity import Fidelity

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "fidelity.py"


@pytest.fixture(scope="module")
def benchmark_module():
    spec = importlib.util.spec_from_file_location("fidelity_benchmark", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_labelled_pairs_are_told_apart_in_both_parts(benchmark_module, capsys):
    found = benchmark_module.measured(BENCHMARK.with_name("fidelity_pairs.txt"), Fidelity())
    assert "held back" in capsys.readouterr().out
    for precision, recall, caught_precision, caught_recall in found.values():
        assert precision >= 0.92
        assert recall >= 0.92
        assert caught_precision >= 0.92
        assert caught_recall >= 0.92


@pytest.mark.parametrize(
    ("source", "text", "reason"),
    [
        ("How do I reset my router?", "How do I reset my watch?", "'router' became 'watch'"),
        ("Is there a discount for teachers?", "Is there a discount?", "'teachers' is lost"),
        ("How do I turn on the heating?", "How do I turn off the heating?", "'on' became 'off'"),
        ("I lent him the money", "You lent him the money", "'I' became 'you': another person speaks"),
        ("How long is the ride to Oslo?", "The ride to Oslo is forty minutes long.", "answers instead of asking"),
        ("The printer shows an error", "Please restart the printer and wait a minute.", "gives instructions instead of asking"),
    ],
)
def test_a_turn_of_the_meaning_is_named(source, text, reason, variant):
    (verdict,) = Fidelity().judge([variant(source, text)])
    assert not verdict.keep
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Where is my package?", "Where is my parcel?"),
        ("How do I reset my password?", "How do i reset my pasword?"),
        ("How do I reset my router?", "Hi, how do I reset my router? Thanks!"),
        ("My router does not work", "My router doesnt work"),
        ("Can I pay twice a month?", "Can I pay two times a month?"),
        ("Is there a way to find my booking?", "Is there a way to find my bookings?"),
        ("How do I find the rate?", "How do I find the rate? It shouldn't be this hard."),
        ("Do you have it in blue?", "do u have it in blue"),
    ],
)
def test_another_spelling_form_or_like_word_is_no_turn(source, text, variant):
    (verdict,) = Fidelity().judge([variant(source, text)])
    assert verdict.keep, verdict.reason


@settings(deadline=None)
@given(st.text(alphabet="abc XYZ'-?!.\u2019é", max_size=60))
def test_a_text_is_never_unlike_itself(text):
    assert list(refilled(text.casefold(), text.casefold())) == []


def test_sets_of_like_words_hold_two_words_at_least():
    numbers = [number for places in _sets().values() for number in places]
    assert all(numbers.count(number) > 1 for number in set(numbers))
