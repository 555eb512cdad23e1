"""A whole run with likelihoods, a judge, a probe and an experiment's arms, as a user runs it, on a tiny model."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from augmentor.cli import cli

pytestmark = pytest.mark.slow

FAQ = "question,answer,topic\nHow do I reset my password?,Open settings and tap the orange key.,password\nWhere is my parcel?,It left the depot.,parcel\n"
QUESTIONS = "question,answer,topic\nI can't remember how to get in,Open settings and tap the orange key.,password\nthe box has not come,It left the depot.,parcel\n"


@pytest.fixture(scope="module")
def recipe(tmp_path_factory, tiny_model):
    folder = tmp_path_factory.mktemp("judged")
    (folder / "faq.csv").write_text(FAQ)
    (folder / "questions.csv").write_text(QUESTIONS)
    (folder / "recipe.yaml").write_text(
        f"""
data: {{path: faq.csv}}
test: {{path: questions.csv}}
clean: [length]
augment: ["rephrase:n=2"]
filters: []
steps: 2
trainer: {{huggingface: {{model: "{tiny_model}"}}}}
split: {{validation: 0.0}}
experiment: {{alone: true}}
arms: {{base: {{}}, tuned-original: {{train: original}}, tuned-augmented: {{train: augmented}}}}
evaluate:
  max_tokens: 4
  metrics: [rouge_l, reference_likelihood, domain_relevance]
  judges: [{{pairwise: {{generator: {{transformers: {{model: "{tiny_model}"}}}}}}}}]
  probes: [{{counterfactual_answers: {{questions: 1, groups: [age]}}}}]
"""
    )
    return folder / "recipe.yaml"


def test_a_run_judges_and_probes_its_arms_and_a_second_run_does_nothing(recipe, tmp_path):
    out = tmp_path / "run"
    first = CliRunner().invoke(cli, ["run", str(recipe), "-o", str(out), "--workers", "1"], catch_exceptions=False)
    assert first.exit_code == 0, first.stderr
    results = json.loads((out / "metrics.json").read_text())
    arms = {arm["name"]: arm for arm in results["arms"]}
    assert set(arms) == {"base", "tuned-original", "tuned-augmented", "only-rephrase"}
    assert all(arm["metrics"]["reference_likelihood"]["mean"] < 0 for arm in arms.values()), "arms that an experiment added are read, too"
    assert all(arm["metrics"]["domain_relevance"]["mean"] is not None for arm in arms.values()), "the training originals are the domain"
    assert {one["arm"] for one in results["judges"][0]["comparisons"]} == {"base", "tuned-augmented"}, "against the baseline"
    assert {one["arm"] for one in results["bias"][0]["groups"]} == {"base", "tuned-original", "tuned-augmented"}
    assert not (out / "models/only-rephrase.0/work").exists()
    journal = (out / "journal.jsonl").read_bytes()
    second = CliRunner().invoke(cli, ["run", str(recipe), "-o", str(out), "--workers", "1"], catch_exceptions=False)
    assert second.exit_code == 0, second.stderr
    assert (out / "journal.jsonl").read_bytes() == journal
