"""Recipes with more arms, and the data of arms."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor.errors import RecipeError
from augmentor.examples import Example, Message
from augmentor.recipe import Arm, Data, Evaluation, Experiment, Recipe, TrainPlan, canonical, check, read_recipe, resolved, specs
from augmentor.run.arm_data import changed, drawn, lessons_digest
from augmentor.run.data import load, save
from augmentor.run.experiment import expand
from augmentor.run.folder import RunFolder, key_of
from augmentor.run.predicting import groups_of


def recipe(**changes):
    return Recipe(data=Data("faq.csv"), augment=["rephrase:n=4", "persona"], filters=["length", "near_duplicate"], **changes)


def examples(count, each=1):
    return [
        Example(id=f"e{number}-{turn}", root=f"e{number}", messages=(Message(role="user", content=f"question {number} {turn}"), Message(role="assistant", content="yes")))
        for number in range(count)
        for turn in range(each)
    ]


def test_a_recipe_without_an_experiment_stays_as_it_is():
    assert expand(recipe()) == (recipe(), ())


def test_each_strategy_is_left_out_and_alone_and_each_filter_is_off():
    whole, ablations = expand(recipe(experiment=Experiment(leave_out=True, alone=True, filters=True)))
    plans = {name: (arm.train.augment, arm.train.filters) for name, arm in whole.arms.items() if isinstance(arm.train, TrainPlan)}
    both, filters = ["rephrase:n=4", "persona"], ["length", "near_duplicate"]
    assert plans == {
        "without-rephrase": (["persona"], filters), "without-persona": (["rephrase:n=4"], filters),
        "only-rephrase": (["rephrase:n=4"], filters), "only-persona": (["persona"], filters),
        "without-filter-length": (both, ["near_duplicate"]), "without-filter-near_duplicate": (both, ["length"]),
    }  # fmt: skip
    assert [(one.part, one.kind, one.arm, one.against) for one in ablations][:3] == [
        ("rephrase:n=4", "left out", "tuned-augmented", "without-rephrase"),
        ("persona", "left out", "tuned-augmented", "without-persona"),
        ("rephrase:n=4", "alone", "only-rephrase", "tuned-original"),
    ]
    assert list(whole.arms)[:4] == list(recipe().arms)
    check(whole)


def test_a_curve_takes_shares_of_both_arms_and_the_whole_is_the_arms_themselves():
    whole, ablations = expand(recipe(experiment=Experiment(curve=[100, 25])))
    assert whole.arms["tuned-original-25"].train == TrainPlan([], [], 0.25)
    assert whole.arms["tuned-augmented-25"].train == TrainPlan(["rephrase:n=4", "persona"], ["length", "near_duplicate"], 0.25)
    assert [(one.arm, one.against, one.share) for one in ablations] == [("tuned-augmented-25", "tuned-original-25", 0.25), ("tuned-augmented", "tuned-original", 1.0)]


def test_a_strategy_that_is_used_twice_is_left_out_once():
    twice = msgspec.structs.replace(recipe(), augment=["persona", "persona"], experiment=Experiment(leave_out=True))
    whole, _ = expand(twice)
    assert [whole.arms[name].train.augment for name in ("without-persona", "without-persona-2")] == [["persona"], ["persona"]]


def test_added_arms_are_told_what_the_subject_is_told():
    arms = {"tuned-original": Arm(train="original"), "told": Arm(train="augmented", prompt="Be brief.", shots=2)}
    whole, _ = expand(recipe(arms=arms, evaluate=Evaluation(subject="told"), experiment=Experiment(alone=True)))
    assert (whole.arms["only-persona"].prompt, whole.arms["only-persona"].shots) == ("Be brief.", 2)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arms": {"base": Arm(), "tuned-original": Arm(train="original")}, "evaluate": Evaluation(subject="base")}, "'base' trains on nothing"),
        ({"arms": {**recipe().arms, "only-persona": Arm(train="original")}}, "the recipe has one of that name"),
    ],
)
def test_what_cannot_be_taken_apart_is_said(changes, message):
    with pytest.raises(RecipeError, match=message):
        expand(recipe(experiment=Experiment(alone=True), **changes))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("experiment: {curve: [0, 50]}", "percentages from 1 to 100"),
        ("experiment: {leave_outs: true}", "Did you mean 'leave_out'"),
        ("arms: {tuned-original: {train: original}, tuned-augmented: {train: {share: 2}}}", "'share' is above 0"),
        ("arms: {tuned-original: {train: original}, tuned-augmented: {train: {augment: [rephrse]}}}", "Did you mean 'rephrase'"),
        ("arms: {tuned-original: {train: original}, tuned-augmented: {train: {agument: []}}}", "Did you mean 'augment'"),
    ],
)
def test_mistakes_are_said_with_the_nearest_word(tmp_path, written, message):
    (tmp_path / "recipe.yaml").write_text(f"data: {{path: faq.csv}}\n{written}\n")
    with pytest.raises(RecipeError, match=message):
        read_recipe(tmp_path / "recipe.yaml")


def test_a_resolved_recipe_writes_out_what_a_plan_leaves_to_defaults(tmp_path):
    arms = {**recipe().arms, "typos": Arm(train=TrainPlan(augment=["noise:n=3"], filters=["balance:most=2"]))}
    (tmp_path / "recipe.yaml").write_bytes(resolved(recipe(arms=arms, experiment=Experiment(leave_out=True))))
    again = read_recipe(tmp_path / "recipe.yaml")
    assert again.experiment == Experiment(leave_out=True)
    (written,) = again.arms["typos"].train.augment
    assert written["noise"]["n"] == 3
    assert len(written["noise"]) > 1


@given(st.integers(0, 1000), st.floats(0.01, 1), st.floats(0.01, 1), st.integers(1, 40))
def test_a_smaller_share_is_part_of_a_larger_one_and_roots_stay_whole(seed, one, other, count):
    everything = examples(count, each=2)
    small, large = (drawn(everything, share, seed) for share in sorted((one, other)))
    assert small
    assert {example.id for example in small} <= {example.id for example in large}
    assert all(sum(example.root == root for example in small) == 2 for root in {example.root for example in small})
    assert drawn(everything, 1.0, seed) == everything


def test_what_filters_measured_does_not_make_another_training(tmp_path):
    rows = examples(5)
    save(tmp_path / "plain.jsonl", rows)
    save(tmp_path / "scored.jsonl", [msgspec.structs.replace(row, scores={"toxicity": 0.1}) for row in rows])
    save(tmp_path / "fewer.jsonl", rows[1:])
    assert lessons_digest(tmp_path / "plain.jsonl") == lessons_digest(tmp_path / "scored.jsonl") != lessons_digest(tmp_path / "fewer.jsonl")
    assert changed(tmp_path / "plain.jsonl", tmp_path / "scored.jsonl") == 0
    assert changed(tmp_path / "fewer.jsonl", tmp_path / "plain.jsonl") == 1


def test_a_stage_is_found_by_what_it_depended_on_while_its_output_is_there(tmp_path):
    run = RunFolder(tmp_path / "run")
    with run.opened():
        run.stage("train:a", ["data", 1], ["a"], lambda: (run / "a").write_text("weights") and None)
        assert run.same("train:", key_of(["data", 1])).stage == "train:a"
        assert run.same("predict:", key_of(["data", 1])) is None
        assert run.same("train:", key_of(["data", 2])) is None
        (run / "a").write_text("other")
        assert run.same("train:", key_of(["data", 1])) is None


def test_a_question_is_grouped_by_the_short_things_that_the_data_says_of_it():
    one = msgspec.structs.replace(examples(1)[0], meta={"channel": "app", "note": "x" * 80, "count": 3}, variation="persona=terse")
    assert groups_of(one) == {"channel": "app", "persona": "terse"}


@pytest.mark.parametrize("name", ["support/experiment.yaml", "banking/recipe.yaml"])
def test_the_recipes_of_the_examples_are_sound(repository, name):
    whole, ablations = expand(read_recipe(repository / "examples" / name))
    assert ablations
    check(whole)


def test_every_intent_of_the_banking_task_has_an_answer_of_its_own(repository, shared_data, tmp_path):
    script = repository / "examples/banking/derive.py"
    subprocess.run([sys.executable, str(script), str(shared_data / "banking77"), "--out", str(tmp_path)], check=True, capture_output=True)
    train, test = (load(tmp_path / f"{name}.jsonl") for name in ("train", "test"))
    assert len({example.answer for example in train}) == len({example.label for example in train}) == 77
    assert {(example.label, example.answer) for example in test} == {(example.label, example.answer) for example in train}
    assert not {example.question for example in test} & {example.question for example in train}


@pytest.mark.parametrize("name", ["support/recipe.yaml", "support/experiment.yaml", "banking/recipe.yaml"])
def test_a_resolved_recipe_does_what_the_recipe_does(repository, tmp_path, name):
    first = read_recipe(repository / "examples" / name)
    (tmp_path / "resolved.yaml").write_bytes(resolved(first))
    again = read_recipe(tmp_path / "resolved.yaml")
    for field in ("clean", "augment", "filters"):
        assert [str(spec) for spec in specs(again, field)] == [str(spec) for spec in specs(first, field)]
    assert canonical("trainer", again.trainer) == canonical("trainer", first.trainer)


def test_a_component_goes_by_what_is_set_and_not_by_how_it_is_written():
    written = ["noise", "noise:n=1", {"noise": {"n": 1}}]
    assert len({str(canonical("strategy", item)) for item in written}) == 1
    assert str(canonical("strategy", {"rephrase": {"forms": 3, "n": 16}})) == str(canonical("strategy", "rephrase:n=16,forms=3"))
