"""Finding plugins, loading them, and collecting what they offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

import pluggy

from . import hookspecs, protocols
from .errors import UsageError
from .models import ModelSource
from .registry import Registry

GROUP = "augmentor"
"""The entry-point group that plugins announce themselves in."""


@dataclass(frozen=True)
class Kind:
    """A kind of component: its name, its plural in hook names, and the protocols one of which it has to satisfy."""

    name: str
    plural: str
    shapes: tuple[type[Any], ...]


KINDS = (
    Kind("format", "formats", (protocols.Format,)),
    Kind("strategy", "strategies", (protocols.TextStrategy, protocols.BatchStrategy, protocols.ExampleStrategy, protocols.PromptedStrategy)),
    Kind("filter", "filters", (protocols.RowFilter, protocols.DatasetFilter)),
    Kind("generator", "generators", (protocols.Generator,)),
    Kind("encoder", "encoders", (protocols.Encoder,)),
    Kind("trainer", "trainers", (protocols.Trainer,)),
    Kind("metric", "metrics", (protocols.PairMetric, protocols.RowMetric)),
    Kind("judge", "judges", (protocols.Judge,)),
    Kind("probe", "probes", (protocols.Probe,)),
    Kind("section", "sections", (protocols.Section,)),
    Kind("model", "models", (ModelSource,)),
)


@dataclass(frozen=True)
class Loaded:
    """A plugin that was found: the distribution and module it comes from, and the error that kept it out, if any."""

    name: str
    module: str
    distribution: str
    version: str
    error: str | None = None


class Plugins:
    """All components of all plugins, one registry a kind. A plugin that fails is listed with its error and left out."""

    def __init__(self, found: Sequence[EntryPoint] | None = None) -> None:
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs)
        self.loaded: list[Loaded] = []
        self.registries = {kind.name: Registry(kind.name, kind.shapes) for kind in KINDS}
        points = entry_points(group=GROUP) if found is None else found
        for point in sorted(points, key=lambda point: (point.name, point.value)):
            self._load(point)

    def _load(self, point: EntryPoint) -> None:
        distribution = point.dist.name if point.dist else "(none)"
        version = point.dist.version if point.dist else ""
        try:
            module = point.load()
            self._admit(module, point.name)
        except Exception as error:  # whatever a stranger's module raises must not take the command line down
            reason = f"{type(error).__name__}: {error}"
            self.loaded.append(Loaded(point.name, point.value, distribution, version, reason))
        else:
            self.loaded.append(Loaded(point.name, point.value, distribution, version))

    def _admit(self, module: ModuleType, name: str) -> None:
        """Register a module and all it offers, or nothing of it."""
        if self.manager.has_plugin(name):
            raise UsageError(f"another plugin is already called {name!r}")
        others = [plugin for plugin in self.manager.get_plugins() if plugin is not module]
        self.manager.register(module, name)
        offered: list[tuple[str, str, type[Any]]] = []
        try:
            for hook in self.manager.get_hookcallers(module) or []:
                if not hook.has_spec():
                    raise UsageError(f"it implements {hook.name!r}, which is no hook; known: {', '.join(sorted(_hook_names()))}")
            for kind in KINDS:
                hook = self.manager.subset_hook_caller(f"augmentor_register_{kind.plural}", others)
                registry = self.registries[kind.name]

                def register(component: type[Any], name: str, kind: Kind = kind, registry: Registry = registry) -> None:
                    check_component(component, kind)
                    registry.check_free(name)
                    offered.append((kind.name, name, component))

                hook(register=register)
        except Exception:
            self.manager.unregister(module)
            raise
        for kind_name, component_name, component in offered:
            self.registries[kind_name].add(component_name, component, name)

    def __getitem__(self, kind: str) -> Registry:
        return self.registries[kind]

    def failures(self) -> Iterator[Loaded]:
        """The plugins that could not be loaded."""
        return (loaded for loaded in self.loaded if loaded.error)


def _hook_names() -> list[str]:
    return [name for name in vars(hookspecs) if name.startswith("augmentor_")]


def check_component(component: type[Any], kind: Kind) -> None:
    """Raise `UsageError` where a class cannot be a component of that kind."""
    if not (is_dataclass(component) and component.__dataclass_params__.frozen):  # type: ignore[attr-defined]
        raise UsageError(f"{component.__name__} must be a frozen dataclass: its fields are its options")
    if not (component.__doc__ or "").strip() or (component.__doc__ or "").startswith(f"{component.__name__}("):
        raise UsageError(f"{component.__name__} needs a docstring: it is the help that users read")
    methods = [sorted(name for name in vars(shape) if not name.startswith("_") and callable(vars(shape)[name])) for shape in kind.shapes]
    if not any(all(hasattr(component, method) for method in wanted) for wanted in methods):
        shapes = " or ".join("/".join(f"{method}()" for method in wanted) for wanted in methods)
        raise UsageError(f"{component.__name__} is no {kind.name}: it needs {shapes}")
    for option in fields(component):
        if not option.init:
            raise UsageError(f"{component.__name__}.{option.name} is no option (init=False); keep state out of components")


@cache
def plugins() -> Plugins:
    """The installed plugins, loaded once a process."""
    return Plugins()
