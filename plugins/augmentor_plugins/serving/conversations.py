"""`--log`: what was said with consent, without personal data, as training data for the next round.

A line is an example in native form. It holds the whole conversation up to a reply, in which the earlier replies weigh 0: they have lines of
their own, so each reply is learnt once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

import msgspec

from augmentor.examples import Example, Message, content_id, encode
from augmentor.plugins import plugins
from augmentor.protocols import Candidate


class Conversations:
    """The file that conversations are appended to; `consent` is what those who talked were told."""

    def __init__(self, path: Path, consent: str) -> None:
        self._path = path
        self._consent = consent
        self._privacy = plugins()["filter"].make("privacy:action=redact")
        self._lock = Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)

    def add(self, messages: Sequence[Message], reply: str, model: str) -> None:
        """Append a conversation that ends with `reply`; it is on the disk when this returns."""
        earlier = [msgspec.structs.replace(one, weight=0) if one.role == "assistant" else one for one in messages]
        example = Example(id="-", messages=(*earlier, Message(role="assistant", content=reply)))
        verdict = self._privacy.judge([Candidate(example)])[0]
        clean = verdict.replacement or example
        at = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")
        meta = {"source": "augmentor serve", "model": model, "at": at, "consent": self._consent}
        kept = Example(id=content_id(clean.messages, at), messages=clean.messages, meta=meta)
        with self._lock:
            self._append(encode(kept))

    def _append(self, line: bytes) -> None:
        with self._path.open("ab+") as file:
            if file.tell() and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n":
                line = b"\n" + line  # a kill cut the last line off; this one must not be lost with it
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
