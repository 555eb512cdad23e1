"""`bertscore` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.bertscore import BertScore as Metric

BertScore = adapted(Metric())
