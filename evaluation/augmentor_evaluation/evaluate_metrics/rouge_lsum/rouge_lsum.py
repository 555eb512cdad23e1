"""`rouge_lsum` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.rouge_lsum import RougeLsum as Metric

RougeLsum = adapted(Metric())
