"""Metrics: predictions and references in, a value a pair out."""
