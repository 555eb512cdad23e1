"""The server dies in the middle of a job; the next one finishes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import msgspec
import openai
import pytest

from augmentor.files import digest
from augmentor.protocols import TrainingTask
from augmentor_plugins.serving.training import Order, _trainer

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="kill -9"), pytest.mark.slow]


@contextmanager
def served(model, state):
    trainer = "huggingface:device=cpu,learning_rate=0.01,checkpoint_every=5"
    command = [sys.executable, "-m", "augmentor", "serve", str(model), "--name", "tiny", "--port", "0", "--state", str(state), "-t", trainer]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "AUGMENTOR_SERVE_KEY": ""})
    try:
        for line in process.stderr:
            if line.startswith("tiny: http://"):
                yield process, openai.OpenAI(base_url=line.split()[1].rstrip(","), api_key="none", max_retries=0)
                return
        raise AssertionError(f"it did not start: exit code {process.wait()}")
    finally:
        process.kill()
        process.communicate()


def step(client, job: str) -> int:
    return max((event.data["step"] for event in client.fine_tuning.jobs.list_events(job, limit=100).data if event.data), default=0)


def wait(condition, seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def test_a_job_outlives_the_server(tiny_model, tmp_path, training_rows):
    with served(tiny_model, tmp_path / "state") as (process, client):
        data = client.files.create(file=("chats.jsonl", training_rows()), purpose="fine-tune").id
        asked = {"model": "tiny", "training_file": data, "hyperparameters": {"n_epochs": 15, "batch_size": 3}, "seed": 3}
        job = client.fine_tuning.jobs.create(**asked).id
        wait(lambda: step(client, job) >= 20)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with served(tiny_model, tmp_path / "state") as (process, client):
        jobs = client.fine_tuning.jobs
        wait(lambda: jobs.retrieve(job).status != "running")
        done = jobs.retrieve(job)
        assert done.status == "succeeded", done.error
        events = [(event.message, event.data) for event in jobs.list_events(job, limit=200)][::-1]
        again = [message for message, _ in events].index("Fine-tuning job goes on where it was")
        assert next(data["step"] for _, data in events[again:] if data) > 10, "it did not begin again"
        chat = [{"role": "user", "content": "refund 2"}]
        said = client.chat.completions.create(model=done.fine_tuned_model, messages=chat, temperature=0, max_tokens=20)
        assert said.model == done.fine_tuned_model
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) in {0, -signal.SIGTERM}
    folder = tmp_path / "state" / "jobs" / job
    order = msgspec.json.decode((folder / "job.json").read_bytes(), type=Order)
    whole = _trainer(order).train(TrainingTask(folder / "train.jsonl", tmp_path / "whole", seed=order.seed))
    weights = [digest(path / "model.safetensors") for path in (folder / "work" / "model", Path(whole.model))]
    assert weights[0] == weights[1], "the weights are those of a job that was never killed"
