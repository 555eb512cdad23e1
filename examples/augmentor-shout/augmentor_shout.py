from dataclasses import dataclass

from augmentor import hookimpl


@dataclass(frozen=True)
class Shout:
    """Say it louder."""

    def vary(self, text, rng):
        yield text.upper().rstrip(".?!") + "!"


@hookimpl
def augmentor_register_strategies(register): register(Shout, "shout")
