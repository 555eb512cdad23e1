"""`augmentor serve`"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import click

from .common import say

CONSENT = "What you write here is kept and may be used to improve this assistant. E-mail addresses, numbers and other personal data are taken out first."


@click.command()
@click.argument("model")
@click.option("--name", default="", help="The id that clients know the model by.  [default: the last part of MODEL]")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 for any that is free.")
@click.option("--state", default="augmentor-serve", show_default=True, type=click.Path(file_okay=False, path_type=Path), help="The folder for uploaded files, jobs and tuned models.")
@click.option("--engine", default="auto", show_default=True, type=click.Choice(["auto", "llamacpp", "transformers"]), help="Who answers; auto: llama.cpp where MODEL comes with a gguf file.")
@click.option("-t", "--trainer", default="huggingface", show_default=True, metavar="NAME[:OPTION=VALUE,...]", help="Who fine-tunes; what a job asks for is set on top.")
@click.option("--parallel", default=8, show_default=True, type=click.IntRange(1, 256), help="Chats answered at once; others wait their turn.")
@click.option("--context", default=2048, show_default=True, type=click.IntRange(min=64), help="Most tokens of a chat and its reply, for llama.cpp.")
@click.option("--page", is_flag=True, help="Put a chat page at /.")
@click.option("--log", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help='Append conversations whose client agreed ("store": true), personal data redacted.')
@click.option("--consent", default=CONSENT, metavar="TEXT", help="What the page says about --log.  [default: that it is kept, what for, and what is taken out]")
@click.option("--allow-remote", is_flag=True, help="Listen on an address that others reach; needs a key in $AUGMENTOR_SERVE_KEY.")
def command(
    model: str,
    name: str,
    host: str,
    port: int,
    state: Path,
    engine: Literal["auto", "llamacpp", "transformers"],
    trainer: str,
    parallel: int,
    context: int,
    page: bool,
    log: Path | None,
    consent: str,
    allow_remote: bool,
) -> None:
    """Answer chats with MODEL, and fine-tune it, over the OpenAI protocol.

    MODEL is a fetched model's name, a directory, a .gguf file, or a Hugging Face name. Where $AUGMENTOR_SERVE_KEY is set, clients
    have to send it as their API key. Fine-tuning jobs go on where they were when the server is started again.

    \b
      augmentor serve smollm2-135m-instruct --page
      augmentor serve ./tuned/work/model --name support --log conversations.jsonl --page
    """
    from ..errors import UsageError
    from ..plugins import plugins
    from ..protocols import ServeSettings

    settings = ServeSettings(
        model=model,
        state=state,
        name=name,
        host=host,
        port=port,
        key=os.environ.get("AUGMENTOR_SERVE_KEY", ""),
        allow_remote=allow_remote,
        engine=engine,
        trainer=trainer,
        parallel=parallel,
        context=context,
        page=page,
        log=log,
        consent=consent,
        say=say,
    )
    if not plugins().manager.hook.augmentor_serve(settings=settings):
        raise UsageError("No plugin can serve: the one called 'serving' comes with augmentor-toolkit; see `augmentor plugins list`.")
