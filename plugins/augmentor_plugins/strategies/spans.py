"""The parts of a text that no rule may touch: numbers, addresses, codes, product names, placeholders."""

from __future__ import annotations

import re
from collections.abc import Callable

PROTECTED = re.compile(
    r"\{[^{}\n]{1,60}\}+|\[[^\[\]\n]{1,60}\]|<[^<>\n]{1,60}>|`[^`\n]+`"  # placeholders and code
    r"|(?:https?://|www\.)\S*[\w/]"
    r"|[\w.+-]+@[\w-]+\.[\w.-]*\w"  # e-mail
    r"|[$\u20ac\u00a3\u00a5#@]?\w*(?<![^\W\d_])\d[\w.,:/%-]*\w(?:\s?[%\u20ac\u00a3\u00a5])?|[$\u20ac\u00a3\u00a5#@]?[^\W\d_]*\d[\w%\u20ac\u00a3\u00a5-]*"  # numbers, dates, codes
    r"|[#@]\w+"
    r"|\b\w+(?:[_/\\]\w+)+|\b\w{2,}\.(?:\w{2,}\.)*(?:com|net|org|io|co|pdf|csv|txt|docx?|xlsx?|png|jpe?g|zip|exe|html?|py|js|json|xml)\b"
    r"|\b(?:[A-Z][a-z]+[A-Z]|[a-z]+[A-Z]|[A-Z]{2})\w*"  # CamelCase, iPhone, ATM
)
"""Each match is a span that a variant has to hold exactly as it stands."""

_FIRST, _LAST = 0xE000, 0xF8FF  # private use: no text that people type has them
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def rewrite(text: str, rules: Callable[[str], str]) -> str:
    """`rules(text)` with each protected span replaced by one private-use character, which `rules` must carry along.

    Gives `text` back unchanged where the rules lose or repeat a span, or where it holds private-use characters itself.
    """
    if _PRIVATE.search(text):
        return text
    spans = [match.group() for match in PROTECTED.finditer(text)]
    if len(spans) > _LAST - _FIRST:
        return text
    numbers = iter(range(len(spans)))
    changed = rules(PROTECTED.sub(lambda _: chr(_FIRST + next(numbers)), text))
    if sorted(_PRIVATE.findall(changed)) != [chr(_FIRST + number) for number in range(len(spans))]:
        return text
    return _PRIVATE.sub(lambda match: spans[ord(match.group()) - _FIRST], changed)


def spans(text: str) -> list[str]:
    """The protected spans, in order."""
    return PROTECTED.findall(text)
