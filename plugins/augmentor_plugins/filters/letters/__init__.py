"""Which letters follow which in English, learnt from our own lexicon files."""
