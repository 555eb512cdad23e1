"""`augmentor convert`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import check_output, columns_option, count, data_argument, format_option, json_option, say, show_json
from .progress import watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..examples import Example
    from ..formats.openai_rules import Method
    from ..protocols import Columns, Problem

_CHECKED: dict[str, Method] = {"openai": "supervised", "openai-dpo": "dpo"}
_SHOWN = 20


@click.command()
@data_argument
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option(
    "--to",
    "target",
    required=True,
    metavar="FORMAT",
    help="The format to write, such as openai, sharegpt, csv or native; see `augmentor plugins list`.",
)
@click.option(
    "--quarantine", type=click.Path(dir_okay=False, path_type=Path), help="Where rows go that cannot be read.  [default: beside the output]"
)
@click.option("--strict", is_flag=True, help="Fail, and write nothing, when a row cannot be read.")
@click.option(
    "--check",
    is_flag=True,
    help="With --to openai or openai-dpo: write rows as fine-tuning services are strict about them, and fail when they would still refuse one.",
)
@columns_option
@format_option
@json_option
def command(
    data: Path,
    output: Path,
    target: str,
    quarantine: Path | None,
    strict: bool,
    check: bool,
    columns: Columns,
    format_name: str,
    as_json: bool,
) -> None:
    """Write DATA in another format, row by row: a file of any size takes little memory.

    \b
      augmentor convert tickets.csv -o tickets.jsonl --to native
      augmentor convert more.jsonl -o upload.jsonl --to openai
      augmentor convert preferences.json -o dpo.jsonl --to openai-dpo
      augmentor convert chats.jsonl -o upload.jsonl --to openai --check
    """
    from contextlib import ExitStack

    from ..errors import DataError, UsageError
    from ..files import writing
    from ..formats import quarantine_lines, read_examples
    from ..formats.openai_rows import as_taken
    from ..formats.quarantine import located
    from ..plugins import plugins
    from ..protocols import Format
    from ..protocols import Problem as Unreadable

    aside = quarantine or output.with_name(f"{output.stem}.quarantine.jsonl")
    check_output(output, data)
    check_output(aside, data)
    if aside.absolute() == output.absolute():
        raise UsageError(f"--quarantine and --output are both {output}; name two files")
    if check and target not in _CHECKED:
        raise UsageError(f"--check knows the rules of {' and '.join(_CHECKED)}; {target} has none")
    writer: Format = plugins()["format"].make(target)
    reading = read_examples(data, format_name, columns, formats={name: kind() for name, kind in plugins()["format"]})
    for sentence in reading.said:
        say(sentence)
    guessed = len(reading.said)
    rows = unreadable = unsaid = 0
    first: Problem | None = None

    with ExitStack() as open_files:
        watch = open_files.enter_context(watching("convert", "examples"))
        out = open_files.enter_context(writing(output))
        problems = None

        def examples() -> Iterator[Example]:
            nonlocal rows, unreadable, unsaid, first, problems
            for item in reading:
                if not isinstance(item, Unreadable):
                    rows += 1
                    unsaid += writer.name != "native" and bool(
                        item.meta or item.parent or (item.label and writer.name not in ("csv", "parquet", "records"))
                    )
                    if rows % 512 == 0:
                        watch(rows)
                    yield as_taken(item) if check else item
                    continue
                if strict:
                    raise DataError(f"{located(item)}. Nothing was written, as --strict asks.")
                first = first or item
                unreadable += 1
                problems = problems or open_files.enter_context(writing(aside))
                for line in quarantine_lines([item]):
                    problems.write(line)

        for part in writer.write(examples()):
            out.write(part)

    say(f"wrote {count(rows, 'example')} as {writer.name} -> {output}")
    for sentence in reading.said[guessed:]:
        say(f"note: {sentence}")
    if unsaid:
        say(f"note: {count(unsaid, 'example')} had meta, a label or lineage that {writer.name} has no place for; --to native keeps all")
    if first:
        say(f"{count(unreadable, 'row')} could not be read (first: {located(first)}); kept in {aside}")
    refused = _refused(output, target) if check else []
    if as_json:
        show_json(
            {
                "examples": rows,
                "quarantined": unreadable,
                "format": reading.format,
                "to": writer.name,
                "said": reading.said,
                "output": str(output),
            }
            | ({"quarantine": str(aside)} if unreadable else {})
            | ({"refused": [{"line": fault.line, "reason": fault.reason} for fault in refused]} if check else {})
        )
    if refused:
        raise DataError(f"a fine-tuning service would refuse {output}: {count(len(refused), 'reason')}, each with its line above")


def _refused(path: Path, target: str) -> list[Problem]:
    """What a fine-tuning service would refuse in a file that was written; each is said, with its line."""
    from ..formats.openai_rules import file_faults
    from ..formats.quarantine import located

    found = list(file_faults(path, _CHECKED[target]))
    for fault in found[:_SHOWN]:
        say(located(fault))
    if len(found) > _SHOWN:
        say(f"and {len(found) - _SHOWN:,} more")
    return found
