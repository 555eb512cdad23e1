"""A trainer in a process of its own that is killed with SIGKILL, and started again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import openai  # noqa: F401 - loaded before forking, so that a child spends its time on requests

from augmentor.examples import Example, Message, encode
from augmentor.protocols import TrainingTask
from augmentor_plugins.trainers.openai_protocol import OpenAI
from tests.plugins.trainers.openai_provider import Provider


def task_in(folder: Path) -> TrainingTask:
    """Ten questions with answers, and a directory for the trainer."""
    folder.mkdir(exist_ok=True)
    train = folder / "train.jsonl"
    turns = [(Message(role="user", content=f"question {n}"), Message(role="assistant", content=f"answer {n}")) for n in range(10)]
    train.write_bytes(b"".join(encode(Example(id=f"e{n}", messages=pair)) for n, pair in enumerate(turns)))
    return TrainingTask(train, folder / "out")


def trainer(provider: Provider, **options) -> OpenAI:
    return OpenAI(**{"model": "m", "base_url": provider.url, "poll": 0.01, "settle": 0.3, "timeout": 0.25, "patience": 20.0, **options})


Work = Callable[[Provider, TrainingTask], str]
"""Submits the task, follows its job, and returns the tuned model."""


def ours(provider: Provider, task: TrainingTask) -> str:
    return trainer(provider).train(task).model


def uninterrupted(folder: Path, work: Work = ours) -> float:
    """Seconds that a submission takes, followed to its end."""
    provider = slow(Random(0), 0.0)
    try:
        started = time.monotonic()
        work(provider, task_in(folder))
        return time.monotonic() - started
    finally:
        provider.close()


def killed_and_started_again(
    folder: Path, rng: Random, whole: float, *, kills: int = 2, mistreat: float = 0.0, work: Work = ours
) -> tuple[str, int]:
    """The model that came out in the end, and how many jobs the provider was left with.

    Kills fall anywhere in the `whole` seconds that a submission takes; a share `mistreat` of all requests loses its answer.
    """
    provider = slow(rng, mistreat)
    task = task_in(folder)
    try:
        for _ in range(kills):
            child = os.fork()
            if child == 0:
                try:
                    silence()
                    work(provider, task)
                finally:
                    os._exit(0)
            time.sleep(rng.uniform(0.0, whole))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        return work(provider, task), len(provider.jobs)
    finally:
        provider.close()


def slow(rng: Random, mistreat: float) -> Provider:
    """A provider that takes a little over each request, so that kills fall before, into and after it; some answers it loses."""
    provider = Provider(looks=3)

    def fault(handler, _method, _path, acted):
        time.sleep(rng.uniform(0.0, 0.01))
        if rng.random() >= mistreat / 2:
            return False
        stall = lambda: time.sleep(0.4) or (acted and handler.reset())  # noqa: E731
        honest = () if acted else (lambda: handler.fail(429, retry_after="0.05"),)
        return rng.choice((handler.reset, lambda: handler.fail(500), stall, *honest))()

    provider.fault = fault
    return provider


def silence() -> None:
    """Send what a child prints nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
