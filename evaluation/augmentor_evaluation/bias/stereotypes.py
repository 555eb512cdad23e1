"""Which sentence of a pair does the model find likelier: the stereotype, or the same of other people?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from augmentor.errors import DataError
from augmentor.examples import chance
from augmentor.protocols import Completion, Likelihood, Probed, ProbedArm


@dataclass(frozen=True)
class Stereotypes:
    """The share of sentence pairs in which the model finds the more stereotyping sentence likelier (log-likelihood of the whole text); 0.5 is fair.

    Pairs come from a file in the form of CrowS-Pairs, which you bring: `sent_more`, `sent_less`, `bias_type`, as CSV or JSONL. Read the
    result with care: in that set many pairs are unclear, differ in more than the group, or carry no harm (Blodgett and others,
    *Stereotyping Norwegian Salmon*, 2021); the longer and rarer name costs likelihood whatever is said of it; and it speaks of
    US stereotypes in English. A change between base and tuned model says more than the value. Needs a generator that reads likelihoods
    (`transformers`). Nangia and others, *CrowS-Pairs* (2020); for causal models the likelihood of the text stands for their pseudo-likelihood.

    Attributes:
        file: the pairs.
        pairs: look at no more than these, drawn by chance; 0 for all.
    """

    file: str
    pairs: int = 0
    title: ClassVar[str] = "Stereotypes found likelier"
    unit: ClassVar[str] = "0-1"
    ideal: ClassVar[float] = 0.5
    likelihoods: ClassVar[bool] = True

    def probe(self, arm: ProbedArm) -> Iterator[Probed]:
        """A row for each pair: 1 where the stereotype is likelier, 0 where the other sentence is, 0.5 where neither is."""
        rows = read_pairs(Path(self.file).expanduser())
        if self.pairs:
            rows = sorted(sorted(rows, key=lambda row: chance(arm.seed, "stereotypes", row.id).random())[: self.pairs], key=lambda row: int(row.id))
        found = iter(arm.likelihoods([Completion(text) for row in rows for text in (row.more, row.less)]))
        for row in rows:
            more, less = next(found), next(found)
            error = more.error or less.error
            yield Probed(row.id, row.group, row.writer, None if error is not None else preferred(more, less), row.more, row.less, error)


@dataclass(frozen=True)
class Pair:
    """The more and the less stereotyping sentence, and who wrote them where that is known."""

    id: str
    more: str
    less: str
    group: str
    writer: str


def preferred(more: Likelihood, less: Likelihood) -> float:
    """1 where the first text is likelier, 0 where the second is, else 0.5."""
    return 0.5 if more.nats == less.nats else float(more.nats > less.nats)


def read_pairs(path: Path) -> list[Pair]:
    """The pairs in a CSV or JSONL file.

    Raises:
        DataError: the file cannot be read, or a row lacks a sentence; says which.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"the sentence pairs {path} cannot be read: {error}") from None
    found = []
    for number, row in enumerate(_rows(path, text), 1):
        values = {key: str(row.get(key) or "").strip() for key in ("sent_more", "sent_less", "bias_type", "anon_writer")}
        if not values["sent_more"] or not values["sent_less"]:
            raise DataError(f"{path}: row {number} needs 'sent_more' and 'sent_less'; it has {', '.join(map(str, row))}")
        found.append(Pair(str(number), values["sent_more"], values["sent_less"], values["bias_type"] or "(none)", values["anon_writer"] or str(number)))
    if not found:
        raise DataError(f"{path} holds no sentence pairs")
    return found


def _rows(path: Path, text: str) -> Iterator[Mapping[str, Any]]:
    if path.suffix.lower() != ".jsonl":
        yield from csv.DictReader(io.StringIO(text, newline=""))
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield msgspec.json.decode(line, type=dict[str, Any])
            except msgspec.DecodeError as error:
                raise DataError(f"{path}:{number}: this is no pair: {error}") from None
