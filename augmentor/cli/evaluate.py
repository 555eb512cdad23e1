"""`augmentor evaluate`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .common import Input, columns_option, data_argument, format_option, json_option, say, seed_option, show_json
from .gates import leave_by_gates, say_gates
from .progress import Display

if TYPE_CHECKING:
    from ..protocols import Columns


@click.command()
@data_argument
@click.option("-m", "--model", "models", multiple=True, required=True, metavar="[NAME=]REFERENCE", help="A model directory, gguf file or name; the first is the baseline. Repeat to compare.")
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder for predictions, scores, metrics and the report.")
@click.option("--metric", "metrics", multiple=True, default=("rouge_l", "exact_match", "token_f1"), show_default=True, help="A metric; repeat for more. The first is the headline.")
@click.option("--judge", "judges", multiple=True, metavar="NAME:generator=...", help="A language model that compares the answers, such as pairwise:generator=openai:model=gpt-4o; repeat for more.")
@click.option("--probe", "probes", multiple=True, metavar="NAME[:OPTION=VALUE,...]", help="What else to find out of each model, such as open_prompts; repeat for more.")
@click.option("--generator", default="transformers", show_default=True, metavar="NAME[:OPTION=VALUE,...]", help="Who runs the models.")
@click.option("--max-tokens", default=64, show_default=True, help="The longest answer, in tokens.")
@click.option("--gate", "gates", multiple=True, metavar="'METRIC.delta.low > 0'", help="Exit with 1 unless this holds; repeat for more.")
@columns_option
@format_option
@seed_option
@json_option
def command(
    data: Path, models: tuple[str, ...], output: Path, metrics: tuple[str, ...], judges: tuple[str, ...], probes: tuple[str, ...], generator: str, max_tokens: int, gates: tuple[str, ...], columns: Columns, format_name: str, seed: int, as_json: bool
) -> None:
    """Have models answer DATA's questions, score the answers against DATA's, and compare.

    \b
      augmentor evaluate test.jsonl -m base=./smollm2 -m tuned=models/support/work/model -o evaluation
    """
    from ..run.evaluation import evaluate_models

    named: dict[str, str] = {}
    for number, item in enumerate(models, 1):
        name, equals, reference = item.partition("=")
        name, reference = (name, reference) if equals else (f"model-{number}" if len(models) > 1 else "model", item)
        if name in named:
            raise click.UsageError(f"two models are called {name!r}; name them: -m old=... -m new=...")
        named[name] = reference
    examples = Input(data, format_name, columns)
    with Display() as display:
        results = evaluate_models(list(examples), named, output, metrics=metrics, judges=judges, probes=probes, generator=generator, max_tokens=max_tokens, gates=gates, seed=seed, tell=display)
    examples.quarantine(output / "test.jsonl")
    _say_table(results)
    say(f"Report: {(output / 'report.html').resolve()}")
    say_gates(results)
    if as_json:
        show_json(results)
    leave_by_gates(results)


def _say_table(results: dict[str, Any]) -> None:
    for arm in results["arms"]:
        values = ", ".join(f"{name} {'no value' if found['mean'] is None else format(found['mean'], '.3f')}" for name, found in arm["metrics"].items())
        say(f"{arm['name']}: {values} (n = {arm['questions']})")
