"""Where models with a name live, how they get there, and what a model reference means.

A reference is the path of a directory or of a `.gguf` file, the name of a fetched model, or a Hugging Face name.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, runtime_checkable

from .errors import DataError, UsageError
from .files import digest, write_bytes

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and the bytes there will be."""

CHECKSUMS = "augmentor-checksums.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@runtime_checkable
class ModelSource(Protocol):
    """A place that a named model comes from: a frozen dataclass with these class attributes, and a way to get it.

    Attributes:
        size: bytes that will be downloaded.
        licence: SPDX name of the weights' licence.
        describe: one sentence: what the model is good for.
    """

    size: int
    licence: str
    describe: str

    def fetch(self, into: Path, progress: Progress) -> None:
        """Put the model's files into the empty directory `into`; check what was downloaded. Raises `DataError`."""


def home() -> Path:
    """The directory for what can be fetched again: `$AUGMENTOR_HOME`, or a folder in the platform's cache."""
    if chosen := os.environ.get("AUGMENTOR_HOME"):
        return Path(chosen).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "augmentor"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "augmentor"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "augmentor"


def directory(name: str) -> Path:
    """Where the model called `name` lives once it is fetched.

    Raises:
        UsageError: the name could not be a folder of its own.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"A model cannot be called {name!r}: use up to 64 small letters, digits, dots, dashes and underscores.")
    return home() / "models" / name


def fetched(name: str) -> bool:
    """Whether the model called `name` is there, complete."""
    return bool(_NAME.fullmatch(name)) and (directory(name) / CHECKSUMS).is_file()


def resolve(reference: str, sources: Container[str] = ()) -> Path | str:
    """What a model reference stands for: a path on this machine, or the Hugging Face name that it is.

    Raises:
        UsageError: the reference names a model of `sources` that is not fetched yet, or looks like a path that is not there.
    """
    path = Path(reference).expanduser()
    if path.is_dir() or (path.is_file() and path.suffix == ".gguf"):
        return path
    if fetched(reference):
        return directory(reference)
    if reference in sources:
        raise UsageError(f"The model '{reference}' is not on this machine yet. Get it with: augmentor models fetch {reference}")
    if path.is_absolute() or reference.startswith(("./", "../", "~")) or path.suffix == ".gguf":
        raise UsageError(f"There is no model at {reference}: name a directory with a config.json, or a .gguf file.")
    return reference


def fetch(name: str, source: ModelSource, progress: Progress = lambda _done, _whole: None) -> Path:
    """Fetch the model called `name` once and return its directory; a second process waits for the first.

    The files appear all together or not at all: they are collected in a directory beside it, flushed to the disk, and renamed.
    What a killed fetch left behind is removed by the next.

    Raises:
        DataError: what was downloaded is not what the source promises.
    """
    target = directory(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target.with_name(f".{name}.lock")):
        if not fetched(name):
            partial = target.with_name(f".{name}.partial")
            for leftover in (partial, target):
                if leftover.exists():
                    shutil.rmtree(leftover)
            partial.mkdir()
            source.fetch(partial, progress)
            _seal(partial)
            partial.rename(target)
            _flush(target.parent)
    return target


def damaged(name: str) -> list[str]:
    """The files of a fetched model that are missing or are no longer what was fetched, by their checksums."""
    folder = directory(name)
    try:
        expected = json.loads((folder / CHECKSUMS).read_text("utf-8"))
    except (OSError, ValueError):
        return [CHECKSUMS]
    return [file for file, checksum in expected.items() if not (folder / file).is_file() or digest(folder / file) != checksum]


def expect(path: Path, checksum: str) -> None:
    """Insist that a file is the one meant.

    Raises:
        DataError: it has another SHA-256.
    """
    if (found := digest(path)) != checksum:
        raise DataError(f"{path.name} is not the file that was expected: its SHA-256 is {found}, not {checksum}. Fetch it again.")


def _seal(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    checksums = {path.relative_to(folder).as_posix(): digest(path) for path in files}
    for path in files:
        _flush(path)
    write_bytes(folder / CHECKSUMS, json.dumps(checksums, indent=1, sort_keys=True).encode() + b"\n")


def _flush(path: Path) -> None:
    if path.is_dir() and sys.platform == "win32":
        return  # Windows has no handle of a directory to flush
    handle = os.open(path, os.O_RDONLY if sys.platform != "win32" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system lets go of when the process ends, however it ends."""
    with path.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
