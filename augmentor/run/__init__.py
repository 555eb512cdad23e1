"""A run: the whole chain from data to report, in one folder, going on where it was after a kill."""

from .chain import run_recipe
from .folder import RunFolder

__all__ = ["RunFolder", "run_recipe"]
