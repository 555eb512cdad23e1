"""`refusal_rate` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.refusal_rate import RefusalRate as Metric

RefusalRate = adapted(Metric())
