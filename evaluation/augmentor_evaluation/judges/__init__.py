"""Judges: language models that say which of two answers is better, or how good one is."""
