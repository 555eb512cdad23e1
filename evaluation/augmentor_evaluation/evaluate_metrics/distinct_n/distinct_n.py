"""`distinct_n` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.distinct_n import DistinctN as Metric

DistinctN = adapted(Metric())
