"""Make a task of BANKING77: few questions an intent to train on, many people's wordings to test, one invented answer each.

BANKING77 is not part of this project. Its two files `train.csv` and `test.csv` (columns `text` and `category`) are in
https://github.com/PolyAI-LDN/task-specific-datasets under `banking_data` (CC BY 4.0).
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

import msgspec

from augmentor.examples import Example, Message, chance, content_id, encode
from augmentor.files import write_lines
from augmentor.texts import normalised

HERE = Path(__file__).parent


def questions(path: Path) -> dict[str, list[str]]:
    """The questions of a file by intent, each wording once."""
    found: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["category"], {}).setdefault(normalised(row["text"]), " ".join(row["text"].split()))
    return {intent: list(texts.values()) for intent, texts in found.items()}


def task(intents: dict[str, list[str]], answers: dict[str, str], count: int, seed: int) -> Iterator[Example]:
    """So many questions of each intent, drawn by chance, with the intent's answer."""
    for intent, texts in intents.items():
        order = sorted(texts, key=lambda text: chance(seed, "banking", text).random())
        for text in order[:count]:
            messages = (Message(role="user", content=text), Message(role="assistant", content=answers[intent]))
            yield Example(id=content_id(messages, intent), messages=messages, label=intent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where BANKING77's train.csv and test.csv are")
    parser.add_argument("--out", type=Path, default=HERE / "runs/task", help="where to write train.jsonl and test.jsonl")
    parser.add_argument("--train", type=int, default=2, help="questions an intent to train on")
    parser.add_argument("--test", type=int, default=4, help="questions an intent to test")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    answers = msgspec.yaml.decode((HERE / "answers.yaml").read_bytes(), type=dict[str, str])
    known, asked = questions(args.folder / "train.csv"), questions(args.folder / "test.csv")
    if missing := sorted({*known, *asked} - answers.keys()):
        parser.error(f"{args.folder} has intents that answers.yaml does not know: {', '.join(missing)}")
    seen = {normalised(text) for texts in known.values() for text in texts}
    fresh = {intent: [text for text in texts if normalised(text) not in seen] for intent, texts in asked.items()}
    for name, intents, count in (("train", known, args.train), ("test", fresh, args.test)):
        rows = write_lines(args.out / f"{name}.jsonl", map(encode, task(intents, answers, count, args.seed)))
        print(f"{args.out / name}.jsonl: {rows} questions of {len(intents)} intents")


if __name__ == "__main__":
    main()
