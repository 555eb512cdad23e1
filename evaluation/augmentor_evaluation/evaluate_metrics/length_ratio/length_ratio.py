"""`length_ratio` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.length_ratio import LengthRatio as Metric

LengthRatio = adapted(Metric())
