"""`augmentor plugins`"""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from .common import json_option, say, show_json


@click.group()
def command() -> None:
    """List, show, make and check plugins. Everything that does work here is one."""


@command.command("list")
@json_option
def list_plugins(as_json: bool) -> None:
    """Show every component that is installed, by kind, and the plugins that could not be loaded."""
    from ..plugins import KINDS, plugins

    found = plugins()
    components = [
        {"kind": kind.name, "name": name, "plugin": found[kind.name].plugin_of(name), "about": first_sentence(component.__doc__ or "")} for kind in KINDS for name, component in found[kind.name]
    ]
    failures = [{"name": one.name, "module": one.module, "distribution": one.distribution, "error": one.error} for one in found.failures()]
    if as_json:
        show_json({"components": components, "failures": failures})
        return
    for kind in KINDS:
        click.echo(click.style(kind.plural, bold=True))
        for row in components:
            if row["kind"] == kind.name:
                click.echo(f"  {row['name']:<24} {row['about']}")
    for failure in failures:
        say(f"The plugin {failure['name']!r} of {failure['distribution']} could not be loaded and is left out: {failure['error']}")


@command.command()
@click.argument("name")
@click.option("--kind", metavar="KIND", help="Which, when two kinds have a component of that name: strategy, filter, metric ...")
@json_option
def show(name: str, kind: str | None, as_json: bool) -> None:
    """Show what the component NAME does, and its options: `augmentor plugins show rephrase`."""
    from ..errors import UnknownComponent, UsageError
    from ..plugins import KINDS, plugins

    known = [one.name for one in KINDS]
    if kind is not None and kind not in known:
        raise UsageError(f"there is no kind {kind!r}; known: {', '.join(known)}")
    found = [one for one in ([kind] if kind else known) if name in plugins()[one]]
    if len(found) > 1:
        raise UsageError(f"{name!r} is a {' and a '.join(found)}; say which with --kind")
    if not found:
        if kind:
            plugins()[kind].find(name)
        everything = sorted({other for one in known for other in plugins()[one].names()})
        near = difflib.get_close_matches(name, everything, n=1)
        raise UnknownComponent(f"No component is called {name!r}." + (f" Did you mean {near[0]!r}?" if near else "") + " All: augmentor plugins list")
    registry = plugins()[found[0]]
    options = registry.options(name)
    if as_json:
        show_json({"kind": found[0], "name": name, "plugin": registry.plugin_of(name), "help": registry.help(name), "options": [vars(option) for option in options]})
        return
    click.echo(f"{click.style(name, bold=True)} ({found[0]}, from the plugin {registry.plugin_of(name)!r})\n\n{registry.help(name)}\n")
    for option in options:
        click.echo(f"  {option.name}: {option.type}" + (" (required)" if option.required else f" = {option.default!r}"))


@command.command()
@click.argument("name")
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="The folder to make.  [default: augmentor-NAME]")
def new(name: str, output: Path | None) -> None:
    """Make a folder with a plugin to start from: a strategy, its registration, and a test."""
    from ..errors import UsageError
    from ..files import write_bytes
    from ..scaffold import plugin_files

    if not name.isidentifier() or not name.isascii():
        raise UsageError(f"{name!r} must be a Python name: letters, digits and '_'")
    folder = output or Path(f"augmentor-{name.replace('_', '-')}")
    if folder.exists():
        raise UsageError(f"{folder} exists; name another folder with -o")
    for path, text in plugin_files(name).items():
        write_bytes(folder / path, text.encode())
    say(f"made {folder}. Try it: pip install -e {folder} && augmentor plugins show {name}")


@command.command()
@click.argument("module")
def check(module: str) -> None:
    """Check the plugin MODULE (as in `import MODULE`): it loads, its components are sound, their options have types."""
    from importlib.metadata import EntryPoint

    from ..plugins import GROUP, Plugins
    from ..testing import check_component_instances

    found = Plugins([EntryPoint(module, module, GROUP)])
    failures = list(found.failures())
    if failures:
        say(f"{module}: {failures[0].error}")
        raise click.exceptions.Exit(1)
    faults = check_component_instances(found)
    for fault in faults:
        say(f"{module}: {fault}")
    if faults:
        raise click.exceptions.Exit(1)
    names = [f"{kind} {name}" for kind, registry in found.registries.items() for name in registry.names()]
    say(f"{module}: sound; it offers {', '.join(names) or 'nothing'}")


def first_sentence(text: str) -> str:
    """The first sentence of a docstring, on one line."""
    line = " ".join(text.strip().split("\n\n")[0].split())
    return line.split(". ")[0].rstrip(".") + "."
