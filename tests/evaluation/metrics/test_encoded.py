"""Metrics on vectors, with the static encoder as it is shipped."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor.errors import UnknownComponent, UsageError
from augmentor.protocols import RowMetric
from augmentor.testing import TEXTS
from augmentor_evaluation.metrics.bertscore import BertScore, greedy_f
from augmentor_evaluation.metrics.coherence import Coherence
from augmentor_evaluation.metrics.relevance import DomainRelevance, PromptRelevance
from augmentor_evaluation.metrics.self_similarity import SelfSimilarity
from augmentor_evaluation.metrics.similarity import Similarity
from augmentor_evaluation.metrics.vectors import encode
from tests.evaluation.metrics.rows import row, taught, turns

RIGHT = "Reset your password in the security settings."
OTHER = "Choose a new passcode under settings, security."
WRONG = "Our chairs are green and blue."


@pytest.mark.parametrize("metric", [Similarity(), BertScore()], ids=lambda metric: metric.name)
def test_other_words_of_the_same_meaning_are_nearer_than_another_topic(metric):
    same, near, far, nothing = metric.score([RIGHT, OTHER, WRONG, ""], [RIGHT] * 4)
    assert same == 1.0
    assert same > near > far > nothing == 0.0


def test_an_unknown_encoder_is_refused():
    with pytest.raises(UnknownComponent, match="No encoder is called 'sttic'"):
        Similarity(encoder="sttic").score(["a"], ["b"])


vectors = st.integers(1, 5).flatmap(lambda size: st.lists(st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3), min_size=size, max_size=size))


@given(vectors, vectors)
def test_greedy_matching_is_that_of_the_paper(left, right):
    left, right = np.array(left), np.array(right)
    precision = sum(max(float(a @ b) for b in right) for a in left) / len(left)
    recall = sum(max(float(a @ b) for a in left) for b in right) / len(right)
    expected = min(2 * precision * recall / (precision + recall), 1.0) if precision > 0 and recall > 0 else 0.0
    assert greedy_f(left, right) == pytest.approx(expected, abs=1e-9)


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    """A tiny BERT in a directory."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("bert")
    letters = [*"abcdefghijklmnopqrstuvwxyz"]
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]))
    with torch.random.fork_rng():
        torch.manual_seed(1)
        BertModel(
            BertConfig(vocab_size=57, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_position_embeddings=64)
        ).save_pretrained(folder)
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_a_model_of_ones_own_sees_words_in_their_context(bert):
    metric = BertScore(model=str(bert))
    values = metric.score(["ab cd", "cd ab", "", "ab cd", "x" * 500], ["ab cd", "ab cd", "ab", "", "xy"])
    assert values[0] == 1.0
    assert 0 < values[1] < 1, "the same words in another order are something else to it"
    assert values[2:4] == [0.0, 0.0]
    assert 0 <= values[4] <= 1
    one_by_one = [metric.score([left], [right])[0] for left, right in (("cd ab", "ab cd"), ("x" * 500, "xy"))]
    assert one_by_one == pytest.approx([values[1], values[4]], abs=1e-5), "padding changes nothing"


def test_a_model_that_is_not_there_is_refused_without_asking_the_network():
    with pytest.raises(UsageError, match="no encoder model at nobody/none"):
        BertScore(model="nobody/none").score(["a"], ["b"])


ROW_METRICS = [PromptRelevance(), DomainRelevance(), Coherence(), SelfSimilarity()]


@pytest.mark.parametrize("metric", ROW_METRICS, ids=lambda metric: metric.name)
def test_row_metrics_survive_odd_texts(metric):
    assert isinstance(metric, RowMetric)
    rows = [row(left, question=right, messages=turns(right, left, right), number=number) for number, (left, right) in enumerate((a, b) for a in TEXTS for b in TEXTS)]
    values = metric.score_rows(rows, [taught(RIGHT), taught("")])
    assert len(values) == len(rows)
    assert all(math.isnan(value) or 0 <= value <= 1 + 1e-9 for value in values)
    assert list(metric.score_rows([], [])) == []


def test_an_answer_about_the_question_is_more_relevant_than_another():
    values = PromptRelevance().score_rows([row(RIGHT, question="I forgot my password"), row(WRONG, question="I forgot my password")], [])
    assert values[0] > values[1]


def test_the_domain_is_the_centre_of_the_training_answers():
    near, far = DomainRelevance().score_rows([row(OTHER), row(WRONG)], [taught(RIGHT), taught(RIGHT), taught("Open settings to change your password.")])
    assert near > far
    assert all(math.isnan(value) for value in DomainRelevance().score_rows([row(OTHER)], []))
    [alone] = DomainRelevance().score_rows([row(RIGHT)], [taught(RIGHT)])
    assert alone == pytest.approx(1.0, abs=1e-6)


def test_coherence_looks_at_the_turns_before_the_last_question_only():
    history = turns("I cannot log in.", "Did you change your password?", "Yes. And now?")
    kept, strayed, first = Coherence().score_rows(
        [row(RIGHT, messages=history), row(WRONG, messages=history), row(RIGHT, messages=turns("And now?"))], []
    )
    assert kept > strayed
    assert math.isnan(first)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([RIGHT, OTHER, WRONG, ""]), st.sampled_from("abc")), min_size=1, max_size=8))
def test_self_similarity_is_the_mean_cosine_with_the_answers_of_other_labels(answers):
    rows = [row(text, label=label, number=number) for number, (text, label) in enumerate(answers)]
    found = encode("static", [text for text, _ in answers]).astype(float)
    for place, value in enumerate(SelfSimilarity().score_rows(rows, [])):
        others = [float(found[place] @ found[other]) for other in range(len(rows)) if rows[other].label != rows[place].label]
        assert value == pytest.approx(np.clip(np.mean(others), 0, 1) if others else math.nan, abs=1e-6, nan_ok=True)
