from __future__ import annotations

from random import Random

import pytest

from augmentor.errors import UnknownComponent
from augmentor.plugins import plugins
from augmentor.testing import check_strategy
from augmentor_plugins.strategies.compose import Compose

TEXTS = ["How do I reset my password?", "Where is my parcel?", "I'd like to cancel my order."]


def made(compose: Compose, texts: list[str] = TEXTS) -> list[list[str]]:
    return [[item.text for item in row] for row in compose.vary_batch(texts, [Random(index) for index in range(len(texts))])]


def test_it_keeps_the_rules_of_strategies() -> None:
    check_strategy(Compose())
    check_strategy(Compose(strategies=("noise", "persona"), probability=0.5))


def test_the_second_step_varies_what_the_first_made() -> None:
    (plain,) = made(Compose(strategies=("persona:wording=false,n=1,personas=terse_expert",)), TEXTS[:1])
    (both,) = made(Compose(strategies=("persona:wording=false,n=1,personas=terse_expert", "noise:kinds=keyboard")), TEXTS[:1])
    assert "reset password" in plain[0]
    assert both != plain
    assert len(both[0]) == len(plain[0])


def test_each_variant_says_what_made_it() -> None:
    rows = Compose(strategies=("persona:wording=false", "noise")).vary_batch(TEXTS, [Random(0)] * 3)
    assert all(item.note is not None and item.note.startswith("persona=") and item.note.endswith("; noise") for row in rows for item in row)


def test_with_probability_zero_nothing_is_made() -> None:
    assert made(Compose(probability=0.0)) == [[], [], []]


def test_a_probability_lets_some_texts_pass() -> None:
    texts = TEXTS * 100
    rows = made(Compose(strategies=("noise",), probability=0.3), texts)
    assert 0.2 < sum(map(bool, rows)) / len(rows) < 0.4


def test_a_text_gets_the_same_variants_in_any_batch() -> None:
    whole = made(Compose())
    alone = [[item.text for item in Compose().vary_batch([text], [Random(index)])[0]] for index, text in enumerate(TEXTS)]
    assert whole == alone


def test_at_most_n_are_kept() -> None:
    assert [len(row) for row in made(Compose(strategies=("rephrase:n=8",), n=3))] == [3, 3, 3]


def test_a_recipe_writes_steps_with_plus() -> None:
    compose = plugins()["strategy"].make("compose:strategies=rephrase:n=2+noise,n=2")
    assert compose == Compose(strategies=("rephrase:n=2", "noise"), n=2)


def test_steps_with_options_of_several_parts_are_a_json_list() -> None:
    compose = plugins()["strategy"].make('compose:strategies=["rephrase:n=4", "noise:kinds=keyboard+case,rate=0.2"]')
    assert compose.strategies == ("rephrase:n=4", "noise:kinds=keyboard+case,rate=0.2")
    assert any(made(compose))


def test_an_unknown_step_names_the_nearest() -> None:
    with pytest.raises(UnknownComponent, match="Did you mean 'noise'"):
        made(Compose(strategies=("noize",)))


@pytest.mark.parametrize("options", [{"strategies": ()}, {"probability": 2.0}])
def test_senseless_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"empty|between"):
        Compose(**options)  # type: ignore[arg-type]
