"""Learn the table of `model.py` from the lexicon's files: python -m augmentor_plugins.filters.letters"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from augmentor.files import write_bytes

from .model import TABLE, learnt

LEXICON = Path(__file__).resolve().parents[2] / "lexicon" / "data"


def main() -> None:
    """Count the words of all lexicon files and write the table."""
    words: Counter[str] = Counter()
    for file in sorted(LEXICON.glob("*.txt")):
        words.update(re.findall(r"(?<![^\W_])[a-z]{2,}(?![^\W_])", file.read_text("utf-8").lower()))
    write_bytes(TABLE, "".join(f"{line}\n" for line in learnt(words)).encode())
    print(f"{len(words):,} words -> {TABLE}")


if __name__ == "__main__":
    main()
