"""How many jobs a submission becomes when its process is killed and answers are lost: the openai trainer beside a plain script.

Each submission is killed with SIGKILL at random points and started again until it ends, against a provider on this machine that also loses
a share of the answers (connections cut before and after a request is acted on, server errors, stalls longer than the client waits). The plain
script is what the protocol's documentation shows: upload, create, look until it ends, with the official client's own retries.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

import openai

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.plugins.trainers.openai_killing import Work, killed_and_started_again, ours, uninterrupted


def plain(provider, task) -> str:
    while True:
        try:
            with openai.OpenAI(base_url=provider.url, api_key="none", timeout=0.25) as client, task.train.open("rb") as file:
                uploaded = client.files.create(file=file, purpose="fine-tune")
                job = client.fine_tuning.jobs.create(model="m", training_file=uploaded.id)
                while job.status != "succeeded":
                    time.sleep(0.01)
                    job = client.fine_tuning.jobs.retrieve(job.id)
                return job.fine_tuned_model
        except openai.OpenAIError:
            continue  # a person would start it again


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--kills", type=int, default=2, help="a submission, at random points")
    parser.add_argument("--lost", type=float, default=0.1, help="share of the requests whose answer is lost")
    arguments = parser.parse_args()
    works: dict[str, Work] = {"plain script, official client": plain, "openai trainer": ours}
    print("| | submissions | exactly one job | most jobs | jobs in all | seconds each |\n|---|---|---|---|---|---|")
    worst = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, work) in enumerate(works.items()):
            whole = min(uninterrupted(Path(folder) / f"whole-{number}-{again}", work) for again in range(3))
            started = time.monotonic()
            jobs = Counter(
                killed_and_started_again(
                    Path(folder) / f"{number}-{seed}", Random(seed), whole, kills=arguments.kills, mistreat=arguments.lost, work=work
                )[1]
                for seed in range(arguments.submissions)
            )
            took = (time.monotonic() - started) / arguments.submissions
            print(
                f"| {name} | {arguments.submissions} | {jobs[1]} | {max(jobs)} | {sum(n * times for n, times in jobs.items())} | {took:.1f} |",
                flush=True,
            )
            worst = max(jobs)
    return int(worst != 1)


if __name__ == "__main__":
    sys.exit(main())
