"""Names of people, by presidio and a spaCy model, both on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from augmentor.errors import MissingExtra, UsageError

_SIZES = ("sm", "md", "lg", "trf")


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where people are named in an English text.

    Raises:
        MissingExtra: presidio is not installed.
        UsageError: no English model of spaCy is.
    """
    for found in _engine().analyze(text, language="en", entities=["PERSON"]):
        start, end = found.start, found.end
        while end > start and not text[end - 1].isalnum():
            end -= 1
        if text[start:end].endswith(("'s", "\u2019s")):
            end -= 2
        if any(map(str.isupper, text[start:end])):
            yield start, end


@cache
def _engine() -> Any:
    """Presidio with its recogniser of names alone: others look for lists on the network."""
    try:
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import NlpEngineProvider
        from presidio_analyzer.predefined_recognizers import SpacyRecognizer
        from spacy.util import get_installed_models
    except ImportError:
        raise MissingExtra("privacy:names=true", "presidio") from None
    models = sorted((name for name in get_installed_models() if name.startswith("en_core_web_")), key=_size)
    if not models:
        raise UsageError("privacy:names=true needs an English model of spaCy; install one with: python -m spacy download en_core_web_sm")
    language = {"lang_code": "en", "model_name": models[-1]}
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [language]}).create_engine()
    registry = RecognizerRegistry(recognizers=[SpacyRecognizer(supported_entities=["PERSON"])], supported_languages=["en"])
    return AnalyzerEngine(nlp_engine=engine, registry=registry, supported_languages=["en"])


def _size(model: str) -> tuple[int, str]:
    """For sorting: larger models find more."""
    size = model.removeprefix("en_core_web_").partition("_")[0]
    return _SIZES.index(size) if size in _SIZES else -1, model
