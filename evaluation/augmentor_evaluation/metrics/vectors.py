"""Texts as vectors, each text encoded once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from augmentor.plugins import plugins
from augmentor.protocols import Encoder

if TYPE_CHECKING:
    import numpy as np


def encode(encoder: str, texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """Unit vectors of shape (len(texts), dimensions), zero for an empty text.

    Raises:
        UnknownComponent: there is no such encoder.
        MissingExtra: the encoder is not installed.
    """
    import numpy as np

    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    made: Encoder = plugins()["encoder"].make(encoder)
    vectors = made.encode(list(places))
    return np.asarray(vectors)[[places[text] for text in texts]]


def cosines(left: np.ndarray[Any, Any], right: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Cosine of each pair of rows of unit vectors, from 0 (below it nothing is alike either) to 1."""
    import numpy as np

    products: np.ndarray[Any, Any] = np.einsum("ij,ij->i", left, right, dtype=np.float64)
    return products.clip(0.0, 1.0)
