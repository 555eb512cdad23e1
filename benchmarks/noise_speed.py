"""How many texts a second of CPU time get keyboard slips: `noise` beside nlpaug's KeyboardAug, on the same texts in one run."""

from __future__ import annotations

import argparse
import sys
import time
from random import Random
from statistics import median

from augmentor_plugins.strategies.nlpaug_augmenter import Nlpaug
from augmentor_plugins.strategies.noise import Noise

QUESTIONS = (
    "How do I reset my password when I no longer have that phone?",
    "My card was declined twice yesterday evening, what should I do now?",
    "Why has the refund for order A-1042 not reached my account yet?",
    "I'd like to change the delivery address before the parcel leaves.",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=20_000, help="about what a shard of the pipeline holds")
    parser.add_argument("--oracle-texts", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=7, help="the contenders take turns; the median counts")
    arguments = parser.parse_args()
    texts = [QUESTIONS[index % len(QUESTIONS)] for index in range(arguments.texts)]
    rngs = [Random(index) for index in range(len(texts))]
    few = texts[: arguments.oracle_texts]
    import nlpaug.augmenter.char as nac

    keyboard, wrapped = nac.KeyboardAug(), Nlpaug()
    like_nlpaug, usual = Noise(kinds=("keyboard",), rate=0.3, within=0.3), Noise()
    contenders = {
        "noise, keyboard at nlpaug's rates": (len(texts), lambda: like_nlpaug.vary_batch(texts, rngs)),
        "noise, default kinds": (len(texts), lambda: usual.vary_batch(texts, rngs)),
        "nlpaug KeyboardAug": (len(few), lambda: [keyboard.augment(text) for text in few]),
        "the strategy nlpaug (seeded for each text)": (len(few), lambda: [list(wrapped.vary(text, Random(0))) for text in few]),
    }
    took: dict[str, list[float]] = {label: [] for label in contenders}
    for _ in range(arguments.rounds + 1):
        for label, (count, work) in contenders.items():
            started = time.process_time()
            work()
            took[label].append(count / (time.process_time() - started))
    rates = {label: median(values[1:]) for label, values in took.items()}  # the first round loads what is loaded once
    print("| | texts a CPU second | times nlpaug |\n|---|---|---|")
    for label, rate in rates.items():
        print(f"| {label} | {rate:,.0f} | {rate / rates['nlpaug KeyboardAug']:.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
