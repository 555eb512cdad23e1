"""What several commands share: arguments, options, and how they speak."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..examples import Example
    from ..protocols import Columns, Problem

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def say(text: str = "") -> None:
    """Speak to the person: on stderr, so that stdout holds results alone."""
    click.echo(text, err=True)


def show_json(value: Any) -> None:
    """Print a machine-readable result on stdout."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2).decode())


def is_terminal() -> bool:
    """Whether a person watches stderr."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


data_argument: Decorator = click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
json_option: Decorator = click.option("--json", "as_json", is_flag=True, help="Print a machine-readable result on stdout.")
format_option: Decorator = click.option("--format", "format_name", default="auto", show_default=True, metavar="NAME", help="The format of DATA; see `augmentor plugins list`.")
seed_option: Decorator = click.option("--seed", default=0, show_default=True, help="Chance depends on this, the component and the example alone.")
workers_option: Decorator = click.option(
    "--workers", default=0, metavar="N", show_default="one a core", help="Processes; the result is the same for any number.", callback=lambda _c, _p, value: value or os.cpu_count() or 1
)


def _columns(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Columns:
    import msgspec

    from ..protocols import Columns

    pairs: dict[str, str] = {}
    for part in (value or "").split(","):
        if part.strip():
            key, equals, column = part.partition("=")
            if not equals or key.strip() not in Columns.__dataclass_fields__:
                raise click.BadParameter(f"{part!r}: write question=NAME,answer=NAME,label=NAME,id=NAME,system=NAME")
            pairs[key.strip()] = column.strip()
    return msgspec.convert(pairs, Columns)


columns_option: Decorator = click.option(
    "--columns", callback=_columns, metavar="question=A,answer=B,...", help="Which columns or keys of DATA hold what (question, answer, label, id, system); guessed and said where left out."
)


def strategies_option(*, required: bool = True) -> Decorator:
    """`-s NAME[:option=value,...]`, any number of times."""
    return click.option(
        "-s", "--strategy", "strategies", multiple=True, required=required, metavar="NAME[:OPTION=VALUE,...]", help="A strategy, such as rephrase:n=8; repeat for more. See `augmentor plugins list`."
    )


def filters_option(*, required: bool = False) -> Decorator:
    """`-f NAME[:option=value,...]`, any number of times."""
    return click.option(
        "-f", "--filter", "filters", multiple=True, required=required, metavar="NAME[:OPTION=VALUE,...]", help="A filter, such as length or privacy:action=redact; repeat for more."
    )


class Input:
    """The examples of DATA, with what could not be read kept aside."""

    def __init__(self, path: Path, format_name: str, columns: Columns) -> None:
        from ..formats import read_examples
        from ..plugins import plugins

        self.path = path
        self.reading = read_examples(path, format_name, columns, formats={name: kind() for name, kind in plugins()["format"]})
        self.problems: list[Problem] = []
        self._said = 0
        self._say_news()

    def __iter__(self) -> Iterator[Example]:
        from ..protocols import Problem

        for item in self.reading:
            if isinstance(item, Problem):
                self.problems.append(item)
            else:
                yield item
        self._say_news()

    def _say_news(self) -> None:
        """Say what reading guessed or noticed since the last time."""
        for sentence in self.reading.said[self._said :]:
            say(sentence)
        self._said = len(self.reading.said)

    def quarantine(self, beside: Path) -> Path | None:
        """Write what could not be read beside the result, and say so; the file, or None when all could be read."""
        if not self.problems:
            return None
        path = beside.with_name(f"{beside.stem}.quarantine.jsonl")
        write_rows(path, self.problems)
        first = self.problems[0]
        where = f"{first.file}:{first.line}" if first.line else first.file
        say(f"{count(len(self.problems), 'row')} could not be read (first: {where}: {first.reason}); kept in {path}")
        return path


def write_rows(path: Path, rows: Sequence[Any]) -> int:
    """Write plain records as JSONL, whole or not at all."""
    import msgspec

    from ..files import write_lines

    return write_lines(path, (msgspec.json.encode(row) + b"\n" for row in rows))


def count(number: int, thing: str, things: str = "") -> str:
    """`1 row`, `2 rows`, `12,345 rows`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def check_output(path: Path, data: Path) -> None:
    """Raise `UsageError` where writing `path` would overwrite the input."""
    from ..errors import UsageError

    if path.exists() and path.samefile(data):
        raise UsageError(f"{path} is the input; name another file with -o")
