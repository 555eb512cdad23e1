"""Rows inside the page: JSON that no browser can take for anything else, every repeated text stored once."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from markupsafe import Markup

from .visible import shorten

_ESCAPES = {b"<": rb"\u003c", b">": rb"\u003e", b"&": rb"\u0026", "\u2028".encode(): rb"\u2028", "\u2029".encode(): rb"\u2029"}


class Texts:
    """Texts by number; the same text has the same number. `size` is the bytes they will take in the page."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.list: list[str] = []
        self.size = 0
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a text, cut at the limit and made visible."""
        shown = shorten(text, self.limit)
        found = self._numbers.setdefault(shown, len(self.list))
        if found == len(self.list):
            self.list.append(shown)
            self.size += len(_escaped(shown)) + 1
        return found


def embedded(id: str, value: Any) -> Markup:
    """A data block for the page's script: `<script type="application/json" id=...>`. It is data; no policy needs to allow it."""
    return Markup('<script type="application/json" id="{}">{}</script>').format(id, Markup(_escaped(value).decode()))  # noqa: S704 # escaped


def _escaped(value: Any) -> bytes:
    """JSON in which no character can end the block that it stands in."""
    try:
        data = msgspec.json.encode(value)
    except UnicodeEncodeError:  # half a surrogate pair, in what other tools wrote
        data = json.dumps(value).encode()
    for raw, escaped in _ESCAPES.items():
        data = data.replace(raw, escaped)
    return data
