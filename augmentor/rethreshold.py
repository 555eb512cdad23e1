"""Deciding again, from the scores that rows carry: another threshold without another pass of the filter.

A filtered data set is two files: the rows that stayed, and those that went, each with the number of its row. Together the numbers
say where every row stood, so that rows that come back stand where they were. What was said of a row that comes back is kept in a
third file, so that going back to the first threshold gives the first files again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from .errors import BadOption, DataError, UsageError
from .examples import Example
from .pipeline import Dropped
from .plugins import plugins
from .protocols import Threshold
from .registry import Spec


@dataclass(frozen=True)
class Decision:
    """A filter, how its verdict follows from its score, and the limit that is wanted now."""

    spec: Spec
    threshold: Threshold
    limit: float


@dataclass(frozen=True)
class Redecided:
    """The rows as they are decided now, each list in the order of the rows that went in.

    `restored` is what was once said of rows that are kept now. `returned` and `gone` are how many rows changed sides this time,
    `unjudged` the filters that have not judged all of those that returned.
    """

    kept: list[Example]
    dropped: list[Dropped]
    restored: list[Dropped]
    returned: int
    gone: int
    unjudged: tuple[str, ...]


def decision(written: str) -> Decision:
    """What `near_duplicate:threshold=0.8` asks for.

    Raises:
        UsageError: the filter's verdict is more than a threshold on its score, or another option is named as well.
    """
    filters = plugins()["filter"]
    spec = filters.parse(written)
    threshold = getattr(filters.find(spec.name), "decides", None)
    if not isinstance(threshold, Threshold):
        able = ", ".join(name for name, kind in filters if isinstance(getattr(kind, "decides", None), Threshold))
        raise UsageError(f"filter {spec.name!r} does not decide by a threshold on its score alone; run it again instead. Those that do: {able}")
    component = filters.make(spec)
    if set(spec.options) != {threshold.option}:
        raise BadOption(f"write {spec.name}:{threshold.option}=VALUE: the scores are those of the other options as they were")
    return Decision(spec, threshold, float(getattr(component, threshold.option)))


def numbered(ids: Sequence[str], dropped: Iterable[Dropped]) -> list[Dropped]:
    """The dropped rows in the order in which they came, each with its number; `ids` are those of all rows that went in.

    Of rows with the same id the last ones count as the dropped ones.
    """
    places: dict[str, list[int]] = {}
    for row, id in enumerate(ids, 1):
        places.setdefault(id, []).append(row)
    return sorted((msgspec.structs.replace(item, row=places[item.example.id].pop()) for item in dropped), key=_row)


def rethreshold(kept: Sequence[Example], dropped: Sequence[Dropped], restored: Sequence[Dropped], wanted: Decision) -> Redecided:
    """Decide again which rows stay.

    Rows that other filters dropped stay dropped. Of filters that compare rows this is what their stored comparisons say, not what
    a new comparison with the rows that returned would.

    Raises:
        DataError: the files do not belong together, or have no scores of that filter.
        UsageError: the scores do not reach down to the limit that is wanted.
    """
    name = wanted.spec.name
    said = {_row(item): item for item in (*restored, *dropped) if _spec(item).name == name}
    _check_scores(kept, said, wanted)
    rows: dict[int, Example | Dropped] = dict(zip(_places(len(kept), dropped), kept, strict=True)) | {_row(item): item for item in dropped}
    stay: list[Example] = []
    go: list[Dropped] = []
    once: list[Dropped] = []
    returned: list[Example] = []
    for row, item in sorted(rows.items()):
        example = item.example if isinstance(item, Dropped) else item
        score = example.scores.get(name)
        stays = score is None or wanted.threshold.keeps(score, wanted.limit)
        if isinstance(item, Dropped) and (row not in said or score is None or not stays):
            go.append(item)
        elif stays:
            stay.append(example)
            if row in said:
                once.append(said[row])
            if isinstance(item, Dropped):
                returned.append(example)
        else:
            reason = f"its score {score:g} is past the limit {wanted.limit:g}"
            go.append(said.get(row) or Dropped(example, str(wanted.spec), reason, score, row=row))
    return Redecided(stay, go, once, len(returned), len(kept) + len(returned) - len(stay), _unjudged(kept, returned))


def _check_scores(kept: Sequence[Example], said: Mapping[int, Dropped], wanted: Decision) -> None:
    name, option = wanted.spec.name, wanted.threshold.option
    if not said and not any(name in example.scores for example in kept):
        raise DataError(f"no row has a score by {name!r}: it was not among the filters, or these are not the files that it wrote")
    if wanted.threshold.downwards:
        return
    default = {item.name: item.default for item in plugins()["filter"].options(name)}[option]
    measured = min((float(_spec(item).options.get(option, default)) for item in said.values()), default=None)
    if measured is None:
        raise UsageError(f"no row that {name!r} dropped is at hand, so nothing tells from which {option} on it measured; run it again instead")
    if wanted.limit < measured:
        raise UsageError(f"{name!r} measured from {option}={measured:g} on; for {wanted.limit:g} it has to run again")


def _places(kept: int, dropped: Sequence[Dropped]) -> list[int]:
    """The numbers of the kept rows: those that no dropped row has."""
    taken = {_row(item) for item in dropped}
    free = [row for row in range(1, kept + len(dropped) + 1) if row not in taken]
    if len(free) != kept:
        raise DataError("the dropped rows are not those of these kept rows: their numbers leave no place for each row")
    return free


def _row(item: Dropped) -> int:
    if item.row is None:
        raise DataError(f"the dropped row {item.example.id} has no number; `augmentor filter` writes one, other commands do not")
    return item.row


def _spec(item: Dropped) -> Spec:
    return plugins()["filter"].parse(item.filter)


def _unjudged(kept: Sequence[Example], returned: Sequence[Example]) -> tuple[str, ...]:
    """Filters that gave other rows a score, and not each row that returned."""
    known = {name for example in kept for name in example.scores}
    return tuple(sorted(name for name in known if any(name not in example.scores for example in returned)))
