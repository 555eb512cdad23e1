"""What models were asked is kept by example."""

from __future__ import annotations

from augmentor.examples import Example, Message
from augmentor.protocols import Request
from augmentor.recipe import Data, Recipe
from augmentor.run.data import save
from augmentor.run.folder import Entry, RunFolder
from augmentor.run.prompts import prompts_of, words


def chat(id, question):
    return Example(id=id, messages=(Message(role="user", content=question), Message(role="assistant", content="Within nine days.")))


def test_each_prompted_strategy_has_its_first_request_and_each_judge_its_own(tmp_path):
    run = RunFolder(tmp_path)
    save(run / "data/original.jsonl", [chat("a", "How do I get a refund?"), chat("b", "Where is it?")])
    run.finished["judge:pairwise"] = Entry("judge:pairwise", "", {}, 1.0, 1.0, {"judgements": 2, "prompt": "[user]\nWhich is better?"})
    run.finished["judge:rubric"] = Entry("judge:rubric", "", {}, 1.0, 1.0, {"judgements": 0})
    recipe = Recipe(data=Data("x"), augment=["noise", "prompted", {"prompted": {"task": "paraphrase"}}], generator="transformers")
    found = prompts_of(run, recipe)
    assert [one["whose"] for one in found] == ["strategy prompted", "strategy prompted:task=paraphrase", "judge pairwise"]
    assert "How do I get a refund?" in found[0]["text"]
    assert found[2]["text"] == "[user]\nWhich is better?"


def test_without_a_generator_no_strategy_asked_anything(tmp_path):
    run = RunFolder(tmp_path)
    save(run / "data/original.jsonl", [chat("a", "How do I get a refund?")])
    assert prompts_of(run, Recipe(data=Data("x"), augment=["noise"])) == []


def test_turns_are_told_apart():
    assert words(Request((Message(role="system", content="Be brief."), Message(role="user", content="Hello")))) == "[system]\nBe brief.\n\n[user]\nHello"
