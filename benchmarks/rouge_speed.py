"""ROUGE-1, -2 and -L: pairs a CPU second, ours against `rouge-score`, on the same pairs in this one run.

    python benchmarks/rouge_speed.py [--pairs 4000]

Both are given answers of 5 to 60 words against references that are all different (ours gains more where references return).
Runs alternate, the fastest of three counts, and the values are compared.
"""

from __future__ import annotations

import argparse
import time
from random import Random

from rouge_score.rouge_scorer import RougeScorer

from augmentor_evaluation.metrics.rouge import Rouge1, Rouge2, RougeL

VOCABULARY = [f"{start}{middle}{end}" for end in ("", "s", "ed", "ing", "er") for start in ("re", "ac", "pa", "or", "in", "co") for middle in ("tu", "ce", "fu", "ro", "li", "ma", "se")]
COMMON = [1 / rank for rank in range(1, len(VOCABULARY) + 1)]
"""How often words occur: the second most frequent half as often as the first, the third a third (Zipf)."""


def pairs(count: int, rng: Random) -> tuple[list[str], list[str]]:
    """References, and answers that keep about 60 % of their words."""
    references, predictions = [], []
    for number in range(count):
        reference = rng.choices(VOCABULARY, COMMON, k=rng.randint(5, 60))
        answer = [word if rng.random() < 0.6 else rng.choices(VOCABULARY, COMMON)[0] for word in reference]
        references.append(" ".join([*reference, str(number)]).capitalize() + ".")
        predictions.append(" ".join(answer).capitalize() + ".")
    return predictions, references


def ours(predictions: list[str], references: list[str]) -> list[tuple[float, ...]]:
    return list(zip(*(metric.score(predictions, references) for metric in (Rouge1(), Rouge2(), RougeL())), strict=True))


def theirs(predictions: list[str], references: list[str]) -> list[tuple[float, ...]]:
    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"])
    scores = (scorer.score(reference, prediction) for prediction, reference in zip(predictions, references, strict=True))
    return [tuple(score[name].fmeasure for name in ("rouge1", "rouge2", "rougeL")) for score in scores]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=4000)
    predictions, references = pairs(parser.parse_args().pairs, Random(0))
    best = {"augmentor": float("inf"), "rouge-score": float("inf")}
    values = {}
    for _ in range(3):
        for name, run in (("augmentor", ours), ("rouge-score", theirs)):
            start = time.process_time()
            values[name] = run(predictions, references)
            best[name] = min(best[name], time.process_time() - start)
    apart = max(abs(a - b) for mine, other in zip(values["augmentor"], values["rouge-score"], strict=True) for a, b in zip(mine, other, strict=True))
    for name, seconds in best.items():
        print(f"{name:12} {len(predictions) / seconds:10,.0f} pairs a CPU second (ROUGE-1, -2 and -L of each)")
    print(f"ratio        {best['rouge-score'] / best['augmentor']:10.1f}   largest difference of a value {apart:.1e}")


if __name__ == "__main__":
    main()
