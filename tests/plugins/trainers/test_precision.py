from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import torch

from augmentor.protocols import TrainingTask
from augmentor_plugins.trainers.huggingface import HuggingFace
from augmentor_plugins.trainers.precision import Precision, choose_precision, has_matrix_units
from tests.plugins.trainers.small_tasks import settings, write


def test_a_cpu_without_matrix_units_computes_in_float32():
    wanted = Precision(products="bfloat16") if has_matrix_units(torch.cpu) else Precision()
    assert choose_precision("auto", "cpu", adapters=False) == wanted
    assert choose_precision("float32", "cpu", adapters=True) == Precision()


def test_matrix_units_are_asked_for_and_not_assumed():
    assert has_matrix_units(SimpleNamespace(_is_amx_tile_supported=lambda: True))
    assert not has_matrix_units(SimpleNamespace(_is_amx_tile_supported=lambda: False))
    assert not has_matrix_units(SimpleNamespace())


def test_weights_that_are_trained_stay_float32():
    assert choose_precision("bfloat16", "cuda", adapters=False) == Precision("float32", "bfloat16")
    assert choose_precision("bfloat16", "cuda", adapters=True) == Precision("bfloat16", "bfloat16")
    assert choose_precision("auto", "mps", adapters=True) == Precision()


def test_products_in_bfloat16_learn_the_same_facts(tiny_model, tmp_path: Path):
    options: HuggingFace = settings(tiny_model, precision="bfloat16")
    facts = options.train(TrainingTask(write(tmp_path / "t.jsonl"), tmp_path / "out", steps=40)).facts
    assert facts["precision"] == {"weights": "float32", "products": "bfloat16"}
    assert facts["final_loss"] < 4 < 5 < facts["history"][0]["loss"]
