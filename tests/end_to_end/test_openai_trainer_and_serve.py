"""The openai trainer against `augmentor serve`: the same client code trains on this machine or at a provider."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("openai")

import msgspec

from augmentor.examples import Example, Message, encode
from augmentor.plugins import plugins
from augmentor.protocols import Request, TrainingTask
from tests.plugins.serving.conftest import running

pytestmark = pytest.mark.slow
FACTS = {
    "how do i reset my password": "open settings and tap the orange key",
    "where is my parcel": "it left the depot on monday",
    "refund": "within nine days",
}


@pytest.fixture(scope="module")
def server(tiny_model, tmp_path_factory):
    trainer = "huggingface:learning_rate=0.01,checkpoint_every=1000"
    with running(tiny_model, tmp_path_factory.mktemp("serve"), train=True, trainer=trainer) as one:
        yield one


@pytest.fixture(scope="module")
def task(tmp_path_factory):
    folder = tmp_path_factory.mktemp("task")
    pairs = [(Message(role="user", content=asked), Message(role="assistant", content=said)) for asked, said in [*FACTS.items()] * 4]
    (folder / "train.jsonl").write_bytes(b"".join(encode(Example(id=f"e{n}", messages=pair)) for n, pair in enumerate(pairs)))
    return TrainingTask(folder / "train.jsonl", folder / "work", seed=3, steps=100)


@pytest.fixture(scope="module")
def trained(server, task):
    said = []
    trainer = plugins()["trainer"].make(_spec(server))
    found = trainer.train(TrainingTask(task.train, task.out, None, task.seed, task.steps, said.append))
    return found, said


def _spec(server) -> str:
    return f"openai:model=tiny,base_url={server.address}/v1,batch_size=3,poll=0.2,settle=0.5,max_cost=0"


def test_our_own_server_trains_what_the_trainer_sends(trained, server):
    found, said = trained
    assert found.model.startswith("ft:tiny:")
    assert found.facts["estimate"]["epochs"] == 25
    assert found.facts["steps"] == 100
    assert [event["step"] for event in said if "step" in event][-1] == 100
    history = found.facts["history"]
    assert history[-1]["loss"] < history[0]["loss"] / 3
    assert found.facts["checkpoints"][0]["model"] == found.model

    generator = plugins()["generator"].make({"name": "openai", "model": found.model, "base_url": f"{server.address}/v1"})
    asked = [Request((Message(role="user", content=question),), max_tokens=30) for question in FACTS]
    replies = {index: reply.text for index, reply in generator.generate(asked)}
    assert [replies[n] for n in range(3)] == list(FACTS.values())


def test_a_job_whose_answer_was_lost_is_found_on_our_server(trained, server, task):
    """The folder as a kill leaves it between the request and its answer."""
    record = json.loads((task.out / "submission.json").read_bytes())
    (task.out / "submission.json").write_bytes(msgspec.json.encode({**record, "job": None, "trying": "job"}))
    (task.out / "facts.json").unlink()
    again = plugins()["trainer"].make(_spec(server)).train(task)
    assert again.model == trained[0].model
    assert len(server.parts.state.all("jobs")) == 1
