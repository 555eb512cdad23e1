"""Rows to a file to an inspection."""

from __future__ import annotations

import json

import pytest

from augmentor.formats import read_examples
from augmentor.inspection import inspect
from augmentor.plugins import plugins


def line(question, answer=None, **more):
    turns = [{"role": "user", "content": question}] + ([{"role": "assistant", "content": answer}] if answer else [])
    return json.dumps({"messages": turns, **more}) + "\n"


@pytest.fixture
def row():
    return line


@pytest.fixture
def inspected(tmp_path):
    def work(content, **options):
        path = tmp_path / "data.jsonl"
        path.write_text(content)
        return inspect(read_examples(path, formats={name: kind() for name, kind in plugins()["format"]}), **options)

    return work


CHATS = (
    ("How can I reset my password?", "Open the settings, choose security and tap the orange key."),
    ("Where is my parcel at the moment?", "It left the depot this morning and reaches you on Friday."),
    ("Do you take back opened batteries?", "Yes, within thirty days, in any of our shops."),
    ("My radiator stays cold although the app shows heat.", "Take the head off and press the pin of the valve five times."),
    ("Is there a discount for students?", "Ten per cent, with a card that is valid this term."),
    ("Which window sensors fit old wooden frames?", "The flat ones; they are glued, not screwed."),
    ("Can somebody else sign for a delivery?", "Leave a note with the courier that names the neighbour."),
    ("The garden lamp flickers after rain.", "Dry the plug and turn the seal so that its lip points down."),
    ("When will my refund be booked?", "Every Tuesday, once the bench check is done."),
    ("I want to change the name on an invoice.", "Write to the desk before the month ends; later it is closed."),
    ("How loud is the kitchen fan?", "As loud as a quiet talk on its lowest step."),
    ("Do vouchers ever expire?", "They stay good for three years from the day of the sale."),
)


@pytest.fixture
def good():
    """Rows that nothing is wrong with."""
    return "".join(line(*chat) for chat in CHATS)
