"""Serving: an OpenAI-compatible endpoint that answers chats with a local model, and fine-tunes it."""

from augmentor.hookspecs import hookimpl
from augmentor.protocols import ServeSettings


@hookimpl
def augmentor_serve(settings: ServeSettings) -> bool:
    from .server import serve

    serve(settings)
    return True
