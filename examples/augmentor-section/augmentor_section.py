"""A section of one's own: how long the answers of each arm are."""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from augmentor import hookimpl
from augmentor.protocols import SectionContent
from augmentor_evaluation.report import RunView, charts
from augmentor_evaluation.report.lines import read_lines
from augmentor_evaluation.report.runview import Prediction


@dataclass(frozen=True)
class AnswerLength:
    """Mean words an answer, a bar an arm."""

    name: ClassVar[str] = "answer-length"  # its anchor in the page
    order: ClassVar[int] = 55  # after the answers (50), before the slices (60)

    def render(self, run: RunView) -> SectionContent | None:
        words, answers = Counter(), Counter()
        for arm, files in run.prediction_files.items():
            for path in files.values():
                for row in read_lines(path, Prediction):
                    words[arm] += len(row.prediction.split())
                    answers[arm] += row.error is None
        if not answers:
            return None  # a run that asked no model: nothing to say
        means = [(arm, words[arm] / answers[arm]) for arm in answers if answers[arm]]
        chart = charts.bars(means, title="Length of answers", unit="mean words", note=f"n = {answers.total()} answers")
        return SectionContent("Answer length", chart, "Does an arm win by saying more?")


@hookimpl
def augmentor_register_sections(register):
    register(AnswerLength, "answer-length")
