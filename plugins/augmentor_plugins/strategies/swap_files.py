"""Files of demographic terms: groups of people side by side, and names. The format is in docs/strategies.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from augmentor.errors import LexiconError

DATA = Path(__file__).parent / "swaps"
NAMES = "names"  # the group whose sections are names, not rows of terms
KINDS = ("pronoun", "title", "noun", "adjective", "people", "place")
SEXES = ("female", "male")


@dataclass(frozen=True, slots=True)
class Row:
    """Terms that say the same of different people, a cell a column; each cell's first term is what others become."""

    kind: str
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A name: where it is common, `female`, `male` or `surname`, and what else it is (`?` a word, `~` a month or place)."""

    text: str
    origin: str
    sort: str
    doubt: str


@dataclass(slots=True)
class Group:
    """One way in which people differ: its columns and rows, or its names; what is never swapped, and what forbids swapping."""

    name: str
    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    unless: list[str] = field(default_factory=list)


@cache
def read_groups(own: tuple[Path, ...] = ()) -> dict[str, Group]:
    """The shipped groups by name, with the user's `own` files: more rows for a group that is there, or a new group.

    Raises:
        LexiconError: a file cannot be read; says in which line.
    """
    groups: dict[str, Group] = {}
    for path in (*sorted(path for path in DATA.glob("*.txt") if path.stem != "people"), *reversed(own)):
        read = _read(path)
        known = groups.setdefault(read.name, Group(read.name, read.columns))
        if known.columns != read.columns:
            raise LexiconError(f"{path} gives the group {read.name!r} the columns {_said(read.columns)}; another file has {_said(known.columns)}.")
        for part in ("rows", "names", "never", "unless"):
            getattr(known, part)[:0] = getattr(read, part)  # what users write comes first
    return groups


@cache
def people() -> frozenset[str]:
    """Words for people, lower case."""
    return frozenset(word for line in _lines(DATA / "people.txt") for word in _listed(line[1]))


def _said(columns: tuple[str, ...]) -> str:
    return " | ".join(columns) or "(none)"


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"The file of terms {path} cannot be read: {error}") from None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.partition("#")[0].strip()
        if line:
            yield number, line


def _listed(line: str) -> list[str]:
    return [word.strip() for word in line.split(",") if word.strip()]


def _read(path: Path) -> Group:
    group = Group("")
    section = ""
    for number, line in _lines(path):
        where = f"{path.name}:{number}"
        key, colon, value = (part.strip() for part in line.partition(":"))
        heading = re.fullmatch(r"\[([\w -]+)\]", line)
        if colon and not section and key in {"group", "columns"}:
            if key == "group":
                group.name = value
            else:
                group.columns = tuple(part.strip() for part in value.split("|"))
        elif heading:
            section = heading[1]
            _check_section(section, group, where)
        elif not section:
            raise LexiconError(f"{where}: a file begins with 'group: NAME', 'columns: A | B' and a [section], not with {line!r}")
        elif section in {"never", "unless"}:
            getattr(group, section).extend(word.lower() for word in _listed(line))
        elif group.name == NAMES:
            origin, _, sort = section.rpartition(" ")
            group.names += [Name(word.rstrip("?~"), origin, sort, word[len(word.rstrip("?~")) :]) for word in _listed(line)]
        else:
            group.rows.append(_row(section, line, group.columns, where))
    if not group.name:
        raise LexiconError(f"{path} has no line 'group: NAME'")
    return group


def _check_section(section: str, group: Group, where: str) -> None:
    if group.name == NAMES:
        if section != "never" and section.rpartition(" ")[2] not in {*SEXES, "surname"}:
            raise LexiconError(f"{where}: a section of names is [ORIGIN female], [ORIGIN male], [ORIGIN surname] or [never], not [{section}]")
    elif section not in {*KINDS, "never", "unless"}:
        raise LexiconError(f"{where}: a section is one of {', '.join(KINDS)}, never, unless; not {section!r}")
    elif len(group.columns) < 2:
        raise LexiconError(f"{where}: before its sections a file says 'columns: A | B', one for each group of people")


def _row(kind: str, line: str, columns: tuple[str, ...], where: str) -> Row:
    cells = tuple(tuple(term.strip() for term in cell.split(";") if term.strip()) for cell in line.split("|"))
    if len(cells) != len(columns):
        raise LexiconError(f"{where}: {len(cells)} cells for {len(columns)} columns ({_said(columns)}); leave a cell empty where there is no such word")
    return Row(kind, cells)
