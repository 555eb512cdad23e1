"""Details that have to survive: placeholders, codes, numbers, dates, names."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{\w+\}|<[A-Za-z_]\w*>|\[[A-Z][A-Z_ ]+\]|%\(\w+\)s|https?://[^\s\"'<>)]+[^\s\"'<>).,?!]|[\w.+-]+@[\w-]+\.[\w.-]*\w")
_CODE = re.compile(r"(?<![\w.])#?(?=[\w-]{0,40}\d)(?=[\w-]{0,40}[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?!\w)")
_NUMBER = re.compile(r"(?<![\w.,])(?<![A-Za-z]-)\d+(?:[.,]\d+)*(?![\w])")
_EVERYDAY = re.compile(r"(?:\d+(?:st|nd|rd|th|s|x|k|m|h|am|pm|d|kg|g|cm|mm|km|gb|mb|tb|min|mins|hr|hrs|in|ft|lb|lbs|eur|usd|gbp)|[2-5]g|2fa|3d|4k|24-7|\d+-(?:day|days|week|weeks|month|months|year|years|hour|hours|minute|minutes|digit|step|factor|in|to)\b.*)", re.IGNORECASE)
SPELLED = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90", "hundred": "100", "thousand": "1000",
    "twice": "2", "double": "2", "both": "2", "pair": "2", "couple": "2", "second": "2", "third": "3", "thrice": "3", "dozen": "12",
}  # fmt: skip
# Words that say a number in another way: "a fortnight" for 14 days, "half" for 50 %.
_ROUNDED = re.compile(r"\b(?:fortnight|weeks?|days?|months?|years?|hours?|minutes?|half|quarter|dozen|couple|pair|few|several|decade|century|midnight|noon|weekend|twice|double|both|second|third|another|again|more than once|multiple)\b", re.IGNORECASE)
_WEEKDAYS = {name[:3]: name for name in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}
_MONTHS = {name[:3]: name for name in ("january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december")}
_DATE_WORD = re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?\b|\b(?:jan(?:uary)?|feb(?:ruary)?|april|june|july|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+(?:[A-Z]\w*|)(?: (?:[A-Z][a-z]\w*))*|(?<![\w.])[a-z]*[A-Z]?[a-z]+[A-Z]\w*")
_NO_NAMES = frozenset("i wifi app internet online english web mobile desktop account card bank customer support service team store shop order email pin atm id please thanks thank hello hi dear mr mrs ms dr sir madam".split())


def lost_details(source: str, variant: str) -> Iterator[str]:
    """What a variant lost, changed or invented, a phrase each."""
    folded = variant.casefold()
    for match in _PLACEHOLDER.finditer(source):
        if match.group().casefold() not in folded:
            yield f"{match.group()!r} is lost"
    if any(map(str.isdigit, source)) or any(map(str.isdigit, variant)) or not source.isascii():
        yield from _codes(_PLACEHOLDER.sub(" ", source), _PLACEHOLDER.sub(" ", variant))
        yield from _numbers(_PLACEHOLDER.sub(" ", source), _PLACEHOLDER.sub(" ", variant))
    yield from _dates(source, variant)
    yield from _names(source, folded)


def _codes(source: str, variant: str) -> Iterator[str]:
    before, after = (
        {re.sub(r"[\W_]", "", match.group()).casefold(): match.group() for match in _CODE.finditer(text) if not _EVERYDAY.fullmatch(match.group().lstrip("#"))} for text in (source, variant)
    )
    packed = re.sub(r"[\W_]", "", variant).casefold()
    yield from (f"the code {written!r} is lost" for code, written in before.items() if code not in packed)
    packed = re.sub(r"[\W_]", "", source).casefold()
    yield from (f"the code {written!r} is new" for code, written in after.items() if code not in packed)


def _numbers(source: str, variant: str) -> Iterator[str]:
    before, after = _said_numbers(source), _said_numbers(variant)
    lost = [number for number in before if number not in after and number not in {"1", "0"} and number in _digits(source)]
    new = [number for number in after if number not in before and number not in {"1", "0"} and number in _digits(variant)]
    if lost and new:
        yield f"the number {lost[0]} became {new[0]}" if not _same_time(source, variant) else ""
    elif lost and not _ROUNDED.search(_without(variant, source)):
        yield f"the number {lost[0]} is lost"
    elif new and not _ROUNDED.search(_without(source, variant)):
        yield f"the number {new[0]} is new"


def _without(text: str, other: str) -> str:
    """The words of a text that the other does not have."""
    known = set(re.findall(r"\w+", other.casefold()))
    return " ".join(word for word in re.findall(r"\w+", text.casefold()) if word not in known)


def _digits(text: str) -> set[str]:
    return {_plain(match.group()) for match in _NUMBER.finditer(text)} | {re.match(r"\d+", match.group().lstrip("#")).group() for match in _CODE.finditer(text) if re.match(r"\d", match.group().lstrip("#"))}  # type: ignore[union-attr]


def _plain(number: str) -> str:
    """A number without thousands separators and empty decimals."""
    number = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", number)
    return re.sub(r"[.,]0+$", "", number).lstrip("0") or "0"


def _said_numbers(text: str) -> list[str]:
    found = sorted(_digits(text))
    return found + [SPELLED[word] for word in re.findall(r"[a-z]+", text.casefold()) if word in SPELLED]


_SPANS = {"minute": 1, "hour": 60, "day": 1440, "week": 10080, "month": 43200, "year": 525600}
_SPAN = re.compile(r"(\d+|" + "|".join(SPELLED) + r")[ -](?:business |working )?(minute|hour|day|week|month|year)s?", re.IGNORECASE)


def _same_time(source: str, variant: str) -> bool:
    """Whether two texts name the same span of time in other units (2 weeks, 14 days)."""
    one, other = ([int(SPELLED.get(number.casefold(), number)) * _SPANS[unit.casefold()] for number, unit in _SPAN.findall(text)] for text in (source, variant))
    return bool(one) and len(one) == len(other) and all(abs(a - b) <= 0.04 * a for a, b in zip(one, other, strict=True))


def _dates(source: str, variant: str) -> Iterator[str]:
    before, after = ({_date(match.group()) for match in _DATE_WORD.finditer(text) if match.group() not in {"sun", "sat", "wed", "mon", "dec", "oct"}} for text in (source, variant))
    for one in sorted(before - after):
        instead = sorted(after - before)
        yield f"{one.title()} became {instead[0].title()}" if instead else f"{one.title()} is lost"


def _date(word: str) -> str:
    short = word[:3].casefold()
    return _WEEKDAYS.get(short) or _MONTHS.get(short) or short


def _names(source: str, variant: str) -> Iterator[str]:
    words = source.split()
    if sum(word[:1].isupper() for word in words) * 2 > len(words):
        return  # a headline, or shouting: capitals say nothing
    packed = re.sub(r"[\W_]", "", variant)
    for match in _NAME.finditer(source):
        name = match.group()
        key = re.sub(r"[\W_]", "", name).casefold()
        if len(key) > 2 and key not in _NO_NAMES and not _DATE_WORD.fullmatch(name) and key not in packed and not any(word.casefold() in _NO_NAMES for word in name.split()):
            yield f"the name {name!r} is lost"
