"""`augmentor filter`"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    from ..examples import Example
    from ..pipeline import Dropped
    from ..protocols import Columns


@click.command()
@data_argument
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file for the rows that stay.")
@filters_option()
@click.option("--dropped", type=click.Path(dir_okay=False, path_type=Path), help="The file for the others, with reasons; with --rethreshold, the file to read them from.  [default: beside the output, or the input]")
@click.option("--held-out", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A test file that `leakage` keeps the data away from.")
@click.option("--pairs", type=click.Path(dir_okay=False, path_type=Path), help="A file for the pairs behind duplicates and leaks: each dropped row with the row it was compared with.")
@click.option("--rethreshold", metavar="NAME:OPTION=VALUE", help="Decide again from the scores in DATA and its dropped rows, without running the filter.")
@columns_option
@format_option
@workers_option
@json_option
def command(
    data: Path,
    output: Path,
    filters: tuple[str, ...],
    dropped: Path | None,
    held_out: Path | None,
    pairs: Path | None,
    rethreshold: str | None,
    columns: Columns,
    format_name: str,
    workers: int,
    as_json: bool,
) -> None:
    """Keep the rows of DATA that pass every filter; the others are kept aside, each with its reason.

    \b
      augmentor filter chats.jsonl -o clean.jsonl -f length -f exact_duplicate -f privacy:action=redact
      augmentor filter --rethreshold near_duplicate:threshold=0.8 clean.jsonl -o looser.jsonl
    """
    from ..errors import UsageError

    if bool(filters) == bool(rethreshold):
        raise UsageError("name filters with -f, or one to decide again with --rethreshold; not both")
    check_output(output, data)
    if rethreshold:
        _decide_again(data, output, dropped or _aside(data, "dropped"), rethreshold, Input(data, format_name, columns), as_json=as_json)
    else:
        _filter(Input(data, format_name, columns), output, dropped or _aside(output, "dropped"), filters, held_out, pairs, workers, as_json=as_json)


def _aside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.stem}.{what}.jsonl")


def _filter(
    examples: Input, output: Path, aside: Path, filters: Sequence[str], held_out: Path | None, pairs: Path | None, workers: int, *, as_json: bool
) -> None:
    from collections import Counter

    from ..examples import encode
    from ..files import write_lines
    from ..pipeline import Plan, process
    from ..plugins import plugins
    from ..protocols import Columns as Guessed
    from ..rethreshold import numbered

    plan = Plan(filters=tuple(map(plugins()["filter"].parse, filters)))
    for spec in plan.filters:
        plugins()["filter"].make(spec)
    apart = list(Input(held_out, "auto", Guessed())) if held_out else []
    ids: list[str] = []

    def noted() -> Iterator[Example]:
        for example in examples:
            ids.append(example.id)
            yield example

    with watching("filter", "examples") as watch:
        outcome = process(noted(), plan, held_out=apart, sources_judged=True, workers=workers, progress=lambda done, _rows: watch(done))
    gone = numbered(ids, outcome.dropped)
    write_lines(output, map(encode, outcome.kept))
    examples.quarantine(output)
    reasons = Counter(row.filter for row in gone)
    if gone or aside.exists():
        write_rows(aside, gone)
    say(f"kept {count(len(outcome.kept), 'row')} -> {output}")
    for name, number in reasons.most_common():
        say(f"  {name}: {count(number, 'row')} dropped")
    if gone:
        say(f"dropped rows, with reasons -> {aside}")
    before = _aside(output, "changed")
    if outcome.changed or before.exists():
        write_rows(before, outcome.changed)
    if outcome.changed:
        say(f"repaired {count(len({row.example.id for row in outcome.changed}), 'row')}; as they were before -> {before}")
    if pairs:
        number = write_rows(pairs, [_pair(row) for row in gone if row.other is not None])
        say(f"{count(number, 'pair')} -> {pairs}")
    if as_json:
        show_json({"kept": len(outcome.kept), "dropped": dict(reasons), "changed": len(outcome.changed), "quarantined": len(examples.problems), "output": str(output)})


def _pair(row: Dropped) -> dict[str, Any]:
    return {"id": row.example.id, "other": row.other, "filter": row.filter, "score": row.score, "reason": row.reason, "question": row.example.question}


def _decide_again(data: Path, output: Path, aside: Path, written: str, examples: Input, *, as_json: bool) -> None:
    from ..examples import encode
    from ..files import write_lines
    from ..rethreshold import decision, rethreshold

    wanted = decision(written)
    for path in (_aside(output, "dropped"), _aside(output, "restored")):
        check_output(path, aside)
    result = rethreshold(list(examples), _read_dropped(aside), _read_dropped(_aside(data, "restored")), wanted)
    write_lines(output, map(encode, result.kept))
    for rows, what in ((result.dropped, "dropped"), (result.restored, "restored")):
        path = _aside(output, what)
        if rows or path.exists():
            write_rows(path, rows)
    say(f"kept {count(len(result.kept), 'row')} -> {output}: {result.returned:,} came back, {result.gone:,} went")
    if result.dropped:
        say(f"dropped rows, with reasons -> {_aside(output, 'dropped')}")
    if result.unjudged:
        say(f"not all rows that came back were judged by {', '.join(result.unjudged)}: filter {output} with those again")
    if as_json:
        show_json({"kept": len(result.kept), "dropped": len(result.dropped), "returned": result.returned, "gone": result.gone, "output": str(output)})


def _read_dropped(path: Path) -> list[Dropped]:
    """The dropped rows of a file; none where there is no such file."""
    import msgspec

    from ..errors import DataError
    from ..pipeline import Dropped

    try:
        return [msgspec.json.decode(line, type=Dropped) for line in path.read_bytes().split(b"\n") if line] if path.exists() else []
    except msgspec.DecodeError as error:
        raise DataError(f"{path} holds no dropped rows as `augmentor filter` writes them: {error}") from None
