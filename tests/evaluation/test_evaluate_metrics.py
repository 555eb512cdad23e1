"""The adapters, through the real library, which takes seconds to import: one process for all."""

from dataclasses import fields

import pytest

from augmentor.errors import BadOption, DataError, UnknownComponent
from augmentor_evaluation import evaluate_metrics
from augmentor_evaluation.evaluate_metrics.adapter import texts
from augmentor_evaluation.metrics.rouge import RougeL


def test_every_metric_of_pairs_has_an_adapter():
    found = {}
    import augmentor_evaluation

    augmentor_evaluation.augmentor_register_metrics(lambda metric, name: found.__setitem__(name, metric))
    without_options = {name for name, metric in found.items() if hasattr(metric, "score") and not {"pattern", "name"} & {field.name for field in fields(metric)}}
    assert sorted(without_options) == evaluate_metrics.names()


def test_an_unknown_metric_is_refused_with_the_known_ones():
    with pytest.raises(UnknownComponent, match="Known: bertscore, bleu, chrf"):
        evaluate_metrics.path("../rouge")


def test_texts_are_checked_one_by_one():
    assert texts("predictions", ["a", "\ud800x", "\U0001f600"]) == ["a", "\ufffdx", "\U0001f600"]
    with pytest.raises(DataError, match=r"references\[1\] is list, not text"):
        texts("references", ["a", ["b"]])
    with pytest.raises(DataError, match="must be a list of texts, not str"):
        texts("predictions", "abc")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_every_adapter_loads_by_path_offline_and_gives_our_values(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_EVALUATE_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setenv("HF_MODULES_CACHE", str(tmp_path / "modules"))
    evaluate = pytest.importorskip("evaluate")
    predictions, references = ["reset it now", "half \ud800 pair", "\u4f60\u597d"], ["reset it", "pair", "\u4f60\u597d"]
    for name in evaluate_metrics.names():
        metric = evaluate.load(str(evaluate_metrics.path(name)), keep_in_memory=True)
        result = metric.compute(predictions=predictions, references=references)
        assert set(result) == {name, "scores"}
        assert len(result["scores"]) == 3
    rouge = evaluate.load(str(evaluate_metrics.path("rouge_l")), keep_in_memory=True)
    expected = RougeL().score(["reset it now", "\u4f60\u597d"], ["reset it", "\u4f60\u597d"])
    rouge.add(prediction="reset it now", reference="reset it")
    rouge.add_batch(predictions=["\u4f60\u597d"], references=["\u4f60\u597d"])
    assert rouge.compute() == {"rouge_l": sum(expected) / 2, "scores": expected}
    with pytest.raises(DataError, match=r"predictions\[1\] is int"):
        rouge.compute(predictions=["a", 1], references=["a", "b"])
    with pytest.raises(DataError, match="2 predictions but 1 references"):
        rouge.compute(predictions=["a", "b"], references=["a"])
    with pytest.raises(BadOption, match="has no option 'stemmer'"):
        rouge.compute(predictions=["a"], references=["a"], stemmer=True)
    distinct = evaluate.load(str(evaluate_metrics.path("distinct_n")), keep_in_memory=True)
    assert distinct.compute(predictions=["a a"], references=["x"], n=1) == {"distinct_n": 0.5, "scores": [0.5]}
    assert distinct.compute(predictions=["a"], references=["x"])["distinct_n"] is None
