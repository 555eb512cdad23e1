"""Personal data and secrets, taken out or put out of sight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from augmentor.examples import Example
from augmentor.protocols import Candidate, Verdict

from .personal.finding import KINDS, Found, Kind, find
from .personal.replacing import MADE_UP, Pseudonyms, label
from .turns import rewritten

_NAMES = {
    "email": "e-mail address",
    "phone": "phone number",
    "card": "card number",
    "iban": "IBAN",
    "account": "bank account number",
    "ip": "IP address",
    "secret": "secret",
    "ssn": "social security number",
    "national_id": "national id",
    "licence": "driving licence number",
    "passport": "passport number",
    "url": "web address",
    "name": "personal name",
}
_FINE = Verdict(keep=True, score=0.0)


@dataclass(frozen=True)
class Privacy:
    """Find e-mail addresses, phone, card, account and identity numbers, IP addresses, passwords and keys; drop or replace them.

    Numbers are checked (Luhn, IBAN and national check digits), and what only looks like one is told apart by the words around
    it. All turns are read: system, tools and their arguments, and rejected answers. `meta` is not, as no model is trained on
    it. Names are only found when asked for, street addresses never. The score is the number of findings.

    Attributes:
        action: `redact` writes a label such as [EMAIL]; `pseudonymise` a made-up value, the same throughout a conversation and
            what was made from it; `drop` takes the conversation out.
        kinds: what to look for.
        allow: values that are public and stay, such as the support line's own (`help@shop.example`, or `@shop.example` for all
            addresses there).
        regions: countries whose phone numbers are known without +, as ISO 3166 codes.
        names: find names of people as well, by presidio and a spaCy model (English; some 50 texts a second; misses some).
    """

    action: Literal["drop", "redact", "pseudonymise"] = "redact"
    kinds: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind != "url")
    allow: tuple[str, ...] = ()
    regions: tuple[str, ...] = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "IN", "AU")
    names: bool = False

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        allowed = _allowed(self.allow)
        return [self._verdict(candidate.example, allowed) for candidate in candidates]

    def _verdict(self, example: Example, allowed: frozenset[str]) -> Verdict:
        counts: Counter[str] = Counter()
        pseudonyms = Pseudonyms(example.root)
        changed = rewritten(example, partial(self._clean, counts=counts, allowed=allowed, pseudonym=pseudonyms.of))
        if not counts:
            return _FINE
        what = ", ".join(f"{count} {_NAMES[kind]}{_plural(kind, count)}" for kind, count in sorted(counts.items()))
        score = float(counts.total())
        if self.action == "drop":
            return Verdict(keep=False, score=score, reason=f"it holds personal data: {what}")
        done = "redacted" if self.action == "redact" else "pseudonymised"
        return Verdict(keep=True, score=score, reason=f"{done}: {what}", replacement=changed)

    def _found(self, text: str) -> list[Found]:
        found = find(text, self.kinds, self.regions)
        if not self.names or not text.strip():
            return found
        from .personal.names import names

        free = [Found("name", *span) for span in names(text) if all(span[1] <= other.start or other.end <= span[0] for other in found)]
        made_up = [match.span() for match in MADE_UP.finditer(text)]
        return sorted([*found, *(item for item in free if all(item.end <= low or high <= item.start for low, high in made_up))], key=lambda item: item.start)

    def _clean(self, text: str, counts: Counter[str], allowed: frozenset[str], pseudonym: Callable[[str, str], str]) -> str:
        found = [item for item in self._found(text) if not _is_allowed(item, text, allowed)]
        if not found:
            return text
        pieces, last = [], 0
        for kind, start, end in found:
            counts[kind] += 1
            pieces += [text[last:start], pseudonym(kind, text[start:end]) if self.action == "pseudonymise" else label(kind)]
            last = end
        return "".join([*pieces, text[last:]])


def _allowed(values: Sequence[str]) -> frozenset[str]:
    return frozenset(form for value in values for form in (value.casefold(), _plain(value)) if form)


def _is_allowed(found: Found, text: str, allowed: frozenset[str]) -> bool:
    if not allowed:
        return False
    value = text[found.start : found.end]
    if found.kind == "email":
        return value.casefold() in allowed or f"@{value.rpartition('@')[2]}".casefold() in allowed
    return value.casefold() in allowed or _plain(value) in allowed


def _plain(value: str) -> str:
    """The digits of a number, however it is grouped; nothing for what is not mostly digits."""
    digits = "".join(filter(str.isdigit, value))
    return digits if len(digits) * 2 > len(value) else ""


def _plural(kind: str, count: int) -> str:
    if count == 1:
        return ""
    return "es" if kind in {"email", "ip", "url"} else "s"
