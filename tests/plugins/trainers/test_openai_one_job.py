"""One submission is one job, whatever dies when: lost answers, stalls, server errors, and processes killed at random points."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from augmentor.errors import TrainingError
from augmentor.protocols import TrainingTask
from tests.plugins.trainers.openai_killing import killed_and_started_again, task_in, trainer, uninterrupted
from tests.plugins.trainers.openai_provider import Provider

JOBS = ("POST", "/fine_tuning/jobs")


@pytest.fixture
def provider():
    started = Provider(looks=2)
    yield started
    started.close()


@pytest.fixture
def task(tmp_path: Path) -> TrainingTask:
    return task_in(tmp_path)


def once(trouble):
    """A fault that mistreats the first request to create a job."""
    seen = []

    def fault(handler, method, path, acted):
        if (method, path) != JOBS or seen or acted != trouble.after:
            return False
        seen.append(True)
        return trouble(handler)

    return fault


def _trouble(*, after: bool):
    def mark(function):
        function.after = after
        return function

    return mark


@_trouble(after=True)
def accepted_and_cut(handler):
    return handler.reset()


@_trouble(after=True)
def accepted_and_500(handler):
    return handler.fail(500)


@_trouble(after=True)
def accepted_and_silent(handler):
    time.sleep(0.5)
    return handler.reset()


@_trouble(after=True)
def accepted_and_garbled(handler):
    handler.send(200, b"<html>a gateway's page</html>")
    return True


@_trouble(after=False)
def cut_before(handler):
    return handler.reset()


@_trouble(after=False)
def busy(handler):
    return handler.fail(429, retry_after="0.1")


@_trouble(after=False)
def accepted_after_we_stopped_waiting(_handler):
    time.sleep(1.3)  # longer than the client waits for an answer and before it looks; then it does what it was asked
    return False


TROUBLES = (
    accepted_and_cut, accepted_and_500, accepted_and_silent, accepted_and_garbled, cut_before, busy, accepted_after_we_stopped_waiting,
)  # fmt: skip


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_a_create_request_in_trouble_is_one_job(provider, task, trouble):
    provider.fault = once(trouble)
    late = trouble is accepted_after_we_stopped_waiting
    assert trainer(provider, settle=1.2 if late else 0.2).train(task).model == "ft:m:org::ftjob-1"
    time.sleep(1.0 if late else 0.0)  # a second job may be on its way
    assert len(provider.jobs) == 1


def test_the_request_is_on_disk_before_it_is_sent(provider, task):
    seen = []

    def fault(_handler, method, path, _acted):
        if (method, path) == JOBS:
            seen.append((task.out / "submission.json").read_text())
        return False

    provider.fault = fault
    trainer(provider).train(task)
    token = provider.jobs["ftjob-1"]["metadata"]["augmentor"]
    assert '"trying": "job"' in seen[0]
    assert token in seen[0]
    headers = next(headers for method, path, headers, _ in provider.requests if (method, path) == JOBS)
    assert headers["idempotency-key"] == token


def test_a_job_is_found_on_a_later_page_among_those_of_others(provider, task):
    provider.fault = once(accepted_and_cut)
    real = provider.add_job

    def crowded(body, key):
        for _ in range(120):
            real({"model": "other", "training_file": "file-x"}, None)
        ours = real(body, key)
        for _ in range(120):
            real({"model": "other", "training_file": "file-x"}, None)
        return ours

    provider.add_job = crowded
    trained = trainer(provider).train(task)
    assert trained.model == "ft:m:org::ftjob-121"
    assert sum(job["model"] == "m" for job in provider.jobs.values()) == 1


def test_where_jobs_cannot_be_listed_nothing_is_sent_again(provider, task):
    def fault(handler, method, path, acted):
        if (method, path) == JOBS:
            return acted and handler.reset()
        return path == "/fine_tuning/jobs" and handler.fail(503)

    provider.fault = fault
    with pytest.raises(TrainingError, match=r"No answer for 1 seconds.*The same command goes on"):
        trainer(provider, patience=1.0).train(task)
    assert provider.sent(*JOBS) == 1
    provider.fault = lambda *_: False
    assert trainer(provider).train(task).model == "ft:m:org::ftjob-1"
    assert provider.sent(*JOBS) == 1


def test_a_refused_job_is_asked_for_anew_without_waiting(provider, task):
    provider.fault = once(_trouble(after=False)(lambda handler: handler.fail(400, "No such model")))
    with pytest.raises(TrainingError, match=r"refused the job: .*No such model"):
        trainer(provider, settle=60.0).train(task)
    assert trainer(provider, settle=60.0).train(task).facts["job"] == "ftjob-1"
    assert provider.sent("POST", "/files") == 1


def test_a_finished_submission_is_not_sent_again(provider, task):
    first = trainer(provider).train(task)
    asked = len(provider.requests)
    assert trainer(provider, timeout=9.0).train(task) == first
    assert len(provider.requests) == asked


def test_other_data_does_not_leave_a_running_job_behind(provider, task):
    provider.looks = 10**6
    with pytest.raises(KeyboardInterrupt):
        trainer(provider).train(TrainingTask(task.train, task.out, progress=_interrupt))
    with pytest.raises(TrainingError, match=r"holds the job ftjob-1, which is running, for other options or other data"):
        trainer(provider, epochs=7).train(task)
    provider.jobs["ftjob-1"]["status"] = "cancelled"
    provider.looks = 2
    assert trainer(provider, epochs=7).train(task).facts["job"] == "ftjob-2"


def _interrupt(_):
    raise KeyboardInterrupt


def test_a_process_killed_at_random_points_is_one_job(tmp_path):
    whole = min(uninterrupted(tmp_path / f"whole-{n}") for n in range(2))
    ends = [killed_and_started_again(tmp_path / str(seed), random.Random(seed), whole) for seed in range(8)]
    assert ends == [("ft:m:org::ftjob-1", 1)] * 8
