"""The data stages of a run: read, clean, split, augment, filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from .. import generation
from ..errors import DataError
from ..examples import Example, decode, encode
from ..files import digest, write_bytes, write_lines
from ..formats import read_examples
from ..pipeline import Answerer, Changed, Dropped, Outcome, Plan, process
from ..plugins import plugins
from ..protocols import Columns, Problem, Reply, Request
from ..recipe import Data, Recipe, specs
from ..splits import PARTS, split
from .folder import RunFolder


def load(path: Path) -> list[Example]:
    """The examples of a native file that this project wrote."""
    return [decode(line) for line in path.read_bytes().split(b"\n") if line]


def save(path: Path, examples: Iterable[Example]) -> int:
    """Write a native file; how many examples it holds."""
    return write_lines(path, map(encode, examples))


def read_stage(run: RunFolder, recipe: Recipe, base: Path) -> None:
    """The team's files -> `data/sources.jsonl`, `data/questions.jsonl` (a test file of its own) and `data/quarantine.jsonl`."""
    sources = {"sources": recipe.data, **({"questions": recipe.test} if recipe.test else {})}
    paths = {name: _there(base / data.path) for name, data in sources.items()}

    def work() -> dict[str, Any]:
        problems: list[Problem] = []
        facts: dict[str, Any] = {}
        for name, data in sources.items():
            examples = list(read_file(paths[name], data, problems, facts, name))
            facts[name] = save(run / f"data/{name}.jsonl", examples)
        facts["quarantined"] = write_lines(run / "data/quarantine.jsonl", (msgspec.json.encode(problem) + b"\n" for problem in problems))
        return facts

    outputs = [*(f"data/{name}.jsonl" for name in sources), "data/quarantine.jsonl"]
    run.stage("read", {name: [digest(paths[name]), data] for name, data in sources.items()}, outputs, work)


def _there(path: Path) -> Path:
    if not path.is_file():
        raise DataError(f"there is no file {path}; 'path' in a recipe is relative to the recipe")
    return path


def read_file(path: Path, data: Data, problems: list[Problem], facts: dict[str, Any], name: str) -> Iterable[Example]:
    """The examples of a user's file; what cannot be read goes to `problems`, what was guessed to `facts`."""
    columns = msgspec.convert(data.columns, Columns)
    reading = read_examples(path, data.format, columns, formats={key: kind() for key, kind in plugins()["format"]})
    for item in reading:
        if isinstance(item, Problem):
            problems.append(item)
        else:
            yield item
    facts[f"{name}_said"] = list(reading.said)


def split_stage(run: RunFolder, recipe: Recipe, workers: int) -> None:
    """Sources -> cleaned `data/original.jsonl` (to train on), `data/validation.jsonl`, `data/test.jsonl`.

    `data/cleaned_out.jsonl` holds what went, `data/changed.jsonl` what was repaired, as it was before.
    """

    def work() -> dict[str, Any]:
        questions = load(run / "data/questions.jsonl") if recipe.test else []
        plan = Plan(filters=specs(recipe, "clean"), seed=recipe.seed, turns=recipe.turns)
        outcome = process(load(run / "data/sources.jsonl"), plan, held_out=questions, sources_judged=True, workers=workers)
        parts = split(outcome.kept, recipe.how_to_split(), recipe.seed)
        if recipe.test:
            parts["test"] = questions
        for part in PARTS:
            save(run / f"data/{'original' if part == 'train' else part}.jsonl", parts[part])
        save_dropped(run / "data/cleaned_out.jsonl", outcome.dropped)
        save_dropped(run / "data/changed.jsonl", outcome.changed)
        if not parts["train"]:
            raise DataError(f"nothing is left to train on after cleaning: {_reasons(outcome.dropped)}")
        return {"kept": len(outcome.kept), "dropped": counts(outcome.dropped), "changed": counts(outcome.changed), **{part: len(parts[part]) for part in PARTS}}

    inputs = ["data/sources.jsonl", *(["data/questions.jsonl"] if recipe.test else [])]
    depends_on = [_digests(run, inputs), specs(recipe, "clean"), recipe.how_to_split(), recipe.seed]
    run.stage("split", depends_on, ["data/original.jsonl", "data/validation.jsonl", "data/test.jsonl", "data/cleaned_out.jsonl", "data/changed.jsonl"], work)


