"""`augmentor init`"""

from __future__ import annotations

from pathlib import Path

import click

from .common import say


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Make FOLDER with a starter recipe, a few examples and a test file to replace with your own.

    \b
      augmentor init mybot
      augmentor run mybot/recipe.yaml
    """
    from ..errors import UsageError
    from ..files import write_bytes
    from ..scaffold import starter_files

    files = starter_files()
    for name in files:
        if (folder / name).exists():
            raise UsageError(f"{folder / name} exists; nothing was written. Name another folder, or remove it first.")
    for name, text in files.items():
        write_bytes(folder / name, text.encode())
    say(f"made {', '.join(files)} in {folder}")
    say(f"next: put your own questions and answers into {folder / 'data.csv'}, then: augmentor run {folder / 'recipe.yaml'}")
