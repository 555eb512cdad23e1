"""Chats answered by `augmentor serve`, against llama.cpp's own server on the same gguf file, in the same run.

    python benchmarks/serving.py --model smollm2-135m-instruct --chats 64 --tokens 32

CPU seconds are those of this process, which runs both servers; the first round of each is not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import openai
import uvicorn

from augmentor.protocols import ServeSettings
from augmentor_plugins.serving.app import build
from augmentor_plugins.serving.llama import Llama


def ask(client: openai.OpenAI, model: str, number: int, tokens: int) -> int:
    chat = [{"role": "user", "content": f"Tell me about the number {number}."}]
    reply = client.chat.completions.create(model=model, messages=chat, temperature=0, max_tokens=tokens, extra_body=EXTRA.get(model))
    return reply.usage.completion_tokens


EXTRA = {"peer": {"cache_prompt": False}}


def measure(client: openai.OpenAI, model: str, chats: int, tokens: int) -> tuple[float, float, int]:
    """Seconds, CPU seconds and tokens of `chats` chats at once."""
    ask(client, model, 0, tokens)
    began, spent = time.monotonic(), time.process_time()
    with ThreadPoolExecutor(chats) as pool:
        written = sum(pool.map(lambda number: ask(client, model, number, tokens), range(chats)))
    return time.monotonic() - began, time.process_time() - spent, written


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="smollm2-135m-instruct")
    parser.add_argument("--chats", type=int, default=64)
    parser.add_argument("--tokens", type=int, default=32)
    parser.add_argument("--parallel", type=int, default=8)
    options = parser.parse_args()
    rows = []
    for engine in ("llamacpp", "transformers"):
        with tempfile.TemporaryDirectory() as folder:
            settings = ServeSettings(model=options.model, state=Path(folder), name="ours", engine=engine, parallel=options.parallel, context=512)
            parts = build(settings)
            listener = socket.create_server(("127.0.0.1", 0), backlog=512)
            server = uvicorn.Server(uvicorn.Config(parts.app, log_level="error", lifespan="off"))
            thread = Thread(target=lambda server=server, listener=listener: asyncio.run(server.serve(sockets=[listener])))
            thread.start()
            client = openai.OpenAI(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}/v1", api_key="none", max_retries=3)
            rows.append((f"augmentor serve, {engine}", *measure(client, "ours", options.chats, options.tokens)))
            server.should_exit = True
            thread.join()
            parts.close()
    peer = Llama(options.model, options.parallel, 512)
    client = openai.OpenAI(base_url=f"{peer._server.listening_address}/v1", api_key=peer.key, max_retries=3)
    rows.append(("llama.cpp's server", *measure(client, "peer", options.chats, options.tokens)))
    print(f"\n{options.chats} chats at once, {options.parallel} answered together, up to {options.tokens} tokens\n")
    print("| server | seconds | CPU seconds | tokens | tokens a CPU second |\n|---|---|---|---|---|")
    for name, seconds, spent, written in rows:
        print(f"| {name} | {seconds:.1f} | {spent:.1f} | {written} | {written / spent:.0f} |")


if __name__ == "__main__":
    main()
