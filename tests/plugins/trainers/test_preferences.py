from __future__ import annotations

import warnings
from pathlib import Path

import msgspec
import pytest
import torch

from augmentor.errors import TrainingError
from augmentor.examples import Example, Message, encode
from augmentor.files import digest
from augmentor.protocols import TrainingTask
from augmentor_plugins.models.loading import load_model, load_tokenizer
from augmentor_plugins.trainers.batching import Collator, sharing
from augmentor_plugins.trainers.conversations import MASKED
from augmentor_plugins.trainers.preferences import Pairs, pair_rows, preference_loss, with_reference
from tests.plugins.trainers.small_tasks import FACTS, settings, write


def said(role: str, text: str) -> Message:
    return Message(role=role, content=text)


LONG = Example(
    id="long",
    messages=(said("system", "help"), said("user", "a"), said("assistant", "first"), said("user", "b"), said("assistant", "better")),
    rejected=(said("assistant", "worse"),),
)
SHORT = Example(id="short", messages=(said("user", "where is my parcel"), said("assistant", "it left the depot")), rejected=(said("assistant", "late"),))


@pytest.fixture(scope="module")
def tokenizer(tiny_model: Path):
    return load_tokenizer(str(tiny_model))


def test_every_turn_before_the_answer_is_the_prompt_and_only_the_answers_are_learnt(tokenizer):
    better, worse = pair_rows([LONG], tokenizer, [2], 256)
    assert tokenizer.decode([label for label in better.labels if label != MASKED]) == "better<|im_end|>"
    assert tokenizer.decode([label for label in worse.labels if label != MASKED]) == "worse<|im_end|>"
    for row in (better, worse):
        assert all(text in tokenizer.decode(row.tokens) for text in ("help", "first", "b<|im_end|>"))


@pytest.mark.parametrize("shared", [False, True])
def test_the_loss_and_its_gradient_are_those_of_trl(tiny_model, tokenizer, tmp_path, shared):
    examples = [SHORT, msgspec.structs.replace(SHORT, id="other", messages=(said("user", "refund"), said("assistant", "within nine days")))]
    model = load_model(str(tiny_model), "cpu")
    collator = Collator(pair_rows(examples, tokenizer, [2], 256))
    pairs = with_reference(Pairs(sharing(model, collator) if shared else collator), model)
    assert (pairs.rows.shared > 0) == shared
    rows = pairs.rows.rows
    with torch.no_grad():
        for number, weight in enumerate(model.parameters()):
            weight.add_(0.02 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(number)))
    ours = preference_loss(model, pairs([{"row": 0}, {"row": 1}]), None, beta=0.3)
    ours.backward()
    gradient = torch.cat([weight.grad.flatten() for weight in model.parameters()])
    model.zero_grad()
    theirs = _loss_of_trl(model, str(tiny_model), rows, tmp_path)
    theirs.backward()
    assert ours.item() == pytest.approx(theirs.item(), rel=1e-4)
    assert abs(ours.item() - 0.6931) > 0.001, "at the reference itself the loss would say nothing"
    torch.testing.assert_close(gradient, torch.cat([weight.grad.flatten() for weight in model.parameters()]), rtol=1e-2, atol=1e-5)


