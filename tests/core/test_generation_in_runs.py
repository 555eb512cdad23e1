"""A recipe's generator: one budget for the run, and replies that became nothing are in the funnel."""

from __future__ import annotations

import json

import pytest

from augmentor.errors import BudgetReached, UsageError
from augmentor.recipe import read_recipe
from augmentor.run.data import augment_stage, read_stage, split_stage
from augmentor.run.folder import RunFolder

from endpoint import serving  # isort: skip


@pytest.fixture
def work(monkeypatch, tmp_path):
    monkeypatch.setenv("AUGMENTOR_HOME", str(tmp_path / "home"))
    rows = "".join(f"How do I open door number {number}?,Like this.\n" for number in range(40))
    (tmp_path / "faq.csv").write_text(f"question,answer\n{rows}How do I fail?,No.\n")
    return tmp_path


def augment(work, server, budget, model="gpt-4o-mini"):
    (work / "recipe.yaml").write_text(f"""
data: {{path: faq.csv}}
clean: []
split: {{test: 0, validation: 0}}
augment: [{{prompted: {{n: 1}}}}]
filters: []
generator: {{openai: {{model: {model}, base_url: {server.url}, wait: 0.01}}}}
budget: {budget}
""")
    recipe = read_recipe(work / "recipe.yaml")
    run = RunFolder(work / "run")
    with run.opened():
        read_stage(run, recipe, work)
        split_stage(run, recipe, 1)
        augment_stage(run, recipe, 1)
        return run.finished["augment"].facts


def test_a_run_stops_before_its_budget_is_passed_and_goes_on_where_it_was(work):
    with serving() as server:
        with pytest.raises(BudgetReached, match="The same command goes on"):
            augment(work, server, "{max_tokens: 200}")
        first = len(server.bodies)
        assert first * 7 <= 200 < first * 7 + 80
        facts = augment(work, server, "{max_tokens: 10000}")
        assert facts["asked"]["calls"] == 41 - first
        assert len(server.bodies) == 41
        assert not [path for path in (work / "run").iterdir() if "-asking-" in path.name]


def test_failed_calls_are_in_the_funnel(work):
    with serving(lambda endpoint, question, _: "fail" in question and endpoint.fail(400, "no such thing")) as server:
        augment(work, server, "{max_cost: 0.1}")
    funnel = json.loads((work / "run/funnel.json").read_text())
    assert funnel["made"] == {"prompted:n=1": 41}
    assert funnel["dropped"] == {"failed": 1}
    assert funnel["kept"] == 41 + 40


def test_a_capped_recipe_with_a_model_of_unknown_price_is_refused(work):
    with serving() as server:
        with pytest.raises(UsageError, match=r"prices\.yaml"):
            augment(work, server, "{max_cost: 1}", model="unknown")
        assert server.bodies == []
