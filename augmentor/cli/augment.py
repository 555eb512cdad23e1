"""`augmentor augment`"""

from __future__ import annotations

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
    seed_option,
    show_json,
    strategies_option,
    workers_option,
    write_rows,
)
from .progress import watching

if TYPE_CHECKING:
    from ..protocols import Columns


@click.command()
@data_argument
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write: native JSONL, which every command reads.")
@strategies_option()
@filters_option()
@click.option("--only-new", is_flag=True, help="Write variants alone, without the originals.")
@click.option("--turns", type=click.Choice(["first", "last", "all"]), default="first", show_default=True, help="Which user turns of a conversation vary.")
@click.option("--generator", metavar="NAME[:OPTION=VALUE,...]", help="The model that prompted strategies ask.")
@click.option("--max-tokens", type=click.IntRange(min=0), metavar="N", help="Stop before the model wrote more tokens than this.")
@click.option("--max-cost", type=click.FloatRange(min=0), metavar="DOLLARS", help="Stop before the model cost more than this.")
@click.option("--accepted", type=click.IntRange(min=1), metavar="N", help="Go on until the filters accepted N variants.")
@click.option("--candidates", type=click.IntRange(min=1), metavar="N", help="With --accepted: the most variants to make.  [default: ten times as many]")
@click.option("--dropped", type=click.Path(dir_okay=False, path_type=Path), help="Where dropped variants go, with reasons.  [default: beside the output]")
@click.option("--dry-run", is_flag=True, help="Only say what would be made of the first 100 examples, and what would be asked of a model, at what cost.")
@columns_option
@format_option
@seed_option
@workers_option
@json_option
def command(
    data: Path,
    output: Path,
    strategies: tuple[str, ...],
    filters: tuple[str, ...],
    only_new: bool,
    turns: str,
    generator: str | None,
    max_tokens: int | None,
    max_cost: float | None,
    accepted: int | None,
    candidates: int | None,
    dropped: Path | None,
    dry_run: bool,
    columns: Columns,
    format_name: str,
    seed: int,
    workers: int,
    as_json: bool,
) -> None:
    """Write variants of DATA's examples: same meaning, same answer, other words.

    Originals come first in each family; every variant knows its source and the strategy that made it. Filters judge variants,
    and what they drop is kept beside the output with the reason.

    \b
      augmentor augment faq.csv -o more.jsonl -s rephrase:n=8
      augmentor augment faq.csv -o more.jsonl -s rephrase:n=6 -s persona:n=2 -f length -f near_duplicate
      augmentor augment tickets.csv -o more.jsonl -s rephrase --columns question=body,answer=reply
      augmentor augment faq.csv -o more.jsonl -s prompted --generator openai:model=gpt-4o-mini --max-cost 2 --accepted 500
    """
    from itertools import islice

    from ..collecting import collect
    from ..errors import UsageError
    from ..examples import encode
    from ..files import write_lines
    from ..pipeline import Plan, asking, process
    from ..plugins import plugins
    from .asking import Asker, without_model

    check_output(output, data)
    if candidates is not None and accepted is None:
        raise UsageError("--candidates limits how many are made for --accepted N; say how many you want accepted")
    found = plugins()
    plan = Plan(
        tuple(map(found["strategy"].parse, strategies)), tuple(map(found["filter"].parse, filters)), seed, turns
    )
    for kind, specs in (("strategy", plan.strategies), ("filter", plan.filters)):
        for spec in specs:
            found[kind].make(spec)
    asker = Asker(generator, output.with_name(f".{output.name}.replies.sqlite"), max_tokens, max_cost) if generator else None
    examples = Input(data, format_name, columns)
    asked: dict[str, Any] | None = None
    if dry_run:
        rows = list(examples)
        if asker:
            asked = asker.preview([request for _, lists in asking(rows, plan) for requests in lists for request in requests])
        outcome = process(islice(rows, 100), without_model(plan) if asker else plan)
    else:
        try:
            with watching("augment", "variants" if accepted else "examples") as watch:
                if accepted:
                    outcome = collect(examples, plan, accepted=accepted, candidates=candidates or 10 * accepted, workers=workers, answer=asker, progress=watch)
                else:
                    outcome = process(examples, plan, workers=workers, answer=asker, progress=lambda done, _rows: watch(done))
        finally:
            if asker:
                asker.close()
        asked = asker.account.taken() if asker else None
    kept = [example for example in outcome.kept if example.parent is not None or not only_new]
    variants = sum(example.parent is not None for example in outcome.kept)
    result: dict[str, Any] = {
        "originals": len(outcome.kept) - variants, "variants": variants, "made": outcome.made, "dropped": len(outcome.dropped), "quarantined": len(examples.problems), "output": str(output),
    }
    if asked is not None:
        result["asked"] = asked
    if dry_run:
        say(f"of the first {count(result['originals'], 'example')}: {count(variants, 'variant')}, {len(outcome.dropped)} dropped; nothing was written")
    else:
        write_lines(output, map(encode, kept))
        examples.quarantine(output)
        if outcome.dropped:
            result["dropped_file"] = str(dropped or output.with_name(f"{output.stem}.dropped.jsonl"))
            write_rows(Path(result["dropped_file"]), outcome.dropped)
            say(f"{count(len(outcome.dropped), 'variant')} dropped; kept with reasons in {result['dropped_file']}")
        say(f"{count(variants, 'variant')} of {count(result['originals'], 'example')} -> {output}")
        if accepted and variants < accepted:
            say(f"{accepted:,} were wanted: {count(sum(outcome.made.values()), 'candidate')} brought no more; raise --candidates, or see what the filters dropped")
        if not variants:
            say("no strategy found anything to say; are the questions in English? `augmentor inspect` shows what is in a file")
    if as_json:
        show_json(result)
