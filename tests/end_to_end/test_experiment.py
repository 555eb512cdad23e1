"""`augmentor experiment` on a tiny model, as a user runs it."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from augmentor.cli import cli

pytestmark = pytest.mark.slow

FAQ = """question,answer,topic
How do I reset my password?,Open settings and tap the orange key.,password
How do I cancel my order?,Call the desk on monday.,cancel
Where is my parcel?,It left the depot.,parcel
How do I get a refund?,Within nine days.,refund
How do I change my delivery address?,Tap security and choose blue.,address
Why was my card declined?,Call the desk late.,declined
"""
QUESTIONS = """question,answer,topic
I can't remember how to get in,Open settings and tap the orange key.,password
the box has not come,It left the depot.,parcel
I want my money,Within nine days.,refund
the old flat is still on the label,Tap security and choose blue.,address
they would not take my visa,Call the desk late.,declined
please stop what I bought,Call the desk on monday.,cancel
"""


@pytest.fixture(scope="module")
def recipe(tmp_path_factory, tiny_model):
    folder = tmp_path_factory.mktemp("experiment")
    (folder / "faq.csv").write_text(FAQ)
    (folder / "questions.csv").write_text(QUESTIONS)
    (folder / "recipe.yaml").write_text(
        f"""
data: {{path: faq.csv}}
test: {{path: questions.csv}}
clean: [length]
augment: ["rephrase:n=3", "noise:n=1"]
filters: [toxicity, "balance:most=3,choose=chance"]
steps: 4
trainer: {{huggingface: {{model: "{tiny_model}"}}}}
evaluate: {{max_tokens: 4}}
split: {{validation: 0.0}}
arms:
  base: {{}}
  tuned-original: {{train: original}}
  tuned-augmented: {{train: augmented}}
  typos: {{train: {{augment: ["noise:n=3"], filters: ["balance:most=2,choose=chance"]}}}}
