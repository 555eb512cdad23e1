"""The real openai client, from the upload to the deletion."""

from __future__ import annotations

import csv
import io
import json
import time

import openai
import pytest


@pytest.fixture(scope="module")
def trainer_server(start, tiny_model, tmp_path_factory):
    trainer = "huggingface:device=cpu,learning_rate=0.01,checkpoint_every=5"
    with start(tiny_model, tmp_path_factory.mktemp("jobs"), train=True, trainer=trainer) as server:
        yield server


@pytest.fixture(scope="module")
def finished(trainer_server, training_rows):
    """A job that was uploaded, created and waited for."""
    client = trainer_server.client()
    uploaded = client.files.create(file=("chats.jsonl", training_rows()), purpose="fine-tune")
    judged = client.files.create(file=("judged.jsonl", training_rows(3)), purpose="fine-tune")
    job = client.fine_tuning.jobs.create(
        model="tiny",
        training_file=uploaded.id,
        validation_file=judged.id,
        suffix="round-1",
        seed=7,
        metadata={"team": "chairs"},
        method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 20, "batch_size": 3, "learning_rate_multiplier": 0.5}}},
    )
    assert job.status == "queued"
    deadline = time.monotonic() + 120
    while job.status in {"queued", "running"} and time.monotonic() < deadline:
        time.sleep(0.2)
        job = client.fine_tuning.jobs.retrieve(job.id)
    assert job.status == "succeeded", job.error
    return client, job, uploaded


