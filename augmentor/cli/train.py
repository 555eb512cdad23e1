"""`augmentor train`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .common import Input, columns_option, data_argument, format_option, json_option, say, seed_option, show_json
from .progress import Display, clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..protocols import Columns


@click.command()
@data_argument
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder for the model and what the trainer needs to go on after a kill.")
@click.option("-t", "--trainer", default="huggingface", show_default=True, metavar="NAME[:OPTION=VALUE,...]", help="Who trains; see `augmentor plugins show huggingface`.")
@click.option("--validation", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file to validate on.")
@click.option("--steps", type=click.IntRange(min=1), help="Optimiser steps.  [default: chosen from the data]")
@click.option("--search", type=click.IntRange(min=2), metavar="N", help="First try N configurations, by successive halving on the validation loss: the trainer's option `search`.")
@columns_option
@format_option
@seed_option
@json_option
def command(
    data: Path, output: Path, trainer: str, validation: Path | None, steps: int | None, search: int | None, columns: Columns, format_name: str, seed: int,
    as_json: bool,
) -> None:
    """Fine-tune a model on DATA. The same command goes on after a kill; what happens is appended to progress.jsonl in the folder.

    \b
      augmentor train more.jsonl -o models/support
      augmentor train more.jsonl -o models/support -t huggingface:model=./my-model,learning_rate=1e-4 --steps 300
      augmentor train more.jsonl -o models/support --validation held.jsonl --search 9
    """
    from ..examples import encode
    from ..files import write_lines
    from ..plugins import plugins
    from ..protocols import Columns as Guessed
    from ..protocols import TrainingTask
    from ..registry import Spec
    from ..run.folder import RunFolder

    spec = plugins()["trainer"].parse(trainer)
    component = plugins()["trainer"].make(Spec(spec.name, {**spec.options, "search": search}) if search else spec)
    with Display() as display, RunFolder(output, display).opened() as run:
        train, judged = output / "train.jsonl", output / "validation.jsonl"
        examples = Input(data, format_name, columns)
        write_lines(train, map(encode, examples))
        examples.quarantine(train)
        if validation:
            write_lines(judged, map(encode, Input(validation, "auto", Guessed())))
        run.tell({"stage": "train", "state": "start"})

        def watch(event: Mapping[str, Any]) -> None:
            run.tell({"stage": "train", "state": "step", **event})

        trained = component.train(TrainingTask(train, output / "work", judged if validation else None, seed, steps, watch))
        took = trained.facts.get("seconds")
        run.tell({"stage": "train", "state": "done", "seconds": took, "model": trained.model})
    say(f"model: {trained.model}" + (f" ({clock(took)})" if isinstance(took, (int, float)) else ""))
    if as_json:
        show_json({"model": trained.model, "facts": dict(trained.facts)})
