"""Reading a data file: which format, what was guessed, and its examples and problems, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import chain, islice
from pathlib import Path
from typing import Protocol, runtime_checkable

import msgspec

from ..errors import DataError, UsageError
from ..examples import Example
from ..protocols import Columns, Format, Problem
from ..registry import Registry
from .detection import detect, refuse_binary
from .encodings import head
from .identities import Identities
from .notices import Tally
from .quarantine import located

PATIENCE = 10_000
"""How many rows may be problems before the first example; a file with more is taken for no data set."""


@runtime_checkable
class Explains(Protocol):
    """A format that guesses can also say what it guessed."""

    def explain(self, path: Path, columns: Columns) -> list[str]:
        """Sentences about what was guessed in a file. Raises `DataError` where nothing can be."""


@dataclass
class Reading:
    """The examples and problems of one file, in its order; to be gone through once.

    Attributes:
        path: the file.
        format: the name of the format it was read as.
        said: sentences about what was guessed; at the end of the reading also what is odd about the data.
    """

    path: Path
    format: str
    said: list[str]
    _items: Iterator[Example | Problem] = field(repr=False)

    def __iter__(self) -> Iterator[Example | Problem]:
        return self._items


def read_examples(path: Path, format: str = "auto", columns: Columns | None = None, *, formats: Mapping[str, Format]) -> Reading:
    """Begin to read a data file.

    Args:
        path: the file.
        format: a format's name, with options if need be (`csv:delimiter=semicolon`), or `auto` to find out.
        columns: which columns hold what; what is not said is guessed.
        formats: the formats there are, by name.

    Raises:
        DataError: the file is no data set: not there, empty, binary, without rows, or with none that can be read. Nothing has
            been passed on by then.
        UnknownComponent: there is no format of that name.
    """
    columns = columns or Columns()
    if not path.is_file():
        raise DataError(f"{path} is {'a directory' if path.is_dir() else 'not there'}. Give the path of a data file.")
    try:
        name = detect(path, formats) if format == "auto" else format
        chosen = _with_columns(_chosen(name, formats), columns, formats, told=format != "auto")
        if format != "auto" and chosen.detect(head(path), path) < 1:
            refuse_binary(path, head(path))
        said = chosen.explain(path, columns) if isinstance(chosen, Explains) else []
        items = _readable(path, chosen, columns)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from None
    return Reading(path, chosen.name, said, _watched(items, said))


def _chosen(spec: str, formats: Mapping[str, Format]) -> Format:
    """The format that `name` or `name:option=value` asks for."""
    if spec in formats:
        return formats[spec]
    registry = Registry("format")
    for name, known in formats.items():
        registry.add(name, type(known), "")
    made: Format = registry.make(spec)
    return made


def _with_columns(chosen: Format, columns: Columns, formats: Mapping[str, Format], *, told: bool) -> Format:
    """The format that can read by `columns`: JSON rows of a shape whose keys are fixed are read as plain records instead."""
    takes: frozenset[str] | None = getattr(chosen, "takes", None)
    beyond = (
        [] if takes is None else [option.name for option in fields(columns) if getattr(columns, option.name) and option.name not in takes]
    )
    if not beyond:
        return chosen
    if told or "records" not in formats or chosen.suffixes != formats["records"].suffixes:
        raise UsageError(
            f"a file in the format {chosen.name!r} says itself what its {' and '.join(beyond)} is; leave that out of --columns."
        )
    return formats["records"]


def _readable(path: Path, chosen: Format, columns: Columns) -> Iterator[Example | Problem]:
    """The items of a file, once it is sure that there is an example among them."""
    items = chosen.read(path, columns)
    first: list[Example | Problem] = []
    for item in islice(items, PATIENCE):
        first.append(item)
        if isinstance(item, Example):
            return chain(first, items)
    problems = [item for item in first if isinstance(item, Problem)]
    if not problems:
        raise DataError(f"{path} holds no rows (read as {chosen.name}).")
    many = f"none of its first {PATIENCE:,} rows is one" if len(problems) == PATIENCE else f"none of its {len(problems):,} rows is one"
    raise DataError(
        f"{path} holds no examples: read as {chosen.name}, {many if len(problems) > 1 else 'its only row is none'}. "
        f"First, {located(problems[0])}. If it has another format, say so with --format."
    )


def _watched(items: Iterator[Example | Problem], said: list[str]) -> Iterator[Example | Problem]:
    """The items with ids that are unique in the file; says at the end what was odd."""
    identities = Identities()
    tally = Tally()
    for item in items:
        if isinstance(item, Problem):
            yield item
            continue
        example = item
        identity = identities.unique(example.id)
        if identity != example.id:
            own_root = example.root == example.id
            example = msgspec.structs.replace(example, id=identity, root=identity if own_root else example.root)
        tally.look(example)
        yield example
    said.extend(tally.sentences())
