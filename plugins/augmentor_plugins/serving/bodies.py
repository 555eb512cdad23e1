"""Bodies of requests: read, typed, and refused with the name of the part that is wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec

from .refusals import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request

Body = TypeVar("Body", bound=msgspec.Struct)
Auto = Literal["auto"]


class StreamOptions(msgspec.Struct, frozen=True):
    """What to add to a stream."""

    include_usage: bool | None = None


class ResponseFormat(msgspec.Struct, frozen=True):
    """The form of the reply."""

    type: str = "text"


class Turn(msgspec.Struct, frozen=True):
    """One message of a chat; what else it holds is of no use to a local model."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[dict[str, Any]] | None = None
    name: str | None = None
    tool_calls: list[dict[str, Any]] | None = None
    tool_call_id: str | None = None


class Chat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`POST /v1/chat/completions`. Fields that could change a reply and are not known here are refused, not ignored."""

    model: str
    messages: list[Turn]
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    n: int | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    logit_bias: dict[str, float] | None = None
    response_format: ResponseFormat | None = None
    tools: list[Any] | None = None
    tool_choice: Any = None
    functions: list[Any] | None = None
    store: bool | None = None
    # These change nothing that is said.
    metadata: dict[str, str] | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    service_tier: str | None = None
    parallel_tool_calls: bool | None = None


class Hyperparameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a job may ask of the trainer; `auto` leaves it to the trainer."""

    n_epochs: Auto | int | None = None
    batch_size: Auto | int | None = None
    learning_rate_multiplier: Auto | float | None = None
    beta: Auto | float | None = None


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of a method."""

    hyperparameters: Hyperparameters | None = None


class Method(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a job trains."""

    type: str
    supervised: Settings | None = None
    dpo: Settings | None = None


class Job(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`POST /v1/fine_tuning/jobs`."""

    model: str
    training_file: str
    validation_file: str | None = None
    hyperparameters: Hyperparameters | None = None
    method: Method | None = None
    suffix: str | None = None
    seed: int | None = None
    metadata: dict[str, str] | None = None
    integrations: list[Any] | None = None


async def read_json(request: Request, shape: type[Body]) -> Body:
    """The body of a request, as `shape`.

    Raises:
        Refusal: it is not sent as JSON, is no JSON, or has a part that is missing, unknown or of another type.
    """
    # Browsers send this type across sites only after asking, and are told no.
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal("Send the body with the header Content-Type: application/json.", 415, code="wrong_content_type")
    raw = await request.body()
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as error:
        raise Refusal(_sentence(str(error)), param=_param(str(error)), code="invalid_value") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        raise Refusal(f"The body is no JSON that can be read: {error or type(error).__name__}.", code="invalid_json") from None


def within(value: float | None, low: float, high: float, param: str) -> None:
    """Insist that a number, where it is given, is in a range.

    Raises:
        Refusal: it is not.
    """
    if value is not None and not low <= value <= high:
        raise Refusal(f"{param} has to be from {low:g} to {high:g}, not {value:g}.", param=param, code="invalid_value")


def _sentence(error: str) -> str:
    text = error.replace("Object", "The body").replace("`$.", "`")
    return f"{text}."


def _param(error: str) -> str | None:
    """The part that a decoder's message names: by its path, or as a missing or unknown field.

    >>> _param("Expected `str`, got `int` - at `$.messages[0].role`")
    'messages[0].role'
    >>> _param("Object missing required field `model`")
    'model'
    """
    place = re.search(r"`\$\.?([^`]*)`$", error)
    named = re.search(r"field `([^`]*)`", error)
    parts = [found[1] for found in (place, named) if found and found[1]]
    return ".".join(parts) or None
