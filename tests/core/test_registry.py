from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from augmentor.errors import BadOption, UnknownComponent, UsageError
from augmentor.registry import Registry, Spec


@dataclass(frozen=True)
class Swap:
    """Swap words."""

    n: int = 2
    share: float = 0.5
    style: Literal["plain", "rude"] = "plain"
    words: tuple[str, ...] = ()
    file: Path | None = None
    strict: bool = False

    def __post_init__(self):
        if self.n < 1:
            raise ValueError(f"n={self.n}: at least 1")


@dataclass(frozen=True)
class Needy:
    """Needs a model."""

    model: str


@pytest.fixture
def registry():
    registry = Registry("strategy")
    registry.add("swap", Swap, "ours")
    registry.add("needy", Needy, "ours")
    return registry


@pytest.mark.parametrize(
    "spec",
    ["swap:n=4,style=rude,words=a+b,strict=true", {"swap": {"n": 4, "style": "rude", "words": ["a", "b"], "strict": True}}, {"name": "swap", "n": 4, "style": "rude", "words": ["a", "b"], "strict": True}],
)
def test_a_component_is_made_from_the_command_line_and_from_a_recipe_alike(registry, spec):
    assert registry.make(spec) == Swap(n=4, style="rude", words=("a", "b"), strict=True)


def test_commas_inside_brackets_do_not_cut(registry):
    assert registry.make('swap:words=["a","b,c"],n=3') == Swap(n=3, words=("a", "b,c"))


def test_a_name_alone_takes_every_default(registry):
    assert registry.make("swap") == Swap()
    assert registry.make({"swap": None}) == Swap()


def test_a_spec_is_written_as_it_is_read(registry):
    spec = registry.parse("swap:n=4,style=rude")
    assert str(spec) == "swap:n=4,style=rude"
    assert registry.parse(str(Spec("swap", {"n": 4}))).options == {"n": "4"}


def test_a_misspelt_name_is_answered_with_the_nearest(registry):
    with pytest.raises(UnknownComponent, match=r"No strategy is called 'swpa'. Did you mean 'swap'\? Known: needy, swap"):
        registry.make("swpa")


def test_a_misspelt_option_is_answered_with_the_nearest(registry):
    with pytest.raises(BadOption, match=r"strategy 'swap' has no option 'stile'. Did you mean 'style'\?"):
        registry.make("swap:stile=rude")


@pytest.mark.parametrize(("spec", "message"), [("swap:n=many", "takes int"), ("swap:style=nice", "takes 'plain' | 'rude'"), ("swap:n", "key=value"), ("swap:n=0", "at least 1")])
def test_a_wrong_value_is_answered_with_what_it_takes(registry, spec, message):
    with pytest.raises(BadOption) as caught:
        registry.make(spec)
    assert message in str(caught.value)


def test_a_missing_option_is_named(registry):
    with pytest.raises(BadOption, match="needs the option model"):
        registry.make("needy")


def test_two_components_cannot_share_a_name(registry):
    with pytest.raises(UsageError, match="already offered by the plugin 'ours'"):
        registry.add("swap", Swap, "theirs")


def test_options_are_shown_with_type_and_default(registry):
    assert [(option.name, option.type, option.default) for option in registry.options("swap")][:3] == [("n", "int", 2), ("share", "float", 0.5), ("style", "'plain' | 'rude'", "plain")]
    assert registry.options("needy")[0].required
