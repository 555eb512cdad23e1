"""`augmentor run`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .common import Decorator, json_option, say, show_json, workers_option
from .progress import Display, clock

if TYPE_CHECKING:
    from ..recipe import Recipe


recipe_argument: Decorator = click.argument("recipe", type=click.Path(exists=True, dir_okay=False, path_type=Path))
output_option: Decorator = click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="The run folder.  [default: runs/NAME beside the recipe]"
)
set_option: Decorator = click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting of the recipe: --set steps=200 --set evaluate.questions=0; repeat for more."
)
dry_run_option: Decorator = click.option("--dry-run", is_flag=True, help="Check the recipe, say what would be done, and do nothing.")


@click.command()
@recipe_argument
@output_option
@set_option
@dry_run_option
@workers_option
@json_option
def command(recipe: Path, output: Path | None, overrides: tuple[str, ...], dry_run: bool, workers: int, as_json: bool) -> None:
    """Do a whole recipe, from data to report; the same command goes on where it was.

    Everything goes to one run folder: data with lineage, dropped rows with reasons, models, predictions, metrics and report.html.

    \b
      augmentor run examples/support/recipe.yaml
      augmentor run recipe.yaml -o runs/second --set seed=1
    """
    from ..recipe import read_recipe

    perform(recipe, read_recipe(recipe, changes_of(overrides)), output, dry_run=dry_run, workers=workers, as_json=as_json)


def changes_of(overrides: tuple[str, ...]) -> dict[str, Any]:
    """What `--set` says, by key."""
    from ..errors import UsageError

    changes: dict[str, Any] = {}
    for override in overrides:
        key, equals, value = override.partition("=")
        if not equals:
            raise UsageError(f"--set {override!r}: write KEY=VALUE")
        changes[key] = value
    return changes


def perform(recipe: Path, settings: Recipe, output: Path | None, *, dry_run: bool, workers: int, as_json: bool) -> None:
    """Do what the settings read from a recipe say, or say what would be done."""
    import time

    from ..run import run_recipe
    from ..run.foresight import foresee
    from .gates import leave_by_gates, say_gates
    from .worth import table

    out = output or recipe.parent / "runs" / settings.name
    if dry_run:
        say(f"the recipe is sound; into {out} it would bring:")
        for line in foresee(settings, out).lines():
            say(line)
        return
    say(f"run {settings.name!r} in {out}")
    started = time.monotonic()
    with Display() as display:
        results = run_recipe(settings, recipe.parent, out, workers=workers, tell=display)
    say()
    for paragraph in verdict(results):
        say(paragraph)
    for line in table(results):
        say(line)
    say_gates(results)
    if settings.evaluate.questions:
        say(f"On a fixed {settings.evaluate.questions} of the test questions; evaluate.questions=0 asks all of them.")
    say(f"Report: {(out / 'report.html').resolve()} ({clock(time.monotonic() - started)})")
    if as_json:
        show_json({"run": str(out), "report": str(out / "report.html"), **{key: results.get(key) for key in ("headline", "gaps", "experiment", "gates")}})
    leave_by_gates(results)


def verdict(results: dict[str, Any]) -> list[str]:
    """The answer in a paragraph, as the comparison gives it."""
    headline = results.get("headline") or {}
    if not headline.get("sentence"):
        return ["The arms could not be compared; the report says why."]
    gaps = [str(gap["sentence"]) for gap in results.get("gaps", ()) if gap["metric"] == headline["metric"]]
    return [" ".join([str(headline["sentence"]), *gaps])]
