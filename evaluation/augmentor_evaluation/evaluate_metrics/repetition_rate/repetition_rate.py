"""`repetition_rate` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.repetition_rate import RepetitionRate as Metric

RepetitionRate = adapted(Metric())
