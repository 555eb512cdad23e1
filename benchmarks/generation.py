"""Asking a model through the pipeline: rate beside a bare client, a second run, an edited row, a cap, faults, kills.

    python benchmarks/generation.py [--rows 1000] [--latency 0.2] [--kills 50]

A server of its own, in another process on this machine, speaks the OpenAI protocol: it answers after a fixed time, says 40 tokens read and 12 written, and
fails as often as it is told to. Rates are the best of three alternating runs by the clock, since waiting is what is measured; CPU seconds are this process's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import signal
import sqlite3
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from augmentor.errors import BudgetReached
from augmentor.examples import Example, Message
from augmentor.generation import Account, Cache, answer
from augmentor.pipeline import Plan, asking, process
from augmentor.prices import Price
from augmentor.protocols import Request
from augmentor.registry import Spec
from augmentor_plugins.generators.openai_protocol import OpenAI

READ, WRITTEN = 40, 12
PLAN = Plan((Spec("prompted", {"n": 1}),))


class Server:
    """The endpoint: `attempts` and `answered` by question, `share` of attempts that fail, seconds until an answer."""

    def __init__(self, latency: float, share: float, stall: float) -> None:
        self.latency, self.share, self.stall = latency, share, stall
        self.attempts: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), 0)
                body = await reader.readexactly(length)
                if head.startswith(b"GET"):
                    self._send(writer, 200, {"attempts": self.attempts.total(), "answered": dict(self.answered)})
                elif not await self._chat(writer, json.loads(body)):
                    break
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    async def _chat(self, writer: asyncio.StreamWriter, body: dict[str, Any]) -> bool:
        """Answer, or fail; whether the connection goes on."""
        question = body["messages"][-1]["content"]
        self.attempts[question] += 1
        rng = Random(f"{question}#{self.attempts[question]}")
        if rng.random() < self.share:
            return await self._fail(writer, rng.randrange(7))
        await asyncio.sleep(self.latency)
        self.answered[question] += 1
        message = {"role": "assistant", "content": f"Other words for {question}"}
        usage = {"prompt_tokens": READ, "completion_tokens": WRITTEN, "total_tokens": READ + WRITTEN}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        self._send(writer, 200, {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage})
        return True

    async def _fail(self, writer: asyncio.StreamWriter, kind: int) -> bool:
        error = {"error": {"message": "no", "type": "t", "param": None, "code": None}}
        if kind < 4:
            self._send(writer, (429, 429, 500, 503)[kind], error, b"Retry-After: 0.05\r\n" if kind == 0 else b"")
            return True
        if kind == 4:
            await asyncio.sleep(self.stall)
        elif kind == 5:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n" + b'{"choices": [')
            await writer.drain()
            return False
        writer.transport.abort()
        return False

    @staticmethod
    def _send(writer: asyncio.StreamWriter, status: int, content: dict[str, Any], headers: bytes = b"") -> None:
        data = json.dumps(content).encode()
        writer.write(b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s" % (status, headers, len(data), data))


def _serve(pipe: Any, latency: float, share: float, stall: float) -> None:
    async def main() -> None:
        server = await asyncio.start_server(Server(latency, share, stall).connected, "127.0.0.1", 0, backlog=512)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    asyncio.run(main())


@contextmanager
def serving(latency: float, share: float = 0.0, stall: float = 0.0) -> Iterator[str]:
    """The address of a running server."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, latency, share, stall), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}/v1"
    finally:
        process.terminate()
        process.join()


def seen(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url) as response:
        return dict(json.load(response))


def examples(count: int) -> list[Example]:
    return [Example(id=f"s{number}", messages=(Message(role="user", content=f"How do I open door number {number}?"),)) for number in range(count)]


def through_pipeline(rows: Sequence[Example], generator: OpenAI, cache: Path, account: Account | None = None) -> tuple[int, int]:
    """How many rows became variants, and how many calls failed."""
    with closing(Cache(cache)) as opened:
        outcome = process(rows, PLAN, answer=lambda requests: answer(generator, requests, cache=opened, account=account))
    return len(outcome.kept) - len(rows), sum(row.filter == "failed" for row in outcome.dropped)


def bare(requests: Sequence[Request], url: str, concurrency: int) -> None:
    """The same requests by the official client in as many threads, and nothing else."""
    import openai

    with openai.OpenAI(base_url=url, api_key="none", max_retries=0) as client, ThreadPoolExecutor(concurrency) as pool:

        def ask(request: Request) -> str:
            messages: Any = [{"role": message.role, "content": message.text} for message in request.messages]
            made = client.chat.completions.create(model="m", messages=messages, max_tokens=request.max_tokens, temperature=request.temperature, seed=request.seed)
            return str(made.choices[0].message.content)

        assert len(list(pool.map(ask, requests))) == len(requests)


