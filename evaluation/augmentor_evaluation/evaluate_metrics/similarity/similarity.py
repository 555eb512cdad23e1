"""`similarity` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.similarity import Similarity as Metric

Similarity = adapted(Metric())