def augment_stage(run: RunFolder, recipe: Recipe, workers: int) -> None:
    """Originals -> `data/train.jsonl` (originals first within a family) and `data/dropped.jsonl` with every row that went and why."""

    def work() -> dict[str, Any]:
        outcome = augmented(run, recipe, load(run / "data/original.jsonl"), workers, "augment")
        save(run / "data/train.jsonl", outcome.kept)
        cleaned = [msgspec.json.decode(line, type=Dropped) for line in (run / "data/cleaned_out.jsonl").read_bytes().split(b"\n") if line]
        save_dropped(run / "data/dropped.jsonl", [*cleaned, *outcome.dropped])
        save_dropped(run / "data/changed_variants.jsonl", outcome.changed)
        _save_funnel(run, outcome.made, cleaned, outcome.dropped, outcome.kept)
        variants = sum(example.parent is not None for example in outcome.kept)
        asked = {"asked": run.account.taken()} if run.account else {}
        return {"originals": len(outcome.kept) - variants, "variants": variants, "made": outcome.made, "dropped": counts(outcome.dropped), **asked}

    run.stage("augment", augmenting(run, recipe), ["data/train.jsonl", "data/dropped.jsonl", "data/changed_variants.jsonl", "funnel.json"], work)


def augmented(run: RunFolder, recipe: Recipe, originals: Sequence[Example], workers: int, stage: str) -> Outcome:
    """The originals with the recipe's variants of them, kept apart from the held-out parts."""
    held_out = load(run / "data/validation.jsonl") + load(run / "data/test.jsonl")
    plan = Plan(specs(recipe, "augment"), specs(recipe, "filters"), recipe.seed, recipe.turns)

    def watch(sources: int, rows: int) -> None:
        run.tell({"stage": stage, "state": "step", "done": sources, "rows": rows, "unit": "examples"})

    with _answerer(run, recipe) as answer:
        return process(originals, plan, held_out=held_out, workers=workers, answer=answer, progress=watch)


def augmenting(run: RunFolder, recipe: Recipe) -> list[Any]:
    """What decides the variants."""
    inputs = ["data/original.jsonl", "data/validation.jsonl", "data/test.jsonl"]
    return [_digests(run, inputs), specs(recipe, "augment"), specs(recipe, "filters"), recipe.seed, recipe.turns, recipe.generator]


@contextmanager
def _answerer(run: RunFolder, recipe: Recipe) -> Iterator[Answerer | None]:
    """Asks the recipe's generator, within one budget for the whole run; None when there is none."""
    if recipe.generator is None:
        yield None
        return
    generator = plugins()["generator"].make(recipe.generator)
    if run.account is None:
        run.account = generation.Account(generation.price_of_generator(generator), recipe.budget.max_tokens, recipe.budget.max_cost)
    cache = generation.Cache(run / "replies.sqlite")

    def answer(requests: Sequence[Request]) -> Sequence[Reply]:
        def watch(done: int, total: int) -> None:
            run.tell({"stage": "augment", "state": "step", "done": done, "total": total, "unit": "replies"})

        return generation.answer(generator, requests, cache=cache, account=run.account, progress=watch)

    with closing(cache):
        yield answer


def save_dropped(path: Path, rows: Iterable[Dropped | Changed]) -> None:
    """Write dropped or repaired rows with their reasons."""
    write_lines(path, (msgspec.json.encode(row) + b"\n" for row in rows))


def _save_funnel(run: RunFolder, made: Mapping[str, int], cleaned: list[Dropped], dropped: list[Dropped], kept: list[Example]) -> None:
    read, split_facts = run.finished["read"].facts, run.finished["split"].facts
    variants = sum(example.parent is not None for example in kept)
    funnel = {
        "read": read["sources"],
        "quarantined": read["quarantined"],
        "cleaned_out": counts(cleaned),
        "held_out": {"validation": split_facts["validation"], "test": split_facts["test"]},
        "sources": len(kept) - variants,
        "made": dict(made),
        "dropped": counts(dropped),
        "variants": variants,
        "kept": len(kept),
    }
    write_bytes(run / "funnel.json", msgspec.json.format(msgspec.json.encode(funnel), indent=2))


def counts(rows: Iterable[Dropped | Changed]) -> dict[str, int]:
    """How many rows each filter dropped or repaired, most first."""
    return dict(Counter(row.filter.partition(":")[0] for row in rows).most_common())


def _reasons(dropped: Iterable[Dropped]) -> str:
    return ", ".join(f"{count} by {name}" for name, count in counts(dropped).items()) or "no rows were read"


def _digests(run: RunFolder, names: Iterable[str]) -> list[str]:
    return [digest(run / name) for name in names]

