"""Numbers that states give people: by form and check digit, and by the words around where the form says little."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from . import checksums

_SSN = re.compile(r"(?<![\w.-])(?!000)(\d{3})([- ])(?!00)\d{2}\2(?!0000)\d{4}(?![\w-]|\.\d)")
_SSN_CUE = re.compile(r"\bssn\b|social[ -]?security|\bitin\b|\btax(?:payer)? id|\bss ?(?:#|number|no\b)", re.IGNORECASE)
_SSN_PLAIN = re.compile(r"(?<![\w.-])(?!000)\d{9}(?![\w-]|\.\d)")
_LICENCE = re.compile(
    r"\b(?:driver'?s?|drivers'|driver’s|driving) ?licen[cs]e(?: (?:number|no\.?|num|id|#))?(?: is| was|:|=|,)*\s{0,3}#?([A-Z]{0,5}\d[\dA-Z]*(?:-[\dA-Z]+)*)(?!\w)", re.IGNORECASE
)
_PASSPORT = re.compile(r"\bpassport(?: (?:number|no\.?|num|id|#))?(?: is| was|:|=|,)*\s{0,3}#?([A-Z]{0,3}\d{6,9}[A-Z]?)(?!\w)", re.IGNORECASE)
_NINO = re.compile(r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)", re.IGNORECASE)


def _digits(check: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: check(re.sub(r"\D", "", text))


def _always(_: str) -> bool:
    return True


_NATIONAL: tuple[tuple[re.Pattern[str], re.Pattern[str] | None, Callable[[str], bool]], ...] = (
    # form, words that must be near (None: the form and its check digits say enough), check
    (_NINO, None, _always),
    (re.compile(r"(?<![\w-])[0-9XYZ]\d{7}-?[A-HJ-NP-TV-Z](?!\w)"), None, lambda text: checksums.dni(text.replace("-", ""))),
    (re.compile(r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)", re.IGNORECASE), None, checksums.codice_fiscale),
    (re.compile(r"(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)"), None, _digits(checksums.cpf)),
    (re.compile(r"(?<![\w.-])\d{11}(?!\w)"), re.compile(r"\bcpf\b", re.IGNORECASE), checksums.cpf),
    (re.compile(r"(?<![\w.-])\d{11}(?!\w)"), re.compile(r"\bpesel\b", re.IGNORECASE), checksums.pesel),
    (re.compile(r"(?<![\w.-])[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?!\w)"), None, _digits(checksums.nir)),
    (re.compile(r"(?<![\w.-])\d{3}[ -]?\d{3}[ -]?\d{4}(?!\w)"), re.compile(r"\bnhs\b|health service", re.IGNORECASE), _digits(checksums.nhs)),
    (re.compile(r"(?<![\w.-])[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}(?!\w)"), re.compile(r"aadh?aar|\buidai\b", re.IGNORECASE), _digits(checksums.verhoeff)),
    (re.compile(r"(?<![\w.-])\d{9}(?!\w)"), re.compile(r"\bbsn\b|burgerservicenummer", re.IGNORECASE), checksums.bsn),
    (re.compile(r"(?<![\w.-])\d{3}[ -]?\d{3}[ -]?\d{3}(?!\w)"), re.compile(r"\bSIN\b|social insurance", re.IGNORECASE), _digits(checksums.luhn)),
    (re.compile(r"(?<![\w.-])(?:19|20)?\d{6}[-+]\d{4}(?!\w)"), re.compile(r"person(?:al)? ?n(?:umber|ummer)|\bssn\b", re.IGNORECASE), lambda text: checksums.luhn(re.sub(r"\D", "", text)[-10:])),
)


def identifiers(text: str) -> Iterator[tuple[str, int, int]]:
    """US social security numbers, driving licences, passports, and national numbers of a dozen other countries."""
    for match in _SSN.finditer(text):
        # 666 and 900 up were never given as SSN, but people write them where they are asked for one.
        if (match.group(1) != "666" and match.group(1) < "900") or _near(_SSN_CUE, text, match):
            yield "ssn", *match.span()
    if _SSN_CUE.search(text):
        for match in _SSN_PLAIN.finditer(text):
            if _near(_SSN_CUE, text, match):
                yield "ssn", *match.span()
    for match in _LICENCE.finditer(text):
        if sum(map(str.isdigit, match.group(1))) > 4:
            yield "licence", *match.span(1)
    for match in _PASSPORT.finditer(text):
        yield "passport", *match.span(1)
    for form, cue, check in _NATIONAL:
        if cue is None or cue.search(text):
            for match in form.finditer(text):
                if (cue is None or _near(cue, text, match)) and check(match.group()):
                    yield "national_id", *match.span()


def _near(cue: re.Pattern[str], text: str, match: re.Match[str]) -> bool:
    return cue.search(text, max(0, match.start() - 48), min(len(text), match.end() + 24)) is not None
