"""The docs say what is: their links lead somewhere, and their commands, options and components exist."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from augmentor.cli import cli
from augmentor.plugins import plugins

from conftest import REPOSITORY  # isort: skip

PAGES = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
COMMANDS = sorted({
    (page.name, line.strip().split("  #")[0].strip())
    for page in PAGES
    for line in page.read_text("utf-8").splitlines()
    if re.match(r"    augmentor [a-z]", line)
})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize(("page", "line"), COMMANDS, ids=lambda value: value if value.endswith(".md") else None)
def test_commands_in_the_docs_can_be_typed(page, line):
    for part in line.split("&&"):
        words = shlex.split(part)
        assert words.pop(0) == "augmentor"
        command: click.Command = cli
        context = click.Context(cli, info_name="augmentor")
        while isinstance(command, click.Group):
            found = command.get_command(context, words.pop(0))
            assert found is not None, f"{page}: no such command: {line}"
            command, context = found, click.Context(found, parent=context)
        options, _, _ = command.make_parser(context).parse_args(list(words))
        for kind, key in (("strategy", "strategies"), ("filter", "filters")):
            for spec in options.get(key) or ():
                if not re.search(r"[A-Z]{3}|\.toml|\.txt|ours|our-|shout|\.\.\.", spec):
                    plugins()[kind].make(spec)


def test_every_component_is_in_its_page():
    for kind, page in (("strategy", "strategies"), ("filter", "filters"), ("metric", "evaluation"), ("judge", "evaluation"), ("probe", "evaluation"), ("format", "data"), ("generator", "generators")):
        text = (REPOSITORY / "docs" / f"{page}.md").read_text("utf-8")
        for name in plugins()[kind].names():
            assert f"`{name}`" in text, f"docs/{page}.md does not name the {kind} {name}"
