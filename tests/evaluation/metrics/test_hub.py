import pytest

from augmentor.errors import UsageError
from augmentor.naming import named
from augmentor_evaluation import evaluate_metrics
from augmentor_evaluation.metrics.hub import Hub
from augmentor_evaluation.metrics.rouge import RougeL


def test_a_metric_of_the_hub_is_called_what_the_hub_calls_it():
    found = named("metric", ["hub:name=meteor", {"hub": {"name": "bertscore", "key": "f1"}}])
    assert list(found) == ["meteor", "bertscore"]
    assert found["bertscore"].title == "bertscore f1"


def test_offline_a_name_is_refused_at_once(monkeypatch):
    monkeypatch.setenv("HF_EVALUATE_OFFLINE", "1")
    with pytest.raises(UsageError, match="'meteor' is on the hub, and HF_EVALUATE_OFFLINE"):
        Hub("meteor").score(["a"], ["b"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_directory_works_offline_a_list_is_taken_and_a_single_value_is_asked_for_pair_by_pair(tmp_path, monkeypatch):
    pytest.importorskip("evaluate")
    monkeypatch.setenv("HF_MODULES_CACHE", str(tmp_path / "modules"))
    predictions, references = ["reset it now", "no"], ["reset it", "yes"]
    expected = RougeL().score(predictions, references)
    folder = str(evaluate_metrics.path("rouge_l"))
    assert Hub(folder).score(predictions, references) == expected
    assert Hub(folder, key="rouge_l").score(predictions, references) == expected
    with pytest.raises(UsageError, match="gives rouge_l, scores: choose one with key="):
        Hub(folder, key="rouge").score(predictions, references)
    (tmp_path / "broken").mkdir()
    with pytest.raises(UsageError, match="cannot be loaded"):
        Hub(str(tmp_path / "broken")).score(["a"], ["b"])
