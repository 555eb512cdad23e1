"""Listening: on loopback, or elsewhere with a key; until the process is told to stop."""

from __future__ import annotations

import asyncio
import importlib.util
import socket

from augmentor.errors import MissingExtra, UsageError
from augmentor.plugins import plugins
from augmentor.protocols import ServeSettings

from .app import build
from .guard import LOOPBACK

KEY_ENV = "AUGMENTOR_SERVE_KEY"
_FEWEST = 16


def serve(settings: ServeSettings) -> None:
    """Serve until a signal stops the process.

    Raises:
        UsageError: other machines could reach the address and that was not asked for, or there is no good key; the port is taken.
        MissingExtra: starlette, uvicorn or python-multipart is not installed.
        BadOption: the trainer has no such option.
    """
    check_address(settings)
    for package in ("starlette", "uvicorn", "python_multipart"):
        if importlib.util.find_spec(package) is None:
            raise MissingExtra(f"Serving ({package})", "serve")
    plugins()["trainer"].make(settings.trainer)  # a wrong option is better known now than when the first job begins
    asyncio.run(_serve(settings))


def check_address(settings: ServeSettings) -> None:
    """Insist that only this machine can reach the server, or that those who can need a key."""
    if settings.key and len(settings.key) < _FEWEST:
        raise UsageError(f"The key in ${KEY_ENV} is short enough to guess: use at least {_FEWEST} characters.")
    if settings.host in LOOPBACK:
        return
    if not settings.allow_remote:
        raise UsageError(f"Other machines can reach {settings.host}. If that is meant, add --allow-remote and set ${KEY_ENV}.")
    if not settings.key:
        raise UsageError(f"Without a key, anyone who reaches {settings.host} could use and train models. Set ${KEY_ENV}.")


async def _serve(settings: ServeSettings) -> None:
    import uvicorn

    with _listening(settings.host, settings.port) as listener:
        parts = build(settings)
        try:
            name = parts.catalogue.base["id"]
            await parts.catalogue.load(name, settings.model)
            parts.trainings.start()
            host, port = listener.getsockname()[:2]
            address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
            settings.say(f"{name}: {address}/v1" + (f", chat page: {address}/" if settings.page else ""))
            config = uvicorn.Config(
                parts.app,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                lifespan="off",
                timeout_graceful_shutdown=5,
            )
            await uvicorn.Server(config).serve(sockets=[listener])
        finally:
            parts.close()


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address, family=family, backlog=256)
    except OSError as error:
        raise UsageError(f"Cannot listen on {host}, port {port}: {error.strerror or error}. Choose another with --port.") from None
    listener.setblocking(False)
    return listener
