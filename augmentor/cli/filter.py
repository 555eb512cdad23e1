"""`augmentor filter`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import (
    Input,
    check_output,
    columns_option,
    count,
    data_argument,
    filters_option,
    format_option,
    json_option,
    say,
    show_json,
    workers_option,
    write_rows,
)
from .progress import watching

if TYPE_CHECKING:
    from ..protocols import Columns


@click.command()
@data_argument
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file for the rows that stay.")
@filters_option(required=True)
@click.option("--dropped", type=click.Path(dir_okay=False, path_type=Path), help="The file for the others, with reasons.  [default: beside the output]")
@click.option("--held-out", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A test file that `leakage` keeps the data away from.")
@columns_option
@format_option
@workers_option
@json_option
def command(
    data: Path, output: Path, filters: tuple[str, ...], dropped: Path | None, held_out: Path | None, columns: Columns, format_name: str, workers: int, as_json: bool
) -> None:
    """Keep the rows of DATA that pass every filter; the others are kept aside, each with its reason.

    \b
      augmentor filter chats.jsonl -o clean.jsonl -f length -f exact_duplicate -f privacy:action=redact
    """
    from collections import Counter

    from ..examples import encode
    from ..files import write_lines
    from ..pipeline import Plan, process
    from ..plugins import plugins
    from ..protocols import Columns as Guessed

    check_output(output, data)
    plan = Plan(filters=tuple(map(plugins()["filter"].parse, filters)))
    for spec in plan.filters:
        plugins()["filter"].make(spec)
    apart = list(Input(held_out, "auto", Guessed())) if held_out else []
    examples = Input(data, format_name, columns)
    with watching("filter", "examples") as watch:
        outcome = process(examples, plan, held_out=apart, sources_judged=True, workers=workers, progress=lambda done, _rows: watch(done))
    write_lines(output, map(encode, outcome.kept))
    examples.quarantine(output)
    reasons = Counter(row.filter for row in outcome.dropped)
    aside = dropped or output.with_name(f"{output.stem}.dropped.jsonl")
    if outcome.dropped:
        write_rows(aside, outcome.dropped)
    say(f"kept {count(len(outcome.kept), 'row')} -> {output}")
    for name, number in reasons.most_common():
        say(f"  {name}: {count(number, 'row')} dropped")
    if outcome.dropped:
        say(f"dropped rows, with reasons -> {aside}")
    if as_json:
        show_json({"kept": len(outcome.kept), "dropped": dict(reasons), "quarantined": len(examples.problems), "output": str(output)})