def rate(count: int, latency: float, folder: Path) -> None:
    print(f"\nA server that answers after {latency:g} s; {count:,} rows:\n\n| at once | bare, rows/s | pipeline, rows/s | ratio | CPU s bare | CPU s pipeline |\n|---|---|---|---|---|---|")
    rows = examples(count)
    requests = [request for _, lists in asking(rows, PLAN) for some in lists for request in some]
    for concurrency in (8, 32):
        best, cpu = {"bare": 0.0, "pipeline": 0.0}, {"bare": 9e9, "pipeline": 9e9}
        with serving(latency) as url:
            generator = OpenAI(model="m", base_url=url, concurrency=concurrency)
            for attempt in range(3):
                for name in ("bare", "pipeline"):
                    started, used = time.monotonic(), time.process_time()
                    if name == "bare":
                        bare(requests, url, concurrency)
                    else:
                        assert through_pipeline(rows, generator, folder / f"rate{concurrency}.{attempt}.sqlite") == (count, 0)
                    best[name] = max(best[name], count / (time.monotonic() - started))
                    cpu[name] = min(cpu[name], time.process_time() - used)
        print(f"| {concurrency} | {best['bare']:.1f} | {best['pipeline']:.1f} | {best['pipeline'] / best['bare']:.3f} | {cpu['bare']:.2f} | {cpu['pipeline']:.2f} |", flush=True)


def again(count: int, folder: Path) -> None:
    rows = examples(count)
    with serving(0.01) as url:
        generator = OpenAI(model="m", base_url=url, concurrency=16)
        calls = [0]
        for step in ("first run", "second run", "one row edited"):
            if step == "one row edited":
                rows[count // 2] = Example(id=rows[count // 2].id, messages=(Message(role="user", content="How do I close the window?"),))
            through_pipeline(rows, generator, folder / "again.sqlite")
            calls.append(seen(url)["attempts"])
            print(f"| {step} of {count:,} rows | {calls[-1] - calls[-2]:,} calls |", flush=True)


def capped(count: int, folder: Path) -> None:
    price = Price(1000.0, 2000.0)
    each = price.of(READ, WRITTEN) or 0.0
    cap = each * count / 4
    account = Account(price, max_cost=cap)
    with serving(0.05) as url:
        with suppress(BudgetReached):
            through_pipeline(examples(count), OpenAI(model="m", base_url=url, concurrency=64), folder / "capped.sqlite", account)
        spent = sum(seen(url)["answered"].values()) * each
    print(f"| cap of ${cap:.2f}, 64 calls at once | the server charged ${spent:.2f} |", flush=True)


def faulty(count: int, folder: Path) -> None:
    with serving(0.02, share=0.3, stall=2.0) as url:
        generator = OpenAI(model="m", base_url=url, concurrency=32, timeout=1.0, wait=0.05)
        started = time.monotonic()
        made, failed = through_pipeline(examples(count), generator, folder / "faulty.sqlite")
        server = seen(url)
    twice = sum(times > 1 for times in server["answered"].values())
    print(
        f"| 30 % of attempts fail (429 with and without Retry-After, 500, 503, stall, cut body, reset) | {server['attempts']:,} attempts, {made:,} of {count:,} rows "
        f"answered, {failed} ended as errors, {twice} answered twice, {time.monotonic() - started:.0f} s |",
        flush=True,
    )


def killed(kills: int, folder: Path) -> None:
    cache, rng, losses, count = folder / "killed.sqlite", Random(0), [0], 40 * kills
    rows = examples(count)
    with serving(0.05) as url:
        generator = OpenAI(model="m", base_url=url, concurrency=16)
        for _ in range(kills):
            before = seen(url)["attempts"]
            child = os.fork()
            if not child:
                through_pipeline(rows, generator, cache)
                os._exit(0)
            while seen(url)["attempts"] == before:
                time.sleep(0.01)
            time.sleep(rng.random() * 0.4)
            os.kill(child, signal.SIGKILL)
            assert os.WIFSIGNALED(os.waitpid(child, 0)[1]), "it was done before it could be killed"
            time.sleep(0.2)  # what the server still answers, nobody hears
            with closing(sqlite3.connect(cache)) as database:
                kept = database.execute("select count(*) from replies").fetchone()[0]
            losses.append(sum(seen(url)["answered"].values()) - kept)
        assert through_pipeline(rows, generator, cache) == (count, 0)
        answered = seen(url)["answered"]
    worst = max(after - before for before, after in pairwise(losses))
    print(
        f"| kill -9 at {kills} random points, 16 calls at once | most replies lost by a kill: {worst}; {len(answered):,} of {count:,} rows answered, "
        f"{sum(answered.values()) - count} of them paid again in all |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--kills", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        print("| what | what came of it |\n|---|---|")
        again(options.rows, Path(name))
        capped(options.rows, Path(name))
        faulty(options.rows, Path(name))
        killed(options.kills, Path(name))
        rate(options.rows, options.latency, Path(name))


if __name__ == "__main__":
    main()
