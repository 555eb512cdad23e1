from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from augmentor.errors import BadOption, TrainingError
from augmentor.examples import Message
from augmentor.files import digest
from augmentor.protocols import Request, Trainer, TrainingTask
from augmentor_plugins.generators.transformers_local import Transformers
from augmentor_plugins.trainers.choices import Sizes, choose
from augmentor_plugins.trainers.huggingface import HuggingFace
from tests.plugins.trainers.small_tasks import FACTS, settings, weights, write


@pytest.fixture(scope="module")
def trained(tiny_model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    heard: list[dict] = []
    task = TrainingTask(write(folder / "train.jsonl"), folder / "out", steps=120, progress=lambda said: heard.append(dict(said)))
    return settings(tiny_model).train(task), heard, task


def test_a_model_learns_its_facts_word_for_word(trained):
    requests = [Request((Message(role="user", content=question),), max_tokens=30) for question in FACTS]
    replies = dict(Transformers(model=trained[0].model, device="cpu").generate(requests))
    assert [replies[index].text for index in range(3)] == list(FACTS.values())
    assert all(reply.finish == "stop" for reply in replies.values())


def test_the_report_gets_the_facts_of_a_training(trained):
    facts = trained[0].facts
    assert facts["steps"] == 120
    assert facts["final_loss"] < 0.1 < facts["history"][0]["loss"]
    assert facts["seconds"] > 0
    assert facts["peak_memory"] > 10_000_000
    assert facts["examples"] == 3
    assert 0 < facts["learnt_tokens"] < facts["tokens"]
    assert facts["hyperparameters"]["learning_rate"] == 0.01
    assert json.loads(json.dumps(facts)) == facts


def test_progress_is_told_as_it_comes(trained):
    first, *others = trained[1]
    assert first["says"] == "trains for 120 steps of 3, the weights themselves, learning rate 0.01"
    assert 0 < first["seconds_left"] < 60
    steps = [said["step"] for said in trained[1]]
    assert steps == sorted(set(steps))
    assert steps[-1] == 120
    assert all(said["steps"] == 120 and said["loss"] > 0 and said["tokens_per_second"] > 0 for said in others)
    assert trained[1][-1]["seconds_left"] == 0


def test_what_is_finished_is_not_trained_again(trained, tiny_model):
    before = Path(trained[0].model, "model.safetensors").stat().st_mtime_ns
    again = settings(tiny_model).train(trained[2])
    assert again.facts == trained[0].facts
    assert Path(again.model, "model.safetensors").stat().st_mtime_ns == before
    assert not (trained[2].out / "checkpoints").exists()


def test_other_data_in_the_same_place_is_another_training(tiny_model, tmp_path):
    train = write(tmp_path / "train.jsonl")
    first = settings(tiny_model).train(TrainingTask(train, tmp_path / "out", steps=1))
    before = weights(first.model)
    write(train, {"refund": "within ten days"})
    second = settings(tiny_model).train(TrainingTask(train, tmp_path / "out", steps=1))
    assert any(not before[name].equal(weight) for name, weight in weights(second.model).items())
    assert second.facts["examples"] == 1


KILLED = """
import sys
import time
from pathlib import Path
from augmentor.protocols import TrainingTask
from augmentor_plugins.trainers.huggingface import HuggingFace
model, train, out = sys.argv[1:]
options = dict(device="cpu", learning_rate=0.01, freeze=0, batch_size=3, checkpoint_every=5)
def say(said):
    print(said["step"], flush=True)
    time.sleep(0.1)
HuggingFace(model=model, **options).train(TrainingTask(Path(train), Path(out), steps=60, seed=3, progress=say))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_killed_training_goes_on_to_the_very_same_weights(tiny_model, tmp_path, repository):
    train = write(tmp_path / "train.jsonl")
    roots = os.pathsep.join(str(repository / part) for part in ("", "plugins", "evaluation"))
    # What PyTorch makes of threads is part of the arithmetic, so it is the same on both sides.
    command = [sys.executable, "-c", KILLED, str(tiny_model), str(train), str(tmp_path / "killed")]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": roots}, stdout=subprocess.PIPE, text=True)
    with process:
        for line in process.stdout:
            if int(line) >= 18:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    checkpoints = list((tmp_path / "killed" / "checkpoints").glob("checkpoint-*"))
    assert checkpoints
    steps: list[int] = []
    task = {"steps": 60, "seed": 3}
    options = settings(tiny_model, checkpoint_every=5)
    resumed = options.train(TrainingTask(train, tmp_path / "killed", progress=lambda said: steps.append(said["step"]), **task))
    assert steps[0] > 10, "it did not begin again"
    at_once = options.train(TrainingTask(train, tmp_path / "whole", **task))
    assert digest(Path(resumed.model, "model.safetensors")) == digest(Path(at_once.model, "model.safetensors"))
    heard = [[(entry["step"], entry["loss"]) for entry in result.facts["history"]] for result in (resumed, at_once)]
    assert heard[0] == heard[1]


def test_half_a_checkpoint_is_no_checkpoint(tiny_model, tmp_path):
    train = write(tmp_path / "train.jsonl")
    options = settings(tiny_model)
    whole = options.train(TrainingTask(train, tmp_path / "whole", steps=2))
    from augmentor_plugins.trainers import attempts

    task = TrainingTask(train, tmp_path / "half", steps=2)
    assert attempts.begin(task, options) is None
    half = task.out / "checkpoints" / "checkpoint-1"
    half.mkdir(parents=True)
    (half / "model.safetensors").write_bytes(b"cut o")
    assert digest(Path(options.train(task).model, "model.safetensors")) == digest(Path(whole.model, "model.safetensors"))


def test_adapters_are_merged_into_an_ordinary_model(tiny_model, tmp_path):
    result = settings(tiny_model, lora=4).train(TrainingTask(write(tmp_path / "t.jsonl"), tmp_path / "out", steps=3))
    assert {path.name for path in Path(result.model).iterdir()} >= {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "chat_template.jinja",
    }
    assert not list(Path(result.model).glob("adapter*")), "they are beside the model"
    assert 0 < result.facts["trained_parameters"] < result.facts["parameters"] / 2
    assert weights(result.model).keys() == weights(tiny_model).keys()


def test_frozen_layers_and_embeddings_stay_as_they_were(tiny_model, tmp_path):
    result = settings(tiny_model, freeze=1).train(TrainingTask(write(tmp_path / "t.jsonl"), tmp_path / "out", steps=3))
    before, after = weights(tiny_model), weights(result.model)
    moved = {name for name in before if not before[name].equal(after[name])}
    assert moved == {name for name in before if "layers.1." in name or name == "model.norm.weight"}
    assert result.facts["lower_layers_run_once"] == 1


def test_validation_can_choose_the_best_weights_and_stop_early(tiny_model, tmp_path):
    judged = write(tmp_path / "v.jsonl", {"refund": "call the desk"})
    options = settings(tiny_model, best=True, patience=2, evaluate_every=2)
    facts = options.train(TrainingTask(write(tmp_path / "t.jsonl"), tmp_path / "out", validation=judged, steps=60)).facts
    losses = {entry["step"]: entry["validation_loss"] for entry in facts["history"] if "validation_loss" in entry}
    assert facts["steps"] < 60
    assert facts["best_step"] == min(losses, key=losses.__getitem__)


def test_patience_without_a_validation_split_is_refused(tiny_model, tmp_path):
    with pytest.raises(TrainingError, match="patience goes by the loss on a validation split"):
        settings(tiny_model, patience=1).train(TrainingTask(write(tmp_path / "t.jsonl"), tmp_path / "out"))


def overfitting(folder: Path, **more) -> TrainingTask:
    judged = write(folder / "v.jsonl", {"refund": "call the desk", "where is my parcel": "choose security"})
    return TrainingTask(write(folder / "t.jsonl"), folder / "out", validation=judged, steps=60, **more)


def test_learning_by_heart_is_said_and_stops_where_told(tiny_model, tmp_path):
    said: list[dict] = []
    facts = settings(tiny_model, evaluate_every=4, stop_on="overfit", best=True).train(overfitting(tmp_path, progress=said.append)).facts
    [warning] = facts["warnings"]
    assert warning["kind"] == facts["stopped"] == "overfit"
    assert facts["steps"] == warning["step"] < 60
    assert facts["best_step"] < warning["step"]
    assert [one["warning"] for one in said if "warning" in one] == [warning["sentence"]]


def test_a_warning_alone_stops_nothing(tiny_model, tmp_path):
    facts = settings(tiny_model, evaluate_every=4).train(overfitting(tmp_path)).facts
    assert [warning["kind"] for warning in facts["warnings"]] == ["overfit"]
    assert (facts["steps"], facts["stopped"]) == (60, None)


def test_a_training_that_diverges_is_stopped_where_told(tiny_model, tmp_path):
    options = settings(tiny_model, learning_rate=3.0, warmup=0, stop_on="divergence")
    with pytest.raises(TrainingError, match=r"diverges: at step \d+ .* stopped there"):
        options.train(TrainingTask(write(tmp_path / "t.jsonl"), tmp_path / "out", steps=80))
    assert not (tmp_path / "out" / "model").exists()


def test_a_tracker_that_is_not_there_is_said(tiny_model, tmp_path):
    with pytest.raises(TrainingError, match=r"report_to: .*wundb is not supported.* Install it, or leave it out"):
        settings(tiny_model, report_to="wundb").train(TrainingTask(write(tmp_path / "t.jsonl"), tmp_path / "out", steps=1))


def test_a_loss_that_is_no_number_stops_the_training(tiny_model, tmp_path):
    with pytest.raises(TrainingError, match="smaller learning_rate"):
        settings(tiny_model, learning_rate=1e30, warmup=0).train(TrainingTask(write(tmp_path / "t.jsonl"), tmp_path / "out", steps=30))


@pytest.mark.parametrize(
    "options", [{"batch_size": 0}, {"steps": -1}, {"learning_rate": 0.0}, {"warmup": 1.0}, {"freeze": 0.5, "freeze_embeddings": False}]
)
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(BadOption):
        HuggingFace(**options)


def test_freezing_every_layer_is_refused():
    with pytest.raises(BadOption, match="leaves none"):
        choose(HuggingFace(freeze=30), Sizes(examples=10, parameters=1, layers=30), None)


def test_open_options_follow_from_the_sizes_alone():
    small, large = Sizes(64, 135_000_000, 30), Sizes(5000, 7_000_000_000, 32)
    assert choose(HuggingFace(), small, None) == choose(HuggingFace(), small, None)
    assert choose(HuggingFace(), small, None).lora == 0
    assert choose(HuggingFace(), large, None).lora == 16
    assert choose(HuggingFace(batch_size=4, gradient_accumulation=2), large, None).steps == 3 * 5000 / 8
    assert choose(HuggingFace(steps=7), small, None).steps == 7
    assert choose(HuggingFace(steps=7), small, 9).steps == 9
    assert choose(HuggingFace(epochs=2), small, None).steps == 32


def test_it_says_beforehand_how_many_steps_data_would_get(trained):
    assert HuggingFace(batch_size=3).steps_for(trained[2].train) == 10
    assert HuggingFace(steps=7).steps_for(trained[2].train) == 7


def test_it_is_a_trainer():
    assert isinstance(HuggingFace(), Trainer)
    assert HuggingFace(model="x").base_model == "x"
