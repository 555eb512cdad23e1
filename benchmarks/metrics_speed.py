"""CPU seconds of every default metric that works offline, on 10,000 predictions; and of the packages that measure the same, in this one run.

    python benchmarks/metrics_speed.py [--predictions 10000] [--metric NAME ...] [--without-peers]

The answers are made up: 77 intents with one reference each, answers that keep about 60 % of its words, half of them in a few favourite
wordings. Metrics that need a model (`reference_likelihood`, `perplexity`, `calibration`, `bertscore:model=...`) are not part of it. The time to
load filters and encoders is in the figures, that of importing Python packages is not.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from random import Random

from augmentor.examples import Example, Message
from augmentor.naming import named
from augmentor.protocols import Answered, RowMetric

WORDS = """open settings choose security tap reset password card refund order parcel depot monday within nine days call desk colour green blue chair please your the
account number is on back of it we will send new one by post to address you gave us confirm in app then wait for message if does not come after hour ask again""".split()
OFFLINE = (
    "rouge_l", "rouge_1", "rouge_2", "rouge_lsum", "exact_match", "token_f1", "bleu", "chrf", "similarity", "bertscore", "length_ratio", "empty_rate", "refusal_rate",
    "repetition_rate", "distinct_n", "compression_ratio", "json_format", "regex_format:pattern=.*", "toxicity_rate", "privacy_rate", "prompt_relevance",
    "domain_relevance", "coherence", "self_similarity", "consistency",
)  # fmt: skip


def answers(count: int, rng: Random) -> tuple[list[Answered], list[Example]]:
    """Answers to made-up questions of 77 intents, and the training examples of these."""
    references = [" ".join(rng.choices(WORDS, k=rng.randint(8, 40))).capitalize() + "." for _ in range(77)]
    rows = []
    for number in range(count):
        intent = rng.randrange(77)
        words = references[intent].split()
        kept = Random(f"{intent} {rng.randrange(5)}") if rng.random() < 0.5 else rng
        answer = " ".join(word if kept.random() < 0.6 else kept.choice(WORDS) for word in words)
        question = f"{' '.join(rng.choices(WORDS, k=rng.randint(5, 15)))} {number}?"
        turns = (Message(role="user", content="Hello"), Message(role="assistant", content="How can I help?"), Message(role="user", content=question))
        rows.append(Answered(str(number), str(number), f"intent-{intent}", question, references[intent], answer, turns))
    training = [Example(id=str(n), messages=(Message(role="user", content="?"), Message(role="assistant", content=text))) for n, text in enumerate(references)]
    return rows, training


def rouge_score(rows: Sequence[Answered]) -> list[float]:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rougeL"])
    return [scorer.score(row.reference, row.prediction)["rougeL"].fmeasure for row in rows]


def rouge_score_lsum(rows: Sequence[Answered]) -> list[float]:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rougeLsum"])
    return [scorer.score(row.reference, row.prediction)["rougeLsum"].fmeasure for row in rows]


def sacrebleu_bleu(rows: Sequence[Answered]) -> list[float]:
    from sacrebleu import sentence_bleu

    return [sentence_bleu(row.prediction, [row.reference]).score for row in rows]


def sacrebleu_chrf(rows: Sequence[Answered]) -> list[float]:
    from sacrebleu import sentence_chrf

    return [sentence_chrf(row.prediction, [row.reference]).score for row in rows]


PEERS: dict[str, tuple[str, Callable[[Sequence[Answered]], list[float]]]] = {
    "rouge_l": ("rouge-score", rouge_score),
    "rouge_lsum": ("rouge-score", rouge_score_lsum),
    "bleu": ("sacrebleu, one call a pair", sacrebleu_bleu),
    "chrf": ("sacrebleu, one call a pair", sacrebleu_chrf),
}


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds of a call, and what it gave."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--predictions", type=int, default=10_000)
    parser.add_argument("--metric", action="append", help="only this one; repeat for more")
    parser.add_argument("--without-peers", action="store_true")
    options = parser.parse_args()
    rows, training = answers(options.predictions, Random(0))
    metrics = named("metric", options.metric or OFFLINE)
    sample = rows[:20]
    total = 0.0
    print("| metric | CPU s | the peer's | peer | largest difference |\n|---|---|---|---|---|")
    for name, metric in metrics.items():

        def score(some: Sequence[Answered], metric: object = metric) -> Sequence[float]:
            if isinstance(metric, RowMetric):
                return metric.score_rows(some, training)
            return metric.score([row.prediction for row in some], [row.reference for row in some])  # type: ignore[attr-defined, no-any-return]

        score(sample)  # imports
        took, values = seconds(lambda score=score: score(rows))
        total += took
        cells = "| | |"
        if name in PEERS and not options.without_peers:
            peer, work = PEERS[name]
            work(sample)
            theirs, expected = seconds(lambda work=work: work(rows))
            apart = max(abs(a - b) for a, b in zip(values, expected, strict=True))
            cells = f"{theirs:.2f} | {peer} | {apart:.0e} |"
        print(f"| `{name}` | {took:.2f} | {cells}", flush=True)
    print(f"| all, {len(rows):,} predictions | {total:.1f} | | | |")


if __name__ == "__main__":
    main()
