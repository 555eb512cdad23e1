"""Whether the measures of bias find what was planted and nothing else: data sets drawn with a known lean, many times.

    python benchmarks/bias.py [--sets 40] [--rows 400]

A row speaks of a woman or a man (half and half, or as planted) and holds words of one of two sets, work or home. Where a lean is
planted, work goes with men at the odds given. `found` is the share of data sets in which the measure's interval leaves out what is
expected of fair data; without a lean it should be about 0.05 for a share and for a set of words, and near 0 for single words.
"""

from __future__ import annotations

import argparse
import random
from time import process_time

from augmentor.examples import Example, Message
from augmentor_plugins.filters.bias_measures import measure

WORK = "office salary manager contract meeting".split()
HOME = "kitchen laundry baby cooking wedding".split()
OTHER = "parcel window river ticket garden letter music winter coffee train bridge camera".split()
PERSON = {"female": "My aunt", "male": "My uncle"}


def drawn(rng: random.Random, rows: int, women: float, odds: float) -> list[Example]:
    examples = []
    for index in range(rows):
        sex = "female" if rng.random() < women else "male"
        chance = odds / (1 + odds) if sex == "male" else 1 / (1 + odds)
        words = WORK if rng.random() < chance else HOME
        text = f"{PERSON[sex]} asks about the {rng.choice(words)} and the {rng.choice(OTHER)}"
        examples.append(Example(id=f"r{index}", messages=(Message(role="user", content=text), Message(role="assistant", content="Noted."))))
    return examples


def main(sets: int, rows: int) -> None:
    print("| planted | representation found | set of words found | single words found |\n|---|---|---|---|")
    begun, measured = process_time(), 0
    for name, women, odds in (
        ("nothing", 0.5, 1.0),
        ("60 % men", 0.4, 1.0),
        ("work with men, odds 1.5", 0.5, 1.5),
        ("work with men, odds 2", 0.5, 2.0),
        ("work with men, odds 4", 0.5, 4.0),
    ):
        shares = topics = words = 0
        for number in range(sets):
            found = measure(drawn(random.Random(f"{name}/{number}"), rows, women, odds), ["gender"])
            measured += rows
            shares += found.groups[0].off
            work = next(one for one in found.associations[0].sets if one.what == "work")
            topics += work.low > 0 or work.high < 0
            words += any(one.clear for one in found.associations[0].words)
        print(f"| {name} | {shares / sets:.2f} | {topics / sets:.2f} | {words / sets:.2f} |")
    print(f"\n{sets} data sets of {rows} rows each; {measured / (process_time() - begun):,.0f} rows a CPU second")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=40)
    parser.add_argument("--rows", type=int, default=400)
    options = parser.parse_args()
    main(options.sets, options.rows)
