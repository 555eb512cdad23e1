"""`augmentor split`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from .common import Input, columns_option, count, data_argument, format_option, json_option, say, seed_option, show_json

if TYPE_CHECKING:
    from ..protocols import Columns


@click.command()
@data_argument
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder for train.jsonl, validation.jsonl and test.jsonl.")
@click.option("--by", type=click.Choice(["root", "label"]), default="root", show_default=True, help="root: tests facts nobody trained on. label: known facts, unseen wording.")
@click.option("--test", default=0.1, show_default=True, help="Share of the groups to test on.")
@click.option("--validation", default=0.1, show_default=True, help="Share of the groups to validate on.")
@click.option("--key", metavar="NAME", help="Keep rows together that share this key of their meta data (customer, ticket).")
@click.option("--stratify", metavar="NAME", help="Give every part its share of each value of this key (label, language).")
@click.option("--time", metavar="NAME", help="Test on the latest rows by this key of their meta data, train on the oldest.")
@click.option("--alike", default=0.6, show_default=True, help="Keep prompts together from this Jaccard index of their word pairs on.")
@columns_option
@format_option
@seed_option
@json_option
def command(
    data: Path, output: Path, by: Literal["root", "label"], test: float, validation: float, key: str | None, stratify: str | None, time: str | None,
    alike: float, columns: Columns, format_name: str, seed: int, as_json: bool
) -> None:
    """Cut DATA into parts that share no family, no near-duplicate and no key.

    \b
      augmentor split faq.jsonl -o parts --by label --test 0.2
      augmentor split chats.jsonl -o parts --key customer
      augmentor split tickets.jsonl -o parts --time created
    """
    from ..examples import encode
    from ..files import write_lines
    from ..splits import Split
    from ..splits import split as cut

    examples = Input(data, format_name, columns)
    parts = cut(list(examples), Split(by, test, validation, key, stratify, time, alike), seed)
    for name, part in parts.items():
        write_lines(output / f"{name}.jsonl", map(encode, part))
    examples.quarantine(output / data.name)
    say(", ".join(f"{name} {count(len(part), 'row')}" for name, part in parts.items()) + f" -> {output}")
    if as_json:
        show_json({name: len(part) for name, part in parts.items()})
