"""`privacy_rate` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.privacy_rate import PrivacyRate as Metric

PrivacyRate = adapted(Metric())
