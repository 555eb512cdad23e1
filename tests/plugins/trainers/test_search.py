from __future__ import annotations

from pathlib import Path

import pytest

from augmentor.errors import BadOption, TrainingError
from augmentor.files import digest
from augmentor.protocols import TrainingTask
from augmentor_plugins.trainers.huggingface import HuggingFace
from augmentor_plugins.trainers.search import configurations
from tests.plugins.trainers.small_tasks import settings, write


def task(folder: Path, **more) -> TrainingTask:
    judged = write(folder / "v.jsonl", {"a refund please": "within nine days"})
    return TrainingTask(write(folder / "t.jsonl"), folder / "out", validation=judged, **{"steps": 27, **more})


class Killed(BaseException):
    pass


def test_a_search_trains_the_best_configuration_in_full_and_shows_its_trials(tiny_model, tmp_path):
    options = settings(tiny_model, search=4, learning_rate=None)
    found = options.train(task(tmp_path))
    trials = found.facts["search"]
    assert [trial["steps"] for trial in trials] == [9] * 4
    assert len({(trial["learning_rate"], trial["lora"]) for trial in trials}) == 4
    best = min(trials, key=lambda trial: trial["validation_loss"])
    used = found.facts["hyperparameters"]
    assert (used["learning_rate"], used["lora"], used["steps"]) == (best["learning_rate"], best["lora"], 27)
    assert found.facts["steps"] == 27
    assert not (tmp_path / "out" / "search").exists()
    again = HuggingFace(**{key: used[key] for key in ("model", "device", "batch_size", "learning_rate", "lora")})
    assert digest(Path(again.train(task(tmp_path / "again")).model, "model.safetensors")) == digest(Path(found.model, "model.safetensors"))


def test_a_killed_search_goes_on_with_its_next_trial_to_the_same_model(tiny_model, tmp_path):
    options, heard = settings(tiny_model, search=3, learning_rate=None, checkpoint_every=2), []

    def kill(said):
        heard.append(said)
        if len([one for one in heard if "says" in one and "validation loss" in one["says"]]) == 2 and said["step"] == 5:
            raise Killed

    with pytest.raises(Killed):
        options.train(task(tmp_path / "killed", progress=kill))
    said: list[dict] = []
    resumed = options.train(task(tmp_path / "killed", progress=lambda one: said.append(dict(one))))
    assert sum("validation loss" in one.get("says", "") for one in said) == 1, "two trials were done before"
    whole = options.train(task(tmp_path / "whole"))
    assert resumed.facts["search"] == whole.facts["search"]
    assert digest(Path(resumed.model, "model.safetensors")) == digest(Path(whole.model, "model.safetensors"))


def test_the_usual_choice_is_tried_first_and_no_configuration_twice(tiny_model, tmp_path):
    tried = configurations(settings(tiny_model, search=45, learning_rate=None), task(tmp_path, steps=None))
    assert (tried[0].learning_rate, tried[0].lora, tried[0].steps) == (3e-4, 0, 10)
    assert len({(one.learning_rate, one.lora, one.steps) for one in tried}) == len(tried) == 45


def test_configurations_that_diverge_lose_and_are_shown(tiny_model, tmp_path):
    options = settings(tiny_model, search=2, learning_rate=1e30, warmup=0)
    with pytest.raises(TrainingError, match="all 2 configurations diverged"):
        options.train(task(tmp_path))
    said: list[dict] = []
    with pytest.raises(TrainingError):
        options.train(task(tmp_path, progress=said.append))
    assert said == [], "a trial that diverged is not tried again"


def test_options_that_are_given_are_not_searched(tiny_model, tmp_path):
    options = settings(tiny_model, search=30, learning_rate=0.02)
    tried = configurations(options, task(tmp_path))
    assert {one.learning_rate for one in tried} == {0.02}
    assert {one.steps for one in tried} == {27}
    assert sorted(one.lora for one in tried) == [0, 16, 64]
    assert tried == configurations(options, task(tmp_path))


@pytest.mark.parametrize("options", [{"search": 1}, {"search": 4, "learning_rate": 1e-3, "lora": 0, "steps": 10}])
def test_a_search_with_nothing_to_compare_is_refused(options):
    with pytest.raises(BadOption, match="search"):
        HuggingFace(**options)


def test_a_search_without_a_validation_split_is_refused(tiny_model, tmp_path):
    with pytest.raises(TrainingError, match="search goes by the loss on a validation split"):
        settings(tiny_model, search=3, learning_rate=None).train(TrainingTask(write(tmp_path / "t.jsonl"), tmp_path / "out"))
