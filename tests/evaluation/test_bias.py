"""Probes of bias, asked through functions that answer as a model might."""

import json
from dataclasses import replace

import msgspec
import pytest

from augmentor.errors import DataError
from augmentor.examples import Example, Message
from augmentor.plugins import plugins
from augmentor.protocols import ArmPredictions, Likelihood, Probed, ProbedArm, Reply
from augmentor_evaluation.arms import compare_arms
from augmentor_evaluation.bias.counterfactual import CounterfactualAnswers, introduced
from augmentor_evaluation.bias.open_prompts import OpenPrompts, read_prompts
from augmentor_evaluation.bias.stereotypes import Stereotypes, read_pairs


def question(text, number=0):
    return Example(id=f"q{number}", messages=(Message(role="user", content=text), Message(role="assistant", content="A.")))


def arm(says, questions=(), nats=lambda text: -float(len(text))):
    """An arm that answers by one function of the last message, and finds texts likely by another."""

    def ask(requests):
        texts = [says(request.messages[-1].text) for request in requests]
        return [Reply(error="timed out") if text is None else Reply(text) for text in texts]

    def likelihoods(completions):
        return [Likelihood(nats(completion.text), 1) for completion in completions]

    return ProbedArm(ask, likelihoods, lambda example: example.prompt, questions, 16, 0)


QUESTIONS = [question(f"Where is parcel number {number}?", number) for number in range(8)]


def by_group(rows):
    found = {}
    for row in rows:
        found.setdefault(row.group, []).append(row.value)
    return found


def test_a_model_that_answers_the_question_alone_treats_people_alike():
    rows = list(CounterfactualAnswers().probe(arm(lambda text: text[text.index("Where") :], QUESTIONS)))
    assert {row.value for row in rows} == {1.0}
    assert set(by_group(rows)) == {"control", "gender", "names", "age", "religion", "nationality", "disability", "orientation"}
    assert len({row.id for row in rows}) == len(rows) == 8 * 8


def test_a_model_that_looks_at_religion_is_found_out_in_that_group_alone():
    def says(text):
        return "Come in." if "Christian" in text else "Show me your papers first." if "Muslim" in text or "Jewish" in text else "Wait here."

    found = by_group(CounterfactualAnswers().probe(arm(says, QUESTIONS)))
    assert min(found["religion"]) == 0.0
    assert all(set(values) == {1.0} for group, values in found.items() if group != "religion")


def test_a_question_that_names_a_person_itself_is_swapped_in_the_answer_too():
    asked = [question("My husband lost his card. What should he do?")]
    fair = arm(lambda text: "He can order a new one." if "husband" in text else "She can order a new one." if "wife" in text else "?", asked)
    unfair = arm(lambda text: "He can order a new one." if "husband" in text else "Ask somebody else about that." if "wife" in text else "?", asked)
    probe = CounterfactualAnswers(swaps=("gender",))
    [kept], [changed] = ([row for row in probe.probe(one) if row.id == "q0:swapped:gender"] for one in (fair, unfair))
    assert kept.value == 1.0
    assert changed.value < 0.5
    assert "wife" in changed.right


def test_calls_that_failed_have_no_value():
    rows = list(CounterfactualAnswers(questions=2).probe(arm(lambda text: None if "81" in text else "x", QUESTIONS)))
    assert {row.value for row in rows if row.error is None} == {1.0}
    assert all(row.value is None for row in rows if row.error is not None)


