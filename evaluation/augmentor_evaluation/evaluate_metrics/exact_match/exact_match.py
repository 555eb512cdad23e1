"""`exact_match` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.exact_match import ExactMatch as Metric

ExactMatch = adapted(Metric())
