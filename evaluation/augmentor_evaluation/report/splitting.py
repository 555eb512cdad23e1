"""A page whose style sheet, script and rows are files beside it, for places whose content policy allows nothing inline."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote

import msgspec
from markupsafe import Markup

_BLOCK = re.compile(r'<script type="application/json" id="([a-z0-9-]+)">([^<]*)</script>')


@dataclass(frozen=True)
class Beside:
    """The files of a page, by name, and the folder beside it that they go into."""

    folder: str
    files: dict[str, bytes] = field(default_factory=dict)

    def put(self, name: str, text: str) -> str:
        """Add a file; its address as the page has it."""
        self.files[name] = text.encode("utf-8", "backslashreplace")
        return f"{self.folder}/{name}"

    def lifted(self, html: str) -> Markup:
        """The HTML with each embedded block of rows (`embed.embedded`) as a script of its own: also a page on a disk may load that."""
        return Markup(_BLOCK.sub(self._lift, html))  # noqa: S704 # escaped, as it was

    def _lift(self, match: re.Match[str]) -> str:
        id, rows = match.groups()
        # as text, for JSON.parse: it knows no prototypes, and is faster than reading a literal
        text = msgspec.json.encode(rows).decode()
        address = self.put(f"{id}.js", f'(globalThis.augmentorData ??= {{}})["{id}"] = JSON.parse({text});\n')
        return f'<script src="{quote(address)}"></script>'
