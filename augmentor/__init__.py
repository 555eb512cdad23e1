"""Augmentor: from a team's own text to a fine-tuned chat model, and to proof that it got better."""

from .examples import Example, Message
from .hookspecs import hookimpl

__version__ = "0.1.0"
__all__ = ["Example", "Message", "hookimpl"]
