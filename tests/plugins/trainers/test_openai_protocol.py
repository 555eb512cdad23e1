"""The openai trainer against a provider on this machine: what it sends, what it refuses to send, what it keeps."""

from __future__ import annotations

import base64
import itertools
import json
import time
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from augmentor.errors import BadOption, TrainingError, UsageError
from augmentor.examples import Example, Message, encode
from augmentor.plugins import plugins
from augmentor.prices import price_of
from augmentor.protocols import Trainer, TrainingTask
from augmentor_plugins.trainers import openai_job
from augmentor_plugins.trainers.openai_client import Endpoint
from augmentor_plugins.trainers.openai_cost import epochs_for, estimate, refuse_above
from augmentor_plugins.trainers.openai_ledger import Ledger
from augmentor_plugins.trainers.openai_protocol import CLOSING, OpenAI
from augmentor_plugins.trainers.openai_submission import upload
from tests.plugins.trainers.openai_killing import task_in, trainer
from tests.plugins.trainers.openai_provider import Provider

KEY = "sk-this-is-secret-0123456789"


@pytest.fixture
def provider():
    started = Provider()
    yield started
    started.close()


@pytest.fixture
def task(tmp_path: Path) -> TrainingTask:
    return task_in(tmp_path)


def chat(*turns: tuple[str, str], **fields) -> Example:
    messages = tuple(Message(role=role, content=content) for role, content in turns)
    return Example(id=fields.pop("id", "x"), messages=messages, **fields)


def write(path: Path, examples: list[Example]) -> Path:
    path.write_bytes(b"".join(map(encode, examples)))
    return path


def body_of(provider: Provider) -> dict:
    return json.loads(next(body for method, path, _, body in provider.requests if (method, path) == ("POST", "/fine_tuning/jobs")))


def test_it_is_a_trainer_that_recipes_can_name(provider):
    made = plugins()["trainer"].make(f"openai:model=m,base_url={provider.url},max_cost=2.5")
    assert isinstance(made, Trainer)
    assert (made.base_model, made.max_cost) == ("m", 2.5)


def test_data_goes_up_and_a_model_comes_back_with_its_facts(provider, task):
    events = []
    write(task.out.parent / "validation.jsonl", [chat(("user", "new"), ("assistant", "answer"))])
    whole = TrainingTask(task.train, task.out, task.out.parent / "validation.jsonl", seed=7, progress=events.append)
    trained = trainer(provider, suffix="support", batch_size=2, learning_rate_multiplier=0.5).train(whole)
    assert trained.model == "ft:m:org::ftjob-1"
    body = body_of(provider)
    assert body["method"] == {
        "type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 10, "batch_size": 2, "learning_rate_multiplier": 0.5}},
    }  # fmt: skip
    assert (body["seed"], body["suffix"], body["training_file"], body["validation_file"]) == (7, "support", "file-1", "file-2")
    rows = [json.loads(line) for line in provider.contents["file-1"].splitlines()]
    assert rows[3] == {"messages": [{"role": "user", "content": "question 3"}, {"role": "assistant", "content": "answer 3"}]}
    assert [event["loss"] for event in events if "loss" in event] == [2.0, 1.0]
    assert [event["steps"] for event in events if "steps" in event] == [3, 3]
    assert trained.facts["history"] == [{"step": 1, "loss": 2.0, "validation_loss": 2.5}, {"step": 2, "loss": 1.0, "validation_loss": 1.25}]
    assert trained.facts["tokens"] == 4321
    assert trained.facts["checkpoints"] == [{"step": 2, "model": "ft:m:org::ftjob-1:ckpt-step-2", "full_valid_loss": 1.25}]
    assert (task.out / "result-1.csv").read_text() == "step,train_loss\n1,2.0\n"
    assert [json.loads(line)["message"] for line in (task.out / "events.jsonl").read_text().splitlines()] == [
        "Created", "Step 1", "Step 2", "Done",
    ]  # fmt: skip


