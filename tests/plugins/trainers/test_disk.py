from __future__ import annotations

import pytest

from augmentor.errors import TrainingError
from augmentor_plugins.models.loading import load_model
from augmentor_plugins.trainers import disk
from augmentor_plugins.trainers.adapters import with_adapters
from augmentor_plugins.trainers.choices import Sizes, choose
from augmentor_plugins.trainers.huggingface import HuggingFace


def test_a_disk_that_is_too_small_is_refused_with_both_sizes(tmp_path):
    with pytest.raises(TrainingError, match=r"up to 2\.0 GB .* room for 1\.5 GB"):
        disk.check(tmp_path / "out", 2_000_000_000, free=lambda _: 1_500_000_000)


def test_what_an_earlier_attempt_left_counts_as_room(tmp_path):
    (tmp_path / "checkpoint").write_bytes(b"x" * 600)
    disk.check(tmp_path, 1000, free=lambda _: 400)
    with pytest.raises(TrainingError):
        disk.check(tmp_path, 1001, free=lambda _: 400)


def test_whole_weights_need_the_model_and_two_checkpoints_with_adamw_beside_it(tiny_model):
    model = load_model(str(tiny_model), "cpu")
    parameters = model.num_parameters()
    assert disk.needed(model, adapter=False, checkpoints=2) == 4 * (parameters + 2 * 3 * parameters)


def test_adapters_need_little_more_than_the_model(tiny_model):
    model = load_model(str(tiny_model), "cpu")
    parameters = model.num_parameters()
    adapted = with_adapters(model, choose(HuggingFace(lora=2), Sizes(1, parameters, 2), 1), 0)
    assert 4 * parameters < disk.needed(adapted, adapter=True, checkpoints=2) < 4 * 3 * parameters
