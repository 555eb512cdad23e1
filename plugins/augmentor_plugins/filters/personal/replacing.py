"""What stands in the place of personal data: a label, or a made-up value that is the same wherever the real one was."""

from __future__ import annotations

import hashlib
import re

MADE_UP = re.compile(r"\+999 \d\d \d{4}|0000 0000 0000 \d{4}|XX00 0000 0000 \d{4}|0000-\d{4}|000-\d\d-\d{4}|(?<![\d.])0(?:\.\d{1,3}){3}(?![\d.])|<[a-z-]+-[0-9a-f]{6}>|\S+\.invalid\b")
"""The forms of pseudonyms; they are nobody's data."""

_LABELS = {
    "email": "EMAIL",
    "phone": "PHONE",
    "card": "CARD_NUMBER",
    "iban": "IBAN",
    "account": "ACCOUNT_NUMBER",
    "ip": "IP_ADDRESS",
    "secret": "SECRET",
    "ssn": "SSN",
    "national_id": "NATIONAL_ID",
    "licence": "LICENCE_NUMBER",
    "passport": "PASSPORT_NUMBER",
    "url": "URL",
    "name": "NAME",
}


def label(kind: str) -> str:
    """The placeholder of a kind.

    >>> label("card")
    '[CARD_NUMBER]'
    """
    return f"[{_LABELS[kind]}]"


class Pseudonyms:
    """Made-up values for one family of conversations: the same value gets the same one, different values different ones.

    They are of no use to anybody: reserved domains and country codes, numbers that were never given (`MADE_UP`). They depend on the family (`root`), so a person cannot be followed from one to another.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._given: dict[tuple[str, str], str] = {}

    def of(self, kind: str, value: str) -> str:
        """The pseudonym of a value."""
        key = (kind, _canonical(kind, value))
        if key not in self._given:
            salt = 0
            taken = set(self._given.values())
            while (made := self._made(*key, salt)) in taken:
                salt += 1
            self._given[key] = made
        return self._given[key]

    def _made(self, kind: str, value: str, salt: int) -> str:
        payload = "\0".join((self._root, kind, value, str(salt))).encode("utf-8", "surrogatepass")
        number = int.from_bytes(hashlib.blake2b(payload, digest_size=8).digest(), "big")
        tag, four = f"{number % 16**6:06x}", f"{number % 10000:04}"
        six = f"{number % 10**6:06}"
        return {
            "email": f"person-{tag}@mail.invalid",
            "phone": f"+999 {six[:2]} {six[2:]}",
            "card": f"0000 0000 0000 {four}",
            "iban": f"XX00 0000 0000 {four}",
            "account": f"0000-{four}",
            "ip": f"0.{number % 256}.{number // 256 % 256}.{number // 65536 % 256}",
            "ssn": f"000-{six[:2]}-{six[2:]}",
            "url": f"https://site-{tag}.invalid/",
        }.get(kind, f"<{kind.replace('_', '-')}-{tag}>")


def _canonical(kind: str, value: str) -> str:
    """A value without what people write differently."""
    if kind in {"secret", "url"}:
        return value
    if kind in {"email", "ip"}:
        return value.casefold()
    return "".join(filter(str.isalnum, value)).casefold()
