"""When two texts count as the same."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # scripts that put no spaces between words
WORD_OR_SIGN = re.compile(f"[{_SIGNS}]|[^\\W{_SIGNS}]+")
"""A word; of scripts without spaces each sign counts as one."""


def normalised(text: str) -> str:
    """A text as far as two people would call it the same: compatibility forms, case and white space folded."""
    if text.isascii():  # the same, quicker
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
