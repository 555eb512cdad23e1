"""What people say instead: topics of customer language, read from plain files and matched to questions.

`words` knows tokens and base forms, `questions` what kind of thing is asked, `files` the file format, `matching` which
topics fit a question, `checking` whether a file does what its own examples say. The format is in docs/lexicon.md.
"""
