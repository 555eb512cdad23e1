import json
import subprocess
import sys
from random import Random

import pytest

from augmentor.protocols import Reply
from augmentor.testing import check_strategy, example
from augmentor_plugins.strategies.prompted import Prompted

SOURCE = example("How do I pay?")


def read(*texts):
    return [turns[0].text for turns, _ in Prompted().read(SOURCE, [Reply(text) for text in texts])]


def test_it_keeps_the_rules():
    check_strategy(Prompted())


def test_each_request_holds_the_question_and_a_seed_of_its_own():
    asked = Prompted(n=3).ask(SOURCE, Random(0))
    assert [request.messages[-1].text for request in asked] == ["How do I pay?"] * 3
    assert len({request.seed for request in asked}) == 3
    assert Prompted(n=3).ask(SOURCE, Random(0)) == asked


def test_a_persona_is_described_to_the_model():
    (request,) = Prompted(n=1, personas=("student",)).ask(SOURCE, Random(0))
    assert "student" in request.messages[0].text.lower()


def test_a_reply_becomes_a_variant_with_the_same_answer():
    ((turns, note),) = Prompted().read(SOURCE, [Reply('"Which ways of paying are there?"')])
    assert [turn.text for turn in turns] == ["Which ways of paying are there?", "Like this."]
    assert note == "prompted"


@pytest.mark.parametrize("text", ["", "   ", "One line\nand another", "x" * 500])
def test_a_reply_that_is_no_question_alone_is_no_variant(text):
    assert read(text) == []


def test_a_failed_reply_is_no_variant():
    assert list(Prompted().read(SOURCE, [Reply("half a rep", error="cut")])) == []


@pytest.mark.slow
def test_a_local_model_writes_and_is_asked_once(tiny_model, tmp_path):
    (tmp_path / "faq.csv").write_text("question,answer\nHow do I reset my password?,Tap the key.\n")
    command = [
        sys.executable, "-m", "augmentor", "augment", "faq.csv", "-o", "out.jsonl", "-s", "prompted:n=2,max_tokens=6",
        "--generator", f"transformers:model={tiny_model}", "--json",
    ]
    first, second = (subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True) for _ in range(2))
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["originals"] == 1
    without = subprocess.run([*command[:-3], "--json"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert without.returncode == 2
    assert "needs a language model; name one with --generator" in without.stderr
