"""The bias of a data set as tables for `augmentor inspect`."""

from __future__ import annotations

from collections.abc import Sequence

from augmentor.examples import Example
from augmentor.inspection import Table

from .bias_measures import measure


def tables(examples: Sequence[Example]) -> list[Table]:
    """Who is named, and what stands out in what is said of them; nothing where no group of people is."""
    found = measure(examples)
    named = [
        (f"{count.dimension}: {count.group}", f"{count.families:,}", f"{count.share:.0%}", f"{count.low:.0%} to {count.high:.0%}", f"{count.expected:.0%}")
        for count in found.groups
        if count.families
    ]
    made = [
        Table(
            "Groups of people that are named",
            "Sources with all their variants count once. The share is of all mentions in its dimension, with its 95 % interval; were all groups named alike, it would be the one expected. Few customers name themselves, so read small numbers as such.",
            ("group", "families", "share", "interval", "expected"),
            tuple(named),
        ),
        Table(
            "What stands out",
            "Shares whose interval leaves the expected one out, words that are said more of one group than of the others, stereotypes, and answers that differ where only the group does. English only.",
            ("of", "finding", "figures"),
            tuple(found.table()),
        ),
    ]
    return [table for table in made if table.rows]
