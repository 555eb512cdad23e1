"""Metrics of the library `evaluate`, by their name on its hub."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from augmentor.errors import DataError, MissingExtra, UsageError


@dataclass(frozen=True)
class Hub:
    """A metric that the library `evaluate` loads by name or path: `hub:name=meteor`. Needs the extra `evaluate`, and for a name the network.

    A metric that gives a list has its values taken from there; any other is asked pair by pair, so that answers can be compared in
    pairs. It runs code that its author put on the hub: name only what you trust. HF_EVALUATE_OFFLINE=1 is respected.

    Attributes:
        name: what `evaluate.load` calls it; a directory works offline.
        key: which value of its result; none where there is one only, or one is called like the metric.
        higher_is_better: whether more is better.
        config: of `evaluate.load`, for metrics that have several.
        options: more keywords of its `compute`.
    """

    name: str
    key: str | None = None
    higher_is_better: bool = True
    config: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    unit: ClassVar[str] = ""

    @property
    def title(self) -> str:
        return self.name.rstrip("/").rpartition("/")[2] + (f" {self.key}" if self.key else "")

    def score(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        if len(predictions) != len(references):
            raise ValueError(f"{len(predictions)} predictions cannot be paired with {len(references)} references: one side is shorter")
        if not predictions:
            return []
        value = self._value(predictions, references)
        if isinstance(value, Sequence) and len(value) == len(predictions):
            return [float(one) for one in value]
        return [self._single(prediction, reference) for prediction, reference in zip(predictions, references, strict=True)]

    def _single(self, prediction: str, reference: str) -> float:
        value = self._value([prediction], [reference])
        found = value[0] if isinstance(value, Sequence) and len(value) == 1 else value
        return float(found) if isinstance(found, int | float) else math.nan

    def _value(self, predictions: Sequence[str], references: Sequence[str]) -> Any:
        result = self._loaded.compute(predictions=list(predictions), references=list(references), **self.options)
        if not isinstance(result, Mapping):
            raise DataError(f"the metric {self.name!r} gave {type(result).__name__}, not named values")
        if self.key is None and len(predictions) > 1 and isinstance(result.get("scores"), Sequence):
            return result["scores"]
        key = self.key or (next(iter(result)) if len(result) == 1 else self.title)
        if key not in result:
            raise UsageError(f"the metric {self.name!r} gives {', '.join(map(str, result))}: choose one with key=")
        return getattr(result[key], "tolist", lambda: result[key])()

    @cached_property
    def _loaded(self) -> Any:
        offline = os.environ.get("HF_EVALUATE_OFFLINE", "0").upper() in {"1", "TRUE", "YES", "ON"} or os.environ.get("HF_HUB_OFFLINE", "0") == "1"
        if offline and not Path(self.name).is_dir():
            raise UsageError(
                f"the metric {self.name!r} is on the hub, and HF_EVALUATE_OFFLINE or HF_HUB_OFFLINE says not to ask it. Name a directory "
                "that holds it, or one of ours: augmentor plugins list"
            )
        try:
            import evaluate
        except ImportError:
            raise MissingExtra("a metric of the hub", "evaluate") from None
        try:
            return evaluate.load(self.name, self.config, keep_in_memory=True)
        except Exception as error:  # what loading runs is a stranger's script, which may raise anything
            raise UsageError(
                f"the metric {self.name!r} cannot be loaded: {type(error).__name__}: {str(error).strip().partition(chr(10))[0]} "
                "Behind a firewall set HF_EVALUATE_OFFLINE=1 and name a directory that holds it."
            ) from error
