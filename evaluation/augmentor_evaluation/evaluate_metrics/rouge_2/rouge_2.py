"""`rouge_2` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.rouge import Rouge2 as Metric

Rouge2 = adapted(Metric())
