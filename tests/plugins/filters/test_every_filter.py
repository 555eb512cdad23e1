import pickle

import pytest

from augmentor.errors import BadOption
from augmentor.plugins import Kind, check_component
from augmentor.protocols import DatasetFilter, RowFilter
from augmentor.registry import Registry
from augmentor.testing import check_filter
from augmentor_plugins import filters


def offered():
    registry = Registry("filter")
    filters.augmentor_register_filters(lambda component, name: registry.add(name, component, "filters"))
    return registry


@pytest.mark.parametrize("name", offered().names())
def test_it_is_a_component_that_keeps_the_rules(name):
    component = offered().find(name)
    check_component(component, Kind("filter", "filters", (RowFilter, DatasetFilter)))
    if name != "trainable":  # it needs a model: test_trainable.py checks it with one
        check_filter(component())


@pytest.mark.parametrize("name", offered().names())
def test_it_survives_a_trip_to_another_process_and_an_empty_batch(name, row):
    made = pickle.loads(pickle.dumps(offered().make(name)))
    if isinstance(made, DatasetFilter):
        sketches = pickle.loads(pickle.dumps(made.sketch([row("How are you?")])))
        assert len(made.reduce(sketches, [])) == 1
        assert list(made.reduce(made.sketch([]), made.sketch([]))) == []
    else:
        assert list(made.judge([])) == []


@pytest.mark.parametrize("name", offered().names())
def test_its_help_names_every_option(name):
    registry = offered()
    for option in registry.options(name):
        assert f"{option.name}:" in registry.help(name)


@pytest.mark.parametrize(
    "spec", ["near_duplicate:threshold=0", "near_duplicate:shingle=0", "leakage:threshold=1.5", "language:only=english", "novelty:min=2", "length:min_question=5,max_question=2", "privacy:kinds=names", "toxicity:at=never"]
)
def test_a_senseless_option_is_refused_with_a_reason(spec):
    with pytest.raises(BadOption, match=r"\w+"):
        offered().make(spec)


@pytest.mark.parametrize("name", ["toxicity", "bias", "privacy", "fidelity", "refusal", "repetition", "truncated"])
@pytest.mark.parametrize("unit", ["i will all ", "women are so very ", "kill women and ", "a.", "1-", "x@", '"hate ', "f*", "really ", "(", "::1:", "aaa", "12."])
def test_no_text_makes_it_slow(name, unit, variant):
    from time import process_time

    text = unit * (3000 // len(unit))
    made = offered().make(name)
    begun = process_time()
    made.judge([variant(text, text + " not")])
    assert process_time() - begun < 3
