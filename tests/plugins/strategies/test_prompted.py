import json
import subprocess
import sys
from random import Random

import msgspec
import pytest

from augmentor.errors import BadOption
from augmentor.protocols import Malformed, Reply
from augmentor.testing import check_strategy, example
from augmentor_plugins.strategies.prompted import Prompted

SOURCE = example("How do I pay?")


def read(*texts):
    return [turns[0].text for turns, _ in Prompted().read(SOURCE, [Reply(text) for text in texts])]


def malformed(*texts):
    return [(item.reply.text, item.reason) for item in Prompted().read(SOURCE, [Reply(text) for text in texts]) if isinstance(item, Malformed)]


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


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it says nothing"), ("   ", "it says nothing"), ("One line\nand another", "it is more than one line"),
        ("x" * 500, "it is more than four times as long as the question"),
    ],
)
def test_a_reply_that_is_no_question_alone_is_malformed(text, reason):
    assert malformed(text) == [(text, reason)]
    assert len(list(Prompted().read(SOURCE, [Reply(text)]))) == 1


def test_a_failed_reply_is_no_variant():
    assert list(Prompted().read(SOURCE, [Reply("half a rep", error="cut")])) == []


def test_a_paraphrase_may_have_lines_where_the_text_has():
    source = example("Hi", "First this.\nThen that.")
    strategy = Prompted(task="paraphrase", of="answer", n=1)
    (request,) = strategy.ask(source, Random(0))
    assert request.messages[-1].text == "First this.\nThen that."
    ((turns, note),) = strategy.read(source, [Reply("This first.\nThat after it.")])
    assert [turn.text for turn in turns] == ["Hi", "This first.\nThat after it."]
    assert note == "prompted=paraphrase"


def test_a_persona_task_takes_another_persona_each_time():
    asked = Prompted(task="persona", n=5).ask(SOURCE, Random(0))
    assert len({request.messages[0].text for request in asked}) == 5


def test_each_question_of_a_conversation_may_vary_by_itself():
    longer = msgspec.structs.replace(SOURCE, messages=SOURCE.messages * 2)
    strategy = Prompted(n=1, turns="all")
    assert len(strategy.ask(longer, Random(0))) == 2
    first, second = strategy.read(longer, [Reply("What are the ways?"), Reply("How can one pay?")])
    assert [turn.text for turn in first[0]] == ["What are the ways?", "Like this.", "How do I pay?", "Like this."]
    assert [turn.text for turn in second[0]] == ["How do I pay?", "Like this.", "How can one pay?", "Like this."]


@pytest.mark.parametrize("options", [{"n": 0}, {"of": "answer"}, {"task": "paraphrase", "personas": ("student",)}])
def test_senseless_options_are_refused(options):
    with pytest.raises(BadOption):
        Prompted(**options)


@pytest.mark.slow
def test_a_local_model_writes_and_is_asked_once(tiny_model, tmp_path):
    (tmp_path / "faq.csv").write_text("question,answer\nHow do I reset my password?,Tap the key.\n")
    command = [
        sys.executable, "-m", "augmentor", "augment", "faq.csv", "-o", "out.jsonl", "-s", "prompted:n=2,max_tokens=6",
        "--generator", f"transformers:model={tiny_model}", "--json",
    ]
    first, second = (subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True) for _ in range(2))
    first, second = json.loads(first.stdout), json.loads(second.stdout)
    assert (first.pop("asked")["calls"], second.pop("asked")["calls"]) == (2, 0)
    assert first == second
    assert first["originals"] == 1
    without = subprocess.run([*command[:-3], "--json"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert without.returncode == 2
    assert "needs a language model; name one with --generator" in without.stderr
