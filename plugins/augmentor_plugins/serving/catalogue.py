"""`/v1/models`: the model that is served and those that were tuned here, each loaded when it is first asked."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from augmentor.errors import AugmentorError
from augmentor.protocols import ServeSettings

from .engines import Engine, engine_for
from .refusals import Refusal, answer, not_found
from .state import Record, State, now

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_LOADED = 3
"""Tuned models kept in memory; the one used longest ago makes room."""


class Catalogue:
    """The models by id, and the endpoints under `/v1/models`. Its engines are used from the event loop alone."""

    def __init__(self, settings: ServeSettings, state: State) -> None:
        self._settings = settings
        self._state = state
        self._engines: dict[str, Engine] = {}
        self._loading: dict[str, asyncio.Task[Engine]] = {}
        self._busy: dict[str, int] = {}
        self.base: Record = {"id": base_name(settings), "object": "model", "created": now(), "owned_by": "augmentor"}

    def reference(self, identity: str) -> str | None:
        """The model reference that an id stands for; None where it is unknown."""
        if identity == self.base["id"]:
            return self._settings.model
        record = self._state.get("models", identity)
        # A path within the state folder stays right when the folder is moved; any other reference stands for itself.
        return None if record is None else str(self._state.folder / record["reference"])

    async def engine(self, identity: str) -> Engine:
        """The loaded model of that id.

        Raises:
            Refusal: there is none, or it cannot be loaded.
        """
        reference = self.reference(identity)
        if reference is None:
            raise not_found("model", identity, "model")
        try:
            return await self.load(identity, reference)
        except AugmentorError as error:
            raise Refusal(f"The model cannot be loaded: {error}", 503, param="model", code="model_not_loaded") from None

    async def load(self, identity: str, reference: str) -> Engine:
        """Load a model, once however many ask for it meanwhile.

        Raises:
            AugmentorError: it cannot be loaded.
        """
        from starlette.concurrency import run_in_threadpool

        if identity in self._engines:
            self._engines[identity] = self._engines.pop(identity)  # to the end of the line
            return self._engines[identity]
        if identity not in self._loading:
            self._loading[identity] = asyncio.create_task(run_in_threadpool(engine_for, reference, self._settings))
        task = self._loading[identity]
        try:
            engine = await asyncio.shield(task)
        finally:
            if task.done():
                self._loading.pop(identity, None)
        if identity not in self._engines:
            self._engines[identity] = engine
            self._make_room()
        return engine

    def use(self, identity: str, change: int) -> None:
        """Note that a chat with a model begins (1) or ends (-1): one in use is not unloaded."""
        self._busy[identity] = self._busy.get(identity, 0) + change

    def _make_room(self) -> None:
        idle = [identity for identity in self._engines if identity != self.base["id"] and not self._busy.get(identity)]
        for identity in idle[: max(0, len(self._engines) - 1 - _LOADED)]:
            self._engines.pop(identity).close()

    def close(self) -> None:
        """Unload all."""
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()

    def add(self, job: Record, reference: str) -> str:
        """Serve what a job made; the model's id, `ft:BASE:SUFFIX:ID`."""
        parts = job["model"].split(":")
        base = parts[1] if parts[0] == "ft" and len(parts) > 1 else job["model"]
        identity = f"ft:{base}:{job['user_provided_suffix'] or ''}:{job['id'].removeprefix('ftjob-')[:8]}"
        path = Path(reference)
        kept = str(path.relative_to(self._state.folder)) if path.is_relative_to(self._state.folder) else reference
        self._state.put("models", {"id": identity, "created": now(), "reference": kept, "job": job["id"]})
        return identity

    def _records(self) -> list[Record]:
        tuned = self._state.all("models")
        return [self.base, *({"id": one["id"], "object": "model", "created": one["created"], "owned_by": "user"} for one in tuned)]

    async def listing(self, _request: Request) -> Response:
        """All models."""
        return answer({"object": "list", "data": self._records()})

    async def retrieve(self, request: Request) -> Response:
        """One model."""
        return answer(self._found(request))

    async def delete(self, request: Request) -> Response:
        """Delete a tuned model, weights and all."""
        from starlette.concurrency import run_in_threadpool

        record = self._found(request)
        if record is self.base:
            raise Refusal("Only models that were tuned here can be deleted.", 403, param="model", code="model_not_deletable")
        job = (self._state.get("models", record["id"]) or {}).get("job", "")
        self._state.delete("models", record["id"])
        if engine := self._engines.pop(record["id"], None):
            engine.close()
        await run_in_threadpool(shutil.rmtree, self._state.job_folder(job) / "work", ignore_errors=True)
        return answer({"id": record["id"], "object": "model", "deleted": True})

    def _found(self, request: Request) -> Record:
        identity = request.path_params["model"]
        for record in self._records():
            if record["id"] == identity:
                return record
        raise not_found("model", identity, "model")


def base_name(settings: ServeSettings) -> str:
    """The id of the model that is served: as told, else the last part of its reference."""
    path = Path(settings.model)
    return settings.name or (path.stem if path.suffix == ".gguf" else path.absolute().name if path.is_dir() else settings.model)
