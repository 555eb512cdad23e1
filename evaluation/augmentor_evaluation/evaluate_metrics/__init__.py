"""Our metrics for the library `evaluate`: directories that `evaluate.load` takes by path, offline.

import evaluate
from augmentor_evaluation import evaluate_metrics

rouge = evaluate.load(str(evaluate_metrics.path("rouge_l")))
rouge.compute(predictions=[...], references=[...])     # {"rouge_l": the mean, "scores": [one for each pair]}
"""

from __future__ import annotations

from pathlib import Path

from augmentor.errors import UnknownComponent

_HERE = Path(__file__).parent


def names() -> list[str]:
    """The metrics that are here."""
    return sorted(script.stem for script in _HERE.glob("*/*.py") if script.stem == script.parent.name)


def path(name: str) -> Path:
    """The directory of a metric, for `evaluate.load`.

    Raises:
        UnknownComponent: there is none of that name.
    """
    if name not in names():
        raise UnknownComponent(f"no metric for evaluate is called {name!r}. Known: {', '.join(names())}.")
    return _HERE / name
