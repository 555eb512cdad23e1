"""Payment cards, IBANs, bank accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .checksums import iban, luhn

Span = tuple[int, int]

_CARD = re.compile(r"(?<![\w.,$€£#-])\d(?:[ \-\u00a0]?\d){11,18}(?![\w-]|[.,]\d)")
_NETWORK = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|(?:30[0-59]|3[689]\d)\d{11}|(?:6011|65\d\d|64[4-9]\d|62\d\d)\d{12}|35\d{14}|(?:2131|1800)\d{11}"
)
_LIKELY = re.compile(r"(?:50|5[6-9]|6\d|[345]\d|2[1-7]|18|06)\d{10,17}")
_CARD_CUE = re.compile(r"\bcards?\b|\bcc\b|visa|master ?card|\bamex\b|american express|maestro|discover|\bcredit\b|\bdebit\b", re.IGNORECASE)
_OTHER_CUE = re.compile(r"(?:order|tracking|reference|ref|ticket|case|invoice|shipment|parcel|serial|imei|sku|transaction)\W{0,3}(?:(?:no|number|id|code|is)\W{0,3}){0,2}#?$", re.IGNORECASE)
_IBAN = re.compile(r"(?<![\w])[A-Za-z]{2}\d{2}(?:[ \-]?[A-Za-z0-9]{4}){2,7}(?:[ \-]?[A-Za-z0-9]{1,3})?(?![\w])")
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24,
    "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
    "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25,
    "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26,
    "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
_ACCOUNT = re.compile(
    r"(?:\b(?:bank )?account (?:number|no\.?|nr\.?|num)|\ba/c(?: no\.?)?|\brouting (?:number|no\.?)|\bsort code)(?: is| was|:|=|\s#|,)*\s{0,3}(\d(?:[ -]?\d){5,16})(?![\w-])",
    re.IGNORECASE,
)


def cards(text: str) -> Iterator[Span]:
    """Payment card numbers: the Luhn digit, and a known network's prefix and length or a word about cards nearby."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if not luhn(digits) or len(set(digits)) < 2:
            continue
        start, end = match.span()
        if _CARD_CUE.search(text, max(0, start - 48), min(len(text), end + 24)):
            sure = _LIKELY.fullmatch(digits) is not None
        else:
            sure = _NETWORK.fullmatch(digits) is not None and not _OTHER_CUE.search(text, max(0, start - 32), start)
        if sure:
            yield start, end


def ibans(text: str) -> Iterator[Span]:
    """International bank account numbers of the right length for their country, with right check digits."""
    for match in _IBAN.finditer(text):
        start = match.start()
        country = text[start : start + 2].upper()
        length = _IBAN_LENGTHS.get(country)
        if length is None:
            continue
        # The pattern may have run on into the next word: a country says how long its numbers are.
        end, letters = start, 0
        while letters < length and end < match.end():
            letters += text[end].isalnum()
            end += 1
        if letters == length and not text[end : end + 1].isalnum() and iban("".join(filter(str.isalnum, text[start:end].upper()))):
            yield start, end


def accounts(text: str) -> Iterator[Span]:
    """Bank account numbers, sort codes and routing numbers, where the text calls them that."""
    for match in _ACCOUNT.finditer(text):
        if set(match.group(1)) - set("0 -"):
            yield match.span(1)
