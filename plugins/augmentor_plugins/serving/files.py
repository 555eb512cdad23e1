"""`/v1/files`: training data comes in, results go out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from augmentor.errors import DataError
from augmentor.examples import Example
from augmentor.files import writing
from augmentor.formats import read_examples
from augmentor.formats.openai_rules import Method, file_faults
from augmentor.plugins import plugins
from augmentor.protocols import Problem

from .lists import page
from .refusals import Refusal, answer, not_found
from .state import Record, State, new_id, now

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

RESULTS = "fine-tune-results"


class Files:
    """The endpoints under `/v1/files`."""

    def __init__(self, state: State, file_bytes: int) -> None:
        self._state = state
        self._most = file_bytes

    async def upload(self, request: Request) -> Response:
        """Take a file for fine-tuning; every line has to be an example."""
        from starlette.concurrency import run_in_threadpool
        from starlette.datastructures import UploadFile

        if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            raise Refusal("Send the file as multipart/form-data.", 415, code="wrong_content_type")
        async with request.form(max_files=1, max_fields=16) as form:
            file, purpose = form.get("file"), form.get("purpose")
            if not isinstance(file, UploadFile):
                raise Refusal("The form has no file.", param="file", code="missing_required_parameter")
            if purpose != "fine-tune":
                raise Refusal("purpose has to be 'fine-tune': files are for fine-tuning here.", param="purpose", code="invalid_value")
            if (file.size or 0) > self._most:
                raise Refusal(f"The file is too large: at most {self._most >> 20} MiB are taken.", 413, code="request_too_large")
            return answer(await run_in_threadpool(self._keep, file.file, file.filename or "data.jsonl"))

    def _keep(self, opened: Any, filename: str) -> Record:
        identity = new_id("file")
        path = self._state.file(identity)
        with writing(path) as kept:
            shutil.copyfileobj(opened, kept, 1 << 20)
        try:
            _check(path)
            count = sum(1 for _ in examples(path))
        except DataError as error:
            path.unlink()
            raise Refusal(str(error), param="file", code="invalid_file_format") from None
        return self._add(identity, filename, "fine-tune", count)

    def add_results(self, filename: str, content: bytes) -> str:
        """Keep a file of results; its id."""
        identity = new_id("file")
        with writing(self._state.file(identity)) as kept:
            kept.write(content)
        self._add(identity, filename, RESULTS)
        return identity

    def _add(self, identity: str, filename: str, purpose: str, count: int | None = None) -> Record:
        record = {
            "object": "file",
            "id": identity,
            "purpose": purpose,
            "filename": os.path.basename(filename.replace("\\", "/"))[:255] or "data.jsonl",
            "bytes": self._state.file(identity).stat().st_size,
            "created_at": now(),
            "expires_at": None,
            "status": "processed",
            "status_details": None,
            **({} if count is None else {"examples": count, "kind": kind_of(self._state.file(identity))}),
        }
        self._state.put("files", record)
        return record

    def listing(self, request: Request) -> Response:
        """All files, newest first; those of one `purpose` where it is given."""
        purpose = request.query_params.get("purpose")
        records = [record for record in self._state.all("files") if purpose in {None, record["purpose"]}]
        if request.query_params.get("order") != "asc":
            records.reverse()
        return page(request, records, 10_000)

    def retrieve(self, request: Request) -> Response:
        """One file's record."""
        return answer(self._found(request))

    def content(self, request: Request) -> Response:
        """The bytes of a file, as they came. They are shown to no browser."""
        from starlette.responses import FileResponse

        record = self._found(request)
        return FileResponse(self._state.file(record["id"]), media_type="application/octet-stream", filename=record["filename"])

    def delete(self, request: Request) -> Response:
        """Forget a file. A job that runs keeps what it has read."""
        record = self._found(request)
        self._state.delete("files", record["id"])
        self._state.file(record["id"]).unlink(missing_ok=True)
        return answer({"id": record["id"], "object": "file", "deleted": True})

    def _found(self, request: Request) -> Record:
        identity = request.path_params["file"]
        record = self._state.get("files", identity)
        if record is None:
            raise not_found("file", identity, "file_id")
        return record


def kind_of(path: Path) -> str:
    """The format of an uploaded file by its first line: `openai-dpo` for preference data, else `openai`.

    Raises:
        DataError: its first line begins no object.
    """
    with path.open("rb") as opened:
        first = opened.read(1 << 16).lstrip().partition(b"\n")[0]
    if not first.startswith(b"{"):
        raise DataError("The file is no training data: it has to be JSONL, one object a line.")
    return "openai-dpo" if b'"preferred_output"' in first else "openai"


def _check(path: Path) -> None:
    """Hold a file to the rules of the protocol, so that what trains here trains at a provider too. Raises `DataError`."""
    method: Method = "dpo" if kind_of(path) == "openai-dpo" else "supervised"
    for fault in file_faults(path, method, minimum=1):
        raise DataError(f"The file is no training data: {f'line {fault.line}: ' if fault.line else ''}{fault.reason}.")


def examples(path: Path) -> Iterator[Example]:
    """The examples of an uploaded file: OpenAI's chat or preference format, one object a line.

    Raises:
        DataError: a line is no example; says which and why.
    """
    formats = {key: kind() for key, kind in plugins()["format"]}
    try:
        for item in read_examples(path, kind_of(path), formats=formats):
            if isinstance(item, Problem):
                raise DataError(f"line {item.line}: {item.reason}." if item.line else f"{item.reason}.")
            yield item
    except DataError as error:
        told = str(error).removeprefix("The file is no training data: ").replace(f"{path}:", "line ").replace(str(path), "it")
        raise DataError(f"The file is no training data: {told}") from None
