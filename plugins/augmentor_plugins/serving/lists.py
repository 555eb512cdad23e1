"""Lists as the protocol has them: a page at a time, by `after` and `limit`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .refusals import Refusal, answer

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def page(request: Request, records: Sequence[dict[str, Any]], most: int) -> Response:
    """The records that a client asks for with `after=ID` and `limit=N`; at most `most` where it does not say.

    Raises:
        Refusal: the limit is no number from 1 to 10,000, or there is no record to begin after.
    """
    given = request.query_params.get("limit", str(most))
    limit = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
    if not 1 <= limit <= 10_000:
        raise Refusal("limit has to be a number from 1 to 10,000.", param="limit", code="invalid_value")
    start = 0
    if after := request.query_params.get("after"):
        places = [place for place, record in enumerate(records) if record["id"] == after]
        if not places:
            raise Refusal("after names nothing in this list.", param="after", code="invalid_value")
        start = places[0] + 1
    shown = records[start : start + limit]
    ends = {"first_id": shown[0]["id"], "last_id": shown[-1]["id"]} if shown else {"first_id": None, "last_id": None}
    return answer({"object": "list", "data": shown, **ends, "has_more": len(records) > start + limit})
