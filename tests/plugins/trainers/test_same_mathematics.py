"""What makes training fast must not change what is trained."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor.examples import Example, Message
from augmentor_plugins.models.linear import accelerate, restore
from augmentor_plugins.models.loading import load_model, load_tokenizer
from augmentor_plugins.trainers import frozen
from augmentor_plugins.trainers.batching import Collator, answer_loss, sharing
from augmentor_plugins.trainers.conversations import Row, rows_of


@pytest.fixture
def model(tiny_model: Path):
    return load_model(str(tiny_model), "cpu")


@pytest.fixture(scope="module")
def rows(tiny_model: Path) -> list[Row]:
    said = [("where is my parcel", "it left the depot"), ("reset", "open settings and tap the orange key"), ("refund", "nine days")]
    examples = [Example(id=q, messages=(Message(role="user", content=q), Message(role="assistant", content=a))) for q, a in said]
    return rows_of(examples, load_tokenizer(str(tiny_model)), [2], 256)


def loss_and_gradients(model, batch) -> tuple[float, torch.Tensor]:
    model.zero_grad()
    loss = answer_loss(model, batch, None)
    loss.backward()
    return loss.item(), torch.cat([weight.grad.flatten() for weight in model.parameters() if weight.grad is not None])


CHOSEN = [{"row": 0}, {"row": 1}, {"row": 2}]


def test_the_loss_is_what_transformers_calls_the_loss(model, rows):
    batch = Collator(rows)(CHOSEN)
    ours, gradients = loss_and_gradients(model, batch)
    model.zero_grad()
    theirs = model(**batch).loss
    theirs.backward()
    assert ours == pytest.approx(theirs.item(), rel=1e-5)
    torch.testing.assert_close(gradients, torch.cat([weight.grad.flatten() for weight in model.parameters()]), rtol=1e-3, atol=1e-6)


def test_reading_a_shared_beginning_once_gives_the_same_loss_and_gradients(model, rows):
    whole = Collator(rows)
    shared = sharing(model, whole)
    assert shared.shared > 10
    first, second = loss_and_gradients(model, whole(CHOSEN)), loss_and_gradients(model, shared(CHOSEN))
    assert first[0] == pytest.approx(second[0], rel=1e-5)
    torch.testing.assert_close(first[1], second[1], rtol=1e-3, atol=1e-6)


def test_rows_that_begin_differently_share_nothing(model, rows):
    other = Row("o", (7, *rows[0].tokens[1:]), rows[0].labels)
    assert sharing(model, Collator([rows[0], other])).shared == 0


@pytest.mark.parametrize("share", [False, True])
def test_the_upper_layers_alone_learn_as_they_do_in_the_whole_model(model, rows, share):
    frozen.freeze(model, 1, embeddings=True)
    first = loss_and_gradients(model, Collator(rows)(CHOSEN))
    assert frozen.can_be_cut(model, rows[0], 1)
    with frozen.cut(model, rows, 1) as states:
        collator = Collator(rows, states)
        second = loss_and_gradients(model, (sharing(model, collator) if share else collator)(CHOSEN))
    assert first[0] == pytest.approx(second[0], rel=1e-5)
    torch.testing.assert_close(first[1], second[1], rtol=1e-3, atol=1e-6)
    assert len(model.get_decoder().layers) == 2, "the model is whole again"


def test_an_architecture_that_scales_its_embeddings_is_not_cut(rows):
    from transformers import GemmaConfig, GemmaForCausalLM

    config = GemmaConfig(
        vocab_size=600, hidden_size=32, intermediate_size=64, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=1, head_dim=16
    )
    model = GemmaForCausalLM(config).eval()
    whole = loss_and_gradients(model, Collator(rows)(CHOSEN))[0]
    if frozen.can_be_cut(model, rows[0], 1):
        with frozen.cut(model, rows, 1) as states:
            assert answer_loss(model, Collator(rows, states)(CHOSEN), None).item() == pytest.approx(whole, rel=1e-4)
    assert not frozen.can_be_cut(model, rows[0], 3)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.integers(1, 33), st.integers(1, 33), st.booleans(), st.booleans())
def test_linear_layers_by_onednn_agree_with_pytorch(count, wide, high, bias, learns):
    torch.manual_seed(count * 10007 + wide * 101 + high)
    layer = torch.nn.Linear(wide, high, bias=bias)
    layer.weight.requires_grad_(learns)
    given = torch.randn(2, count, wide, requires_grad=True)

    def run() -> list[torch.Tensor]:
        layer.zero_grad()
        given.grad = None
        result = layer(given)
        (result * torch.arange(high)).sum().backward()
        return [item for item in (result.detach(), given.grad, layer.weight.grad, layer.bias.grad if bias else None) if item is not None]

    plain = run()
    accelerate(layer)
    fast = run()
    restore(layer)
    assert "forward" not in vars(layer)
    for one, other in zip(plain, fast, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-3)