def _loss_of_trl(model, base: str, rows, folder):
    from datasets import Dataset
    from trl import DPOConfig, DPOTrainer

    starts = [next(place for place, label in enumerate(row.labels) if label != MASKED) for row in rows]
    data = [
        {"prompt_ids": list(one.tokens[:start]), "chosen_ids": list(one.tokens[start:]), "rejected_ids": list(other.tokens[start:])}
        for one, other, start in zip(rows[::2], rows[1::2], starts[::2], strict=True)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer = DPOTrainer(
            model=model,
            ref_model=load_model(base, "cpu"),
            args=DPOConfig(output_dir=str(folder), beta=0.3, use_cpu=True, bf16=False, gradient_checkpointing=False, report_to="none"),
            train_dataset=Dataset.from_list([{"prompt": "a", "chosen": "b", "rejected": "c"}]),
            processing_class=load_tokenizer(base),
        )
        return trainer.compute_loss(model, trainer.data_collator(data))


@pytest.fixture(scope="module")
def trained(tiny_model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("preferred")
    task = TrainingTask(write(folder / "t.jsonl", rejected="call the desk"), folder / "out", steps=30, seed=3)
    return settings(tiny_model, learning_rate=1e-3).train(task)


def test_preference_data_is_recognised_and_learnt(trained):
    assert trained.facts["method"] == "dpo"
    assert trained.facts["history"][0]["loss"] == pytest.approx(0.6931, abs=1e-3), "nothing is preferred before the first step"
    assert trained.facts["final_loss"] < 0.5
    assert trained.facts["preferred"] == {"share": 1.0, "pairs": 3, "of": "train"}


class Killed(BaseException):
    pass


def test_after_a_kill_the_reference_is_still_the_untuned_model(trained, tiny_model, tmp_path):
    def kill(event):
        if event["step"] >= 17:
            raise Killed

    options = settings(tiny_model, learning_rate=1e-3, checkpoint_every=5)
    train = write(tmp_path / "t.jsonl", rejected="call the desk")
    with pytest.raises(Killed):
        options.train(TrainingTask(train, tmp_path / "out", steps=30, seed=3, progress=kill))
    steps: list[int] = []
    resumed = options.train(TrainingTask(train, tmp_path / "out", steps=30, seed=3, progress=lambda event: steps.append(event["step"])))
    assert steps[0] == 15
    assert digest(Path(resumed.model, "model.safetensors")) == digest(Path(trained.model, "model.safetensors"))


def test_accumulated_batches_weigh_pairs_as_one_large_batch_does(trained, tiny_model, tmp_path):
    options = settings(tiny_model, learning_rate=1e-3, batch_size=1, gradient_accumulation=3)
    task = TrainingTask(write(tmp_path / "t.jsonl", rejected="call the desk"), tmp_path / "out", steps=30, seed=3)
    assert options.train(task).facts["final_loss"] == pytest.approx(trained.facts["final_loss"], rel=0.3)


@pytest.mark.parametrize("options", [{"lora": 4}, {"freeze": 1}, {"lora": 4, "freeze": 1}])
def test_adapters_and_frozen_layers_learn_preferences_too(tiny_model, tmp_path, options):
    train = write(tmp_path / "t.jsonl", rejected="call the desk")
    facts = settings(tiny_model, **{"learning_rate": 0.01, **options}).train(TrainingTask(train, tmp_path / "out", steps=20)).facts
    assert facts["final_loss"] < 0.6 < facts["history"][0]["loss"]
    assert facts["lower_layers_run_once"] == options.get("freeze", 0)


def test_a_validation_split_of_pairs_is_judged_by_the_same_loss(tiny_model, tmp_path):
    judged = write(tmp_path / "v.jsonl", {"refund please": "within nine days"}, rejected="call the desk")
    task = TrainingTask(write(tmp_path / "t.jsonl", rejected="call the desk"), tmp_path / "out", validation=judged, steps=8)
    facts = settings(tiny_model, best=True, evaluate_every=4).train(task).facts
    assert facts["preferred"] == {"share": 1.0, "pairs": 1, "of": "validation"}
    assert all(entry["validation_loss"] < 0.7 for entry in facts["history"] if "validation_loss" in entry)


@pytest.mark.parametrize(
    ("examples", "method", "reason"),
    [
        ([SHORT, msgspec.structs.replace(SHORT, id="plain", rejected=())], "auto", "1 of 2 examples hold a rejected answer"),
        ([msgspec.structs.replace(SHORT, id="plain", rejected=())], "dpo", "'plain'.*method=sft"),
        ([msgspec.structs.replace(SHORT, rejected=SHORT.messages[-1:])], "auto", "'short'.*are the same"),
        ([msgspec.structs.replace(SHORT, rejected=(said("assistant", "a"), said("assistant", "b")))], "auto", "not one assistant turn"),
    ],
)
def test_what_is_no_pair_is_refused_by_name(tiny_model, tmp_path, examples, method, reason):
    (tmp_path / "t.jsonl").write_bytes(b"".join(map(encode, examples)))
    with pytest.raises(TrainingError, match=reason):
        settings(tiny_model, method=method).train(TrainingTask(tmp_path / "t.jsonl", tmp_path / "out", steps=1))


def test_the_preferred_answers_alone_can_be_learnt(tiny_model, tmp_path):
    train = write(tmp_path / "t.jsonl", {"refund": FACTS["refund"]}, rejected="call the desk")
    assert settings(tiny_model, method="sft").train(TrainingTask(train, tmp_path / "out", steps=1)).facts["method"] == "sft"


def test_real_preference_data_becomes_pairs_without_losing_a_turn(shared_data, tokenizer):
    from augmentor.formats import read_examples
    from augmentor.plugins import plugins
    from augmentor.protocols import Columns

    tokenizer.chat_template = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    formats = {name: kind() for name, kind in plugins()["format"]}
    found = list(read_examples(shared_data / "llama_factory_formats" / "dpo_en_demo.json", "auto", Columns(), formats=formats))
    examples = [item for item in found if isinstance(item, Example)][:60]
    rows = pair_rows(examples, tokenizer, [2], 1_000_000)
    assert len(rows) == 2 * len(examples)
    for example, better, worse in zip(examples, rows[::2], rows[1::2], strict=True):
        for row, answer in ((better, example.messages[-1]), (worse, example.rejected[0])):
            read = tokenizer.decode(row.tokens)
            assert all(turn.text in read for turn in (*example.messages[:-1], answer))
            assert tokenizer.decode([label for label in row.labels if label != MASKED]) == f"{answer.text}<|im_end|>"
