"""Finding personal data in a text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple, get_args

from .identifiers import identifiers
from .network import addresses, emails, urls
from .payment import accounts, cards, ibans
from .phones import phones
from .replacing import MADE_UP
from .secrets import secrets

Kind = Literal["email", "phone", "card", "iban", "account", "ip", "secret", "ssn", "national_id", "licence", "passport", "url"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# One cheap look that nearly all texts fail: six digits close together.
_DIGITS = re.compile(r"\d(?:[ ()./\-\u00a0]{0,3}\d){5}")
_DOTTED = re.compile(r"\d\.\d")
_SECRETIVE = re.compile(r"\S{16}|pass(?:word|code|wd|phrase)|\bpwd\b|\bPIN\b|\bpin\b|\bcode\b|\bCVV|\bcvv|://", re.ASCII)


class Found(NamedTuple):
    """A piece of personal data: what it is and where it stands in the text."""

    kind: str
    start: int
    end: int


def find(text: str, kinds: Collection[str], regions: tuple[str, ...]) -> list[Found]:
    """All personal data of these kinds, in order, without overlaps; where two kinds claim a place the stricter pattern wins."""
    found: list[Found] = []
    claims = list(_claims(text, regions))
    made_up = [match.span() for match in MADE_UP.finditer(text)] if claims else []
    for kind, start, end in claims:
        if any(start < high and low < end for low, high in made_up):
            continue
        if kind in kinds and all(end <= other.start or start >= other.end for other in found):
            found.append(Found(kind, start, end))
    found.sort(key=lambda item: item.start)
    return found


def _claims(text: str, regions: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
    """Claims of the strictest patterns first."""
    if _may_be_secret(text) and _SECRETIVE.search(text):
        yield from (("secret", *span) for span in secrets(text))
    if "@" in text or "[at]" in text or "(at)" in text or " dot " in text:
        yield from (("email", *span) for span in emails(text))
    if "://" in text or "www." in text:
        yield from (("url", *span) for span in urls(text))
    if _DIGITS.search(text):
        yield from (("iban", *span) for span in ibans(text))
        yield from (("card", *span) for span in cards(text))
        yield from identifiers(text)
        yield from (("account", *span) for span in accounts(text))
        if _DOTTED.search(text):
            yield from (("ip", *span) for span in addresses(text))
        yield from (("phone", *span) for span in phones(text, regions))
    elif text.count(".") > 2 and _DOTTED.search(text):
        yield from (("ip", *span) for span in addresses(text))
    if text.count(":") > 1:
        yield from (("ip", *span) for span in addresses(text, version=6))


def _may_be_secret(text: str) -> bool:
    """Whether the slower look for secrets can find anything: a long word, or a word that secrets are spoken of with."""
    if not text.isascii() or max(map(len, text.encode().split()), default=0) >= 16:
        return True
    # Written out, as this is asked of every text: a loop takes four times as long.
    return (
        "pass" in text or "pwd" in text or "PIN" in text or "pin" in text or "code" in text or "CVV" in text or "cvv" in text or "://" in text
    )
