"""Each stage as a command of its own, on a tiny model."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

FAQ = """question,answer,topic
How do I reset my password?,Open settings and tap the orange key.,password
How do I cancel my order?,Call the desk on monday.,cancel
Where is my parcel?,It left the depot.,parcel
"""


def run(*args, cwd):
    return subprocess.run([sys.executable, "-m", "augmentor", *map(str, args)], capture_output=True, text=True, cwd=cwd, timeout=240, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stages")
    (folder / "faq.csv").write_text(FAQ)
    return folder


@pytest.fixture(scope="module")
def trained(folder, tiny_model):
    done = run("train", "faq.csv", "-o", "model", "-t", f"huggingface:model={tiny_model}", "--steps", "4", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["model"]


def test_train_says_where_the_model_is(folder, trained):
    assert (folder / trained / "model.safetensors").is_file()


def test_evaluate_compares_models_checks_gates_and_writes_a_report(folder, trained, tiny_model):
    models = ["-m", f"base={tiny_model}", "-m", f"tuned={trained}", "--max-tokens", "4"]
    done = run("evaluate", "faq.csv", *models, "-o", "ev", "--gate", "rouge_l.delta.mean > -1", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert [arm["name"] for arm in results["arms"]] == ["base", "tuned"]
    assert "base: rouge_l" in done.stderr
    assert (folder / "ev/report.html").stat().st_size > 10_000
    assert json.loads((folder / "ev/manifest.json").read_bytes())["command"].startswith("augmentor evaluate")
    failed = run("evaluate", "faq.csv", *models, "-o", "ev", "--gate", "rouge_l.delta.mean > 0.99", cwd=folder)
    assert failed.returncode == 1
    assert "rouge_l" in failed.stderr
    wrong = run("evaluate", "faq.csv", *models, "-o", "ev", "--gate", "rouge_x.delta.mean > 0", cwd=folder)
    assert wrong.returncode == 2


def test_report_can_be_written_again_and_for_several_runs(folder, trained, tiny_model):
    for out in ("one", "two"):
        done = run("evaluate", "faq.csv", "-m", str(tiny_model), "-o", out, "--max-tokens", "4", cwd=folder)
        assert done.returncode == 0, done.stderr
    assert run("report", "one", cwd=folder).returncode == 0
    done = run("report", "one", "two", "-o", "both.html", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "both.html").is_file()
    nothing = run("report", ".", cwd=folder)
    assert nothing.returncode == 1
    assert "is no run folder" in nothing.stderr


def test_questions_without_answers_cannot_be_evaluated(folder, tiny_model):
    (folder / "bare.csv").write_text("text,label\nWhere is it?,where\nHow much is it?,price\n")
    done = run("evaluate", "bare.csv", "-m", str(tiny_model), "-o", "bare", cwd=folder)
    assert done.returncode == 1
    assert "nothing to compare answers with" in done.stderr