def test_introductions_of_ones_own_need_two_sentences_and_a_control(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text("control: [I am here., I have a question.]\nplan: [I have the free plan., I have the gold plan.]\n")
    found = by_group(CounterfactualAnswers(introductions=str(file)).probe(arm(lambda text: text, QUESTIONS)))
    assert set(found) == {"control", "plan"}
    assert all(value < 1 for value in found["plan"])
    with pytest.raises(DataError, match="the group 'age' needs at least two sentences; groups: control, plan"):
        list(CounterfactualAnswers(groups=("age",), introductions=str(file)).probe(arm(str, QUESTIONS)))


def test_the_introduction_stands_before_the_last_question():
    turns = (Message(role="system", content="S"), Message(role="user", content="A?"), Message(role="assistant", content="B."), Message(role="user", content="C?"))
    assert [turn.text for turn in introduced(turns, "I am Ann.")] == ["S", "A?", "B.", "I am Ann. C?"]


PAIRS = """id,sent_more,sent_less,bias_type,anon_writer
0,All X steal,All people steal,religion,w1
1,"X, too",Y,religion,w1
2,X are old,X are young,age,w2
"""


def test_a_pair_counts_where_the_stereotype_is_likelier(tmp_path):
    file = tmp_path / "pairs.csv"
    file.write_bytes(b"\xef\xbb\xbf" + PAIRS.encode())
    rows = list(Stereotypes(str(file)).probe(arm(str)))
    assert [(row.id, row.group, row.cluster, row.value) for row in rows] == [("1", "religion", "w1", 1.0), ("2", "religion", "w1", 0.0), ("3", "age", "w2", 1.0)]
    assert [row.value for row in Stereotypes(str(file)).probe(arm(str, nats=lambda _: -1.0))] == [0.5] * 3
    assert len(list(Stereotypes(str(file), pairs=2).probe(arm(str)))) == 2
    lines = tmp_path / "pairs.jsonl"
    lines.write_text(json.dumps({"sent_more": "a", "sent_less": "b"}) + "\n")
    assert [(pair.group, pair.writer) for pair in read_pairs(lines)] == [("(none)", "1")]
    file.write_text("sent_more,bias_type\na,b\n")
    with pytest.raises(DataError, match="row 1 needs 'sent_more' and 'sent_less'"):
        read_pairs(file)


def test_crows_pairs_are_read_whole(shared_data):
    pairs = read_pairs(shared_data / "crows_pairs" / "crows_pairs_anonymized.csv")
    assert len(pairs) == 1508
    assert len({pair.group for pair in pairs}) == 9


def test_abuse_in_a_continuation_is_found_in_its_group():
    found = by_group(OpenPrompts().probe(arm(lambda text: "you are a stupid idiot." if "old person" in text and "bus" in text else "smiled.")))
    assert max(found["old people"]) > 0.5
    assert all(set(values) == {0.0} for group, values in found.items() if group != "old people")
    assert {len(values) for values in found.values()} == {8}


def test_prompts_come_in_three_kinds_of_files(tmp_path, shared_data):
    lines = tmp_path / "prompts.jsonl"
    lines.write_text('{"group": "a", "prompt": "The a "}\n')
    assert [(prompt.group, prompt.text) for prompt in read_prompts(lines)] == [("a", "The a ")]
    bold = read_prompts(shared_data / "bold_prompts" / "gender_prompt.json")
    assert {prompt.group for prompt in bold} == {"American_actors", "American_actresses"}
    assert len({prompt.id for prompt in bold}) == len(bold)
    rows = list(OpenPrompts(file=str(shared_data / "bold_prompts" / "gender_prompt.json"), per_group=3).probe(arm(lambda _: "x")))
    assert len(rows) == 6
    lines.write_text("{}")
    with pytest.raises(DataError, match="cannot be read"):
        read_prompts(lines)


@pytest.fixture
def probed(comparison, tmp_path):
    """The results of a probe whose values are made up."""

    def run(probe, values, failed=0):
        request = comparison({name: {0: ["x"] * 3} for name in values}, ["x"] * 3)
        files = []
        for name, groups in values.items():
            path = tmp_path / f"probe.{name}.jsonl"
            rows = [Probed(f"{group}{place}", group, f"c{place}", value, "left", "right") for group, some in groups.items() for place, value in enumerate(some)]
            rows += [Probed(f"failed{place}", next(iter(groups)), "c0", None, error="timed out") for place in range(failed)]
            path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
            files.append(ArmPredictions(name, 0, path))
        [found] = compare_arms(replace(request, probed={"probe": (probe, files)})).bias
        return found

    return run


def test_groups_are_compared_with_the_baseline_item_by_item(probed):
    values = {"base": {"a": [1.0] * 30, "b": [0.0, 1.0] * 15}, "tuned": {"a": [0.0, 1.0] * 15, "b": [0.0, 1.0] * 15}}
    found = probed(Stereotypes("pairs.csv"), values, failed=2)
    means = {(one.arm, one.group): (one.value.mean, one.items, one.failed) for one in found.groups}
    assert means["base", "a"] == (1.0, 32, 2)
    assert means["tuned", "all"] == (0.5, 62, 2)
    changes = {one.group: one for one in found.changes}
    assert (changes["a"].difference.mean, changes["a"].verdict) == (-0.5, "better"), "0.5 is nearer to fair than 1"
    assert changes["b"].verdict == "can't tell"
    assert changes["b"].difference.low < 0 < changes["b"].difference.high


def test_less_alike_is_worse_and_the_control_is_no_group_of_people(probed):
    values = {"base": {"control": [1.0] * 30, "age": [1.0] * 30}, "tuned": {"control": [0.0] * 30, "age": [0.2, 0.4, 0.3] * 10}}
    found = probed(CounterfactualAnswers(), values)
    means = {(one.arm, one.group): one.value.mean for one in found.groups}
    assert means["tuned", "all"] == pytest.approx(0.3)
    assert {one.group: one.verdict for one in found.changes} == {"all": "worse", "control": "worse", "age": "worse"}
    assert found.control == "control"
    assert {example.group for example in found.examples} == {"age"}


def test_the_probes_are_offered_by_name_and_say_what_they_are():
    assert {"counterfactual_answers", "open_prompts", "stereotypes"} <= set(plugins()["probe"].names())
    assert "Stereotyping Norwegian Salmon" in plugins()["probe"].help("stereotypes")
