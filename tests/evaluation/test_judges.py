"""Judges, asked through a function that answers as a language model might."""

import json
from dataclasses import replace

import msgspec
import pytest

from augmentor.errors import BadOption, DataError, UsageError
from augmentor.examples import Example, Message
from augmentor.plugins import plugins
from augmentor.protocols import Reply
from augmentor_evaluation.arms import compare_arms
from augmentor_evaluation.gate import check_gate
from augmentor_evaluation.judges.agreement import kappa
from augmentor_evaluation.judges.choosing import chosen, pair_seeds
from augmentor_evaluation.judges.pairwise import Pairwise, verdict
from augmentor_evaluation.judges.rubric import Rubric, rating
from augmentor_evaluation.predictions import Prediction

RIGHT, WRONG = "Reset it in the settings.", "I do not know that, sorry."
GENERATOR = "openai:model=judge"


def shown(request):
    """The two answers that a judge is shown."""
    text = request.messages[0].text
    return text.split("Answer 1:\n")[1].split("\n\nAnswer 2:")[0], text.split("Answer 2:\n")[1].split("\n\nJudge by")[0]


def fair(request):
    """A judge that knows the right answer."""
    first, second = (RIGHT in answer for answer in shown(request))
    return "Verdict: tie" if first == second else f"Verdict: {1 if first else 2}"


def first_always(_request):
    return "1"


class Model:
    """Answers by a function, and counts."""

    def __init__(self, says):
        self.says, self.asked = says, []

    def __call__(self, requests):
        self.asked += requests
        return [Reply(error="timed out") if (text := self.says(request)) is None else Reply(text, prompt_tokens=30, completion_tokens=4) for request in requests]


@pytest.fixture
def judged(comparison, tmp_path):
    """The result of a judge on made-up arms, through the file that it writes."""

    def run(judge, says, arms, references, **settings):
        request = comparison(arms, references, **settings)
        path = tmp_path / "judgements.jsonl"
        model = Model(says)
        rows = judge.judge(request.predictions, request.baseline, {}, model)
        path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
        results = compare_arms(replace(request, judgements={"judge": (judge, path)}))
        return results, results.judges[0], model

    return run




COUNT = 24
LABELS = [f"label-{place % 12}" for place in range(COUNT)]


def test_a_fair_judge_finds_the_better_arm_and_the_gate_reads_it(judged):
    arms = {"base": {0: [WRONG] * COUNT}, "tuned": {0: [RIGHT] * 20 + [WRONG] * 4}}
    results, found, model = judged(Pairwise(GENERATOR), fair, arms, [RIGHT] * COUNT, labels=LABELS)
    [one] = found.comparisons
    assert (one.arm, one.baseline, one.wins, one.ties, one.losses, one.verdict) == ("tuned", "base", 20, 4, 0, "better")
    assert one.difference.mean == pytest.approx(20 / 24)
    assert "it won 20 of 24 questions, lost 0, 4 were ties" in one.sentence
    assert len(model.asked) == 40, "the same words twice are a tie unasked; the others are asked in both orders"
    health = found.health
    assert (health.judgements, health.asked, health.unread, health.prompt_tokens, health.completion_tokens) == (24, 20, 0, 1200, 160)
    assert (health.flip_rate.mean, health.first_rate.mean, health.dollars) == (0.0, 0.5, None)
    assert check_gate("judge.delta.low > 0.3", msgspec.to_builtins(results)).passed
    with pytest.raises(UsageError, match=r"write judge\.delta\.mean"):
        check_gate("tuned.judge.mean > 0.3", msgspec.to_builtins(results))


def test_a_judge_that_takes_what_comes_first_decides_nothing_and_is_warned_of(judged):
    arms = {"base": {0: [WRONG] * COUNT}, "tuned": {0: [RIGHT] * COUNT}}
    _, found, _ = judged(Pairwise(GENERATOR), first_always, arms, [RIGHT] * COUNT, labels=LABELS)
    [one] = found.comparisons
    assert (one.wins, one.ties, one.losses, one.verdict) == (0, COUNT, 0, "can't tell")
    assert one.difference.low < 0 < one.difference.high
    assert (found.health.flip_rate.mean, found.health.first_rate.mean) == (1.0, 1.0)
    assert any("100\u00a0% of its verdicts: the place moves it" in warning for warning in found.warnings)


