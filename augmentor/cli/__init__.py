"""The command line: one command a file, loaded when it is called, so that `--help` stays instant."""

from __future__ import annotations

import importlib
import sys
from typing import NoReturn

import click

from .. import __version__
from ..errors import AugmentorError, UsageError

COMMANDS = {
    "init": "Make a folder with a starter recipe and data.",
    "run": "Do a whole recipe: read, augment, train, evaluate, report; or go on with it.",
    "experiment": "Learn what each strategy, each filter and more data are worth.",
    "inspect": "Show what is in a data file.",
    "augment": "Write variants of a data file's examples.",
    "filter": "Keep the good rows of a data file, and the reasons for the others.",
    "convert": "Write a data file in another format.",
    "split": "Cut a data file into train, validation and test parts that share nothing.",
    "train": "Fine-tune a model on a data file.",
    "evaluate": "Have models answer test questions, and compare them.",
    "report": "Write the HTML report of a run, or of several compared.",
    "serve": "Answer chats, and fine-tune, over the OpenAI protocol.",
    "models": "List, fetch and convert models.",
    "plugins": "List, show, make and check plugins.",
    "doctor": "Say what works on this machine, and what is missing.",
}


class Commands(click.Group):
    """A group whose commands are modules of this package, imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if name not in COMMANDS:
            return None
        command = importlib.import_module(f"{__name__}.{name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        import difflib

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else " See: augmentor --help"
            raise click.UsageError(f"there is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="augmentor")
def cli() -> None:
    """From a team's own text to a fine-tuned chat model, and to proof that it got better.

    \b
    Start here:
      augmentor init mybot && augmentor run mybot/recipe.yaml
      augmentor augment faq.csv -o more.jsonl -s rephrase:n=8
    """


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    try:
        code = cli.main(args=args, standalone_mode=False)  # click hands an Exit's code back instead of raising it
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted. The same command goes on from here.", err=True)
        sys.exit(130)
    except AugmentorError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
