"""Telephone numbers, told from order numbers, amounts and dates by their form, by the words around, and by phonenumbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = re.compile(r"(?<![\w.$€£#@/=+-])(?<!\d,)(?:\+|\(\+?)?\d(?:[ ()./\-\u00a0]{0,3}\d){6,16}(?: ?(?:x|ext\.?|extension) ?\d{1,6})?(?![\w%]|[.,]\d)", re.IGNORECASE)
_NORTH_AMERICAN = re.compile(r"(?:\+?1[ .-]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])\d{3}[-. ]\d{4}(?: ?(?:x|ext\.?|extension) ?\d{1,6})?", re.IGNORECASE)
_CUE = re.compile(
    r"\b(?:tele)?phone|\btel\b|\bmobile|\bcell|\bfax|\bdesk\b|\boffice:|\bcall|\btext(?:ed)? (?:me|us)|\bsms\b|whats ?app|\breach|\bring\b|\bdial|hotline|helpline|\bcontact"
    r"|\bregistered\b|answering at|messages? (?:to|on)|my number|\b(?:his|her|their|our|your) number|\bring me|landline|handset",
    re.IGNORECASE,
)
_LATER_CUE = re.compile(r"[\s,(\-]{0,3}(?:office|fax|mobile|cell|home|work|desk|phone)\b", re.IGNORECASE)
_OTHER_CUE = re.compile(
    r"(?:\b(?:order|tracking|reference|ref|ticket|case|invoice|shipment|parcel|serial|imei|sku|transaction|policy|booking|account|confirmation|rma|model|part|item|isbn|id|customer|receipt|claim))"
    r"[\s:#.]{0,3}(?:(?:no|number|num|id|code|is|nr)[\s:#.]{0,3}){0,3}$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./]\d{1,2}|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|[12]\d|3[01])[-./](?:19|20)?\d\d)(?:[ T].*)?|(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d"
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[ .\u00a0]\d{3})+")


def phones(text: str, regions: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Telephone numbers: international ones, North American ones, what is called one, and what is valid in one of the `regions`."""
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        written = match.group()
        if written.count("(") != written.count(")"):  # a bracket of the sentence around
            if written.endswith(")"):
                end -= 1
            elif written.startswith("(") and ")" not in written:
                start += 1
            written = text[start:end]
        if _is_phone(text, start, end, written, regions):
            yield start, end


def _is_phone(text: str, start: int, end: int, written: str, regions: tuple[str, ...]) -> bool:
    number = re.split(r"[xe]", written.lower(), maxsplit=1)[0]
    digits = re.sub(r"\D", "", number)
    if not 7 <= len(digits) <= 15 or _DATE.fullmatch(written) or len(set(digits)) < 3:
        return False
    if written.lstrip("(").startswith("+"):
        # 999 is no country: numbers under it are pseudonyms.
        return len(digits) >= 8 and not digits.startswith(("0", "999"))
    if _OTHER_CUE.search(text, max(0, start - 40), start):
        return False
    if _CUE.search(text, max(0, start - 56), start) or _LATER_CUE.match(text, end):
        return len(digits) <= 13
    if _NORTH_AMERICAN.fullmatch(written):
        return True
    if _THOUSANDS.fullmatch(written) or not (digits.startswith("0") or len(digits) != len(number.strip())):
        return False
    return (digits.startswith("0") and len(digits) >= 9) and _valid(number, regions)


def _valid(number: str, regions: tuple[str, ...]) -> bool:
    import phonenumbers

    if number.startswith("00"):
        number = "+" + number[2:]
    for region in regions:
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return True
    return False