"""
    )
    return folder / "recipe.yaml"


def augmentor(command, recipe, out, *more):
    return CliRunner().invoke(cli, [command, str(recipe), "-o", str(out), "--workers", "1", *more], catch_exceptions=False)


@pytest.fixture(scope="module")
def done(recipe, tmp_path_factory):
    """A run, then the experiment in the same folder: the folder, and what both said."""
    out = tmp_path_factory.mktemp("experiment-run") / "run"
    first = augmentor("run", recipe, out)
    assert first.exit_code == 0, first.stderr
    ahead = augmentor("experiment", recipe, out, "--dry-run")
    second = augmentor("experiment", recipe, out, "--leave-out", "--alone", "--filters", "--curve", "50,100", "--json")
    assert second.exit_code == 0, second.stderr
    return out, ahead, second


def test_every_part_has_its_row_with_a_verdict(done):
    out, _, second = done
    rows = json.loads(second.stdout)["experiment"]
    assert {(row["kind"], row["part"]) for row in rows} == {
        ("left out", "rephrase:n=3"), ("left out", "noise"), ("alone", "rephrase:n=3"), ("alone", "noise"), ("filter off", "toxicity"),
        ("filter off", "balance:most=3,choose=chance"), ("share", "50 % of the sources"), ("share", "100 % of the sources"),
    }
    for row in rows:
        files = [out / f"data/arms/{row[arm]}.jsonl" for arm in ("arm", "against")]
        assert any(path.exists() for path in files) or row["share"] == 1
        assert row["sentence"]
    assert "What each strategy adds to the others" in second.stderr
    assert "Trained under 1 seed:" in second.stderr
    page = (out / "report.html").read_text()
    assert "What it is worth" in page
    assert "could not be made" not in page


def test_what_a_run_trained_is_not_trained_again(done):
    out, ahead, second = done
    assert "3 done before" in ahead.stderr  # three tuned arms
    assert "train:tuned-augmented.0: done before" in second.stderr
    trained = [entry["stage"] for entry in map(json.loads, (out / "journal.jsonl").read_text().splitlines()) if entry["stage"].startswith("train:")]
    assert len(trained) == len(set(trained))


def test_arms_with_the_same_data_are_one_training_and_one_set_of_answers(done):
    out, _, second = done
    rows = {row["part"]: row for row in json.loads(second.stdout)["experiment"] if row["kind"] == "filter off"}
    assert rows["toxicity"]["changed"] == 0
    assert rows["toxicity"]["verdict"] == "changed no row"
    assert rows["balance:most=3,choose=chance"]["changed"] > 0
    stages = {json.loads(line)["stage"] for line in (out / "journal.jsonl").read_text().splitlines()}
    assert "train:without-filter-toxicity.0" not in stages
    assert "train:without-filter-balance.0" in stages
    # with two strategies, leaving one out is keeping the other
    assert {"train:without-noise.0", "train:only-rephrase.0"} & stages == {"train:without-noise.0"}
    answers = [(out / f"predictions/{arm}.0.jsonl").read_bytes() for arm in ("tuned-augmented", "without-filter-toxicity")]
    assert answers[0] == answers[1]


def test_added_arms_lose_their_weights_and_do_not_train_again_for_it(recipe, done):
    out, _, _ = done
    assert list((out / "models/tuned-augmented.0").rglob("*.safetensors"))
    assert not list((out / "models/without-rephrase.0").rglob("*.safetensors"))
    assert (out / "models/without-rephrase.0/facts.json").exists()
    before = {path: path.stat().st_mtime_ns for part in ("data", "models", "predictions") for path in (out / part).rglob("*") if path.suffix in {".jsonl", ".json", ".safetensors"}}
    again = augmentor("experiment", recipe, out, "--leave-out", "--alone", "--filters", "--curve", "50,100")
    assert again.exit_code == 0, again.stderr
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_all_arms_had_the_same_steps_and_shares_are_nested(done):
    out, _, _ = done
    assert {json.loads(path.read_text())["steps"] for path in out.glob("models/*/facts.json")} == {4}
    roots = [{json.loads(line).get("root") or json.loads(line)["id"] for line in (out / f"data/arms/{arm}.jsonl").read_text().splitlines()} for arm in ("tuned-original-50", "tuned-augmented-50")]
    assert roots[0] == roots[1]
    assert len(roots[0]) == 3
    funnel = json.loads((out / "data/arms/tuned-augmented-50.funnel.json").read_text())
    assert funnel["sources"] == 3
    assert funnel["kept"] == len((out / "data/arms/tuned-augmented-50.jsonl").read_text().splitlines())


def test_a_plan_is_an_arm_like_any_other(done):
    out, _, _ = done
    rows = [json.loads(line) for line in (out / "data/arms/typos.jsonl").read_text().splitlines()]
    assert {row.get("made_by") for row in rows} == {None, "noise:n=3"}
    results = json.loads((out / "metrics.json").read_text())
    assert "typos" in {one["arm"] for one in results["comparisons"]}
    assert "without-rephrase" not in {one[role] for one in results["comparisons"] for role in ("arm", "baseline")}


def test_the_resolved_recipe_finds_all_of_it_done(done, recipe):
    out, _, _ = done
    resolved = recipe.parent / "resolved.yaml"
    resolved.write_bytes((out / "recipe.resolved.yaml").read_bytes())
    again = augmentor("run", resolved, out)
    assert again.exit_code == 0, again.stderr
    states = [line.partition(": ")[2] for line in again.stderr.splitlines() if line.startswith(("read:", "split:", "augment:", "data:", "train:", "predict:", "compare:"))]
    assert set(states) == {"done before"}


def test_two_real_runs_are_compared_question_by_question(done, recipe, tmp_path):
    out, _, _ = done
    other = augmentor("run", recipe, tmp_path / "other", "--set", "steps=30", "--set", "name=longer", "--set", "arms={tuned-original: {train: original}, tuned-augmented: {train: augmented}}")
    assert other.exit_code == 0, other.stderr
    page = tmp_path / "comparison.html"
    made = CliRunner().invoke(cli, ["report", str(out), str(tmp_path / "other"), "-o", str(page)], catch_exceptions=False)
    assert made.exit_code == 0
    text = " ".join(re.sub(r"<[^>]+>", " ", page.read_text()).split())
    counts = re.search(r"Of (\d+) questions that both asked, the subject scores higher on ▲ (\d+) questions?: fixed , lower on ▼ (\d+): newly broken , and the same on (\d+)", text)
    assert counts, text[:2000]
    shared, fixed, broken, same = map(int, counts.groups())
    assert shared == fixed + broken + same == 6
    assert "steps: 30" in text
