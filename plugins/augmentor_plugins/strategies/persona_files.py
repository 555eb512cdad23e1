"""Persona files: who somebody is and how they type, in TOML."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Literal

import msgspec

from augmentor.errors import UsageError

DATA = Path(__file__).parent / "personas"


class ByKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Things to say, by the kind of message they go with: `do` (how do I ...), `ask` (any other question), `trouble`
    (something is wrong), `statement`; and `any`.
    """

    any: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()
    statement: tuple[str, ...] = ()

    def fitting(self, kind: str) -> tuple[str, ...]:
        """What suits a message of this kind."""
        own: tuple[str, ...] = getattr(self, kind)
        return self.any + own


class Frames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentence forms: `do` around a verb phrase (`{vp}`: *reset my password*), `ask` around a clause (`{clause}`: *why my card was declined*)."""

    do: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


class Typing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How they type.

    Attributes:
        capitals: `usual`, or `none`: no capital opens a sentence and *I* is small. Names keep theirs.
        marks: `usual`; `full`: a sentence always gets its mark; `none`: the last mark is left out; `double`: the last mark comes twice.
        contractions: `keep`, `out` (*I am*) or `in` (*I'm*).
        apostrophes: whether *don't* has one.
        articles: whether *the* and *a* are written.
        telegram: whether *my card is not working* becomes *card not working*.
        slips: the chance that one word has a typing slip.
    """

    capitals: Literal["usual", "none"] = "usual"
    marks: Literal["usual", "full", "none", "double"] = "usual"
    contractions: Literal["keep", "out", "in"] = "keep"
    apostrophes: bool = True
    articles: bool = True
    telegram: bool = False
    slips: float = 0.0


class Persona(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who writes to a company. `verbosity` `terse` drops courtesies, `plain` adds an opening or a closing, `chatty` both.

    `who`, `register`, `mood` and `language` are for people and language models (`portrait`); the rest is what the rules read.
    """

    who: str
    register: str
    verbosity: Literal["terse", "plain", "chatty"]
    mood: str
    language: str
    typing: Typing
    openings: ByKind = ByKind()
    closings: ByKind = ByKind()
    frames: Frames = Frames()
    words: dict[str, str] = {}

    @property
    def portrait(self) -> str:
        """The persona in a paragraph, as a language model is told of it."""
        return f"{self.who} Register: {self.register}. Length: {self.verbosity}. Mood: {self.mood}. Language: {self.language}."


def names() -> list[str]:
    """The shipped personas."""
    return sorted(path.stem for path in DATA.glob("*.toml"))


def read_persona(name: str) -> tuple[str, Persona]:
    """The short name of a persona and what its file says; `name` is that of a shipped one, or the path of a `.toml` file.

    Raises:
        UsageError: there is no such persona, or its file says something it cannot mean.
    """
    own = name.endswith(".toml")
    if not own and name not in names():
        near = difflib.get_close_matches(name, names(), n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"No persona is called {name!r}.{hint} Known: {', '.join(names())}; or name a .toml file of your own.")
    path = Path(name).expanduser() if own else DATA / f"{name}.toml"
    try:
        persona = msgspec.toml.decode(path.read_bytes(), type=Persona)
    except FileNotFoundError:
        raise UsageError(f"There is no persona file at {name}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The persona file {name} cannot be read: {error}. docs/strategies.md says what it holds.") from None
    for form, place in [(form, "{vp}") for form in persona.frames.do] + [(form, "{clause}") for form in persona.frames.ask]:
        if re.findall(r"\{\w*\}", form) != [place]:
            raise UsageError(f"The persona file {name} has the sentence form {form!r}: it must hold {place} exactly once.")
    return path.stem, persona
