"""What an experiment would do, said before it is done."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from augmentor.cli import cli
from augmentor.recipe import Data, Experiment, Recipe
from augmentor.run.foresight import foresee


def journal(out, *entries):
    out.mkdir(parents=True, exist_ok=True)
    rows = [{"stage": stage, "key": "0", "outputs": {}, "seconds": seconds, "cpu_seconds": seconds} for stage, seconds in entries]
    (out / "journal.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_nothing_done_leaves_nothing_to_judge_by(tmp_path):
    found = foresee(Recipe(data=Data("faq.csv")), tmp_path / "run")
    assert (found.new, found.kept, found.seconds) == (2, 0, None)
    assert not (tmp_path / "run").exists()


def test_the_time_to_come_is_that_of_what_was_done(tmp_path):
    journal(tmp_path / "run", ("train:tuned-original.0", 100.0), ("predict:tuned-original.0", 20.0), ("predict:base.0", 40.0), ("predict:copied.0", 0.0))
    found = foresee(Recipe(data=Data("faq.csv"), augment=["rephrase"], experiment=Experiment(leave_out=True, alone=True)), tmp_path / "run")
    assert (found.new, found.kept) == (3, 1)  # tuned-augmented, without-rephrase, only-rephrase
    assert found.seconds == 3 * 100 + 4 * 30  # their answers, and those of 'prompted'
    lines = list(found.lines())
    assert "  tuned-original.0: done before" in lines
    assert "  without-rephrase.0: train on data of its own, then answer the test questions" in lines
    assert lines[-1] == "about 7 minutes, by those done before"


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "recipe.yaml"
    path.write_text("data: {path: faq.csv}\naugment: [rephrase]\nfilters: [length]\n")
    return path


def dry_run(recipe, *more):
    return CliRunner().invoke(cli, ["experiment", str(recipe), "--dry-run", *more])


def test_an_experiment_without_options_adds_every_kind_of_arm(recipe):
    said = dry_run(recipe).stderr
    for arm in ("without-rephrase", "only-rephrase", "without-filter-length", "tuned-original-10", "tuned-augmented-50"):
        assert f"{arm}.0" in said


def test_an_experiment_adds_what_it_is_told_to_and_what_the_recipe_says(recipe):
    said = dry_run(recipe, "--curve", "25").stderr
    assert "tuned-augmented-25.0: train on 25% of the sources" in said
    assert "without-" not in said
    recipe.write_text(recipe.read_text() + "experiment: {alone: true}\n")
    assert "only-rephrase.0" in dry_run(recipe).stderr
    assert "without-rephrase.0" not in dry_run(recipe).stderr


def test_a_curve_is_made_of_percentages(recipe):
    done = dry_run(recipe, "--curve", "half")
    assert done.exit_code == 2
    assert "write percentages such as 10,25,50,100" in done.stderr
