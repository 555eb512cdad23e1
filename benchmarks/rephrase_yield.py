"""How many variants `rephrase` finds for real questions, how new their words are, and how fast, beside nlpaug in the same run.

    python benchmarks/rephrase_yield.py QUESTIONS.csv [COLUMN] [HOW_MANY]

Any CSV of questions will do; the figures in docs/quality.md are for the test questions of BANKING77.
"""

from __future__ import annotations

import csv
import random
import sys
import time
import warnings
from random import Random

from augmentor_plugins.strategies.nlpaug_augmenter import Nlpaug
from augmentor_plugins.strategies.paraphrase import Paraphrase
from augmentor_plugins.strategies.rephrase import Rephrase

STOP = frozenset("a an the my your our i you we it is are was do does did can could how what why when where to of in on for with and or not have has".split())


def content(text: str) -> set[str]:
    return {word for word in "".join(letter if letter.isalnum() else " " for letter in text.lower()).split() if word not in STOP}


def newness(questions: list[str], variants: list[list[str]]) -> float:
    """The share of variants that have less than half of their source's content words."""
    new = [len(content(text) & content(question)) < len(content(question)) / 2 for question, texts in zip(questions, variants, strict=True) for text in texts]
    return sum(new) / max(len(new), 1)


def main(path: str, column: str = "text", most: str = "1000") -> None:
    with open(path, encoding="utf-8-sig", newline="") as file:
        questions = [row[column] for row in csv.DictReader(file)]
    random.Random(0).shuffle(questions)
    questions = questions[: int(most)]
    rephrase, paraphrase = Rephrase(n=10), Paraphrase(n=4)
    list(rephrase.vary("How do I pay?", Random(0)))  # reads the lexicon
    started = time.process_time()
    variants = [list(rephrase.vary(question, Random(index))) for index, question in enumerate(questions)]
    seconds = time.process_time() - started
    said = [[variation.text for variation in some if variation.note != "form"] for some in variants]
    both = [[*(v.text for v in some), *(getattr(v, "text", v) for v in paraphrase.vary(question, Random(index)))] for index, (question, some) in enumerate(zip(questions, variants, strict=True))]
    print(f"questions                                  {len(questions)}")
    print(f"with 5 variants or more, forms included    {sum(len(some) >= 5 for some in variants) / len(questions):.1%}")
    print(f"with 8 variants or more, forms included    {sum(len(some) >= 8 for some in variants) / len(questions):.1%}")
    print(f"with a topic of the lexicon                {sum(map(bool, said)) / len(questions):.1%}")
    print(f"with 5 variants or more from the lexicon   {sum(len(texts) >= 5 for texts in said) / len(questions):.1%}")
    print(f"of those, sharing less than half of the source's content words  {newness(questions, said):.1%}")
    print(f"of all variants of rephrase and paraphrase, the same            {newness(questions, both):.1%}")
    print(f"variants a CPU second                      {sum(map(len, variants)) / seconds:,.0f}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = Nlpaug("KeyboardAug")
        list(peer.vary("How do I pay?", Random(0)))
        started = time.process_time()
        made = sum(len(list(peer.vary(question, Random(index)))) for index, question in enumerate(questions))
        print(f"nlpaug's KeyboardAug in the same run       {made / (time.process_time() - started):,.0f}")


main(*sys.argv[1:])
