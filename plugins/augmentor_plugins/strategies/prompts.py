"""What a language model is asked: Jinja templates, ours or the user's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from augmentor.errors import UsageError
from augmentor.examples import Message

DATA = Path(__file__).parent / "prompts"
_BLOCKS = ("system", "user")


def messages(name: str, own: Path | None, **values: Any) -> tuple[Message, ...]:
    """The messages that the template `name` makes of the values: its block `system`, where it has one, and its block `user`.

    `own` is a template to use instead, or a folder that is looked in for `NAME.j2` first. Templates run in a sandbox: they see the
    values and can do nothing with them but show them.

    Raises:
        UsageError: the template cannot be read, has no block `user`, or uses a value that it is not given.
    """
    from jinja2 import TemplateError

    path = _path(name, own)
    template = _template(path)
    try:
        texts = {block: "".join(template.blocks[block](template.new_context(values))).strip() for block in _BLOCKS if block in template.blocks}
    except TemplateError as error:
        raise UsageError(f"the prompt {path}: {error}. It is given: {', '.join(sorted(values))}.") from None
    if not texts.get("user"):
        raise UsageError(f"the prompt {path} says nothing in {{% block user %}} ... {{% endblock %}}; what the model is to work on belongs there.")
    return tuple(Message(role=block, content=text) for block, text in texts.items() if text)


def _path(name: str, own: Path | None) -> Path:
    shipped = DATA / f"{name}.j2"
    if own is None:
        return shipped
    own = own.expanduser()
    if own.is_dir():
        inside = own / f"{name}.j2"
        return inside if inside.is_file() else shipped
    return own


@cache
def _template(path: Path) -> Any:
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    try:
        source = path.read_text("utf-8")
        return ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(source)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the prompt {path} cannot be read: {error}") from None
    except TemplateError as error:
        raise UsageError(f"the prompt {path} is no Jinja template: {error}") from None
