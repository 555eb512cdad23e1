"""Reading the word lists that lie beside the filters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def sections(name: str, *, by_line: bool = False) -> Mapping[str, tuple[str, ...]]:
    """The sections of `words/<name>.txt`: words or phrases, lower case, in the order of the file.

    A file is `[section]` lines, and lines of words with commas between; `#` begins a comment. With `by_line`, each line is one item.
    """
    found: dict[str, tuple[str, ...]] = {}
    current = ""
    for raw in (Path(__file__).parent / "words" / f"{name}.txt").read_text("utf-8").splitlines():
        line = raw.partition("#")[0].strip()
        heading = re.fullmatch(r"\[([\w ]+)\]", line)
        if heading:
            current = heading.group(1)
            found[current] = ()
        elif line:
            found[current] += (line,) if by_line else tuple(word.strip() for word in line.split(",") if word.strip())
    return found
