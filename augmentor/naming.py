"""What the components of one list are called in results and files."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from .errors import RecipeError
from .plugins import plugins


def named(kind: str, items: Sequence[str | dict[str, Any]]) -> dict[str, Any]:
    """The components that a recipe lists, by the name their results go under.

    A component is called what the recipe calls it; one whose own `name` depends on its options, by that; and where two would be called
    the same, each is called what the recipe writes (`distinct_n:n=1`, `distinct_n:n=2`).

    Raises:
        RecipeError: the same component with the same options is listed twice.
        UsageError: a component does not exist, or has no such option.
    """
    registry = plugins()[kind]
    specs = [registry.parse(item) for item in items]
    made = [registry.make(spec) for spec in specs]
    names = [_own_name(component) or spec.name for component, spec in zip(made, specs, strict=True)]
    often = Counter(names)
    found: dict[str, Any] = {}
    for component, spec, name in zip(made, specs, names, strict=True):
        unique = name if often[name] == 1 else str(spec)
        if unique in found:
            raise RecipeError(f"the {kind} {unique!r} is listed twice")
        found[unique] = component
    return found


def file_name(name: str) -> str:
    """A name for a component's files: its own where that is a plain word, else a plain word that belongs to it alone.

    >>> file_name("pairwise"), file_name("pairwise:questions=5")
    ('pairwise', 'pairwise-d5b3b1b3')
    """
    if name.isascii() and name.isidentifier():
        return name
    plain = name.partition(":")[0]
    digest = hashlib.blake2b(name.encode(), digest_size=4).hexdigest()
    return f"{plain if plain.isascii() and plain.isidentifier() else 'component'}-{digest}"


def _own_name(component: Any) -> str | None:
    """The name of a component where it is no constant of its class."""
    own = None if isinstance(getattr(type(component), "name", None), str) else getattr(component, "name", None)
    return own if isinstance(own, str) and own else None
