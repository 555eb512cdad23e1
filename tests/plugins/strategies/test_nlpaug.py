from __future__ import annotations

import random
from random import Random
from typing import Any

import numpy as np
import pytest

from augmentor.errors import BadOption, DataError
from augmentor.plugins import plugins
from augmentor.testing import check_strategy
from augmentor_plugins.strategies.nlpaug_augmenter import Nlpaug

TEXT = "How do I reset my password when the phone is broken?"


@pytest.mark.parametrize(
    ("augmenter", "options"),
    [("KeyboardAug", {}), ("OcrAug", {"aug_word_p": 0.9}), ("RandomCharAug", {"action": "swap"}), ("SpellingAug", {}), ("SplitAug", {}), ("RandomWordAug", {"action": "swap"})],
)
def test_an_augmenter_keeps_the_rules_of_strategies(augmenter: str, options: dict[str, Any]) -> None:
    strategy = Nlpaug(augmenter=augmenter, options=options, n=2)
    check_strategy(strategy)
    assert list(strategy.vary(TEXT, Random(1)))


def test_the_global_generators_are_as_they_were() -> None:
    python, numpy = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    list(Nlpaug().vary(TEXT, Random(0)))
    assert random.getstate() == python
    assert np.random.get_state()[1].tolist() == numpy  # noqa: NPY002


def test_what_others_drew_before_makes_no_difference() -> None:
    first = list(Nlpaug(n=3).vary(TEXT, Random(5)))
    random.random()
    list(Nlpaug(augmenter="SplitAug").vary("something else entirely", Random(0)))
    assert list(Nlpaug(n=3).vary(TEXT, Random(5))) == first


def test_misspellings_do_not_come_in_the_order_of_a_set() -> None:
    from augmentor_plugins.strategies.nlpaug_augmenter import _augment

    augmenter = _augment("SpellingAug", "{}").__closure__[0].cell_contents
    assert all(others == sorted(others) for others in augmenter.model.dict.values())


def test_options_come_as_a_json_object() -> None:
    strategy = plugins()["strategy"].make('nlpaug:augmenter=RandomCharAug,options={"action": "delete", "aug_word_p": 1.0}')
    (variant,) = strategy.vary(TEXT, Random(0))
    assert len(variant) < len(TEXT)


def test_an_unknown_augmenter_names_the_nearest() -> None:
    with pytest.raises(BadOption, match="Did you mean 'KeyboardAug'"):
        list(Nlpaug(augmenter="KeybordAug").vary(TEXT, Random(0)))


def test_an_unknown_option_is_said() -> None:
    with pytest.raises(BadOption, match="does not take the options"):
        list(Nlpaug(options={"speed": 3}).vary(TEXT, Random(0)))


def test_a_missing_file_says_what_to_do() -> None:
    with pytest.raises(DataError, match="TfIdfAug misses a file"):
        list(Nlpaug(augmenter="TfIdfAug", options={"model_path": "nowhere"}).vary(TEXT, Random(0)))


def test_missing_nltk_data_names_the_command_that_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import nltk

    from augmentor_plugins.strategies.nlpaug_augmenter import _augment

    _augment.cache_clear()
    monkeypatch.setattr(nltk.data, "path", [])
    with pytest.raises(DataError, match=r"python -m nltk\.downloader wordnet"):
        list(Nlpaug(augmenter="SynonymAug").vary(TEXT, Random(0)))
