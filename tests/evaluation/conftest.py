"""Arms with made-up answers, written as real prediction files."""

from __future__ import annotations

import json

import pytest

from augmentor.protocols import ArmPredictions, CompareRequest
from augmentor_evaluation.metrics.exact_match import ExactMatch
from augmentor_evaluation.metrics.rouge import RougeL


@pytest.fixture
def comparison(tmp_path):
    """A request from `{arm: {seed: [answers]}}`; an answer of None is a failed call, `...` leaves the question out."""

    def make(arms, references, *, labels=None, roots=None, questions=None, metrics=None, **settings):
        files = []
        for arm, seeds in arms.items():
            for seed, answers in seeds.items():
                rows = [
                    {
                        "id": f"q{index}", "root": roots[index] if roots else f"r{index}", "label": labels[index] if labels else None,
                        "question": questions[index] if questions else f"question number {index}", "reference": references[index],
                        "prediction": answer or "", "error": "timed out" if answer is None else None, "prompt_tokens": 5, "completion_tokens": 3,
                    }
                    for index, answer in enumerate(answers)
                    if answer is not ...
                ]
                path = tmp_path / f"{arm}.{seed}.jsonl"
                path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
                files.append(ArmPredictions(arm, seed, path))
        names = list(arms)
        defaults = {"headline": "exact_match", "baseline": names[0], "subject": names[-1]}
        return CompareRequest(tuple(files), metrics or {"rouge_l": RougeL(), "exact_match": ExactMatch()}, tmp_path / "scores.jsonl", **{**defaults, **settings})

    return make
