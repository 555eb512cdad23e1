"""A run with gates: what they say is in the results, in the report and in the exit code, and nothing is lost by a slip."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.end_to_end.test_run import FAQ, QUESTIONS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recipe(tmp_path_factory, tiny_model):
    folder = tmp_path_factory.mktemp("gated")
    (folder / "faq.csv").write_text(FAQ)
    (folder / "questions.csv").write_text(QUESTIONS)
    (folder / "recipe.yaml").write_text(
        f"""
data: {{path: faq.csv}}
test: {{path: questions.csv}}
clean: [length]
augment: ["rephrase:n=2", "prompted:n=1"]
generator: {{transformers: {{model: "{tiny_model}"}}}}
filters: [length]
steps: 2
trainer: {{huggingface: {{model: "{tiny_model}"}}}}
arms:
  base: {{prompt: Be brief.}}
  tuned-original: {{train: original}}
evaluate:
  subject: tuned-original
  baseline: base
  max_tokens: 4
  gates: ["rouge_l.delta.mean > -1", "rouge_l.delta.mean > 0.99"]
"""
    )
    return folder / "recipe.yaml"


def run(recipe, *more):
    return subprocess.run([sys.executable, "-m", "augmentor", "run", str(recipe), *more], capture_output=True, text=True, timeout=300, check=False)


def test_a_gate_that_is_not_passed_is_said_shown_and_the_exit_code(recipe):
    done = run(recipe, "--json")
    assert done.returncode == 1, done.stderr
    assert "Gate passed: rouge_l.delta.mean > -1" in done.stderr
    assert "Gate not passed: rouge_l.delta.mean > 0.99" in done.stderr
    said = json.loads(done.stdout)
    assert [gate["passed"] for gate in said["gates"]] == [True, False]
    folder = recipe.parent / "runs/run"
    assert json.loads((folder / "metrics.json").read_bytes())["gates"] == said["gates"]
    html = (folder / "report.html").read_text()
    assert "1 of 2 gates is passed." in html
    assert "could not be made" not in html
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert [one["whose"] for one in manifest["prompts"]] == ["strategy prompted:n=1"]
    assert "[user]" in manifest["prompts"][0]["text"]
    assert next(stage["asked"]["calls"] for stage in manifest["stages"] if "asked" in stage) > 0
    assert "Be brief." in html


def test_a_gate_that_makes_no_sense_is_an_error_after_the_report_is_written(recipe):
    before = (recipe.parent / "runs/run/report.html").read_bytes()
    done = run(recipe, "--set", "evaluate.gates=[rouge_x.delta.mean > 0]")
    assert done.returncode == 2, done.stderr
    assert "rouge_x" in done.stderr
    after = (recipe.parent / "runs/run/report.html").read_bytes()
    assert after != before
    assert b"makes no sense" in after


def test_gates_that_are_passed_leave_the_exit_code_alone(recipe):
    done = run(recipe, "--set", "evaluate.gates=[rouge_l.delta.mean > -1]")
    assert done.returncode == 0, done.stderr
    assert "The gate is passed." in (recipe.parent / "runs/run/report.html").read_text()
