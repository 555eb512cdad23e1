"""Passwords, keys and tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Keys that say what they are. Forms as their issuers document them.
_KEYS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----)?"
    r"|(?<![\w-])(?:"
    r"(?:AKIA|ASIA|AGPA|AROA|AIDA)[0-9A-Z]{16}"
    r"|gh[pousr]_[0-9A-Za-z]{30,255}|github_pat_[0-9A-Za-z_]{22,255}|glpat-[0-9A-Za-z_-]{20,}"
    r"|sk-[0-9A-Za-z_-]{16,}|(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{10,}|whsec_[0-9A-Za-z]{16,}"
    r"|xox[abeoprs]-[0-9A-Za-z-]{10,}|xapp-[0-9A-Za-z-]{10,}"
    r"|AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_-]{20,}|GOCSPX-[0-9A-Za-z_-]{20,}"
    r"|SG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}|npm_[0-9A-Za-z]{36}|pypi-[0-9A-Za-z_-]{16,}|hf_[0-9A-Za-z]{30,}|dop_v1_[0-9a-f]{64}|shp(?:at|ss|ca)_[0-9a-fA-F]{32}"
    r"|eyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{6,}"
    r")(?![\w])"
)
_IN_URL = re.compile(r"\w{2,10}://[^\s/:@]{1,64}:([^\s/@\[<][^\s/@]{2,127})@")
_CALLED = re.compile(
    r"\b(?:api[ _-]?(?:key|token|secret)|access[ _-]?(?:key|token)|auth(?:orization)?[ _-]?token|client[ _-]?secret|secret(?:[ _-]?key)?|private[ _-]?key|bearer|token)"
    r"(?: is| was|[\"']?\s{0,2}[:=])?\s{0,3}[\"'`]?([0-9A-Za-z_\-./+=~]{12,})",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"\b(?:pass(?:word|code|wd|phrase)|pwd)(?: is| was|[\"']?\s{0,2}[:=])\s{0,3}[\"'`]?([^\s\"'`<\[{,]{4,64})", re.IGNORECASE)
_NUMBERS = re.compile(
    r"\b(?:pin(?: (?:number|code))?|cvv2?|cvc2?|security code|otp|one[- ]time (?:code|password|passcode)|verification code|passcode)(?: is| was|\s{0,2}[:=])\s{0,3}(\d{3,8})(?![\w-])",
    re.IGNORECASE,
)


def secrets(text: str) -> Iterator[tuple[int, int]]:
    """Keys of known forms, credentials in addresses, and what a text calls a password, a token or a PIN."""
    for match in _KEYS.finditer(text):
        yield match.span()
    for match in _IN_URL.finditer(text):
        yield match.span(1)
    for match in _CALLED.finditer(text):
        if any(map(str.isdigit, match.group(1))) and any(map(str.isalpha, match.group(1))):
            yield match.start(1), match.start(1) + len(match.group(1).rstrip(".-"))
    for match in _PASSWORD.finditer(text):
        value = match.group(1).rstrip(".!?;:)")
        # "my password is wrong" says what is the matter; a password worth the name has more than letters in it.
        if len(value) >= 4 and not value.isalpha() and any(map(str.isalnum, value)) and not re.fullmatch(r"[a-z]+(?:[-'/][a-z]+)+", value, re.IGNORECASE):
            yield match.start(1), match.start(1) + len(value)
    for match in _NUMBERS.finditer(text):
        yield match.span(1)
