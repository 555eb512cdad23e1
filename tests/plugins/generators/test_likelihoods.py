"""How likely a real tiny model finds texts, against the sum of its own log-probabilities."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from augmentor.examples import Message
from augmentor.protocols import Completion, LikelihoodGenerator
from augmentor_plugins.generators.reading import Reading, batches
from augmentor_plugins.generators.transformers_local import Transformers

ASKED = (Message(role="user", content="where is my parcel"),)
TEXTS = ["it left the depot on monday", "late", "how do i reset my password and where do i click"]


@pytest.fixture(scope="module")
def generator(tiny_model):
    return Transformers(model=str(tiny_model), device="cpu", batch_size=2)


def read(generator, completions):
    pairs = list(generator.likelihoods(completions))
    assert sorted(index for index, _ in pairs) == list(range(len(completions))), "every index exactly once"
    return [likelihood for _, likelihood in sorted(pairs, key=lambda pair: pair[0])]


def by_hand(generator, prompt, text):
    tokenizer, model = generator._loaded
    tokens = tokenizer(text, add_special_tokens=False)["input_ids"]
    with torch.inference_mode():
        probabilities = model(torch.tensor([[*prompt, *tokens]])).logits[0].log_softmax(-1)
    return sum(float(probabilities[len(prompt) - 1 + place, token]) for place, token in enumerate(tokens)), len(tokens)


def test_an_answer_is_as_likely_as_the_product_of_its_tokens(generator):
    assert isinstance(generator, LikelihoodGenerator)
    tokenizer, _ = generator._loaded
    chat = tokenizer.apply_chat_template([{"role": "user", "content": ASKED[0].text}], add_generation_prompt=True, tokenize=False)
    prompt = tokenizer(chat, add_special_tokens=False)["input_ids"]
    for text, found in zip(TEXTS, read(generator, [Completion(text, ASKED) for text in TEXTS]), strict=True):
        nats, tokens = by_hand(generator, prompt, text)
        assert found.nats == pytest.approx(nats, abs=1e-3)
        assert (found.tokens, found.error) == (tokens, None)


def test_a_text_by_itself_follows_the_token_that_begins_a_text(generator):
    [found] = read(generator, [Completion(TEXTS[0])])
    assert found.nats == pytest.approx(by_hand(generator, [generator._loaded[0].bos_token_id], TEXTS[0])[0], abs=1e-3)


def test_neighbours_in_a_batch_change_nothing(generator):
    completions = [Completion(text, ASKED if place % 2 else ()) for place, text in enumerate(TEXTS * 2)]
    alone = [read(generator, [completion])[0] for completion in completions]
    for together, single in zip(read(generator, completions), alone, strict=True):
        assert together.nats == pytest.approx(single.nats, abs=1e-3)


def test_what_cannot_be_read_is_an_error_of_its_own(generator):
    long, empty, odd, image, plain = read(
        generator,
        [
            Completion("parcel " * 300, ASKED), Completion("", ASKED), Completion("half \ud800 pair", ASKED),
            Completion("x", (Message(role="user", content=[{"type": "image_url", "image_url": {"url": "x"}}]),)), Completion("late", ASKED),
        ],
    )  # fmt: skip
    assert "reads 256" in long.error
    assert (empty.nats, empty.tokens, empty.error) == (0.0, 0, None)
    assert odd.error is None and math.isfinite(odd.nats)
    assert "refuses these messages" in image.error
    assert plain.error is None


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), max_size=30), st.integers(1, 5), st.integers(1, 200))
def test_batches_hold_every_reading_once_and_stay_small(sizes, rows, tokens):
    readings = [Reading(index, (0,) * prompt, (0,) * text) for index, (prompt, text) in enumerate(sizes)]
    found = list(batches(readings, rows, tokens))
    assert sorted(reading.index for batch in found for reading in batch) == list(range(len(sizes)))
    for batch in found:
        width = max(len(reading.prompt) + len(reading.completion) for reading in batch)
        assert len(batch) == 1 or (len(batch) <= rows and width * len(batch) <= tokens)
