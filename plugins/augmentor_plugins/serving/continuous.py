"""Chats answered by Transformers: all that are under way share each step of the model, and newcomers join between two steps."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Any

from augmentor_plugins.generators.decoding import _forward, _read
from augmentor_plugins.models.chat import end_tokens, for_template
from augmentor_plugins.models.loading import choose_device, load_model, load_tokenizer

from .engines import Ask, Piece, Ticket, too_long, unloaded
from .refusals import Refusal
from .wording import Wording

_LONGEST_TOKEN = 64
"""Characters a token; a chat that is longer than the model could read even so is not cut into tokens at all."""


@dataclass
class _Row:
    """A reply that is being written. `chance` is its own, so that it does not matter who shares the batch."""

    ticket: Ticket
    tokens: tuple[int, ...]
    most: int
    wording: Wording
    chance: Any
    written: int = 0
    token: int = 0
    over: bool = False


@dataclass
class _Batch:
    """Rows with the model's memory of them: the cache, what in it is text (1) and what padding (0), and the logits of each next token."""

    rows: list[_Row]
    logits: Any
    cache: Any
    seen: Any


class Continuous:
    """An engine on a local Hugging Face model, one thread for all chats."""

    def __init__(self, model: str, parallel: int) -> None:
        self._tokenizer = load_tokenizer(model)
        device = choose_device(None)
        self._model = load_model(model, device, "bfloat16" if device == "cuda" else "float32")
        self._ends = set(end_tokens(self._model, self._tokenizer))
        self._parallel = parallel
        self._waiting: deque[Ticket] = deque()
        self._changed = Condition()
        self._closed = False
        self.context = int(self._model.config.max_position_embeddings)
        Thread(target=self._work, name="augmentor-serve-transformers", daemon=True).start()

    def start(self, ticket: Ticket) -> None:
        with self._changed:
            if not self._closed:
                self._waiting.append(ticket)
                self._changed.notify()
                return
        ticket.tell(Piece(error=unloaded()))

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _work(self) -> None:
        import torch

        batch: _Batch | None = None
        newcomers: list[_Row] = []
        with torch.inference_mode():
            while not self._closed:
                try:
                    newcomers = self._newcomers(batch)
                    if newcomers:
                        batch = self._joined(batch, newcomers)
                    newcomers = []
                    if batch:
                        batch = self._step(batch)
                except Exception:  # whatever it is, those who wait must hear of it and the next chats be answered
                    logging.getLogger(__name__).exception("answering failed")
                    _give_up([*newcomers, *(batch.rows if batch else ())], Refusal("The model failed to answer.", 500, code="internal_error"))
                    batch, newcomers = None, []
        _give_up(batch.rows if batch else [], unloaded())
        for ticket in self._waiting:
            ticket.tell(Piece(error=unloaded()))

    def _newcomers(self, batch: _Batch | None) -> list[_Row]:
        """Chats to begin now. Waits where there is nothing else to do."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or batch or self._closed)
            room = self._parallel - len(batch.rows) if batch else self._parallel
            if batch and not _can_grow(batch.cache):
                room = 0
            tickets = [self._waiting.popleft() for _ in range(min(room, len(self._waiting)))]
        return [row for ticket in tickets if not ticket.cancelled and (row := self._row(ticket))]

    def _row(self, ticket: Ticket) -> _Row | None:
        """The chat as tokens; None, and an error told, where the model cannot read it."""
        import torch

        ask = ticket.ask
        if ask.characters > self.context * _LONGEST_TOKEN:
            ticket.tell(Piece(error=too_long(f"{ask.characters:,} characters", self.context)))
            return None
        try:
            text = self._tokenizer.apply_chat_template(for_template(ask.messages), add_generation_prompt=True, tokenize=False)
        except Exception as error:  # a template is a program of the model's maker, and may raise anything
            told = f"The model's chat template refuses these messages: {str(error)[:300]}"
            ticket.tell(Piece(error=Refusal(told, param="messages", code="invalid_messages")))
            return None
        tokens = tuple(self._tokenizer(text, add_special_tokens=False)["input_ids"])
        if (room := self.context - len(tokens)) < 1 or not tokens:
            ticket.tell(Piece(error=too_long(f"{len(tokens)} tokens", self.context)))
            return None
        chance = torch.Generator().manual_seed(ask.seed % 2**63)
        return _Row(ticket, tokens, min(ask.most, room), Wording(self._tokenizer, ask.stop), chance)

    def _joined(self, batch: _Batch | None, rows: list[_Row]) -> _Batch:
        logits, cache, seen = _read(self._model, [row.tokens for row in rows])
        new = _Batch(rows, logits, cache, seen)
        return _merge(batch, new) if batch else new

    def _step(self, batch: _Batch) -> _Batch | None:
        """Write one token of every reply; what remains of the batch."""
        import torch

        for number, row in enumerate(batch.rows):
            self._write(row, batch.logits[number])
        going = [number for number, row in enumerate(batch.rows) if not row.over and not row.ticket.cancelled]
        if not going:
            return None
        rows, seen = [batch.rows[number] for number in going], batch.seen
        if len(going) < len(batch.rows):
            kept = torch.tensor(going, device=seen.device)
            batch.cache.batch_select_indices(kept)
            seen = seen[kept]
        seen = torch.cat([seen, seen.new_ones(len(rows), 1)], dim=1)
        tokens = torch.tensor([[row.token] for row in rows], device=seen.device)
        return _Batch(rows, _forward(self._model, tokens, seen, batch.cache), batch.cache, seen)

    def _write(self, row: _Row, logits: Any) -> None:
        row.token = _choose(logits, row.ticket.ask, row.chance)
        finish = "stop" if row.token in self._ends else None
        text = "" if finish else row.wording.add(row.token)
        told = () if finish or row.ticket.ask.top is None else (self._logprobs(logits, row.token, row.ticket.ask.top),)
        if not finish:
            row.written += 1
            finish = "stop" if row.wording.stopped else "length" if row.written >= row.most else None
        if finish and not row.wording.stopped:
            text += row.wording.end()
        row.over = finish is not None
        if text or told or finish:
            row.ticket.tell(Piece(text, told, finish, len(row.tokens), row.written))

    def _logprobs(self, logits: Any, token: int, top: int) -> dict[str, Any]:
        scores = logits.log_softmax(-1)
        likeliest = scores.topk(min(top, len(scores))).indices.tolist() if top else []
        return {**self._named(token, scores), "top_logprobs": [self._named(other, scores) for other in likeliest]}

    def _named(self, token: int, scores: Any) -> dict[str, Any]:
        text = self._tokenizer.decode([token])
        return {"token": text, "logprob": float(scores[token]), "bytes": list(text.encode())}


def _give_up(rows: Sequence[_Row], why: Refusal) -> None:
    for row in rows:
        if not row.over:
            row.ticket.tell(Piece(error=why))


def _choose(logits: Any, ask: Ask, chance: Any) -> int:
    """The likeliest token, or one drawn: of those that together make up `top_p`."""
    import torch

    if ask.temperature <= 0:
        return int(logits.argmax())
    shares, order = torch.softmax(logits.double().cpu() / ask.temperature, dim=-1).sort(descending=True, stable=True)
    heaped = shares.cumsum(-1)
    kept = int((heaped < ask.top_p).sum()) + 1
    heaped = heaped[:kept]
    drawn = torch.rand(1, generator=chance, dtype=torch.float64) * heaped[-1]
    return int(order[min(int(torch.searchsorted(heaped, drawn, right=True)), len(heaped) - 1)])


def _can_grow(cache: Any) -> bool:
    """Whether rows can be added to a cache: each layer remembers all of the text, no window and no running state."""
    from transformers.cache_utils import DynamicLayer

    return all(type(layer) is DynamicLayer for layer in cache.layers)


def _merge(batch: _Batch, new: _Batch) -> _Batch:
    """Two batches as one. Texts end at the same column, so the shorter one is padded on the left."""
    import torch
    from torch.nn.functional import pad

    width = max(batch.seen.shape[1], new.seen.shape[1])
    left, right = width - batch.seen.shape[1], width - new.seen.shape[1]
    for layer, other in zip(batch.cache.layers, new.cache.layers, strict=True):
        layer.keys = torch.cat([pad(layer.keys, (0, 0, left, 0)), pad(other.keys, (0, 0, right, 0))])
        layer.values = torch.cat([pad(layer.values, (0, 0, left, 0)), pad(other.values, (0, 0, right, 0))])
    seen = torch.cat([pad(batch.seen, (left, 0)), pad(new.seen, (right, 0))])
    return _Batch([*batch.rows, *new.rows], torch.cat([batch.logits, new.logits]), batch.cache, seen)