def test_preference_data_becomes_a_dpo_job(provider, tmp_path):
    pairs = [
        chat(("user", f"q{n}"), ("assistant", "good"), id=f"p{n}", rejected=(Message(role="assistant", content="bad"),)) for n in range(12)
    ]
    trainer(provider, beta=0.2).train(TrainingTask(write(tmp_path / "pairs.jsonl", pairs), tmp_path / "out"))
    assert body_of(provider)["method"] == {"type": "dpo", "dpo": {"hyperparameters": {"n_epochs": 8, "beta": 0.2}}}
    row = json.loads(provider.contents["file-1"].splitlines()[0])
    assert row == {
        "input": {"messages": [{"role": "user", "content": "q0"}]},
        "preferred_output": [{"role": "assistant", "content": "good"}],
        "non_preferred_output": [{"role": "assistant", "content": "bad"}],
    }


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (chat(("user", "q")), r"train\.jsonl:4: example x has no answer"),
        (chat(("user", "q"), ("assistant", "a"), ("assistant", "b")), r"out/train\.jsonl:4: turn 3 \(assistant\) follows another"),
        (chat(("user", "q"), ("assistant", "a"), meta={"desirable": False}), r"train\.jsonl:4: .* marked as bad"),
        (
            chat(("user", "q"), ("assistant", "a"), rejected=(Message(role="assistant", content="b"),)),
            r"1 of 11 examples have a rejected answer",
        ),
    ],
)
def test_what_would_be_refused_is_not_sent(provider, task, wrong, told):
    lines = task.train.read_bytes().splitlines(keepends=True)
    task.train.write_bytes(b"".join([*lines[:3], encode(wrong), *lines[3:]]))
    with pytest.raises(TrainingError, match=told):
        trainer(provider).train(task)
    assert provider.requests == []


def test_nine_examples_are_too_few(provider, task):
    task.train.write_bytes(b"".join(task.train.read_bytes().splitlines(keepends=True)[:9]))
    with pytest.raises(TrainingError, match=r"it has 9 rows; a service wants at least 10"):
        trainer(provider).train(task)


def test_a_failed_job_says_why_and_how_to_try_again(provider, task):
    provider.outcome = "failed"
    with pytest.raises(
        TrainingError, match=r"ftjob-1 ended as 'failed': the file made no sense \(bad_data\) For another try.*submission\.json"
    ):
        trainer(provider).train(task)
    provider.outcome = "succeeded"
    with pytest.raises(TrainingError, match="ended as 'failed'"):
        trainer(provider).train(task)
    (task.out / "submission.json").unlink()
    assert trainer(provider).train(task).facts["job"] == "ftjob-2"


def test_following_survives_an_unsteady_provider(provider, task):
    provider.looks = 9
    troubles = [
        lambda handler: handler.fail(503), lambda handler: handler.fail(429, retry_after="0.9"), lambda handler: handler.reset(),
        lambda handler: handler.send(200, b"{") or True,
    ]  # fmt: skip
    asked = []

    def fault(handler, method, path, acted):
        looked = provider.jobs["ftjob-1"]["looked"] if provider.jobs else 0
        if method != "GET" or path != "/fine_tuning/jobs/ftjob-1/events" or acted:
            return False
        asked.append(time.monotonic())
        return looked % 2 == 0 and len(troubles) > 4 - looked // 2 and troubles.pop()(handler)

    provider.fault = fault
    trained = trainer(provider).train(task)
    assert not troubles
    assert any(later - earlier >= 0.9 for earlier, later in itertools.pairwise(asked)), "the provider asked for a pause"
    assert [row["step"] for row in trained.facts["history"]] == list(range(1, 9))


def test_events_of_many_pages_are_all_kept_and_a_second_process_goes_on_with_them(provider, task):
    provider.looks = 3
    real = provider.look

    def busy(job):
        if job["status"] == "queued":
            for number in range(250):
                provider.tell(job["id"], f"note {number}", level="warn" if number == 9 else "info")
        real(job)

    provider.look = busy

    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer(provider).train(TrainingTask(task.train, task.out, progress=interrupt))
    trained = trainer(provider).train(task)
    messages = [json.loads(line)["message"] for line in (task.out / "events.jsonl").read_text().splitlines()]
    assert messages == ["Created", *(f"note {number}" for number in range(250)), "Step 1", "Step 2", "Done"]
    assert trained.facts["warnings"] == ["note 9"]


