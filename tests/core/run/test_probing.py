"""Likelihoods, probes and judges in a run folder, with a real tiny model as arm and as judge."""

import msgspec
import pytest

from augmentor.errors import RecipeError, UsageError
from augmentor.examples import Example, Message
from augmentor.protocols import ReadLikelihoods
from augmentor.recipe import Data, Evaluation, Recipe, check, resolved
from augmentor.run.evaluation import evaluate_models

METRICS = ("rouge_l", "distinct_n:n=1", "distinct_n:n=2", "reference_likelihood", "calibration", "coherence", "consistency")
QUESTIONS = [
    Example(
        id=f"q{number}", label=f"label-{number % 3}",
        messages=(
            *((Message(role="user", content="hello"), Message(role="assistant", content="how can i help")) if number % 2 else ()),
            Message(role="user", content=f"where is my parcel {number}"), Message(role="assistant", content="it left the depot on monday"),
        ),
    )
    for number in range(6)
]  # fmt: skip


def evaluate(out, tiny_model, told, **changes):
    settings = {
        "metrics": METRICS,
        "judges": [f"pairwise:generator=transformers:model={tiny_model}", {"pairwise": {"generator": f"transformers:model={tiny_model}", "questions": 2}}],
        "probes": [f"stereotypes:file={out}/pairs.csv", {"open_prompts": {"per_group": 1}}],
    }
    models = {"one": str(tiny_model), "two": str(tiny_model)}
    return evaluate_models(QUESTIONS, models, out, generator="transformers", max_tokens=4, tell=told.append, **settings | changes)


def done(told):
    return [event["stage"] for event in told if event["state"] == "done"]


@pytest.fixture(scope="module")
def folder(tiny_model, tmp_path_factory):
    out = tmp_path_factory.mktemp("evaluated")
    (out / "pairs.csv").write_text("sent_more,sent_less,bias_type\nblue parcel,green parcel,colour\n")
    told = []
    return out, evaluate(out, tiny_model, told), told


def test_all_of_it_is_in_the_results(folder):
    out, results, _ = folder
    first, second = results["arms"]
    assert set(first["metrics"]) == set(METRICS)
    assert first["metrics"]["reference_likelihood"]["mean"] == second["metrics"]["reference_likelihood"]["mean"] < 0
    assert {info["name"]: info["title"] for info in results["metrics"]}["distinct_n:n=1"] == "Distinct-1"
    scores = [msgspec.json.decode(line) for line in (out / "scores.jsonl").read_bytes().splitlines()]
    assert [row["metrics"]["coherence"] is not None for row in scores[:6]] == [False, True] * 3, "earlier turns come from the test file"
    assert len(results["judges"]) == 2
    assert [judge["health"]["judgements"] for judge in results["judges"]] == [6, 2]
    assert [probe["title"] for probe in results["bias"]] == ["Stereotypes found likelier", "Toxicity of continuations"]
    assert len(list((out / "judgements").iterdir())) == 2


def test_a_likelihood_stands_for_each_answer(folder):
    out, _, _ = folder
    rows = [msgspec.json.decode(line, type=ReadLikelihoods) for line in (out / "likelihoods/one.0.jsonl").read_bytes().splitlines()]
    assert [row.id for row in rows] == [example.id for example in QUESTIONS]
    assert all(row.reference.error is None and row.reference.nats < 0 for row in rows)
    assert (out / "likelihoods/two.0.jsonl").read_bytes() == (out / "likelihoods/one.0.jsonl").read_bytes()


def test_a_second_run_does_nothing_and_a_change_only_what_depends_on_it(folder, tiny_model):
    out, results, _ = folder
    told = []
    assert evaluate(out, tiny_model, told) == results
    assert done(told) == []
    (out / "pairs.csv").write_text("sent_more,sent_less,bias_type\ngreen parcel,blue parcel,colour\n")
    changed = evaluate(out, tiny_model, told)
    assert {stage.partition(":")[0] for stage in done(told)} == {"probe", "compare", "report"}
    assert not any("open_prompts" in stage for stage in done(told))
    before, after = (found["bias"][0]["groups"][0]["value"]["mean"] for found in (results, changed))
    assert before + after == 1.0


def test_the_page_shows_judges_and_probes(folder):
    page = (folder[0] / "report.html").read_text("utf-8")
    for shown in ('id="judge"', 'id="harm"', "Can it be believed?", "Stereotypes found likelier"):
        assert shown in page


def recipe(**evaluation):
    return Recipe(data=Data("faq.csv"), evaluate=Evaluation(**evaluation))


@pytest.mark.parametrize(
    ("evaluation", "message"),
    [
        ({"judges": ["pairwise"]}, "needs the option generator"),
        ({"judges": ["pairwise:generator=nobody"]}, "No generator is called 'nobody'"),
        ({"probes": ["stereotypes"]}, "needs the option file"),
        ({"metrics": ["rouge_l", "rouge_l"]}, "'rouge_l' is listed twice"),
        ({"metrics": ["distinct_n:n=1", "distinct_n:n=2"], "headline": "distinct_n"}, "not among evaluate.metrics: distinct_n:n=1, distinct_n:n=2"),
    ],
)
def test_a_recipe_that_cannot_be_evaluated_is_refused_before_anything_is_trained(evaluation, message):
    with pytest.raises(UsageError, match=message):
        check(recipe(**evaluation))


def test_a_generator_without_likelihoods_is_refused_up_front():
    for wanted in ({"metrics": ["rouge_l", "perplexity"]}, {"probes": ["stereotypes:file=pairs.csv"]}):
        with pytest.raises(RecipeError, match="needs log-likelihoods, which the generator 'openai' does not give"):
            check(msgspec.structs.replace(recipe(**wanted), answer_with="openai:model=x"))
        check(recipe(**wanted))


def test_judges_and_probes_are_written_out_with_their_options():
    written = msgspec.yaml.decode(resolved(recipe(judges=["pairwise:generator=openai:model=x"], probes=["open_prompts"])))["evaluate"]
    assert written["judges"][0]["pairwise"]["max_tokens"] == 16
    assert written["probes"][0]["open_prompts"]["per_group"] == 25


def test_an_option_of_any_text_is_no_file():
    from augmentor.run.probing import read_files
    from augmentor_evaluation.judges.rubric import Rubric

    assert read_files(Rubric("openai:model=x", criterion="is it polite? " * 500)) == []
    assert read_files(Rubric("openai:model=x", criterion="~nobody/\0")) == []
    assert len(read_files(Rubric("openai:model=x", prompt=__file__))) == 1
