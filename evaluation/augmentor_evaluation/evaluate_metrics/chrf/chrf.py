"""`chrf` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.chrf import Chrf as Metric

Chrf = adapted(Metric())
