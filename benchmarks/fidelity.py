"""How well `fidelity` tells variants that keep the meaning from variants that lost it, on pairs labelled by hand.

    python benchmarks/fidelity.py [--failures] [--min-similarity 0.3] [--pairs FILE]

The pairs are in `fidelity_pairs.txt`. The variants of a third of the questions, chosen by hash, are held back: guards may be improved by
looking at what fails among the others (`--failures`), never among these. `kept` takes "same meaning" as positive: precision is the
share of kept variants that mean the same, recall the share of good variants that are kept. `caught` takes "meaning lost" as positive.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import NamedTuple

from augmentor.examples import Example, Message
from augmentor.protocols import Candidate
from augmentor_plugins.filters.fidelity import Fidelity


class Pair(NamedTuple):
    """A question, a variant, what was done to it (`same`, or the way it went wrong), and whether the question is held back."""

    source: str
    variant: str
    kind: str
    held_back: bool


def pairs(path: Path) -> Iterator[Pair]:
    source, held_back = "", False
    for line in path.read_text("utf-8").splitlines():
        sign, _, rest = line.partition(" ")
        if sign == "=":
            source, held_back = rest, hashlib.blake2b(rest.encode(), digest_size=1).digest()[0] % 3 == 0
        elif sign == "+":
            yield Pair(source, rest, "same", held_back)
        elif sign == "-":
            kind, _, variant = rest.partition(": ")
            yield Pair(source, variant, kind, held_back)


def candidate(pair: Pair) -> Candidate:
    source = Example(id="source", messages=(Message(role="user", content=pair.source),))
    return Candidate(source.vary(0, pair.variant, "by hand"), source)


def measured(path: Path, filter: Fidelity, *, failures: bool = False) -> dict[bool, tuple[float, float, float, float]]:
    """For both parts (held back or not): precision and recall of `kept`, then of `caught`; prints them with the share right by kind."""
    every = list(pairs(path))
    begun = process_time()
    verdicts = filter.judge([candidate(pair) for pair in every])
    spent = process_time() - begun
    kinds: dict[str, dict[bool, list[bool]]] = defaultdict(lambda: {False: [], True: []})
    counts = {False: [0, 0, 0, 0], True: [0, 0, 0, 0]}  # good kept, good dropped, bad kept, bad dropped
    for pair, verdict in zip(every, verdicts, strict=True):
        good = pair.kind == "same"
        counts[pair.held_back][2 * (not good) + (not verdict.keep)] += 1
        kinds[pair.kind][pair.held_back].append(verdict.keep == good)
        if failures and not pair.held_back and verdict.keep != good:
            print(f"    {pair.kind}: {pair.source!r} -> {pair.variant!r} {verdict.reason or 'is kept'}")
    print("| kind | pairs | right, open | right, held back |\n|---|---|---|---|")
    for kind, parts in kinds.items():
        shares = [f"{sum(right) / len(right):.2f}" if right else "-" for right in (parts[False], parts[True])]
        print(f"| {kind} | {len(parts[False]) + len(parts[True])} | {shares[0]} | {shares[1]} |")
    print("\n| part | pairs | kept: precision | kept: recall | caught: precision | caught: recall |\n|---|---|---|---|---|---|")
    found = {}
    for held_back, name in ((False, "open"), (True, "held back")):
        kept, lost, missed, caught = counts[held_back]
        found[held_back] = kept / max(1, kept + missed), kept / max(1, kept + lost), caught / max(1, caught + lost), caught / max(1, caught + missed)
        print(f"| {name} | {sum(counts[held_back])} | {' | '.join(f'{value:.3f}' for value in found[held_back])} |")
    print(f"\n{len(every) / max(spent, 1e-9):,.0f} pairs a CPU second")
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--failures", action="store_true", help="show what is judged wrong among the open pairs")
    parser.add_argument("--min-similarity", type=float, default=0.0, help="ask an encoder too")
    parser.add_argument("--pairs", type=Path, default=Path(__file__).with_name("fidelity_pairs.txt"))
    options = parser.parse_args()
    measured(options.pairs, Fidelity(min_similarity=options.min_similarity), failures=options.failures)
