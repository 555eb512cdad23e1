"""Files in and out: one format a file, detection, quarantine."""

from __future__ import annotations

from ..hookspecs import Register, hookimpl
from .quarantine import quarantine_lines
from .reading import Reading, read_examples

__all__ = ["Reading", "augmentor_register_formats", "quarantine_lines", "read_examples"]


@hookimpl
def augmentor_register_formats(register: Register) -> None:
    """The formats that Augmentor itself reads and writes."""
    from .alpaca import Alpaca
    from .chat import Chat
    from .chatml import ChatML
    from .document import Document
    from .faq import FAQ
    from .native import Native
    from .parquet import Parquet
    from .preference import Marked, OpenAIPreference, Preference
    from .records import Records
    from .sharegpt import ShareGPT
    from .table import Table

    for component in (Native, Chat, OpenAIPreference, Preference, Marked, ShareGPT, Alpaca, ChatML, Records, Table, Parquet, FAQ, Document):
        register(component, component.name)
