"""What turns a metric of ours into one of `evaluate`'s."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from augmentor.errors import BadOption, DataError, MissingExtra
from augmentor.protocols import PairMetric


def adapted(metric: PairMetric) -> type[Any]:
    """A subclass of `evaluate.Metric` that scores by `metric`. Options of the metric are keywords of `compute`.

    `compute` gives the mean over pairs where the metric is defined under the metric's name, and all values under `scores`.

    Raises:
        MissingExtra: `evaluate` is not installed.
    """
    try:
        import datasets
        import evaluate
    except ImportError:
        raise MissingExtra("a metric for the library evaluate", "evaluate") from None

    class Adapted(evaluate.Metric):  # type: ignore[misc]
        __doc__ = type(metric).__doc__

        def _info(self) -> Any:
            text = datasets.Value("string")
            return evaluate.MetricInfo(
                description=type(metric).__doc__ or "",
                citation="",
                inputs_description="predictions and references: lists of texts, as many of the one as of the other",
                features=datasets.Features({"predictions": text, "references": text}),
            )

        def add_batch(self, *, predictions: Any = None, references: Any = None, **others: Any) -> None:
            """Add pairs, all of them checked: `evaluate` looks at the first only."""
            checked = {"predictions": texts("predictions", predictions), "references": texts("references", references)}
            if len(checked["predictions"]) != len(checked["references"]):
                raise DataError(f"there are {len(checked['predictions'])} predictions but {len(checked['references'])} references")
            super().add_batch(**checked, **others)

        def add(self, *, prediction: Any = None, reference: Any = None, **others: Any) -> None:
            """Add one pair."""
            [prediction], [reference] = texts("predictions", [prediction]), texts("references", [reference])
            super().add(prediction=prediction, reference=reference, **others)

        def _compute(self, predictions: Sequence[str], references: Sequence[str], **options: Any) -> dict[str, Any]:
            scores = list(_with(metric, options).score(predictions, references))
            defined = [score for score in scores if not math.isnan(score)]  # NaN: the metric is not defined there
            return {metric.name: sum(defined) / len(defined) if defined else None, "scores": scores}

    Adapted.__name__ = Adapted.__qualname__ = type(metric).__name__
    return Adapted


def texts(what: str, items: Any) -> list[str]:
    """A list of texts that can be written as UTF-8: half a surrogate pair becomes U+FFFD.

    Raises:
        DataError: an item is no text; says which.
    """
    if items is None or isinstance(items, str):
        raise DataError(f"{what} must be a list of texts, not {type(items).__name__}")
    found = []
    for index, item in enumerate(items):
        if not isinstance(item, str):
            raise DataError(f"{what}[{index}] is {type(item).__name__}, not text. Lists of several references are not taken: give one for each prediction.")
        found.append(item.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return found


def _with(metric: PairMetric, options: dict[str, Any]) -> PairMetric:
    known = {field.name for field in fields(metric)}  # type: ignore[arg-type]
    for option in options:
        if option not in known:
            raise BadOption(f"metric {metric.name!r} has no option {option!r}. Options: {', '.join(sorted(known)) or '(none)'}.")
    return replace(metric, **options)  # type: ignore[type-var]
