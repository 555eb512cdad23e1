"""`toxicity_rate` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.toxicity_rate import ToxicityRate as Metric

ToxicityRate = adapted(Metric())
