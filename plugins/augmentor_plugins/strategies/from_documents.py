"""Questions and answers from manuals and product pages, each with the words that prove it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from augmentor.errors import BadOption
from augmentor.examples import Example, Message
from augmentor.protocols import Malformed, Reply, Request

from .prompts import messages
from .spans import spans

_BLOCK = re.compile(r"QUESTION:[ \t]*(?P<question>\S.*)\nANSWER:[ \t]*(?P<answer>\S.*)\nQUOTE:[ \t]*(?P<quote>\S.*)")
_TOKENS_A_PAIR = 160
_LEAST_QUOTE = 8  # characters: less proves nothing


@dataclass(frozen=True)
class FromDocuments:
    """Have a language model ask and answer what a document's passages say, each pair with a quotation as proof (needs a generator).

    Takes passages as `--format document` reads them; other examples are passed over. The quotation has to stand in the passage word for
    word, and the answer may hold no number, address or code that the passage does not have; a reply in which one pair fails is dropped
    as malformed, whole. A pair's `variation` gives the quotation and where in the document it stands, its `meta` the document, the
    headings, the passage and its offset. Take `--only-new`: passages are no training examples.

    Attributes:
        n: pairs for each passage.
        prompt: a template of your own, or a folder of them (docs/strategies.md).
        temperature: of the model.
    """

    n: int = 2
    prompt: Path | None = None
    temperature: float = 0.3

    def __post_init__(self) -> None:
        if self.n < 1:
            raise BadOption(f"n={self.n}: it must be at least 1")

    def ask(self, example: Example, rng: Random) -> list[Request]:
        if not _is_passage(example):
            return []
        asked = messages("from_documents", self.prompt, passage=example.meta["passage"], heading=example.meta.get("heading", ""), n=self.n)
        return [Request(asked, _TOKENS_A_PAIR * self.n, self.temperature, rng.getrandbits(31))]

    def read(self, example: Example, replies: Sequence[Reply]) -> Iterator[tuple[Sequence[Message], str | None] | Malformed]:
        for reply in replies:
            if reply.error is not None:
                continue
            passage, offset = example.meta["passage"], example.meta["offset"]
            blocks = [_BLOCK.fullmatch(re.sub(r"[ \t]+\n", "\n", block.strip())) for block in re.split(r"\n[ \t]*\n", reply.text.strip())]
            pairs = [block for block in blocks if block is not None]
            fault = self._shape(reply, len(blocks), len(pairs)) or next((fault for pair in pairs if (fault := _fault(pair, passage))), "")
            if fault:
                yield Malformed(reply, fault)
                continue
            for pair in pairs:
                place = _place(pair["quote"], passage)
                assert place is not None  # `_fault` saw to it
                note = f"quote={offset + place[0]}-{offset + place[1]}: {passage[place[0] : place[1]]}"
                yield [Message(role="user", content=pair["question"].strip()), Message(role="assistant", content=pair["answer"].strip())], note

    def _shape(self, reply: Reply, blocks: int, pairs: int) -> str:
        if reply.finish == "length":
            return "it was cut off at the token limit"
        if pairs < blocks:
            return "a block is not QUESTION, ANSWER and QUOTE, a line each"
        return "" if pairs == self.n else f"it has {pairs} pairs, not {self.n}"


def _is_passage(example: Example) -> bool:
    return isinstance(example.meta.get("passage"), str) and isinstance(example.meta.get("offset"), int) and not example.question


def _fault(pair: re.Match[str], passage: str) -> str:
    """Why a pair cannot be used; empty where it can."""
    if _place(pair["quote"], passage) is None:
        return f"the quotation does not stand in the passage: {pair['quote'].strip()[:80]!r}"
    if new := [span for span in spans(pair["answer"]) if span not in passage]:
        return f"the answer says {new[0]!r}, which the passage does not"
    return ""


def _place(quote: str, passage: str) -> tuple[int, int] | None:
    """Where a quotation stands; quotation marks around it do not count, nor how white space is written."""
    for text in (quote.strip(), quote.strip().strip('"\u201c\u201d')):
        words = text.split()
        match = re.search(r"\s+".join(map(re.escape, words)), passage) if words else None
        if match and len(match.group()) >= _LEAST_QUOTE:
            return match.span()
    return None
