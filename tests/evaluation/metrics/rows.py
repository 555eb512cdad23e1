"""Answers with what is known of them, for metrics that look at rows."""

from augmentor.examples import Example, Message
from augmentor.protocols import Answered


def row(prediction, *, question="", reference="", label=None, root=None, number=0, **known):
    return Answered(f"q{number}", root or f"r{number}", label, question, reference, prediction, **known)


def turns(*texts):
    """Messages of a user and an assistant in turn."""
    return tuple(Message(role="assistant" if place % 2 else "user", content=text) for place, text in enumerate(texts))


def taught(answer):
    return Example(id=answer, messages=turns("What?", answer))
