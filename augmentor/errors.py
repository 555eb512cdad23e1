"""Everything that can go wrong on purpose.

    AugmentorError
    ├── UsageError (ValueError)          the caller asked for something that makes no sense
    │   ├── UnknownComponent             no plugin offers that name
    │   ├── BadOption                    a component has no such option, or it has another type
    │   ├── RecipeError                  a recipe says something it cannot mean
    │   └── LexiconError                 a lexicon file cannot be read
    ├── DataError (ValueError)           a file holds no data set that can be used
    ├── MissingExtra (ImportError)       an optional part of the installation is not there
    ├── TrainingError (RuntimeError)     training was refused, or failed
    └── GenerationError (RuntimeError)   a model could not be asked
        └── BudgetReached                asking on could pass the budget

A message says what is wrong, where, and what to do next. Only the command line turns these into exit codes.
"""

from __future__ import annotations


class AugmentorError(Exception):
    """Base of all errors a user can act on."""


class UsageError(AugmentorError, ValueError):
    """The caller asked for something that makes no sense; the command line exits with 2."""


class UnknownComponent(UsageError):
    """No plugin offers a component of that name."""


class BadOption(UsageError):
    """A component has no such option, or the value has another type."""


class RecipeError(UsageError):
    """A recipe says something it cannot mean."""


class LexiconError(UsageError):
    """A lexicon file cannot be read."""


class DataError(AugmentorError, ValueError):
    """A file holds no data set that can be used."""


class MissingExtra(AugmentorError, ImportError):
    """An optional part of the installation is not there."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs the extra '{extra}'. Install it with: pip install 'augmentor-toolkit[{extra}]'")


class TrainingError(AugmentorError, RuntimeError):
    """Training was refused before it began, or failed."""


class GenerationError(AugmentorError, RuntimeError):
    """A model could not be asked."""


class BudgetReached(GenerationError):
    """Asking on could pass the budget. What was answered is kept: the same command goes on from there."""
