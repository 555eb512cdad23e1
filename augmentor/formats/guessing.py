"""Which column of a table is the question, the answer, the label: by name, then by what is in it, and always said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace

from ..errors import DataError, UsageError
from ..protocols import Columns

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "uuid", "guid", "example_id", "row_id", "ticket_id", "ticket"),
    "system": ("system", "system_prompt", "system_message"),
    "answer": (
        "answer",
        "response",
        "reply",
        "completion",
        "output",
        "assistant",
        "solution",
        "resolution",
        "target",
        "antwort",
        "réponse",
        "respuesta",
    ),
    "label": (
        "label",
        "intent",
        "topic",
        "class",
        "category",
        "tag",
        "subject",
        "theme",
        "type",
        "kategorie",
        "thema",
        "catégorie",
        "categoría",
    ),
    "question": (
        *("question", "query", "prompt", "instruction", "user", "input", "utterance", "request", "message", "text", "content"),
        *("tweet", "sentence", "title", "frage", "anfrage", "pregunta", "consulta"),
    ),
}
"""What columns are called, the surest name first."""

BARE = frozenset({"text", "content"})
"""Names of a column that may as well hold running text as questions: with no answer and no label that is said."""

SAMPLE = 200
"""How many rows are looked at."""

HOW = "Say which is which: --columns question=NAME,answer=NAME,label=NAME"


def guess(names: Sequence[str], rows: Sequence[Mapping[str, str]], columns: Columns, where: str) -> tuple[Columns, list[str]]:
    """The columns to read a table by, with sentences that say what was chosen.

    Args:
        names: the table's columns, in order.
        rows: some of its rows, as text.
        columns: what the user said; it is never overruled.
        where: the file, for messages.

    Raises:
        UsageError: the user named a column that is not there.
        DataError: no column is plainly the question, or several are plainly the answer.
    """
    for option in fields(columns):
        named = getattr(columns, option.name)
        if named is not None and named not in names:
            raise UsageError(f"{where} has no column {named!r} to take the {option.name} from. Its columns: {', '.join(map(repr, names))}.")
    known = {option.name: getattr(columns, option.name) for option in fields(columns)}
    told = set(filter(None, known.values()))
    for part in NAMES:
        if known[part] is None:
            free = [name for name in names if name not in set(filter(None, known.values()))]
            known[part] = _by_name(part, free, where)
    if known["question"] is None:
        known |= _by_content(known, [name for name in names if name not in set(filter(None, known.values()))], rows)
    if known["question"] is None:
        raise DataError(f"{where}: no column is plainly the question. Its columns: {', '.join(map(repr, names))}.{_headless(names)} {HOW}")
    found = replace(columns, **known)
    said = [_sentence(found, [name for name in names if name not in set(known.values())])]
    if known["question"] not in told and known["answer"] is None and known["label"] is None and known["question"].casefold() in BARE:
        said.append(f"{known['question']!r} holds running text, with no answer and no label: each text is taken for a user's turn, and there is nothing to train on.")
    return found, said


def _by_name(part: str, names: Sequence[str], where: str) -> str | None:
    for wanted in NAMES[part]:
        same = [name for name in names if "_".join(_words(name)) == wanted]
        if len(same) > 1 and part in ("question", "answer"):
            raise DataError(f"{where}: {' and '.join(map(repr, same))} could each be the {part}. {HOW}")
        if same:
            return same[0]
    if part in ("id", "system"):
        return None
    for wanted in NAMES[part]:
        like = [name for name in names if wanted in _words(name)]
        if len(like) > 1 and part == "answer":
            raise DataError(f"{where}: {' and '.join(map(repr, like))} could each be the answer. {HOW}")
        if like:
            return like[0]
    return None


def _words(name: str) -> list[str]:
    """`customerQuestion`, `Customer question`, `customer_question1` -> [customer, question]."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[^\W\d_]+", spaced.casefold())


def _by_content(known: Mapping[str, str | None], names: Sequence[str], rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    wordy = [name for name in names if _is_wordy(row.get(name, "") for row in rows)]
    if not wordy or len(wordy) > 2 or (len(wordy) == 2 and known["answer"] is not None):
        return {}
    asking = sorted(wordy, key=lambda name: -sum(row.get(name, "").rstrip().endswith(("?", "？", "؟")) for row in rows))
    if len(asking) == 2:
        return {"question": asking[0], "answer": asking[1]}
    return {"question": asking[0]} if known["answer"] or known["label"] else {}


def _is_wordy(values: Iterable[str]) -> bool:
    """Whether most values are phrases of three words or more (or eight letters of a script that has no spaces)."""
    lengths = [
        max(len(value.split()) / 3, len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]", value)) / 8)
        for value in values
        if value.strip()
    ]
    return bool(lengths) and sum(length >= 1 for length in lengths) > len(lengths) / 2


def _headless(names: Sequence[str]) -> str:
    if any(len(name.split()) > 5 or name.rstrip().endswith("?") for name in names):
        return " The first line reads like data: put a line with column names above it."
    return ""


def _sentence(columns: Columns, rest: Sequence[str]) -> str:
    parts = ("question", "answer", "label", "id", "system")
    chosen = [f"{part} = column {getattr(columns, part)!r}" for part in parts if getattr(columns, part) is not None]
    if columns.answer is None:
        chosen.append("no answers")
    if rest:
        shown = ", ".join(repr(name) for name in rest[:5]) + (f" and {len(rest) - 5} more" if len(rest) > 5 else "")
        chosen.append(f"kept as meta: {shown}")
    return ", ".join(chosen)
