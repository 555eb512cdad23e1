"""A wanted number of variants: sources are varied, again and again, until so many were accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from .examples import Example, chance, decode
from .executors.local import run_shards
from .pipeline import FAILED, REPEAT, Answerer, Changed, Dropped, Outcome, Plan, ShardResult, reduce, shards, work_shard
from .texts import normalised

SURPLUS = "surplus"
"""The name under which accepted variants are dropped that are more than were wanted."""
_GROWTH = 4  # a block has at most so many times the sources of the one before: one that begins badly must not ask for thousands
_WORTH_WORKERS = 500  # sources; fewer are done before processes have started
_LEAST_RATE = 0.05  # accepted variants a source that are hoped for when there were hardly any


def collect(
    examples: Iterable[Example],
    plan: Plan,
    *,
    accepted: int,
    candidates: int,
    held_out: Sequence[Example] = (),
    workers: int = 1,
    answer: Answerer | None = None,
    progress: Callable[[int], None] = lambda _accepted: None,
) -> Outcome:
    """Take examples through the plan until the filters accepted so many variants.

    Sources come in an order of chance, a block at a time, so that no more is made (and paid) than is needed. When all had their turn they
    begin anew with another seed. It ends when there are enough, when `candidates` were made, or when all sources had a turn that brought
    nothing new. The same arguments give the same rows.

    Args:
        examples: the sources; all of them stay in the outcome.
        plan: what happens to each.
        accepted: how many variants are wanted.
        candidates: how many to make at most (of the last source a few more may come).
        held_out: validation and test examples, for filters that keep training data away from them.
        workers: processes; the outcome does not depend on it.
        answer: asks the model, for prompted strategies.
        progress: called with how many are accepted so far.
    """
    sources = list(examples)
    order = sorted(range(len(sources)), key=lambda index: chance(plan.seed, "order", sources[index].id).random())
    pool = _Pool({str(spec): 0 for spec in plan.strategies}, {source.id for source in sources})
    for result in run_shards(work_shard, shards(sources, replace(plan, strategies=())), workers):
        pool.add(result)
    kept, dropped = reduce(pool.rows, pool.sketches, plan, held_out)
    pool.news = have = turns = turn = place = 0
    size = 1
    while sources and have < accepted and sum(pool.made.values()) < candidates:
        block = order[place : place + size]
        seed = plan.seed if turn == 0 else chance(plan.seed, "turn", str(turn)).getrandbits(31)
        cut = shards((sources[index] for index in block), replace(plan, seed=seed), answer=answer)
        for result in run_shards(work_shard, cut, workers if len(block) >= _WORTH_WORKERS else 1):
            pool.add(result, variants=True)
        kept, dropped = reduce(pool.rows, pool.sketches, plan, held_out)
        have = sum(example.id not in pool.sources for example in kept)
        progress(min(have, accepted))
        turns, place = turns + len(block), place + len(block)
        if place >= len(order):
            if not pool.news:
                break
            turn, place, pool.news = turn + 1, 0, 0
        size = _next_size(size, turns, accepted - have, have, candidates, sum(pool.made.values()))
    return _finished(pool, kept, dropped, accepted)


@dataclass
class _Pool:
    """All rows so far, sources first, with their sketches: what data-set-wide filters judge together."""

    made: dict[str, int]
    sources: set[str]
    news: int = 0
    tried: dict[str, set[str]] = field(default_factory=dict)
    rows: list[Example] = field(default_factory=list)
    sketches: dict[str, list[Any]] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)

    def add(self, result: ShardResult, *, variants: bool = False) -> None:
        """Take in a shard: its sources, or its variants. `news` counts candidates, also dropped ones, that say what none said before."""
        self.dropped += result.dropped
        self.changed += result.changed
        for row in result.dropped:
            if row.filter not in {REPEAT, FAILED}:
                self._is_new(row.example)
        for name, count in result.made.items():
            self.made[name] += count
        for index, line in enumerate(result.kept):
            example = decode(line)
            if (example.id in self.sources) == variants:
                continue
            if not self._is_new(example) and variants:
                self.dropped.append(Dropped(example, REPEAT, "it says the same as its source or an earlier variant"))
                continue
            self.rows.append(example)
            for name, sketches in result.sketches.items():
                self.sketches.setdefault(name, []).append(sketches[index])

    def _is_new(self, example: Example) -> bool:
        key, tried = normalised(example.text), self.tried.setdefault(example.root, set())
        new = key not in tried
        tried.add(key)
        self.news += new
        return new


def _next_size(size: int, turns: int, wanted: int, have: int, candidates: int, made: int) -> int:
    """How many sources to vary next: as many as it takes at the rate so far, within what may still be made."""
    needed = ceil(wanted / max(have / turns, _LEAST_RATE))
    allowed = int((candidates - made) / max(made / turns, 1.0))
    return max(1, min(needed, allowed, size * _GROWTH))


def _finished(pool: _Pool, kept: Sequence[Example], dropped: Sequence[Dropped], accepted: int) -> Outcome:
    """No more variants than wanted, each behind its source."""
    variants = [example for example in kept if example.id not in pool.sources]
    surplus = [Dropped(example, SURPLUS, f"{accepted} were wanted") for example in variants[accepted:]]
    families: dict[str, list[Example]] = {}
    for example in [*(example for example in kept if example.id in pool.sources), *variants[:accepted]]:
        families.setdefault(example.root, []).append(example)
    return Outcome([example for family in families.values() for example in family], [*pool.dropped, *dropped, *surplus], pool.made, pool.changed)
