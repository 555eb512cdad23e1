"""`token_f1` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.token_f1 import TokenF1 as Metric

TokenF1 = adapted(Metric())
