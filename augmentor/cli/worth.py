"""The table of an experiment in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

TITLES = {
    "left out": "What each strategy adds to the others",
    "alone": "What each strategy adds to the originals by itself",
    "filter off": "What each filter adds",
    "share": "What augmentation adds to a part of the sources",
}


def table(results: Mapping[str, Any]) -> Iterator[str]:
    """The lines of the table, a block for each kind of part, most worth first; none where there was no experiment."""
    rows = results.get("experiment") or []
    width = max((len(row["part"]) for row in rows), default=0)
    for kind, title in TITLES.items():
        some = [row for row in rows if row["kind"] == kind]
        if not some:
            continue
        yield ""
        yield f"{title} ({some[0]['metric']}, {results['confidence']:.0%} interval)"
        for row in some if kind == "share" else sorted(some, key=_worth, reverse=True):
            yield f"  {row['part']:<{width}}  {_size(row):<27}  {row['verdict']}"
    seeds = len((results.get("headline") or {}).get("seeds") or ())
    if rows and seeds < 3:
        yield f"Trained under {seeds} seed{'' if seeds == 1 else 's'}: training again may change this by more than the intervals say. --set seeds=[0,1,2] tells."


def _worth(row: Mapping[str, Any]) -> float:
    mean = row["difference"]["mean"]
    return float("-inf") if mean is None else float(mean)


def _size(row: Mapping[str, Any]) -> str:
    mean, low, high = (row["difference"].get(key) for key in ("mean", "low", "high"))
    if mean is None:
        return "-"
    return f"{mean:+.3f}" + ("" if low is None or high is None else f" ({low:+.3f} to {high:+.3f})")
