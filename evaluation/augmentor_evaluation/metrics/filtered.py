"""What a filter measures in texts that are no training examples."""

from __future__ import annotations

from collections.abc import Sequence

from augmentor.errors import UsageError
from augmentor.examples import Example, Message
from augmentor.plugins import plugins
from augmentor.protocols import Candidate, RowFilter


def filter_scores(filter: str, texts: Sequence[str]) -> list[float]:
    """A row filter's score of each text, said by an assistant; equal texts are judged once. NaN where it gives none.

    Raises:
        UnknownComponent: no plugin offers the filter.
        UsageError: the filter looks at whole data sets.
    """
    made = plugins()["filter"].make(filter)
    if not isinstance(made, RowFilter):
        raise UsageError(f"the filter {filter!r} judges whole data sets; answers need one that judges rows")
    distinct = list(dict.fromkeys(texts))
    rows = [Candidate(Example(id="answer", messages=(Message(role="assistant", content=text),))) for text in distinct]
    scores = {text: float("nan") if verdict.score is None else verdict.score for text, verdict in zip(distinct, made.judge(rows), strict=True)}
    return [scores[text] for text in texts]
