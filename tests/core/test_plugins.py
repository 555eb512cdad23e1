import sys
from importlib.metadata import EntryPoint

import pytest

from augmentor.plugins import GROUP, Plugins

GOOD = '''
from dataclasses import dataclass
from augmentor import hookimpl

@dataclass(frozen=True)
class Shout:
    """Say it louder."""
    mark: str = "!"
    def vary(self, text, rng):
        yield text.upper() + self.mark

@hookimpl
def augmentor_register_strategies(register):
    register(Shout, "{name}")
'''


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Load modules of the given source, as installed plugins would be."""
    monkeypatch.syspath_prepend(tmp_path)

    def load(**sources):
        for name, source in sources.items():
            (tmp_path / f"{name}.py").write_text(source)
            sys.modules.pop(name, None)
        return Plugins([EntryPoint(name, name, GROUP) for name in sources])

    yield load
    for path in tmp_path.glob("*.py"):
        sys.modules.pop(path.stem, None)


def error(plugins):
    return next(plugins.failures()).error


def test_a_plugin_offers_its_components(load):
    plugins = load(loud=GOOD.format(name="shout"))
    assert plugins["strategy"].names() == ["shout"]
    assert plugins["strategy"].plugin_of("shout") == "loud"
    assert not list(plugins.failures())


def test_a_plugin_that_raises_on_import_is_reported_and_the_others_work(load):
    plugins = load(broken="1/0", loud=GOOD.format(name="shout"))
    assert "ZeroDivisionError" in error(plugins)
    assert plugins["strategy"].names() == ["shout"]


def test_two_plugins_cannot_share_a_component_name(load):
    plugins = load(first=GOOD.format(name="shout"), second=GOOD.format(name="shout"))
    assert "'shout' is already offered by the plugin 'first'" in error(plugins)
    assert plugins["strategy"].plugin_of("shout") == "first"


def test_a_misspelt_hook_is_an_error(load):
    plugins = load(typo=GOOD.format(name="shout").replace("register_strategies", "register_strategys"))
    assert "augmentor_register_strategys" in error(plugins)
    assert not plugins["strategy"].names()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("frozen=True", "frozen=False", "frozen dataclass"),
        ('"""Say it louder."""', "", "needs a docstring"),
        ("def vary", "def varied", "is no strategy: it needs"),
    ],
)
def test_a_class_that_is_no_component_is_refused(load, old, new, message):
    plugins = load(bad=GOOD.format(name="shout").replace(old, new))
    assert message in error(plugins)


def test_a_plugin_is_admitted_whole_or_not_at_all(load):
    half = GOOD.format(name="shout") + '\n    register(int, "integer")\n'
    plugins = load(half=half)
    assert list(plugins.failures())
    assert not plugins["strategy"].names()


def test_every_hook_is_documented_with_its_signature(repository):
    import inspect

    from augmentor import hookspecs

    text = (repository / "docs" / "plugins.md").read_text("utf-8")
    for name, hook in vars(hookspecs).items():
        if name.startswith("augmentor_"):
            signature = f"{name}({', '.join(inspect.signature(hook).parameters)})"
            assert signature in text, f"docs/plugins.md does not show {signature}"
