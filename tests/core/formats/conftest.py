"""The formats, and files to read them from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from augmentor.examples import Example
from augmentor.formats import augmentor_register_formats, read_examples
from augmentor.protocols import Columns, Format, Problem


@dataclass
class Read:
    """What came of a file."""

    format: str
    said: list[str]
    examples: list[Example]
    problems: list[Problem]

    @property
    def only(self) -> Example:
        assert len(self.examples) == 1
        assert not self.problems
        return self.examples[0]


def collect() -> dict[str, Format]:
    found: dict[str, Format] = {}

    def register(component: type[Any], name: str) -> None:
        found[name] = component()

    augmentor_register_formats(register)
    return found


@pytest.fixture(scope="session")
def formats() -> dict[str, Format]:
    return collect()


@pytest.fixture(scope="session")
def read(formats: dict[str, Format]) -> Callable[..., Read]:
    """Read a file to its end."""

    def work(path: Path, format: str = "auto", **columns: str) -> Read:
        reading = read_examples(path, format, Columns(**columns), formats=formats)
        items = list(reading)
        examples = [item for item in items if isinstance(item, Example)]
        return Read(reading.format, reading.said, examples, [item for item in items if isinstance(item, Problem)])

    return work


@pytest.fixture
def given(tmp_path: Path, read: Callable[..., Read]) -> Callable[..., Read]:
    """Read a file with some content."""

    def work(content: bytes | str, name: str = "data.jsonl", format: str = "auto", **columns: str) -> Read:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path, format, **columns)

    return work


@pytest.fixture
def rewritten(tmp_path: Path, read: Callable[..., Read], formats: dict[str, Format]) -> Callable[..., Read]:
    """Write examples in a format, and read the file."""

    def work(examples: Iterable[Example], name: str, suffix: str = ".jsonl") -> Read:
        path = tmp_path / f"out{suffix}"
        path.write_bytes(b"".join(formats[name].write(examples)))
        return read(path)

    return work
