from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor.errors import UsageError
from augmentor.prices import FREE, SHIPPED, Price, price_of


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("AUGMENTOR_HOME", str(tmp_path))
    return tmp_path


def test_every_shipped_price_says_where_and_when_it_was_read():
    for group in msgspec.yaml.decode(SHIPPED.read_bytes()):
        assert group["source"].startswith("https://")
        assert group["date"].year >= 2024
        for name, prices in group["models"].items():
            assert prices, name
            assert set(prices) <= {"input", "output", "training"}
            assert all(price > 0 for price in prices.values()), name


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("gpt-4o-mini", "gpt-4o-mini"),
        ("gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("ft:gpt-4o-mini-2024-07-18:team:bot:a1", "ft:gpt-4o-mini"),
    ],
)
def test_a_model_is_found_under_its_dated_and_tuned_names(name, listed):
    assert price_of(name) == price_of(listed) is not None


def test_a_dated_name_with_a_price_of_its_own_keeps_it():
    assert price_of("gpt-4o-2024-05-13") != price_of("gpt-4o") == price_of("gpt-4o-2024-08-06")


@given(st.text(max_size=20))
def test_what_is_not_listed_is_never_guessed(name):
    assert price_of(f"no such model {name}") is None
    assert price_of(f"ft:no such model {name}") is None


def test_what_is_not_known_of_a_listed_model_is_none():
    assert price_of("gpt-4.1").training is None


def test_ones_own_file_comes_first_price_by_price(home):
    (home / "prices.yaml").write_text("- models:\n    gpt-4o: {output: 1}\n    ours: {input: 0, output: 0}\n")
    assert price_of("gpt-4o") == Price(2.5, 1.0, 25.0)
    assert price_of("ours") == Price(0.0, 0.0)


@pytest.mark.parametrize("text", ["- models: {x: {input: -1}}", "- models: {x: {in: 1}}", "x: 1", "- [", "- models: {x: {input: cheap}}"])
def test_a_file_that_makes_no_sense_is_named(home, text):
    (home / "prices.yaml").write_text(text)
    with pytest.raises(UsageError, match=str(home / "prices.yaml")):
        price_of("gpt-4o")


def test_a_call_costs_what_its_tokens_cost():
    assert Price(2.0, 8.0).of(1_000_000, 500_000) == 6.0
    assert Price(2.0).of(10, 10) is None
    assert FREE.of(10, 10) == 0
