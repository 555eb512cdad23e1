"""How many requests may be under way: as many as the other side takes."""

from __future__ import annotations

import time
from threading import Condition


class Gate:
    """Lets up to `most` threads in at once; fewer after the other side said it is too much (additive increase, multiplicative decrease)."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = float(most)
        self.answers = 0
        self._inside = 0
        self._held_until = 0.0
        self._closed = False
        self._changed = Condition()

    def enter(self) -> bool:
        """Wait until there is room; False when the gate was closed."""
        with self._changed:
            while not self._closed:
                held = self._held_until - time.monotonic()
                if held <= 0 and self._inside < max(1, int(self.limit)):
                    self._inside += 1
                    return True
                self._changed.wait(held if held > 0 else None)
            return False

    def leave(self, *, answered: bool = False, held: float = 0.0) -> None:
        """Make room. An answer lets one more in each round; being `held` for so many seconds halves the room and stops everyone meanwhile."""
        with self._changed:
            self._inside -= 1
            if answered:
                self.answers += 1
                self.limit = min(float(self.most), self.limit + 1 / max(self.limit, 1.0))
            if held > 0:
                # Requests that were under way together are told together: that is one overload, not many.
                if time.monotonic() >= self._held_until:
                    self.limit = max(1.0, self.limit / 2)
                self._held_until = max(self._held_until, time.monotonic() + held)
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait, or until the gate is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, timeout=seconds)

    def close(self) -> None:
        """Let nobody in any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
