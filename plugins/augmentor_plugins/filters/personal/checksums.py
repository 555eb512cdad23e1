"""Check digits: what tells a real number from one that merely looks like it."""

from __future__ import annotations

from collections.abc import Sequence

_VERHOEFF_STEP = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_FISCAL_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def luhn(digits: str) -> bool:
    """Payment cards, Canadian SIN, Swedish personal numbers (ISO/IEC 7812-1).

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    total = sum(int(digit) for digit in digits[-1::-2]) + sum(2 * int(digit) - 9 * (digit > "4") for digit in digits[-2::-2])
    return total % 10 == 0


def iban(text: str) -> bool:
    """International bank account numbers (ISO 13616): the rest of the number modulo 97 is 1."""
    moved = text[4:] + text[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def weighted(digits: str, weights: Sequence[int]) -> int:
    """The sum of digits times weights."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def nhs(digits: str) -> bool:
    """Numbers of the National Health Service of the United Kingdom: modulo 11."""
    check = 11 - weighted(digits[:9], range(10, 1, -1)) % 11
    return check % 11 == int(digits[9]) and check != 10


def cpf(digits: str) -> bool:
    """Brazilian CPF: two check digits modulo 11."""
    if len(set(digits)) == 1:
        return False
    first = weighted(digits[:9], range(10, 1, -1)) * 10 % 11 % 10
    second = weighted(digits[:10], range(11, 1, -1)) * 10 % 11 % 10
    return digits[9:] == f"{first}{second}"


def pesel(digits: str) -> bool:
    """Polish PESEL: weights 1, 3, 7, 9 modulo 10."""
    return (10 - weighted(digits[:10], (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10) % 10 == int(digits[10])


def bsn(digits: str) -> bool:
    """Dutch BSN: the eleven test."""
    return weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def dni(text: str) -> bool:
    """Spanish DNI and NIE: the letter is the number modulo 23."""
    number = text[:-1].upper().replace("X", "0").replace("Y", "1").replace("Z", "2")
    return _DNI_LETTERS[int(number) % 23] == text[-1].upper()


def nir(digits: str) -> bool:
    """French social security numbers: 97 less the number modulo 97."""
    return 97 - int(digits[:13]) % 97 == int(digits[13:15])


def codice_fiscale(text: str) -> bool:
    """Italian tax codes: a letter from the sum of odd and even places."""
    total = 0
    for place, letter in enumerate(text[:15].upper()):
        number = int(letter) if letter.isdigit() else ord(letter) - ord("A")
        total += number if place % 2 else _FISCAL_ODD[number]
    return chr(ord("A") + total % 26) == text[15].upper()


def verhoeff(digits: str) -> bool:
    """Indian Aadhaar numbers: the dihedral group of order ten (Verhoeff 1969).

    >>> verhoeff("2363"), verhoeff("2364")
    (True, False)
    """
    check = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit)
        for _ in range(place % 8):
            number = _VERHOEFF_STEP[number]
        check = _dihedral(check, number)
    return check == 0


def _dihedral(one: int, other: int) -> int:
    if one < 5:
        return (one + other) % 5 if other < 5 else 5 + (one + other) % 5
    return 5 + (one - other) % 5 if other < 5 else (one - other) % 5
