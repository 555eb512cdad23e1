"""Does a training that was killed with `kill -9` end with the very weights of one that was not?

Trains a two-layer model that is made here, once without interruption and then again and again, killed each time at a random step in whatever it
is doing then, and called again. Prints a Markdown table, and exits with 1 where a checksum differs. It forks, so it needs OMP_NUM_THREADS=1.

    OMP_NUM_THREADS=1 python -W ignore benchmarks/killed_training.py --kills 20
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from augmentor.files import digest
from augmentor.protocols import TrainingTask
from augmentor_plugins.trainers.huggingface import HuggingFace

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

STEPS = 60
KINDS: dict[str, tuple[dict[str, Any], str]] = {
    "weights themselves": ({"learning_rate": 0.01}, ""),
    "adapters": ({"learning_rate": 0.01, "lora": 4}, ""),
    "frozen lower layer": ({"learning_rate": 0.01, "freeze": 1}, ""),
    "preferences": ({"learning_rate": 0.001}, "call the desk"),
}


def main() -> int:
    import peft  # noqa: F401 - so that no child has to
    import transformers.models.llama.modeling_llama  # noqa: F401
    import trl.trainer.sft_trainer  # noqa: F401
    from conftest import tiny_model

    from tests.plugins.trainers.small_tasks import write

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    rng = Random(chosen.seed)
    differ = 0
    print("| trained | killed after step | went on from | SHA-256 of the weights | same |\n|" + "---|" * 5, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        model = tiny_model._get_wrapped_function()(_Folders(made))
        whole: dict[str, str] = {}
        for number in range(chosen.kills):
            kind = list(KINDS)[number % len(KINDS)]
            options, rejected = KINDS[kind]
            train = write(made / f"{number % len(KINDS)}.jsonl", rejected=rejected)
            if kind not in whole:
                run(model, train, made / f"whole-{kind}", options, None)
                whole[kind] = digest(made / f"whole-{kind}" / "model" / "model.safetensors")
            at = rng.randrange(1, STEPS)
            run(model, train, made / str(number), options, at, pause=rng.random() / 20)
            first = run(model, train, made / str(number), options, None)
            found = digest(made / str(number) / "model" / "model.safetensors")
            differ += found != whole[kind]
            print(f"| {kind} | {at} | {first} | {found[:16]} | {'yes' if found == whole[kind] else '**no**'} |", flush=True)
    print(f"\n{chosen.kills - differ} of {chosen.kills} ended with the weights of an uninterrupted training.")
    return int(differ > 0)


def run(model: Path, train: Path, out: Path, options: dict[str, Any], kill_at: int | None, pause: float = 0.0) -> int:
    """Train in a process of its own, and kill it `pause` seconds after the first step told from `kill_at` on; the step that it began with."""
    reading, writing = os.pipe()
    child = os.fork()  # what is imported stays imported, which is most of a short training
    if child == 0:
        try:
            tell = os.fdopen(writing, "w", buffering=1)
            task = TrainingTask(train, out, steps=STEPS, seed=3, progress=lambda said: print(said["step"], file=tell))
            HuggingFace(model=str(model), device="cpu", batch_size=3, checkpoint_every=7, **options).train(task)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            os._exit(1)
        os._exit(0)
    os.close(writing)
    first = None
    with os.fdopen(reading) as told:
        for line in told:
            first = int(line) if first is None else first
            if kill_at is not None and int(line) >= kill_at:
                time.sleep(pause)
                os.kill(child, signal.SIGKILL)
                break
    _, status = os.waitpid(child, 0)
    if kill_at is None and status != 0:
        sys.exit("a training failed")
    return first or 0


class _Folders:
    """What pytest's fixture for folders gives, outside pytest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mktemp(self, name: str) -> Path:
        made = self.folder / name
        made.mkdir()
        return made


if __name__ == "__main__":
    sys.exit(main())
