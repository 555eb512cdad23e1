"""The templates: everything is escaped, a missing value is an error, and no character hides."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from . import figures
from .visible import shorten, visible
from .worddiff import word_diff

if TYPE_CHECKING:
    from jinja2 import Environment

LIMIT = 4000
"""Characters of one text that the page shows; the files beside it hold the rest."""


@cache
def environment() -> Environment:
    """The one way this package makes HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        number=figures.number,
        signed=figures.signed,
        between=figures.between,
        probability=figures.probability,
        duration=figures.duration,
        shorten=shorten,
    )
    made.globals.update(plural=figures.plural, percent=figures.percent, diff=diff)
    return made


def render(template: str, **values: Any) -> Markup:
    """The HTML of a template in `templates/`.

    Raises:
        jinja2.UndefinedError: the template asks for a value that is not given.
    """
    return Markup(environment().get_template(template).render(**values))  # noqa: S704 # made by the autoescaping environment


def diff(before: str, after: str) -> Markup:
    """The text `after`, with what it lacks of `before` struck out and what it adds underlined."""
    shown = (visible(before[:LIMIT]), shorten(after, LIMIT))
    pieces = word_diff(*shown)
    parts: list[Markup | str] = []
    for number, piece in enumerate(pieces, 1):
        text = piece.text.rstrip()
        # white space stands outside the marks; at the end of a text there is none to part it from what follows
        space = piece.text[len(text) :] or (" " if number < len(pieces) else "")
        parts += [text if piece.kind == "same" else Markup("<{0}>{1}</{0}>").format(piece.kind, text), space]
    return Markup().join(parts)


def _shown(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
