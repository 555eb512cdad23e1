"""`compression_ratio` for the library `evaluate`."""

from augmentor_evaluation.evaluate_metrics.adapter import adapted
from augmentor_evaluation.metrics.compression_ratio import CompressionRatio as Metric

CompressionRatio = adapted(Metric())
