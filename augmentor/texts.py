"""When two texts count as the same."""

from __future__ import annotations

import unicodedata


def normalised(text: str) -> str:
    """A text as far as two people would call it the same: compatibility forms, case and white space folded."""
    if text.isascii():  # the same, quicker
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
