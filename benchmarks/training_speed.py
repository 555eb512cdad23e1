"""How fast can a small model learn a team's facts on a CPU, and how well does it then know them in other words?

Trains SmolLM2-135M-Instruct (`augmentor models fetch smollm2-135m-instruct`) on one question for each intent of `examples/support`, then asks it
those questions, the other questions of the same intents in the chats, and the hand-written test. Every configuration does 480 passes over
examples. Prints the rows of the table in docs/training.md:

    python benchmarks/training_speed.py                 # all configurations
    python benchmarks/training_speed.py full lora-16    # some of them
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from augmentor.errors import AugmentorError
from augmentor.examples import Example, Message, encode
from augmentor.protocols import Request, TrainingTask
from augmentor_plugins.generators.transformers_local import Transformers
from augmentor_plugins.trainers.huggingface import HuggingFace

SUPPORT = Path(__file__).parent.parent / "examples" / "support"
CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "everything": {"freeze": 0, "freeze_embeddings": False},
    "full": {"freeze": 0, "freeze_embeddings": True},
    "full, batch 8": {"freeze": 0, "freeze_embeddings": True, "batch_size": 8, "learning_rate": 5e-4},
    "lora-16": {"freeze": 0, "freeze_embeddings": True, "lora": 16, "learning_rate": 2e-3},
    "upper 2/3": {"freeze": 0.34},
    "upper 1/3": {"freeze": 0.67},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help=f"configurations: {', '.join(CONFIGURATIONS)}")
    parser.add_argument("--model", default="smollm2-135m-instruct")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    chats = read(SUPPORT / "chats.jsonl")
    first = {example.label: example for example in reversed(chats)}
    asked = {"train": list(first.values()), "other": [e for e in chats if e is not first[e.label]], "test": read(SUPPORT / "test.jsonl")}
    print("| configuration | seconds | CPU seconds | tokens a CPU second | ROUGE-L train | other questions | test |\n|" + "---|" * 7)
    for name in chosen.only or CONFIGURATIONS:
        with tempfile.TemporaryDirectory() as folder:
            train = Path(folder, "train.jsonl")
            train.write_bytes(b"".join(map(encode, asked["train"])))
            options = {"batch_size": 4, **CONFIGURATIONS[name]}
            steps = 480 // options["batch_size"]
            task = TrainingTask(
                train, Path(folder, "out"), seed=chosen.seed, steps=steps, progress=lambda said: print(dict(said), file=sys.stderr)
            )
            cpu = time.process_time()
            trained = HuggingFace(model=chosen.model, **options).train(task)
            cpu = time.process_time() - cpu
            scores = [f"{rouge(trained.model, examples):.2f}" for examples in asked.values()]
            speed = trained.facts["tokens"] / cpu
            print(f"| {name} | {trained.facts['seconds']:.0f} | {cpu:.0f} | {speed:.0f} | {' | '.join(scores)} |", flush=True)
    return 0


def read(path: Path) -> list[Example]:
    """The lines that are a question, an answer and a label; the example data holds broken ones on purpose."""
    found = []
    for number, line in enumerate(path.read_bytes().split(b"\n")):
        try:
            row = json.loads(line)
            question, answer = row["messages"]
            messages = tuple(Message(role=turn["role"], content=turn["content"]) for turn in (question, answer))
            found.append(Example(id=f"{path.stem}-{number}", messages=messages, label=row["label"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def rouge(model: str, examples: Sequence[Example]) -> float:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rougeL"])
    requests = [Request(example.prompt, max_tokens=64) for example in examples]
    replies = dict(Transformers(model=model).generate(requests))
    scores = [scorer.score(example.answer, replies[index].text)["rougeL"].fmeasure for index, example in enumerate(examples)]
    return sum(scores) / len(scores)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AugmentorError as error:
        sys.exit(str(error))
