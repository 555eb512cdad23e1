"""`rouge_l` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.rouge import RougeL as Metric

RougeL = adapted(Metric())
