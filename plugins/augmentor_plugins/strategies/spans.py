"""The parts of a text that no rule may touch: numbers, addresses, codes, product names, placeholders."""

from __future__ import annotations

import re
from collections.abc import Callable

PROTECTED = re.compile(
    r"\{[^{}\n]{1,60}\}+|\[[^\[\]\n]{1,60}\]|<[^<>\n]{1,60}>|`[^`\n]+`"  # placeholders and code
    r"|(?:https?://|www\.)\S*[\w/]"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w"  # e-mail
    r"|(?:(?<!\w)|(?=[$\u20ac\u00a3\u00a5#@]))(?:"  # from the beginning of a word only, or a long one takes quadratic time
    r"[$\u20ac\u00a3\u00a5#@]?\w*(?<![^\W\d_])\d[\w.,:/%-]*\w(?:\s?[%\u20ac\u00a3\u00a5])?|[$\u20ac\u00a3\u00a5#@]?[^\W\d_]*\d[\w%\u20ac\u00a3\u00a5-]*)"  # numbers, dates, codes
    r"|[#@]\w+"
    r"|\b\w+(?:[_/\\]\w+)+|\b\w{2,}\.(?:\w{2,}\.)*(?:com|net|org|io|co|pdf|csv|txt|docx?|xlsx?|png|jpe?g|zip|exe|html?|py|js|json|xml)\b"
    r"|\b(?:[A-Z][a-z]+[A-Z]|[a-z]+[A-Z]|[A-Z]{2})\w*"  # CamelCase, iPhone, ATM
)
"""Each match is a span that a variant has to hold exactly as it stands."""

_FIRST, _LAST = 0xE000, 0xF8FF  # private use: no text that people type has them
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def mask(text: str) -> tuple[str, list[str]] | None:
    """`text` with each protected span replaced by one private-use character, and the spans; None where it has such characters itself."""
    found: list[str] = []
    if _PRIVATE.search(text):
        return None

    def hide(match: re.Match[str]) -> str:
        found.append(match.group())
        return chr(min(_FIRST + len(found) - 1, _LAST))

    masked = PROTECTED.sub(hide, text)
    return None if len(found) > _LAST - _FIRST else (masked, found)


def unmask(text: str, found: list[str]) -> str | None:
    """What `mask` hid put back; None where a span got lost or stands twice."""
    if not found:
        return text
    if sorted(_PRIVATE.findall(text)) != [chr(_FIRST + number) for number in range(len(found))]:
        return None
    return _PRIVATE.sub(lambda match: found[ord(match.group()) - _FIRST], text)


def rewrite(text: str, rules: Callable[[str], str]) -> str:
    """`rules(text)`, with the protected spans hidden from the rules; `text` itself where they do not carry each along once."""
    hidden = mask(text)
    if hidden is None:
        return text
    changed = unmask(rules(hidden[0]), hidden[1])
    return text if changed is None else changed


def spans(text: str) -> list[str]:
    """The protected spans, in order."""
    return PROTECTED.findall(text)