def test_interrupted_it_leaves_the_job_running_and_says_how_to_stop_it(provider, task, capsys):
    provider.looks = 10**6

    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer(provider).train(TrainingTask(task.train, task.out, progress=interrupt))
    said = capsys.readouterr().err
    assert "The job ftjob-1 goes on" in said
    assert f"python -m augmentor_plugins.trainers.openai_job {task.out} pause, resume or cancel" in said
    run = CliRunner()
    for action, status in (("status", "running"), ("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        assert run.invoke(openai_job.command, [str(task.out), action]).output == f"ftjob-1: {status}\n"
    with pytest.raises(TrainingError, match="ftjob-1 was cancelled"):
        trainer(provider).train(task)


def test_a_folder_without_a_job_has_nothing_to_cancel(tmp_path):
    with pytest.raises(UsageError, match="no job was begun there"):
        openai_job.act(tmp_path, "cancel")


def test_a_job_whose_answer_was_lost_can_be_cancelled(provider, task):
    provider.fault = lambda handler, _method, path, acted: (
        path == "/fine_tuning/jobs" and (acted or handler.command == "GET") and handler.reset()
    )
    with pytest.raises(TrainingError, match="No answer"):
        trainer(provider, patience=0.6).train(task)
    provider.fault = lambda *_: False
    assert openai_job.act(task.out, "cancel") == ("ftjob-1", "cancelled")


def test_a_job_that_may_be_running_is_found_whatever_it_may_cost_now(provider, task, monkeypatch, tmp_path):
    own_prices(tmp_path, monkeypatch, 1e6)
    monkeypatch.setattr(Endpoint, "local", False)
    provider.fault = lambda handler, _method, path, acted: (
        path == "/fine_tuning/jobs" and (acted or handler.command == "GET") and handler.reset()
    )
    with pytest.raises(TrainingError, match="No answer"):
        trainer(provider, model="my-model", patience=0.6).train(task)
    provider.fault = lambda *_: False
    assert trainer(provider, model="my-model", max_cost=0.5).train(task).facts["estimate"]["dollars"] > 100
    with pytest.raises(TrainingError, match=r"more than max_cost, \$0\.50"):
        trainer(provider, model="my-model", max_cost=0.5, epochs=2).train(task)
    assert len(provider.jobs) == 1


def test_an_option_of_dpo_does_not_pass_unread(provider, task):
    with pytest.raises(TrainingError, match=r"beta=0\.3 is of DPO, and this data makes a supervised job"):
        trainer(provider, beta=0.3).train(task)


def test_two_processes_do_not_share_a_folder(provider, task):
    with Ledger(task.out).held(), pytest.raises(TrainingError, match="Another process follows"):
        trainer(provider).train(task)


def test_a_record_that_was_changed_is_not_guessed_about(provider, task):
    task.out.mkdir()
    (task.out / "submission.json").write_text('{"task": 3}')
    with pytest.raises(TrainingError, match="is no record of a submission"):
        trainer(provider).train(task)


def test_the_key_is_sent_and_kept_nowhere(provider, task, monkeypatch, capfd):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    provider.looks = 2
    provider.fault = lambda handler, _method, path, acted: path.endswith("/checkpoints") and handler.fail(401, f"Incorrect API key: {KEY}")
    with pytest.raises(TrainingError, match=r"Incorrect API key: \(key\)") as refused:
        trainer(provider).train(task)
    provider.fault = lambda *_: False
    trained = trainer(provider).train(task)
    assert all(headers["authorization"] == f"Bearer {KEY}" for _, _, headers, _ in provider.requests)
    said = "".join(capfd.readouterr()) + str(refused.value) + repr(trained)
    kept = [path for path in task.out.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert (KEY in said, kept) == (False, [])
    assert len(list(task.out.iterdir())) > 5


def test_azure_gets_its_version_and_its_header(provider, task, monkeypatch):
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", KEY)
    paths, looks = [], []

    def fault(handler, method, path, acted):
        paths.append(handler.path)
        if (method, path, acted) == ("GET", "/files/file-1", False):
            looks.append(path)
            handler.server.files["file-1"]["status"] = "pending" if len(looks) == 1 else "processed"
        return False

    provider.fault = fault
    trainer(provider, api_version="2025-04-01-preview", key_env="AZURE_OPENAI_API_KEY").train(task)
    assert all("api-version=2025-04-01-preview" in path for path in paths)
    assert {headers["api-key"] for _, _, headers, _ in provider.requests} == {KEY}
    assert "metadata" not in body_of(provider)
    assert len(looks) == 2


def test_a_key_is_asked_for_before_anything_is_sent(task, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(TrainingError, match="set the environment variable OPENAI_API_KEY"):
        OpenAI(model="gpt-4.1-mini-2025-04-14").train(task)


def test_openai_users_are_told_once_what_is_announced(provider, task, capsys, monkeypatch):
    import augmentor_plugins.trainers.openai_protocol as protocol

    monkeypatch.setattr(protocol, "OPENAI", provider.url)
    for _ in range(2):
        trainer(provider).train(task)
    assert capsys.readouterr().err.count(CLOSING) == 1
    assert "has announced" in CLOSING
    assert all(other in CLOSING for other in ("Azure", "base_url", "huggingface"))


def test_a_large_file_goes_in_parts(provider, task):
    data = b"".join(b'{"n": %d}\n' % number for number in range(1000))
    task.train.write_bytes(data)
    ledger = Ledger(task.out)
    task.out.mkdir()
    token = ledger.begin("task", Endpoint(provider.url, patience=5)).token
    with Endpoint(provider.url).client() as client:
        identity = upload(client, ledger, "train", task.train, at_once=4000, part=3000)
        assert upload(client, ledger, "train", task.train) == identity
    assert provider.contents[identity] == data
    assert provider.files[identity]["filename"] == f"augmentor-{token}-train.jsonl"
    assert provider.sent("POST", "/uploads/upload-0/parts") == -(-len(data) // 3000)


def test_an_upload_whose_answer_was_lost_is_not_repeated(provider, task):
    provider.fault = lambda handler, method, path, acted: acted and (method, path) == ("POST", "/files") and handler.reset()
    trainer(provider).train(task)
    assert [file["purpose"] for file in provider.files.values()] == ["fine-tune", "fine-tune-results"]


def test_result_files_in_base64_are_kept_as_csv(provider, task):
    real = provider.add_file

    def coded(name, content, purpose="fine-tune"):
        return real(name, base64.b64encode(content) if purpose != "fine-tune" else content, purpose)

    provider.add_file = coded
    trainer(provider).train(task)
    assert (task.out / "result-1.csv").read_text().startswith("step,train_loss\n")


# --- money ---------------------------------------------------------------------------------------------------------


def own_prices(folder: Path, monkeypatch, training: float) -> None:
    monkeypatch.setenv("AUGMENTOR_HOME", str(folder))
    (folder / "prices.yaml").write_text(f"- models:\n    my-model: {{input: 1, output: 2, training: {training}}}\n")


def test_the_estimate_is_near_the_true_count(shared_data):
    """The true count is the one that OpenAI's own notebook printed: 4,306 tokens where rows are cut at 4,096."""
    rows = [json.loads(line) for line in (shared_data / "openai_chat_finetune/toy_chat_fine_tuning.jsonl").read_text().splitlines()]
    examples = [chat(*((turn["role"], turn["content"]) for turn in row["messages"]), id=str(n)) for n, row in enumerate(rows)]
    counted = [estimate([example], 1, "m", local=True).tokens for example in examples]
    true = [45, 111, 26, 28, 8032]
    assert all(number / 1.25 <= found <= number * 1.35 for found, number in zip(counted, true, strict=True)), counted


def test_cost_follows_from_tokens_epochs_and_the_price(tmp_path, monkeypatch):
    own_prices(tmp_path, monkeypatch, 25.0)
    assert price_of("my-model").training == 25.0
    found = estimate([chat(("user", "x" * 4000), ("assistant", "y" * 4000))] * 100, 3, "my-model", local=False)
    assert found.tokens == 100 * (2 * 1003 + 3)
    assert found.dollars == pytest.approx(found.tokens * 3 * 25 / 1e6)
    assert found.sentence == "100 examples, about 200,900 tokens; in 3 epochs about 602,700. That costs about $15.07, at most $18.83."
    refuse_above(18.84, found, "my-model")
    with pytest.raises(TrainingError, match=r"could cost \$18.83, more than max_cost, \$18.00"):
        refuse_above(18.0, found, "my-model")


def test_a_price_that_nobody_knows_passes_no_limit(provider, task):
    found = estimate([chat(("user", "q"), ("assistant", "a"))], 1, "nobody-knows", local=False)
    assert "not known" in found.sentence
    refuse_above(None, found, "nobody-knows")
    with pytest.raises(TrainingError, match=r"price of training 'nobody-knows' is not known. Write it into .*prices\.yaml"):
        refuse_above(100.0, found, "nobody-knows")
    assert trainer(provider, max_cost=0.0).train(task).facts["estimate"]["most"] == 0.0


@pytest.mark.parametrize(
    ("examples", "epochs", "batch", "steps", "passes"),
    [(10, None, None, None, 10), (4, None, None, None, 25), (1000, None, None, None, 3), (50, 2, None, None, 2), (100, 2, None, 600, 6), (100, None, 4, 100, 4), (9, None, None, 10**6, 50)],
)  # fmt: skip
def test_epochs_come_from_steps_or_options_or_the_size_of_the_data(examples, epochs, batch, steps, passes):
    assert epochs_for(examples, epochs, batch, steps) == passes


def test_arms_with_less_data_get_more_passes_for_the_same_steps(tmp_path):
    small, large = (write(tmp_path / f"{n}.jsonl", [chat(("user", "q"), ("assistant", "a"))] * n) for n in (40, 240))
    tuned = OpenAI(model="m", base_url="http://localhost:1/v1")
    assert (tuned.steps_for(small), tuned.steps_for(large)) == (120, 720)
    assert epochs_for(40, None, None, 720) * 40 == 720


@pytest.mark.parametrize(
    "options",
    [{"base_url": "ftp://x"}, {"base_url": "http://u:p@x/v1"}, {"base_url": "http://x/v1?key=1"}, {"epochs": 0}, {"suffix": "x" * 65}, {"max_cost": -1.0}],
)  # fmt: skip
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(BadOption):
        OpenAI(**{"model": "m", **options})


def test_the_facts_can_be_read_again(provider, task):
    trained = trainer(provider).train(task)
    assert msgspec.json.decode((task.out / "facts.json").read_bytes()) == dict(trained.facts)
