"""`empty_rate` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.empty_rate import EmptyRate as Metric

EmptyRate = adapted(Metric())
