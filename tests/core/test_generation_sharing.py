"""The cache between processes: nothing is paid twice, nothing is lost when one is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from random import Random

from augmentor.examples import Message
from augmentor.generation import Cache, answer
from augmentor.protocols import Reply, Request

ASKER = """
import os, sys, time
from pathlib import Path
from augmentor.generation import Cache, answer
from augmentor.examples import Message
from augmentor.protocols import Reply, Request

class Slow:
    identity = "slow"
    def generate(self, requests):
        log = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for index, request in enumerate(requests):
            os.write(log, request.messages[0].text.encode() + b"\\n")
            time.sleep(0.004)
            yield index, Reply("re: " + request.messages[0].text)

requests = [Request((Message(role="user", content=f"q{number}"),)) for number in range(int(sys.argv[3]))]
replies = answer(Slow(), requests, cache=Cache(Path(sys.argv[1])))
assert [reply.text for reply in replies] == [f"re: q{number}" for number in range(len(requests))]
"""


def start(tmp_path, count):
    command = [sys.executable, "-c", ASKER, str(tmp_path / "c.sqlite"), str(tmp_path / "log"), str(count)]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def asked(tmp_path):
    path = tmp_path / "log"
    return path.read_text().split() if path.exists() else []


def leftovers(tmp_path):
    return [path.name for path in tmp_path.iterdir() if "-asking-" in path.name]


def test_processes_that_ask_the_same_at_the_same_time_pay_once(tmp_path):
    processes = [start(tmp_path, 150) for _ in range(3)]
    for process in processes:
        assert process.wait(60) == 0, process.stderr.read()
        process.stderr.close()
    assert sorted(asked(tmp_path)) == sorted(f"q{number}" for number in range(150))


def test_a_kill_loses_at_most_the_call_under_way(tmp_path):
    rng, kills = Random(0), 0
    for _ in range(5):
        process = start(tmp_path, 200)
        before = len(asked(tmp_path))
        deadline = time.monotonic() + 30
        while len(asked(tmp_path)) <= before and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(rng.random() * 0.15)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait(30)
        process.stderr.close()
    last = start(tmp_path, 200)
    assert last.wait(60) == 0, last.stderr.read()
    last.stderr.close()
    assert kills >= 3
    assert len(set(asked(tmp_path))) == 200
    assert len(asked(tmp_path)) <= 200 + kills
    assert len(leftovers(tmp_path)) <= 1, "what the killed ones left was cleared by the next"


def ask(*texts):
    return [Request((Message(role="user", content=text),)) for text in texts]


class Failing:
    identity = "one"

    def generate(self, requests):
        for index, _ in enumerate(requests):
            time.sleep(0.3)
            yield index, Reply(error="no")


class Working:
    identity = "one"

    def generate(self, requests):
        for index, request in enumerate(requests):
            yield index, Reply(request.messages[0].text.upper())


def _fail(path, started):
    cache = Cache(path)
    started.set()
    answer(Failing(), ask("a", "b"), cache=cache)
    cache.close()


def test_what_fails_elsewhere_is_asked_here(tmp_path):
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    other = context.Process(target=_fail, args=(tmp_path / "c.sqlite", started))
    other.start()
    assert started.wait(30)
    time.sleep(0.1)
    with closing(Cache(tmp_path / "c.sqlite")) as cache:
        assert [reply.text for reply in answer(Working(), ask("a", "b"), cache=cache)] == ["A", "B"]
    other.join(30)
    assert other.exitcode == 0


def test_a_claim_ends_with_the_cache_that_made_it(tmp_path):
    first, second = Cache(tmp_path / "c.sqlite"), Cache(tmp_path / "c.sqlite")
    assert first.claim([b"a", b"b"]) == [b"a", b"b"]
    assert second.claim([b"a", b"b", b"c"]) == [b"c"]
    first.put(b"a", Reply("x"))
    first.close()
    assert second.claim([b"a", b"b"]) == [b"b"]
    second.close()
    assert leftovers(tmp_path) == []


def test_an_error_in_the_generator_lets_go_of_what_was_claimed(tmp_path):
    class Broken:
        identity = "one"

        def generate(self, requests):
            yield 0, Reply("A")
            raise RuntimeError("out of order")

    with closing(Cache(tmp_path / "c.sqlite")) as first, closing(Cache(tmp_path / "c.sqlite")) as second:
        try:
            answer(Broken(), ask("a", "b"), cache=first)
        except RuntimeError:
            assert [reply.text for reply in answer(Working(), ask("a", "b"), cache=second)] == ["A", "B"]
