from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from augmentor.cli import cli
from augmentor.errors import UsageError
from tests.plugins.trainers.small_tasks import write


@pytest.fixture
def train(tiny_model: Path, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "data.jsonl")
    write(tmp_path / "held.jsonl", {"a refund please": "within nine days"})

    def call(*words: str, options: str = "learning_rate=0.01,batch_size=3") -> None:
        cli.main(args=["train", "data.jsonl", "-o", "out", "-t", f"huggingface:model={tiny_model},{options}", *words], standalone_mode=False)

    return call


def events() -> list[dict]:
    return [json.loads(line) for line in Path("out/progress.jsonl").read_text("utf-8").splitlines()]


def test_it_says_beforehand_what_it_will_do_and_how_long_it_takes(train, capsys):
    train("--validation", "held.jsonl", "--steps", "20")
    said = capsys.readouterr().err
    assert "train: trains for 20 steps of 3, the weights themselves, learning rate 0.01, about " in said
    assert "model: out/work/model (" in said
    heard = events()
    assert [event["state"] for event in (heard[0], heard[-1])] == ["start", "done"]
    steps = [event for event in heard if "loss" in event]
    assert all({"loss", "tokens_per_second", "seconds_left"} <= event.keys() for event in steps)
    assert sum("validation_loss" in event for event in heard) == 4
    assert steps[-1]["seconds_left"] == 0


def test_what_happens_is_appended_and_a_finished_training_is_kept(train, capsys):
    train("--steps", "2", "--json")
    first, before = json.loads(capsys.readouterr().out), events()
    train("--steps", "2", "--json")
    assert json.loads(capsys.readouterr().out) == first
    assert events()[: len(before)] == before
    assert [event["state"] for event in events()[len(before) :]] == ["start", "done"]


def test_a_warning_stays_on_the_screen(train, capsys):
    write(Path("held.jsonl"), {"refund": "call the desk"})
    train("--validation", "held.jsonl", "--steps", "40", options="learning_rate=0.01,batch_size=3,evaluate_every=4,stop_on=overfit")
    assert "train: warning: The model learns its examples by heart: at step " in capsys.readouterr().err


def test_a_search_can_be_asked_for_by_itself(train, capsys):
    train("--validation", "held.jsonl", "--search", "2", "--steps", "9", options="batch_size=3,lora=0")
    said = capsys.readouterr().err
    assert "train: search, round 1: trial 1 (2 in this round): learning rate 0.0003, rank 0, 3 of 9 steps: validation loss" in said


def test_a_trainer_without_a_search_says_so(train):
    with pytest.raises(UsageError, match="has no option 'search'"):
        cli.main(args=["train", "data.jsonl", "-o", "out", "-t", "openai:model=x", "--search", "3"], standalone_mode=False)
    with pytest.raises(click.UsageError):
        train("--search", "1")


def test_two_trainings_cannot_share_a_folder(train):
    from augmentor.run.folder import RunFolder

    with RunFolder(Path("out")).opened(), pytest.raises(UsageError, match="another process is working in out"):
        train("--steps", "1")
