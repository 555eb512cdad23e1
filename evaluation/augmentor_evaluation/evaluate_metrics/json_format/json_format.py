"""`json_format` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.json_format import JsonFormat as Metric

JsonFormat = adapted(Metric())