def test_a_judge_of_length_is_warned_of(judged):
    def longer(request):
        first, second = shown(request)
        return f"Verdict: {1 if len(first) > len(second) else 2}"

    arms = {"base": {0: [WRONG + " Sorry." * 9] * COUNT}, "tuned": {0: [RIGHT] * COUNT}}
    _, found, _ = judged(Pairwise(GENERATOR), longer, arms, [RIGHT] * COUNT, labels=LABELS)
    assert found.comparisons[0].verdict == "worse"
    assert found.health.longer_rate.mean == 1.0
    assert any("chose the longer answer" in warning for warning in found.warnings)


def test_replies_that_cannot_be_read_are_left_out_and_counted_and_never_a_tie(judged):
    def moody(request):
        number = int(request.messages[0].text.split("question number ")[1].split()[0])
        return None if number == 0 else "I cannot say." if number < 6 else fair(request)

    arms = {"base": {0: [WRONG] * COUNT}, "tuned": {0: [RIGHT] * COUNT}}
    _, found, _ = judged(Pairwise(GENERATOR), moody, arms, [RIGHT] * COUNT, labels=LABELS)
    assert (found.health.unread, found.health.failed) == (6, 1)
    assert (found.comparisons[0].questions, found.comparisons[0].ties) == (18, 0)
    assert any("6 could not be read" in warning for warning in found.warnings)


def test_every_seed_is_judged_against_the_one_of_the_baseline(judged):
    arms = {"base": {0: [WRONG] * COUNT}, "tuned": {1: [RIGHT] * COUNT, 2: [RIGHT] * 12 + [WRONG] * 12}}
    _, found, _ = judged(Pairwise(GENERATOR), fair, arms, [RIGHT] * COUNT, labels=LABELS)
    assert found.health.judgements == 2 * COUNT
    assert found.comparisons[0].difference.mean == pytest.approx(0.75), "seeds are averaged within a question"


def test_answers_are_rated_and_compared(judged):
    def rate(request):
        return "Score: 5" if RIGHT in request.messages[0].text.split("The answer to rate:")[1] else "2 / 5"

    arms = {"base": {0: [WRONG] * COUNT}, "tuned": {0: [RIGHT] * 20 + [WRONG] * 4}}
    _, found, model = judged(Rubric(GENERATOR), rate, arms, [RIGHT] * COUNT, labels=LABELS)
    assert found.kind == "ratings"
    assert found.comparisons[0].difference.mean == pytest.approx(2.5)
    assert found.comparisons[0].verdict == "better"
    assert len(model.asked) == 2 * COUNT
    assert "from 1 to 5: does it answer the question" in model.asked[0].messages[0].text


def test_ratings_of_people_are_held_against_the_judge(judged, tmp_path):
    ratings = tmp_path / "ratings.jsonl"
    rows = [{"id": f"q{place}", "arm_a": "base", "arm_b": "tuned", "winner": "tuned" if place < 15 else "a" if place < 20 else "tie"} for place in range(COUNT)]
    ratings.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"id": "another", "arm_a": "base", "arm_b": "tuned", "winner": "b"}]))
    arms = {"base": {0: [WRONG] * COUNT}, "tuned": {0: [RIGHT] * 20 + [WRONG] * 4}}
    _, found, _ = judged(Pairwise(GENERATOR, ratings=str(ratings)), fair, arms, [RIGHT] * COUNT, labels=LABELS)
    agreed = found.agreement
    assert (agreed.ratings, agreed.questions, agreed.agreed) == (24, 24, pytest.approx(19 / 24))
    by_chance = 15 / 24 * 20 / 24 + 4 / 24 * 4 / 24
    assert agreed.kappa.mean == pytest.approx((19 / 24 - by_chance) / (1 - by_chance))
    assert agreed.kappa.low < agreed.kappa.mean < agreed.kappa.high
    ratings.write_text('{"id": "q0", "arm_a": "base", "arm_b": "tuned", "winner": "nobody"}\n')
    with pytest.raises(DataError, match=r"ratings.jsonl:1: the winner is 'nobody'; it must be a, b, tie, base or tuned"):
        judged(Pairwise(GENERATOR, ratings=str(ratings)), fair, arms, [RIGHT] * COUNT)


