"""Rows to judge."""

from __future__ import annotations

import csv

import pytest

from augmentor.examples import Example, Message
from augmentor.protocols import Candidate


@pytest.fixture(scope="session")
def row():
    """A candidate: a source of one question and its answer, under an id of one's choice."""

    def make(question, answer="Open the settings.", id="r1", **more):
        messages = (Message(role="user", content=question), *([Message(role="assistant", content=answer)] if answer is not None else []))
        return Candidate(Example(id=id, messages=messages, **more))

    return make


@pytest.fixture(scope="session")
def variant(row):
    """A candidate that says `text` where its source says `question`."""

    def make(question, text, id="r1"):
        source = row(question, id=id).example
        return Candidate(source.vary(0, text, "test"), source)

    return make


@pytest.fixture(scope="session")
def banking77(shared_data):
    """13,083 questions that bank customers asked."""
    texts = []
    for part in ("train", "test"):
        with (shared_data / "banking77" / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            texts += [line["text"] for line in csv.DictReader(file)]
    return texts
