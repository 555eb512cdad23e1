"""Seeing through disguise, naming the words that matter, and telling abuse from talk about it."""
