"""E-mail addresses, web addresses, IP addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv6Address

Span = tuple[int, int]

_EMAIL = re.compile(r"(?<![\w.%+'-])[\w.%+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w@-])")
_SPOKEN_EMAIL = re.compile(
    r"(?<!\w)[\w.%+-]{1,64} ?(?:\[at\]|\(at\)| at ) ?[\w-]{1,63}(?: ?(?:\[dot\]|\(dot\)| dot |\.) ?[\w-]{1,63})* ?(?:\[dot\]|\(dot\)| dot ) ?[a-z]{2,6}(?!\w)",
    re.IGNORECASE,
)
_URL = re.compile(r"(?:https?://|(?<![\w./])www\.)[^\s<>\"')\]]+", re.IGNORECASE)
_IPV4 = re.compile(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9a-fA-F]{1,4}:|:(?=:)){2,7}(?::|[0-9a-fA-F]{1,4}|:[0-9a-fA-F]{1,4})(?![\w:])")
_VERSION = re.compile(r"(?:\bversion|\bver|\bv|\brelease|\bfirmware|\bbuild|\bsection|§|\bupdate(?: to)?)[ .:]*$", re.IGNORECASE)

# Addresses that are the same for everybody: resolvers, masks, and where home routers listen.
_NOBODYS = frozenset({"127.0.0.1", "1.1.1.1", "8.8.8.8", "8.8.4.4", "192.168.0.1", "192.168.1.1", "192.168.1.254", "10.0.0.1", "192.168.2.1", "192.168.178.1"})


def emails(text: str) -> Iterator[Span]:
    """E-mail addresses, also those written with `[at]` and `dot`; those under `.invalid` are nobody's."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            if not match.group().lower().endswith(".invalid"):
                start = match.start() + len(match.group()) - len(match.group().lstrip(".'-%+"))
                yield start, match.end()
    for match in _SPOKEN_EMAIL.finditer(text):
        yield match.span()


def urls(text: str) -> Iterator[Span]:
    """Web addresses, without the punctuation of the sentence they stand in."""
    for match in _URL.finditer(text):
        yield match.start(), match.start() + len(match.group().rstrip(".,;:!?"))


def addresses(text: str, version: int = 4) -> Iterator[Span]:
    """IP addresses that may be somebody's; version numbers, masks and the usual router addresses are not."""
    if version == 6:
        for match in _IPV6.finditer(text):
            if _is_ipv6(match.group()):
                yield match.span()
        return
    for match in _IPV4.finditer(text):
        address = match.group()
        if address not in _NOBODYS and not address.startswith(("0.", "255.")) and not _VERSION.search(text, max(0, match.start() - 16), match.start()):
            yield match.span()


def _is_ipv6(text: str) -> bool:
    try:
        address = IPv6Address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)
