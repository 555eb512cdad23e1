"""Showing how long work goes on: a bar for a person at a terminal, now and then a line for a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from .common import is_terminal, say

_QUIET_SECONDS = 10.0


@contextmanager
def watching(title: str, unit: str) -> Iterator[Callable[[int], None]]:
    """A function to call with how many `unit` are done; it shows them as they come."""
    display = Display()
    with display:
        display({"stage": title, "state": "start"})

        def done(number: int) -> None:
            display({"stage": title, "state": "step", "done": number, "unit": unit})

        yield done


class Display:
    """Takes the events of a run and shows them: one live line a stage at a terminal, plain lines when piped."""

    def __init__(self) -> None:
        self._live = is_terminal()
        self._progress: Any = None
        self._tasks: dict[str, Any] = {}
        self._losses: dict[str, dict[str, float]] = {}
        self._said = 0.0

    def __enter__(self) -> Self:
        if self._live:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            self._progress = Progress(
                SpinnerColumn(finished_text="[green]✓"),
                TextColumn("{task.description:<28}", markup=False),
                BarColumn(bar_width=24),
                TextColumn("{task.fields[note]}", markup=False),
                TimeElapsedColumn(),
                console=Console(stderr=True),
            )
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def __call__(self, event: dict[str, Any]) -> None:
        """Show one event (see `augmentor.run.folder.Event`). What it `says` or warns of stays on the screen."""
        if sentence := event.get("warning") or event.get("says"):
            self._say(f"{event['stage']}: {'warning: ' if 'warning' in event else ''}{sentence}{_about(event)}")
        if self._progress is not None:
            self._show_live(event)
        else:
            self._show_plain(event)

    def _say(self, sentence: str) -> None:
        if self._progress is not None:
            self._progress.console.print(sentence, markup=False, highlight=False)
        else:
            say(sentence)

    def _show_live(self, event: dict[str, Any]) -> None:
        stage = event["stage"]
        total, done = event.get("total", event.get("steps")), event.get("done", event.get("step"))
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=None, note="")
        finished = event["state"] in {"done", "kept"}
        losses = self._losses.setdefault(stage, {})  # validation is now and then; its loss stays in view
        losses |= {key: event[key] for key in ("loss", "validation_loss") if key in event}
        note = "done before" if event["state"] == "kept" else note_of({**event, **losses} if event["state"] == "step" else event)
        changes: dict[str, Any] = {"note": note} if note else {}
        if finished:
            changes |= {"total": 1, "completed": 1}
        elif total:
            changes |= {"total": total, "completed": done}
        self._progress.update(self._tasks[stage], **changes)

    def _show_plain(self, event: dict[str, Any]) -> None:
        now = time.monotonic()
        state = event["state"]
        if state == "step" and now - self._said < _QUIET_SECONDS:
            return
        note = "done before" if state == "kept" else note_of(event)
        if state == "start" or (note and "says" not in event and "warning" not in event):
            self._said = now
            say(f"{event['stage']}: {note or 'started'}")


def _about(event: dict[str, Any]) -> str:
    return f", about {clock(event['seconds_left'])}" if "says" in event and isinstance(event.get("seconds_left"), (int, float)) else ""


def note_of(event: dict[str, Any]) -> str:
    """What an event has to tell, in a few words with units."""
    parts: list[str] = []
    done, total = event.get("done", event.get("step")), event.get("total", event.get("steps"))
    if event["state"] == "step" and done is not None:
        parts.append(f"{done:,}{f'/{total:,}' if total else ''} {event.get('unit', 'steps')}")
    for key, form in (("loss", "loss {:.3f}"), ("validation_loss", "validation loss {:.3f}"), ("tokens_per_second", "{:.0f} tokens/s")):
        if isinstance(event.get(key), (int, float)):
            parts.append(form.format(event[key]))
    if isinstance(event.get("seconds_left"), (int, float)) and event["state"] == "step":
        parts.append(f"{clock(event['seconds_left'])} left")
    if event["state"] == "done":
        names = ("sources", "quarantined", "train", "validation", "test", "originals", "variants", "questions", "failed")
        parts += [f"{event[name]:,} {name}" for name in names if isinstance(event.get(name), int) and (event[name] or name not in {"failed", "quarantined"})]
        if event.get("seconds") is not None:
            parts.append(f"in {clock(event['seconds'])}")
    return ", ".join(parts)


def clock(seconds: float) -> str:
    """`8 s`, `2 min 05 s`, `1 h 02 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"
