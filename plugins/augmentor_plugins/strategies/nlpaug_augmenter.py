"""Any augmenter of nlpaug, by name."""

from __future__ import annotations

import difflib
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import msgspec

from augmentor.errors import BadOption, DataError

_NEURAL = frozenset({"AbstSummAug", "BackTranslationAug", "ContextualWordEmbsAug", "ContextualWordEmbsForSentenceAug", "LambadaAug"})  # draw from torch, too
_MODULES = ("char", "word", "sentence")
# What the two WordNet augmenters look for. nlpaug itself would try to download it in the middle of a run.
_NLTK = {"corpora/wordnet": "wordnet", "taggers/averaged_perceptron_tagger_eng": "averaged_perceptron_tagger_eng"}


@dataclass(frozen=True)
class Nlpaug:
    """Vary a text with an augmenter of nlpaug (https://nlpaug.readthedocs.io), made to depend on nothing but the text and the seed.

    nlpaug draws from Python's and numpy's global random numbers; they are seeded for each text and put back afterwards, so
    that the same recipe gives the same variants in any worker and in any order.

    Attributes:
        augmenter: the name of the class, such as `KeyboardAug`, `OcrAug`, `RandomCharAug`, `SpellingAug`, `SplitAug`, `RandomWordAug`, `SynonymAug`.
        options: its arguments as a JSON object: `options={"aug_char_p": 0.1, "aug_word_p": 0.2}`.
        n: variants of each text; fewer where the augmenter repeats itself.
    """

    augmenter: str = "KeyboardAug"
    options: dict[str, Any] = field(default_factory=dict)
    n: int = 1

    def vary(self, text: str, rng: Random) -> Iterator[str]:
        if not text.strip():
            return
        augment = _augment(self.augmenter, msgspec.json.encode(self.options, order="sorted").decode())
        seen = {text}
        for _ in range(self.n):
            with _seeded(rng.getrandbits(32), with_torch=self.augmenter in _NEURAL):
                made = augment(text)
            for variant in made:
                if isinstance(variant, str) and variant.strip() and variant not in seen:
                    seen.add(variant)
                    yield variant


@contextmanager
def _seeded(seed: int, *, with_torch: bool) -> Iterator[None]:
    """The global generators, seeded inside and as they were outside."""
    import numpy as np

    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002 - it is this generator that nlpaug draws from
    torch = sys.modules.get("torch") if with_torch else None
    state = torch.get_rng_state() if torch else None
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    if torch:
        torch.manual_seed(seed)
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
        if torch:
            torch.set_rng_state(state)


@cache
def _augment(name: str, options: str) -> Any:
    """The method of a ready augmenter that takes a text and gives a list of texts, with errors a person can act on."""
    component = _find(name)
    if name in {"SynonymAug", "AntonymAug"} and msgspec.json.decode(options).get("aug_src", "wordnet") == "wordnet":
        _check_nltk(name)
    try:
        augmenter = component(**msgspec.json.decode(options))
    except TypeError as error:
        raise BadOption(f"nlpaug's {name} does not take the options {options}: {error}") from None
    except (OSError, LookupError, ImportError) as error:
        raise _missing(name, error) from error
    _sort_spellings(augmenter)

    def augment(text: str) -> list[Any]:
        try:
            return list(augmenter.augment(text))
        except (OSError, LookupError, ImportError) as error:
            if isinstance(error, (IndexError, KeyError)):  # its own trouble with this one text: nothing to say about it
                return []
            raise _missing(name, error) from error

    return augment


def _find(name: str) -> Any:
    import importlib

    found = {}
    for module in _MODULES:
        members = vars(importlib.import_module(f"nlpaug.augmenter.{module}"))
        found.update({key: value for key, value in members.items() if key.endswith("Aug") and isinstance(value, type)})
    if name in found:
        return found[name]
    near = difflib.get_close_matches(name, found, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise BadOption(f"nlpaug has no augmenter {name!r}.{hint} Known: {', '.join(sorted(found))}.")


def _check_nltk(name: str) -> None:
    import nltk

    for place, package in _NLTK.items():
        if not any(_is_there(nltk, form) for form in (place, f"{place}.zip")):
            raise DataError(f"nlpaug's {name} needs the NLTK data {package!r}. Get it with: python -m nltk.downloader {' '.join(_NLTK.values())}")


def _is_there(nltk: Any, place: str) -> bool:
    try:
        nltk.data.find(place)
    except LookupError:
        return False
    return True


def _missing(name: str, error: Exception) -> DataError:
    first = next((line for line in str(error).splitlines() if line.strip(" *")), type(error).__name__).strip()
    return DataError(f"nlpaug's {name} misses a file, a model or a package: {first} Name one that is on this machine with options={{...}}.")


def _sort_spellings(augmenter: Any) -> None:
    """SpellingAug keeps its misspellings in the order of a set, which is another in every process."""
    spellings = getattr(getattr(augmenter, "model", None), "dict", None)
    if isinstance(spellings, dict):
        for word, others in spellings.items():
            if isinstance(others, list):
                spellings[word] = sorted(others)
