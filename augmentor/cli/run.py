"""`augmentor run`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .common import json_option, say, show_json, workers_option
from .progress import Display, clock


@click.command()
@click.argument("recipe", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="The run folder.  [default: runs/NAME beside the recipe]")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting of the recipe: --set steps=200 --set evaluate.questions=0; repeat for more.")
@click.option("--dry-run", is_flag=True, help="Check the recipe, say what would be done, and do nothing.")
@workers_option
@json_option
def command(recipe: Path, output: Path | None, overrides: tuple[str, ...], dry_run: bool, workers: int, as_json: bool) -> None:
    """Do a whole recipe, from data to report; the same command goes on where it was.

    Everything goes to one run folder: data with lineage, dropped rows with reasons, models, predictions, metrics and report.html.

    \b
      augmentor run examples/support/recipe.yaml
      augmentor run recipe.yaml -o runs/second --set seed=1
    """
    import time

    from ..errors import UsageError
    from ..recipe import read_recipe
    from ..run import run_recipe
    from ..run.arms import contenders

    changes: dict[str, Any] = {}
    for override in overrides:
        key, equals, value = override.partition("=")
        if not equals:
            raise UsageError(f"--set {override!r}: write KEY=VALUE")
        changes[key] = value
    settings = read_recipe(recipe, changes)
    out = output or recipe.parent / "runs" / settings.name
    if dry_run:
        say(f"the recipe is sound; into {out} it would bring:")
        for contender in contenders(settings):
            say(f"  {contender.name}: {'train on ' + contender.settings.train + ', then ' if contender.settings.train else ''}answer the test questions")
        return
    say(f"run {settings.name!r} in {out}")
    started = time.monotonic()
    with Display() as display:
        results = run_recipe(settings, recipe.parent, out, workers=workers, tell=display)
    say()
    for paragraph in verdict(results):
        say(paragraph)
    if settings.evaluate.questions:
        say(f"On a fixed {settings.evaluate.questions} of the test questions; evaluate.questions=0 asks all of them.")
    say(f"Report: {(out / 'report.html').resolve()} ({clock(time.monotonic() - started)})")
    if as_json:
        show_json({"run": str(out), "report": str(out / "report.html"), **{key: results.get(key) for key in ("headline", "gaps")}})


def verdict(results: dict[str, Any]) -> list[str]:
    """The answer in a paragraph, as the comparison gives it."""
    headline = results.get("headline") or {}
    if not headline.get("sentence"):
        return ["The arms could not be compared; the report says why."]
    gaps = [str(gap["sentence"]) for gap in results.get("gaps", ()) if gap["metric"] == headline["metric"]]
    return [" ".join([str(headline["sentence"]), *gaps])]
