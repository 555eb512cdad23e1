"""`augmentor experiment`"""

from __future__ import annotations

from pathlib import Path

import click

from .common import json_option, workers_option
from .run import changes_of, dry_run_option, output_option, perform, recipe_argument, set_option

CURVE = [10, 25, 50, 100]


def _percentages(_ctx: click.Context, _param: click.Parameter, value: str | None) -> list[int]:
    try:
        return [int(part) for part in (value or "").split(",") if part.strip()]
    except ValueError:
        raise click.BadParameter(f"{value!r}: write percentages such as 10,25,50,100") from None


@click.command()
@recipe_argument
@output_option
@click.option("--leave-out", is_flag=True, help="An arm without each strategy: what does it add to the others?")
@click.option("--alone", is_flag=True, help="An arm with each strategy only: what does it add to the originals?")
@click.option("--filters", is_flag=True, help="An arm with each filter off.")
@click.option("--curve", callback=_percentages, metavar="PERCENT,...", help="Both arms of the verdict on these shares of the sources, such as 10,25,50,100.")
@click.option("--keep", is_flag=True, help="Keep the weights of the arms that are added; they are large.")
@set_option
@dry_run_option
@workers_option
@json_option
def command(
    recipe: Path, output: Path | None, leave_out: bool, alone: bool, filters: bool, curve: list[int], keep: bool, overrides: tuple[str, ...],
    dry_run: bool, workers: int, as_json: bool,
) -> None:
    """Run a recipe with more arms, to learn what each of its parts is worth; the same command goes on where it was.

    The arms are added to the run's own folder, so what is trained stays trained. Without options, and without `experiment:` in the
    recipe, every kind of arm is added; --dry-run says which, and how long they would take.

    \b
      augmentor experiment recipe.yaml --leave-out --set seeds=[0,1,2]
      augmentor experiment recipe.yaml --curve 25,50,100 --dry-run
    """
    from ..recipe import read_recipe

    changes = changes_of(overrides)
    asked = {"leave_out": leave_out, "alone": alone, "filters": filters, "curve": curve}
    if not any(asked.values()) and not read_recipe(recipe, changes).experiment.asks:
        asked = {"leave_out": True, "alone": True, "filters": True, "curve": CURVE}
    changes |= {f"experiment.{key}": value for key, value in {**asked, "keep": keep}.items() if value}
    perform(recipe, read_recipe(recipe, changes), output, dry_run=dry_run, workers=workers, as_json=as_json)
