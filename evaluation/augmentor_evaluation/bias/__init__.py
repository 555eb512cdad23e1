"""Bias of the model: probes that ask whether it treats people alike."""
