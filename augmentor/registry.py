"""Names to components: `"rephrase:n=4"` to an object, and helpful misses."""

from __future__ import annotations

import difflib
import inspect
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

import msgspec

from .errors import BadOption, UnknownComponent, UsageError


@dataclass(frozen=True)
class Option:
    """One typed option of a component, as help pages show it."""

    name: str
    type: str
    default: Any
    required: bool


@dataclass(frozen=True)
class Spec:
    """A component as a recipe writes it: a name and the options that are not left at their defaults."""

    name: str
    options: Mapping[str, Any]

    def __str__(self) -> str:
        return self.name + "".join(f"{',' if index else ':'}{key}={_written(value)}" for index, (key, value) in enumerate(self.options.items()))


def _written(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


class Registry:
    """The components of one kind, by name."""

    def __init__(self, kind: str, shapes: tuple[type[Any], ...] = ()) -> None:
        self.kind = kind
        self.shapes = shapes
        self._components: dict[str, type[Any]] = {}
        self._plugins: dict[str, str] = {}

    def check_free(self, name: str) -> None:
        """Raise `UsageError` when a plugin already took the name."""
        if name in self._components:
            raise UsageError(f"{self.kind} {name!r} is already offered by the plugin {self._plugins[name]!r}")

    def add(self, name: str, component: type[Any], plugin: str) -> None:
        self.check_free(name)
        self._components[name] = component
        self._plugins[name] = plugin

    def names(self) -> list[str]:
        return sorted(self._components)

    def __iter__(self) -> Iterator[tuple[str, type[Any]]]:
        return iter(sorted(self._components.items()))

    def __contains__(self, name: str) -> bool:
        return name in self._components

    def plugin_of(self, name: str) -> str:
        """The plugin that offers a component."""
        return self._plugins[name]

    def find(self, name: str) -> type[Any]:
        """The component of that name.

        Raises:
            UnknownComponent: there is none; names the nearest and all known.
        """
        if name in self._components:
            return self._components[name]
        near = difflib.get_close_matches(name, self._components, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise UnknownComponent(f"No {self.kind} is called {name!r}.{hint} Known: {', '.join(self.names()) or '(none)'}.")

    def make(self, spec: str | Mapping[str, Any] | Spec) -> Any:
        """A component from what a recipe or the command line says.

        Raises:
            UnknownComponent: no such component.
            BadOption: an option that it does not have, or a value of another type.
        """
        spec = self.parse(spec)
        component = self.find(spec.name)
        try:
            return component(**_convert(component, spec, self.kind))
        except (ValueError, TypeError) as error:
            if isinstance(error, UsageError):
                raise
            raise BadOption(f"{self.kind} {spec.name!r}: {error}") from None

    def parse(self, spec: str | Mapping[str, Any] | Spec) -> Spec:
        """A spec from `rephrase`, `"rephrase:n=4,style=polite"`, `{rephrase: {n: 4}}` or `{name: rephrase, n: 4}`."""
        if isinstance(spec, Spec):
            return spec
        if isinstance(spec, Mapping):
            if "name" in spec:
                return Spec(str(spec["name"]), {key: value for key, value in spec.items() if key != "name"})
            if len(spec) != 1:
                raise BadOption(f"a {self.kind} is written 'name' or 'name: {{option: value}}', not {dict(spec)!r}")
            name, options = next(iter(spec.items()))
            if options is not None and not isinstance(options, Mapping):
                raise BadOption(f"{self.kind} {name!r}: options are written 'option: value', not {options!r}")
            return Spec(str(name), dict(options or {}))
        name, _, rest = spec.partition(":")
        written: dict[str, Any] = {}
        for part in _split(rest):
            key, equals, value = part.partition("=")
            if not equals:
                raise BadOption(f"{self.kind} {name!r}: an option is written key=value, not {part!r}")
            written[key.strip().replace("-", "_")] = value
        return Spec(name.strip(), written)

    def options(self, name: str) -> list[Option]:
        """The options of a component, in order."""
        component = self.find(name)
        hints = typing.get_type_hints(component)
        found = []
        for item in fields(component):
            required = item.default is MISSING and item.default_factory is MISSING
            default = item.default_factory() if item.default_factory is not MISSING else None if required else item.default
            found.append(Option(item.name, _type_name(hints[item.name]), default, required))
        return found

    def help(self, name: str) -> str:
        """The docstring of a component, unindented."""
        return inspect.getdoc(self.find(name)) or ""


def _split(text: str) -> list[str]:
    """Cut at commas that are not inside brackets."""
    parts, depth, current = [], 0, ""
    for letter in text:
        depth += (letter in "[{(") - (letter in "]})")
        if letter == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += letter
    return [part for part in [*parts, current] if part.strip()]


def _convert(component: type[Any], spec: Spec, kind: str) -> dict[str, Any]:
    hints = typing.get_type_hints(component)
    names = [item.name for item in fields(component)]
    converted = {}
    for key, value in spec.options.items():
        if key not in names:
            near = difflib.get_close_matches(key, names, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise BadOption(f"{kind} {spec.name!r} has no option {key!r}.{hint} Options: {', '.join(names) or '(none)'}.")
        try:
            converted[key] = _value(value, hints[key])
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            raise BadOption(f"{kind} {spec.name!r}: option {key!r} takes {_type_name(hints[key])}, not {value!r} ({error})") from None
    missing = [item.name for item in fields(component) if item.default is MISSING and item.default_factory is MISSING and item.name not in converted]
    if missing:
        raise BadOption(f"{kind} {spec.name!r} needs the option{'s' if len(missing) > 1 else ''} {', '.join(missing)}")
    return converted


def _value(value: Any, hint: Any) -> Any:
    if isinstance(value, str) and hint is not str and value[:1] in "[{":
        value = msgspec.json.decode(value)
    elif isinstance(value, str) and typing.get_origin(hint) in {tuple, list, frozenset, set}:
        value = [part.strip() for part in value.split("+")]
    elif isinstance(value, str) and value.lower() in {"none", "null"} and type(None) in typing.get_args(hint):
        return None
    return msgspec.convert(value, hint, strict=not isinstance(value, str), dec_hook=_path)


def _path(hint: type[Any], value: Any) -> Any:
    """A file or folder that an option names: the only type of option that msgspec does not know."""
    if hint is Path and isinstance(value, str):
        return Path(value).expanduser()
    raise msgspec.ValidationError(f"Expected a path, got `{type(value).__name__}`")


def _type_name(hint: Any) -> str:
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return " | ".join(repr(value) for value in typing.get_args(hint))
    if origin in {typing.Union, types.UnionType}:
        return " | ".join(_type_name(part) for part in typing.get_args(hint))
    if origin is not None:
        inner = ", ".join("..." if part is Ellipsis else _type_name(part) for part in typing.get_args(hint))
        return f"{origin.__name__}[{inner}]"
    return "none" if hint is type(None) else getattr(hint, "__name__", str(hint))