def test_kappa_is_that_of_cohens_textbook():
    import numpy as np

    table = np.array([[20, 5], [10, 15]])
    assert kappa(table) == pytest.approx(0.4)
    assert kappa(np.diag([5, 5])) == 1.0
    assert np.isnan(kappa(np.diag([5, 0]))) and np.isnan(kappa(np.zeros((3, 3))))


def test_a_template_of_ones_own_sees_the_conversation_and_can_do_nothing_else(comparison, tmp_path):
    request = comparison({"base": {0: [WRONG]}, "tuned": {0: [RIGHT]}}, [RIGHT])
    template = tmp_path / "mine.j2"
    template.write_text("{{ earlier }}|{{ question }}|{{ reference }}|{{ first }}|{{ second }}")
    turns = [Message(role="system", content="S"), Message(role="user", content="Hello"), Message(role="assistant", content="Yes?"), Message(role="user", content="{{ 7 * 7 }}"), Message(role="assistant", content=RIGHT)]
    model = Model(lambda _: "tie")
    list(Pairwise(GENERATOR, prompt=str(template), reference=False).judge(request.predictions, "base", {"q0": Example(id="q0", messages=tuple(turns))}, model))
    assert model.asked[0].messages[0].text == f"Customer: Hello\nAssistant: Yes?|{{{{ 7 * 7 }}}}||{RIGHT}|{WRONG}"
    for bad, message in (("{{ nothing }}", "'nothing' is undefined"), ("{% if %}", "is no Jinja template"), ("{{ ''.__class__.__mro__ }}", "is unsafe")):
        template.write_text(bad)
        with pytest.raises(UsageError, match=message):
            list(Pairwise(GENERATOR, prompt=str(template)).judge(request.predictions, "base", {}, model))
    with pytest.raises(UsageError, match="cannot be read"):
        list(Rubric(GENERATOR, prompt=str(tmp_path / "none.j2")).judge(request.predictions, "base", {}, model))


@pytest.mark.parametrize(
    ("text", "found"),
    [("Verdict: 1", "1"), ("verdict - TIE.", "tie"), ("Verdict: 1... no, Verdict: **2**", "2"), (" 2.\n", "2"), ("Answer 1", "1"), ("Answer 1 is better than 2", None), ("", None), ("12", None)],
)
def test_a_verdict_is_read_where_there_is_one(text, found):
    assert verdict(text) == found


@pytest.mark.parametrize(("text", "found"), [("Score: 4", 4), ("**Score:** 3.5/5", 3.5), ("5", 5), ("4 out of 5", 4), ("0", None), ("Score: 9", None), ("good", None), ("I saw 3 faults", None)])
def test_a_rating_is_read_where_there_is_one(text, found):
    assert rating(text, 5) == found


def test_some_questions_are_chosen_by_chance_evenly_over_labels():
    rows = [Prediction(f"q{place}", f"q{place}", "", "", label="rare" if place == 0 else "often") for place in range(50)]
    some = chosen(rows, 10, seed=0)
    assert len(some) == 10 and "q0" in some
    assert some == chosen(list(reversed(rows)), 10, seed=0) != chosen(rows, 10, seed=1)
    assert chosen(rows, 0, seed=0) == {row.id for row in rows}


def test_seeds_are_paired_as_scores_are():
    assert list(pair_seeds([("b", 0), ("t", 1), ("t", 2)], "b")) == [("t", 1, 0), ("t", 2, 0)]
    assert list(pair_seeds([("b", 0), ("b", 1), ("t", 1), ("t", 2)], "b")) == [("t", 1, 1)]
    assert list(pair_seeds([("b", 3), ("b", 4), ("t", 1), ("t", 2)], "b")) == [("t", 1, 3), ("t", 2, 4)]


def test_a_judge_must_be_told_who_judges():
    with pytest.raises(BadOption, match="needs the option generator"):
        plugins()["judge"].make("pairwise")
    made = plugins()["judge"].make("pairwise:generator=openai:model=gpt-4o,questions=5")
    assert (made.generator, made.questions) == ("openai:model=gpt-4o", 5)
    assert plugins()["judge"].make('rubric:generator={"openai":{"model":"x"}}').generator == {"openai": {"model": "x"}}
