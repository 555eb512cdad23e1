"""Files that are either whole or not there."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when all of it is on disk: temporary file, fsync, rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)


def write_lines(path: Path, lines: Iterable[bytes]) -> int:
    """Write lines (each with its newline) to a file that is whole or not there; how many there were."""
    count = 0
    with writing(path) as file:
        for line in lines:
            file.write(line)
            count += 1
    return count


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file that is whole or not there."""
    with writing(path) as file:
        file.write(data)


def digest(path: Path) -> str:
    """SHA-256 of a file, or of a directory's file names and contents, in hex."""
    if path.is_dir():
        total = hashlib.sha256()
        for file in sorted(item for item in path.rglob("*") if item.is_file()):
            total.update(f"{file.relative_to(path).as_posix()}\0{digest(file)}\n".encode())
        return total.hexdigest()
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sync_directory(path: Path) -> None:
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
