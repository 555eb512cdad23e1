"""How much memory and time `augmentor inspect --html` takes as a file grows, and what pandas takes to read and count the same.

    python benchmarks/inspect_memory.py [--sizes 100 1000] [--peer-up-to 100] [--folder /tmp]

Sizes are in millions of bytes. The files are made here: chats with labels, copies, near-copies, personal data and broken lines,
the same for the same size. Each figure is of a process of its own; peak memory is the largest resident set the kernel saw.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

WORDS = "order parcel refund invoice charger battery account password delivery monday courier warehouse sensor radiator window valve hub battery screen button voucher basket branch street number garden kitchen engineer repair return label".split()
PANDAS = """
import sys, pandas
frame = pandas.read_json(sys.argv[1], lines=True)
text = frame["messages"].map(lambda turns: "\\n".join(turn["content"] for turn in turns))
print(len(frame), text.str.split().str.len().median(), int(text.duplicated().sum()), frame["label"].value_counts().head(1).to_dict())
"""


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, k=words))


def make(path: Path, size: int) -> int:
    """Write a file of about `size` bytes; how many rows it has."""
    rng = random.Random(0)
    rows = written = 0
    last = ""
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            chance = rng.random()
            if chance < 0.02 and last:
                line = last
            else:
                question = f"My {sentence(rng, rng.randint(4, 20))} since order {rng.randrange(10**9)}?"
                if chance < 0.03:
                    question += f" Write to customer{rng.randrange(10**6)}@mail.example.org."
                turns = [{"role": "user", "content": question}, {"role": "assistant", "content": f"Please {sentence(rng, rng.randint(10, 60))}."}]
                line = json.dumps({"messages": turns, "label": f"topic-{min(199, int(rng.expovariate(0.03)))}"}) + "\n"
            last = line
            file.write(line)
            written += len(line)
            rows += 1
    return rows


def measured(command: Sequence[str]) -> tuple[float, float, float, str]:
    """Seconds, CPU seconds and peak megabytes of a process, and the last line that it printed."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(command, stdout=printed, stderr=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"})
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command} failed with {process.returncode}")
        printed.seek(0)
        lines = printed.read().decode().splitlines()
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, lines[-1] if lines else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000], help="millions of bytes")
    parser.add_argument("--peer-up-to", type=int, default=100, help="the largest size that pandas is given")
    parser.add_argument("--folder", type=Path, default=None, help="where the files are made")
    options = parser.parse_args()
    print("| file | rows | what | seconds | CPU seconds | rows a CPU second | peak memory, MB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for size in options.sizes:
            path = Path(folder) / f"{size}.jsonl"
            rows = make(path, size * 1_000_000)
            page = Path(folder) / f"{size}.html"
            runs = {"`augmentor inspect --html`": [sys.executable, "-m", "augmentor", "inspect", str(path), "--html", str(page)]}
            if size <= options.peer_up_to:
                runs["pandas: read, count, duplicates"] = [sys.executable, "-c", PANDAS, str(path)]
            for what, command in runs.items():
                seconds, cpu, memory, _ = measured(command)
                print(f"| {size:,} MB | {rows:,} | {what} | {seconds:.0f} | {cpu:.0f} | {rows / cpu:,.0f} | {memory:,.0f} |", flush=True)
            path.unlink()


if __name__ == "__main__":
    main()
