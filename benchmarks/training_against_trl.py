"""Is the trainer as fast as a plain TRL script, and does it learn the same?

Both train SmolLM2-135M-Instruct (`augmentor models fetch smollm2-135m-instruct`) in this process, one after the other, on the same tokens in
the same order with the same labels, steps, learning rate and schedule. The peer is TRL's `SFTTrainer` as its documentation has it, with the two
defaults changed that do not work on a CPU (bfloat16 and gradient checkpointing). CPU seconds hold everything: loading, training, saving.

    nice python benchmarks/training_against_trl.py --steps 40
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from training_speed import SUPPORT, read

from augmentor.errors import AugmentorError
from augmentor.examples import Example, encode
from augmentor.protocols import TrainingTask
from augmentor_plugins.models.chat import end_tokens
from augmentor_plugins.models.loading import load_model, load_tokenizer
from augmentor_plugins.trainers.conversations import rows_of
from augmentor_plugins.trainers.huggingface import HuggingFace
from augmentor_plugins.trainers.order import batches

BATCH, RATE = 4, 3e-4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="smollm2-135m-instruct")
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--check", action="store_true", help="exit with 1 where ours is slower, or the losses differ by 1e-4 or more")
    chosen = parser.parse_args()
    import transformers  # noqa: F401 - what is imported first would count against whoever is first
    import trl  # noqa: F401

    chats = read(SUPPORT / "chats.jsonl")
    examples = list({example.label: example for example in reversed(chats)}.values())
    results = {}
    for name, run in (("TRL SFTTrainer", theirs), ("augmentor", ours)):
        with tempfile.TemporaryDirectory() as folder:
            started, cpu = time.monotonic(), time.process_time()
            tokens, losses = run(chosen, examples, Path(folder))
            results[name] = time.monotonic() - started, time.process_time() - cpu, tokens, losses
    print(f"{chosen.steps} steps of {BATCH}, {os.environ.get('OMP_NUM_THREADS', 'all')} threads\n")
    print("| trainer | seconds | CPU seconds | useful tokens | tokens a CPU second | loss at the last step |\n|" + "---|" * 6)
    for name, (seconds, cpu, tokens, losses) in results.items():
        print(f"| {name} | {seconds:.0f} | {cpu:.0f} | {tokens} | {tokens / cpu:.1f} | {losses[chosen.steps]:.6f} |")
    (_, peer, _, expected), (_, own, _, found) = results.values()
    apart = {step: abs(loss - expected[step]) for step, loss in found.items()}
    print(f"\n{peer / own:.2f} times the tokens a CPU second; losses apart by {apart[chosen.steps]:.1e} at the last step, {max(apart.values()):.1e} at most.")
    return int(chosen.check and (own > peer or apart[chosen.steps] >= 1e-4))


def theirs(chosen: argparse.Namespace, examples: Sequence[Example], folder: Path) -> tuple[int, dict[int, float]]:
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    from augmentor_plugins.models.linear import restore

    tokenizer, model = load_tokenizer(chosen.model), load_model(chosen.model, "cpu")
    restore(model)  # as Transformers loads it
    rows = rows_of(examples, tokenizer, end_tokens(model, tokenizer), 2048)
    stream = [row for batch in batches([len(row.tokens) for row in rows], BATCH, chosen.steps, chosen.seed) for row in batch]
    data = [{"input_ids": list(rows[row].tokens), "labels": list(rows[row].labels)} for row in stream]
    trainer = SFTTrainer(
        model=model,
        args=SFTConfig(
            output_dir=str(folder),
            max_steps=chosen.steps,
            per_device_train_batch_size=BATCH,
            learning_rate=RATE,
            warmup_steps=round(0.05 * chosen.steps),
            train_sampling_strategy="sequential",
            seed=chosen.seed,
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
            logging_steps=1,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
        ),
        train_dataset=Dataset.from_list(data),
        processing_class=tokenizer,
    )
    trainer.train()
    trainer.save_model(str(folder / "model"))
    return sum(len(row["input_ids"]) for row in data), {entry["step"]: entry["loss"] for entry in trainer.state.log_history if "loss" in entry}


def ours(chosen: argparse.Namespace, examples: Sequence[Example], folder: Path) -> tuple[int, dict[int, float]]:
    train = folder / "train.jsonl"
    train.write_bytes(b"".join(map(encode, examples)))
    options = HuggingFace(model=chosen.model, batch_size=BATCH, learning_rate=RATE, device="cpu", precision="float32", checkpoint_every=chosen.steps)
    trained = options.train(TrainingTask(train, folder / "out", seed=chosen.seed, steps=chosen.steps))
    return trained.facts["tokens"], {entry["step"]: entry["loss"] for entry in trained.facts["history"]}


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AugmentorError as error:
        sys.exit(str(error))
