"""The hooks. A plugin is a module with functions of these names, marked `@augmentor.hookimpl`.

Each is called once with `register(component, name)`; `component` is a frozen dataclass, `name` is what a recipe calls it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pluggy

from .protocols import CompareRequest, Conversion, GateOutcome, ServeSettings

if TYPE_CHECKING:
    from .examples import Example
    from .inspection import Inspection, Table

PROJECT = "augmentor"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Register(Protocol):
    """Takes a component class and the name that recipes call it by."""

    def __call__(self, component: type[Any], name: str) -> None: ...


@hookspec
def augmentor_register_formats(register: Register) -> None:
    """Add file formats: bytes to examples and back."""


@hookspec
def augmentor_register_strategies(register: Register) -> None:
    """Add strategies: an example in, variants out."""


@hookspec
def augmentor_register_filters(register: Register) -> None:
    """Add filters: keep or drop, with score and reason."""


@hookspec
def augmentor_register_generators(register: Register) -> None:
    """Add generators: chat messages in, replies out."""


@hookspec
def augmentor_register_encoders(register: Register) -> None:
    """Add encoders: texts in, unit vectors out."""


@hookspec
def augmentor_register_trainers(register: Register) -> None:
    """Add trainers: data in, model reference out."""


@hookspec
def augmentor_register_metrics(register: Register) -> None:
    """Add metrics: predictions and references in, a value an example out."""


@hookspec
def augmentor_register_judges(register: Register) -> None:
    """Add judges: two answers in, which is better out."""


@hookspec
def augmentor_register_probes(register: Register) -> None:
    """Add probes: an arm's model in, what it does beyond the test questions out."""


@hookspec
def augmentor_register_sections(register: Register) -> None:
    """Add sections: a finished run in, a part of the report out."""


@hookspec
def augmentor_register_models(register: Register) -> None:
    """Add models that `augmentor models fetch` can bring, by name."""


@hookspec(firstresult=True)
def augmentor_compare_arms(request: CompareRequest) -> Mapping[str, Any] | None:
    """Score the predictions of a run's arms and compare them; the result is written as `metrics.json`."""


@hookspec(firstresult=True)
def augmentor_write_report(runs: Sequence[Path], out: Path, sections: Sequence[Any], split_assets: bool) -> bool | None:
    """Write the report of one finished run, or of several compared, to the file `out`, all in it or with files beside it; True when it is there."""


@hookspec
def augmentor_measure_data(examples: Sequence[Example]) -> Sequence[Table] | None:
    """Measure examples as a whole for `augmentor inspect`: tables of figures, such as which groups of people they name."""


@hookspec(firstresult=True)
def augmentor_write_inspection(inspection: Inspection, out: Path) -> bool | None:
    """Write the page of `augmentor inspect --html` to the file `out`; True when it is there."""


@hookspec
def augmentor_model_evaluated(model: Path, arm: str, results: Mapping[str, Any]) -> None:
    """Complete what lies beside a trained model, such as its card: it is the `arm` of a run whose `metrics.json` holds `results`."""


@hookspec(firstresult=True)
def augmentor_check_gate(gate: str, results: Mapping[str, Any]) -> GateOutcome | None:
    """Say whether results pass a gate such as `rouge_l.delta.low > 0`. Raises `UsageError` for one that makes no sense."""


@hookspec(firstresult=True)
def augmentor_serve(settings: ServeSettings) -> bool | None:
    """Serve a model until the process is stopped; True when it was."""


@hookspec(firstresult=True)
def augmentor_convert_model(conversion: Conversion) -> Sequence[str] | None:
    """Write a model in another form; sentences about what was written and how it was checked."""
