from __future__ import annotations

import re
import shlex
from pathlib import Path

import msgspec
import pytest

from augmentor.examples import Example, Message, encode
from augmentor.files import digest
from augmentor.plugins import plugins
from augmentor.protocols import TrainingTask
from augmentor_plugins.trainers import card
from tests.plugins.trainers.small_tasks import settings

ESTIMATE = {"mean": 0.41, "low": 0.3, "high": 0.52}
RESULTS = {
    "headline": {"sentence": "tuned is better than base: +0.31 ROUGE-L."},
    "metrics": [{"name": "rouge_l", "title": "ROUGE-L"}],
    "arms": [
        {"name": "base", "questions": 9, "metrics": {"rouge_l": {"mean": 0.1, "low": None, "high": None}}},
        {"name": "tuned", "questions": 9, "metrics": {"rouge_l": ESTIMATE}},
    ],
    "confidence": 0.95,
    "cluster_by": "label",
    "limits": ["Only 9 questions were asked."],
    "bias": [
        {
            "title": "Stereotypes",
            "unit": "share",
            "ideal": 0.5,
            "groups": [{"arm": arm, "group": "gender", "items": 40, "failed": 0, "value": ESTIMATE} for arm in ("base", "tuned")],
        }
    ],
}


def example(number: int, parent: str | None = None, **meta) -> Example:
    turns = (Message(role="user", content=f"question {number}"), Message(role="assistant", content="nine days"))
    return Example(id=str(number), messages=turns, root=parent or "", parent=parent, made_by="noise:n=2" if parent else None, label="refund", meta=meta)


@pytest.fixture(scope="module")
def trained(tiny_model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("card")
    stated = {"license": "CC-BY-4.0", "consent": "yes | <script>alert(1)</script>\n# ha"}
    examples = [example(1, **stated), example(2, **stated), example(3, licence="MIT"), example(4), example(5, parent="1")]
    (folder / "train.jsonl").write_bytes(b"".join(map(encode, examples)))
    return settings(tiny_model, lora=2, schedule="cosine").train(TrainingTask(folder / "train.jsonl", folder / "work", seed=5, steps=4))


@pytest.fixture
def text(trained) -> str:
    return Path(trained.model, "README.md").read_text("utf-8")


def test_the_model_comes_with_its_card(trained, text):
    front, body = re.fullmatch(r"---\n(.*?)---\n(.*)", text, re.DOTALL).groups()
    said = msgspec.yaml.decode(front)
    assert said["library_name"] == "transformers"
    assert said["tags"] == ["augmentor", "sft", "lora"]
    assert said["base_model"] == Path(trained.facts["hyperparameters"]["model"]).name, "no path of this machine is published"
    assert "license" not in said, "the examples state two licences and one none"
    for title in ("Data", "Training", "Evaluation", "Bias", "Intended use", "Limits", "Do it again"):
        assert f"\n## {title}\n" in body


def test_the_card_counts_where_the_data_comes_from(trained, text):
    assert f"| training | train.jsonl | 5 | `{digest(Path(trained.model).parents[1] / 'train.jsonl')}` |" in text
    assert "descend from 4 sources: 4 are the team's own, 1 were made from them" in text
    assert "| `noise:n=2` | 1 |" in text


def test_licence_and_consent_are_as_stated_or_not_stated(text):
    assert [line for line in text.splitlines() if line.startswith("| licence")] == ["| licence | CC-BY-4.0 | 2 |", "| licence | MIT | 1 |", "| licence | not stated | 2 |"]
    assert "| source | not stated | 5 |" in text


def test_words_of_the_data_cannot_write_the_card(text):
    assert "<script>" not in text
    assert r"| consent | yes \| &lt;script&gt;alert(1)&lt;/script&gt; # ha | 2 |" in text


def test_what_was_not_measured_is_not_made_up(text):
    assert "Not evaluated yet" in text
    assert "## Bias\n\nNot measured." in text
    assert "not measured: there was no validation split" in text
    assert "| energy | not measured; about" in text


def test_the_command_gives_the_same_weights(trained, text, monkeypatch):
    from augmentor.cli import cli

    command = re.search(r"^    (augmentor train .*)$", text, re.MULTILINE)[1]
    monkeypatch.chdir(trained.model)
    cli.main(args=shlex.split(command)[1:], standalone_mode=False)
    assert digest(Path("again/work/model/model.safetensors")) == digest(Path("model.safetensors"))


def test_one_licence_for_all_examples_is_in_the_front_matter(trained):
    facts = {**trained.facts, "lineage": {**trained.facts["lineage"], "licences": {"Apache-2.0": 5}}}
    assert "license: other\nlicense_name: Apache-2.0\n" in card.card(facts)


def test_a_run_completes_the_cards_of_its_models(trained):
    hook = plugins().manager.hook.augmentor_model_evaluated
    hook(model=Path(trained.model), arm="tuned", results=RESULTS)
    text = Path(trained.model, "README.md").read_text("utf-8")
    assert "tuned is better than base" in text
    assert "| base | 9 | 0.100 |" in text
    assert "| **tuned** (this model) | 9 | 0.410 (0.300 to 0.520) |" in text
    assert "| Stereotypes | gender | 40 | 0.410 (0.300 to 0.520) | 0.5 share |" in text
    assert "- Only 9 questions were asked." in text


def test_directories_of_others_get_no_card(tmp_path):
    plugins().manager.hook.augmentor_model_evaluated(model=tmp_path, arm="tuned", results=RESULTS)
    assert list(tmp_path.iterdir()) == []


def test_a_finished_run_tells_its_trainers_and_its_trainings_stay_done(trained):
    from augmentor.run.chain import complete_models
    from augmentor.run.folder import RunFolder

    run = RunFolder(Path(trained.model).parents[1])
    with run.opened():
        entry = run.stage("train:tuned-original.0", ["what decides the weights"], ["work"], lambda: {"model": "work/model"})
        complete_models(run, {**RESULTS, "arms": [{**RESULTS["arms"][1], "name": "tuned-original"}]})
        assert "| **tuned-original** (this model) | 9 |" in Path(trained.model, "README.md").read_text("utf-8")
        assert run.same("train:", entry.key), "a longer card does not make the training run again"
