"""How many texts a second of CPU time get keyboard slips: `noise` beside nlpaug's KeyboardAug, on the same texts in one run."""

from __future__ import annotations

import argparse
import sys
import time
from random import Random

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
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--oracle-texts", type=int, default=4_000)
    arguments = parser.parse_args()
    texts = [QUESTIONS[index % len(QUESTIONS)] for index in range(arguments.texts)]
    rngs = [Random(index) for index in range(len(texts))]
    rates = {}
    for label, noise in (("noise, keyboard at nlpaug's rates", Noise(kinds=("keyboard",), rate=0.3, within=0.3)), ("noise, default kinds", Noise())):
        noise.vary_batch(texts[:100], [Random(0)] * 100)
        started = time.process_time()
        noise.vary_batch(texts, rngs)
        rates[label] = len(texts) / (time.process_time() - started)
    import nlpaug.augmenter.char as nac

    keyboard = nac.KeyboardAug()
    keyboard.augment(texts[0])
    started = time.process_time()
    for text in texts[: arguments.oracle_texts]:
        keyboard.augment(text)
    rates["nlpaug KeyboardAug"] = arguments.oracle_texts / (time.process_time() - started)
    wrapped = Nlpaug()
    list(wrapped.vary(texts[0], Random(0)))
    started = time.process_time()
    for index, text in enumerate(texts[: arguments.oracle_texts]):
        list(wrapped.vary(text, Random(index)))
    rates["the strategy nlpaug (seeded for each text)"] = arguments.oracle_texts / (time.process_time() - started)
    for label, rate in rates.items():
        print(f"{label:44s} {rate:10,.0f} texts a CPU second  {rate / rates['nlpaug KeyboardAug']:6.1f}x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
