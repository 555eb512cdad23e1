"""`augmentor run` on a tiny model, as a user runs it: in a process of its own, killed and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

FAQ = """question,answer,topic
How do I reset my password?,Open settings and tap the orange key.,password
How do I cancel my order?,Call the desk on monday.,cancel
Where is my parcel?,It left the depot.,parcel
How do I get a refund?,Within nine days.,refund
How do I change my delivery address?,Tap security and choose blue.,address
Why was my card declined?,Call the desk late.,declined
,no question here,broken
"""
QUESTIONS = """question,answer,topic
I can't remember how to get in,Open settings and tap the orange key.,password
the box has not come,It left the depot.,parcel
I want my money,Within nine days.,refund
"""


@pytest.fixture(scope="module")
def recipe(tmp_path_factory, tiny_model):
    folder = tmp_path_factory.mktemp("recipe")
    (folder / "faq.csv").write_text(FAQ)
    (folder / "questions.csv").write_text(QUESTIONS)
    (folder / "recipe.yaml").write_text(
        f"""
data: {{path: faq.csv}}
test: {{path: questions.csv}}
clean: [length, exact_duplicate]
augment: ["rephrase:n=3", "noise:n=1"]
filters: [length, near_duplicate, leakage]
steps: 8
trainer: {{huggingface: {{model: "{tiny_model}", checkpoint_every: 2}}}}
evaluate: {{max_tokens: 4}}
split: {{validation: 0.2}}
"""
    )
    return folder / "recipe.yaml"


def command(recipe, out, *more):
    return [sys.executable, "-m", "augmentor", "run", str(recipe), "-o", str(out), *more]


def run(recipe, out, *more):
    return subprocess.run(command(recipe, out, *more), capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def whole(recipe, tmp_path_factory):
    """The folder of a run that nothing disturbed."""
    out = tmp_path_factory.mktemp("whole") / "run"
    done = run(recipe, out, "--json", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["headline"]["subject"] == "tuned-augmented"
    return out


def contents(out: Path) -> dict[str, object]:
    """All that must not depend on time or interruptions: data, models, predictions, scores and metrics."""
    files = [*(out / "data").rglob("*.jsonl"), *(out / "predictions").glob("*"), *(out / "models").rglob("*.safetensors"), out / "metrics.json", out / "scores.jsonl", out / "funnel.json"]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files if "checkpoint" not in path.as_posix()}


def test_a_run_leaves_everything_a_reader_needs(whole):
    manifest = json.loads((whole / "manifest.json").read_bytes())
    assert manifest["versions"]["torch"]
    assert {stage["name"] for stage in manifest["stages"]} >= {"read", "split", "augment", "train:tuned-original.0", "predict:base.0", "compare"}
    quarantine = (whole / "data/quarantine.jsonl").read_text()
    cleaned = (whole / "data/cleaned_out.jsonl").read_text()
    assert "no question here" in quarantine + cleaned
    assert "<html" in (whole / "report.html").read_text()[:400]
    recipe = (whole / "recipe.resolved.yaml").read_text()
    assert "rephrase" in recipe
    assert "learning_rate" in recipe


def test_every_prediction_belongs_to_a_test_question_and_no_variant_to_the_test(whole):
    questions = {json.loads(line)["id"] for line in (whole / "data/test.jsonl").read_bytes().splitlines()}
    for path in (whole / "predictions").glob("*.jsonl"):
        assert {json.loads(line)["id"] for line in path.read_bytes().splitlines()} == questions
    train = [json.loads(line) for line in (whole / "data/train.jsonl").read_bytes().splitlines()]
    assert any(row.get("parent") for row in train)
    assert not questions & {row["id"] for row in train}


def test_a_second_run_does_nothing_again(recipe, whole):
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*.jsonl") if path.name not in {"progress.jsonl", "journal.jsonl"}}
    done = run(recipe, whole)
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert "train:tuned-augmented.0: done before" in done.stderr


def test_one_worker_and_two_write_the_same_bytes(recipe, whole, tmp_path):
    done = run(recipe, tmp_path / "run", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "run") == contents(whole)


@pytest.mark.parametrize("stage", ["split", "augment", "train:tuned-original.0", "train:tuned-augmented.0", "predict:tuned-augmented.0"])
def test_a_killed_run_ends_with_the_same_files(recipe, whole, tmp_path, stage):
    out = tmp_path / "run"
    process = subprocess.Popen(command(recipe, out, "--workers", "1"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    progress = out / "progress.jsonl"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if progress.exists() and any(f'"stage":"{stage}"' in line for line in progress.read_text().splitlines()):
            break
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (out / "metrics.json").exists(), "the run was over before it could be killed"
    done = run(recipe, out)
    assert done.returncode == 0, done.stderr
    assert contents(out) == contents(whole)
    assert not list(out.rglob("*.part"))


def test_two_runs_cannot_share_a_folder(recipe, whole):
    import fcntl

    with (whole / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run(recipe, whole)
    assert done.returncode == 2
    assert "another process is working in" in done.stderr


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("augment=[rephrse]", "Did you mean 'rephrase'?"),
        ("evaluate.headline=bleu", "is not among evaluate.metrics"),
        ('filters=["length:min=many"]', "length"),
        ("arm={}", "Did you mean 'arms'?"),
        ("data.path=nothing.csv", "there is no file"),
    ],
)
def test_a_mistake_in_the_recipe_is_said_before_anything_is_done(recipe, tmp_path, change, message):
    done = run(recipe, tmp_path / "run", "--set", change)
    assert done.returncode in {1, 2}
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "run" / "models").exists()
