"""`bleu` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.bleu import Bleu as Metric

Bleu = adapted(Metric())