def test_upload_job_events_model_chat_delete(finished):
    client, job, uploaded = finished
    assert job.fine_tuned_model == f"ft:tiny:round-1:{job.id.removeprefix('ftjob-')[:8]}"
    assert job.trained_tokens > 1000
    assert job.method.supervised.hyperparameters.batch_size == 3

    messages = [event.message for event in client.fine_tuning.jobs.list_events(job.id, limit=100)]
    assert messages[-1] == f"Created fine-tuning job: {job.id}"
    assert messages[:2] == ["The job has successfully completed", f"New fine-tuned model created: {job.fine_tuned_model}"]
    losses = [event.data["train_loss"] for event in client.fine_tuning.jobs.list_events(job.id) if (event.data or {}).get("train_loss")]
    assert losses[-1] > 3 * losses[0]

    checkpoint = client.fine_tuning.jobs.checkpoints.list(job.id).data[0]
    assert checkpoint.step_number == 80
    assert checkpoint.fine_tuned_model_checkpoint == job.fine_tuned_model
    table = list(csv.DictReader(io.StringIO(client.files.content(job.result_files[0]).text)))
    assert float(table[-1]["train_loss"]) == pytest.approx(checkpoint.metrics.train_loss)
    assert any(row["valid_loss"] for row in table)

    said = client.chat.completions.create(
        model=job.fine_tuned_model, messages=[{"role": "user", "content": "refund 2"}], temperature=0, max_tokens=30
    )
    assert said.choices[0].message.content == "within nine days"
    assert said.choices[0].finish_reason == "stop"

    assert {model.id for model in client.models.list()} == {"tiny", job.fine_tuned_model}
    assert client.models.retrieve(job.fine_tuned_model).owned_by == "user"
    assert client.models.delete(job.fine_tuned_model).deleted
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve(job.fine_tuned_model)
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model=job.fine_tuned_model, messages=[{"role": "user", "content": "refund"}])
    assert client.files.delete(uploaded.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(uploaded.id)


def test_the_learning_rate_is_the_trainers_times_the_multiplier(finished, trainer_server):
    asked = json.loads((trainer_server.parts.state.job_folder(finished[1].id) / "job.json").read_bytes())
    assert asked["learning_rate_multiplier"] == 0.5
    from augmentor_plugins.serving.training import Order, _trainer

    assert _trainer(Order(**asked)).learning_rate == pytest.approx(0.005)
    chosen = Order(**{**asked, "trainer": "huggingface"})
    assert _trainer(chosen).learning_rate == pytest.approx(1.5e-4), "half of what is chosen for a small model"


def test_paused_resumed_and_cancelled(finished, trainer_server, training_rows):
    client = finished[0]
    data = client.files.create(file=("chats.jsonl", training_rows(40)), purpose="fine-tune").id
    jobs = client.fine_tuning.jobs
    long = jobs.create(model="tiny", training_file=data, hyperparameters={"n_epochs": 50, "batch_size": 1})
    behind = jobs.create(model="tiny", training_file=data)
    assert jobs.cancel(behind.id).status == "cancelled"
    assert jobs.pause(long.id).status == "paused"
    with pytest.raises(openai.BadRequestError, match="cannot be paused"):
        jobs.pause(long.id)
    time.sleep(0.3)
    assert jobs.retrieve(long.id).status == "paused"
    assert jobs.resume(long.id).status in {"queued", "running"}
    deadline = time.monotonic() + 60
    while not any(event.type == "metrics" for event in jobs.list_events(long.id)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert jobs.retrieve(long.id).status == "running"
    assert jobs.cancel(long.id).status == "cancelled"
    with pytest.raises(openai.BadRequestError, match="cannot be resumed"):
        jobs.resume(long.id)
    folder = trainer_server.parts.state.job_folder(long.id)
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not folder.exists(), "what a cancelled job left is removed"


def test_the_same_key_is_the_same_job(server, training_rows):
    client = server.client()
    data = client.files.create(file=("chats.jsonl", training_rows()), purpose="fine-tune").id
    made = [client.fine_tuning.jobs.create(model="tiny", training_file=data, extra_headers={"Idempotency-Key": "k1"}) for _ in range(3)]
    assert len({job.id for job in made}) == 1
    with pytest.raises(openai.BadRequestError, match="another job"):
        client.fine_tuning.jobs.create(model="tiny", training_file=data, suffix="b", extra_headers={"Idempotency-Key": "k1"})
    other = client.fine_tuning.jobs.create(model="tiny", training_file=data, metadata={"token": "t9"})
    found = client.fine_tuning.jobs.list(extra_query={"metadata[token]": "t9"})
    assert [job.id for job in found] == [other.id]


def test_lists_go_by_pages(server, training_rows):
    client = server.client()
    made = [client.files.create(file=(f"{number}.jsonl", training_rows()), purpose="fine-tune").id for number in range(5)]
    first = client.files.list(limit=2, purpose="fine-tune")
    assert [file.id for file in first.data] == made[:2:-1]
    assert first.has_more
    assert [file.id for file in client.files.list(limit=2, purpose="fine-tune")][:5] == made[::-1]
    assert client.files.content(made[0]).read() == training_rows()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"model": "gpt-4"}, "no model 'gpt-4'"),
        ({"training_file": "file-nobody"}, "no file"),
        ({"training_file": "../../etc/passwd"}, "no file"),
        ({"suffix": "a" * 65}, "up to 64"),
        ({"suffix": "../x"}, "up to 64"),
        ({"hyperparameters": {"n_epochs": 0}}, "from 1 to 50"),
        ({"hyperparameters": {"batch_size": "many"}}, "batch_size"),
        ({"method": {"type": "reinforcement"}}, "supervised"),
        ({"method": {"type": "dpo"}}, "learns from preference data"),
        ({"seed": -1}, "seed"),
        ({"integrations": [{"type": "wandb"}]}, "integrations"),
        ({"metadata": {"k": "v" * 513}}, "metadata"),
        ({"metadata": {"k": 1}}, "metadata"),
    ],
)
def test_a_job_that_cannot_be_done_is_refused_at_once(server, training_rows, wrong, said):
    client = server.client()
    data = client.files.create(file=("chats.jsonl", training_rows()), purpose="fine-tune").id
    with pytest.raises(openai.APIStatusError, match=said) as refused:
        client.fine_tuning.jobs.create(**({"model": "tiny", "training_file": data} | wrong))
    assert refused.value.status_code in {400, 404}


def test_too_few_examples_are_refused(server, training_rows):
    client = server.client()
    data = client.files.create(file=("chats.jsonl", training_rows(9)), purpose="fine-tune").id
    with pytest.raises(openai.BadRequestError, match="9 examples; at least 10"):
        client.fine_tuning.jobs.create(model="tiny", training_file=data)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "JSONL"),
        (b"[1, 2]", "JSONL"),
        (b"\x89PNG\r\n\x1a\n", "JSONL"),
        (b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n{"messages": 3}\n', "line 2"),
        (b'{"messages": [{"role": "king", "content": "a"}]}\n', "king"),
        (b'{"text": "a"}\n', "messages"),
        (b'{"messages": [{"role": "us', "cut off"),
    ],
)
def test_a_file_that_is_no_training_data_is_refused_with_its_line(server, content, said):
    with pytest.raises(openai.BadRequestError, match=said) as refused:
        server.client().files.create(file=("data.jsonl", content), purpose="fine-tune")
    assert str(server.parts.state.folder) not in str(refused.value), "paths of the server are nobody's business"
    assert not [path for path in (server.parts.state.folder / "files").iterdir() if path.name.startswith(".")]
