"""`rouge_1` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.rouge import Rouge1 as Metric

Rouge1 = adapted(Metric())
