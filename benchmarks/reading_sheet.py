"""A sheet to judge variants by without knowing who made them, and the count afterwards.

    python benchmarks/reading_sheet.py make SHEET.csv DATA... [--number 100]
    python benchmarks/reading_sheet.py count SHEET.csv

`make` draws questions from data files, has every strategy vary the same ones (at most two variants of each), and writes one row a
variant in random order, with a key in SHEET.key.csv that says who made it. A reader fills the column `usable` with y or n: grammatical, natural, and asking for the same
answer. `count` reads both and prints the share of usable variants of each maker with its Wilson interval.
"""

from __future__ import annotations

import argparse
import csv
import random
import warnings
from collections import Counter
from pathlib import Path

from augmentor.examples import Example, Message
from augmentor.formats import read_examples
from augmentor.pipeline import Plan, process
from augmentor.plugins import plugins
from augmentor.protocols import Columns

MAKERS = {
    "rephrase": "rephrase:n=2,forms=0",
    "persona": "persona:n=2",
    "paraphrase": "paraphrase:n=2",
    "noise": "noise:n=2",
    "nlpaug synonyms": "nlpaug:augmenter=SynonymAug,n=2",
    "nlpaug word swap": {"nlpaug": {"augmenter": "RandomWordAug", "n": 2, "options": {"action": "swap"}}},
    "nlpaug keyboard": "nlpaug:augmenter=KeyboardAug,n=2",
}


def make(sheet: Path, data: list[Path], number: int) -> None:
    formats = {name: kind() for name, kind in plugins()["format"]}
    texts = [item.question for path in data for item in read_examples(path, "auto", Columns(), formats=formats) if isinstance(item, Example) and item.question.isascii()]
    chance = random.Random(1)
    texts = sorted(set(texts))
    chance.shuffle(texts)
    examples = [Example(id=str(place), messages=(Message(role="user", content=text),)) for place, text in enumerate(texts)]
    rows = []
    for maker, spec in MAKERS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            kept = process(examples, Plan((plugins()["strategy"].parse(spec),))).kept
        sources = {example.id: example.question for example in kept}
        made = [(sources[str(example.parent)], example.question, maker) for example in kept if example.parent is not None and example.variation != "form"]
        chance.shuffle(made)
        rows += made[:number]
        print(f"{maker}: {len(made[:number])}")
    chance.shuffle(rows)
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "source", "variant", "usable"])
        writer.writerows([place, source, text, ""] for place, (source, text, _) in enumerate(rows))
    with key_of(sheet).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "maker"])
        writer.writerows([place, maker] for place, (_, _, maker) in enumerate(rows))


def count(sheet: Path) -> None:
    from scipy.stats import binomtest

    with sheet.open(encoding="utf-8", newline="") as file:
        judged = {row["number"]: row["usable"].strip().lower()[:1] for row in csv.DictReader(file)}
    with key_of(sheet).open(encoding="utf-8", newline="") as file:
        makers = {row["number"]: row["maker"] for row in csv.DictReader(file)}
    usable, read = Counter(), Counter()
    for number, verdict in judged.items():
        if verdict in {"y", "n"}:
            read[makers[number]] += 1
            usable[makers[number]] += verdict == "y"
    print("| maker | read | usable | 95 % interval |\n|---|---|---|---|")
    for maker in MAKERS:
        if read[maker]:
            interval = binomtest(usable[maker], read[maker]).proportion_ci(method="wilson")
            print(f"| {maker} | {read[maker]} | {usable[maker] / read[maker]:.0%} | {interval.low:.0%} to {interval.high:.0%} |")


def key_of(sheet: Path) -> Path:
    return sheet.with_suffix(".key.csv")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    first = commands.add_parser("make")
    first.add_argument("sheet", type=Path)
    first.add_argument("data", type=Path, nargs="+")
    first.add_argument("--number", type=int, default=100)
    commands.add_parser("count").add_argument("sheet", type=Path)
    settings = parser.parse_args()
    if settings.command == "make":
        make(settings.sheet, settings.data, settings.number)
    else:
        count(settings.sheet)


main()
