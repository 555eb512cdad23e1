"""What a judge is asked: a Jinja template, ours or the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from augmentor.errors import UsageError
from augmentor.examples import Example, Message
from augmentor.protocols import Request
from augmentor_evaluation.predictions import Prediction

_OURS = Path(__file__).parent / "prompts"


def asked(row: Prediction, example: Example | None) -> dict[str, str]:
    """The question that a row answers, and what was said before it: a line a turn; the system message is none of the judge's business."""
    turns = [turn for turn in (example.prompt if example else ()) if turn.role in {"user", "assistant"}]
    last = max((place for place, turn in enumerate(turns) if turn.role == "user"), default=None)
    if last is None:
        return {"question": row.question, "earlier": ""}
    earlier = (f"{'Customer' if turn.role == 'user' else 'Assistant'}: {turn.text}" for turn in turns[:last])
    return {"question": turns[last].text, "earlier": "\n".join(earlier)}


@dataclass(frozen=True)
class Prompt:
    """A template by its name here or its path. It is rendered in a sandbox: it sees texts, and can do nothing with them but show them."""

    template: str

    def request(self, max_tokens: int, **values: Any) -> Request:
        """The template filled in, as one user message, to be answered greedily.

        Raises:
            UsageError: the template is not there, cannot be read, or uses a value that it is not given.
        """
        from jinja2 import TemplateError

        try:
            text = self._compiled.render(**values)
        except TemplateError as error:
            raise UsageError(f"the judge's prompt {self.template}: {error}. It is given: {', '.join(sorted(values))}.") from None
        return Request((Message(role="user", content=text.strip()),), max_tokens=max_tokens)

    @cached_property
    def _compiled(self) -> Any:
        from jinja2 import StrictUndefined, TemplateError
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        ours = _OURS / f"{self.template}.j2"
        path = ours if self.template.isidentifier() and ours.is_file() else Path(self.template).expanduser()
        try:
            source = path.read_text("utf-8")
            return ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(source)
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"the judge's prompt {self.template} cannot be read: {error}") from None
        except TemplateError as error:
            raise UsageError(f"the judge's prompt {self.template} is no Jinja template: {error}") from None
