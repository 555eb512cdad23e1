"""How well `toxicity` tells abuse of groups from talk about groups and about abuse: functional cases, by function and by group.

    python benchmarks/toxicity.py [--failures] [--tweets CSV]

The cases are templates of `toxicity_cases.txt` filled with ten groups. A half of the templates, chosen by hash, is held back: rules and
lists may be improved by looking at what fails in the other half (`--failures`), never in this one. Hateful is what the filter calls
a threat, hate or a slur (`severe`). The spread is that of the macro F1 between the best and the worst group.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import NamedTuple

from augmentor_plugins.filters.toxicity import judged

HATEFUL = {"threat", "hate", "slur"}
GROUPS = {  # people, person, adjective, what they are called
    "women": ("women", "woman", "female", "whore", "whores"),
    "trans": ("trans people", "trans person", "trans", "tranny", "trannies"),
    "gay": ("gay people", "gay person", "gay", "faggot", "faggots"),
    "black": ("Black people", "Black person", "Black", "nigger", "niggers"),
    "disabled": ("disabled people", "disabled person", "disabled", "retard", "retards"),
    "muslim": ("Muslims", "Muslim", "Muslim", "raghead", "ragheads"),
    "immigrant": ("immigrants", "immigrant", "immigrant", "wetback", "wetbacks"),
    "jewish": ("Jews", "Jew", "Jewish", "kike", "kikes"),
    "asian": ("Asians", "Asian", "Asian", "gook", "gooks"),
    "latino": ("Mexicans", "Mexican", "Mexican", "spic", "spics"),
}


class Case(NamedTuple):
    """A text, what it should be called, the function and the group it tests, and whether its template is held back."""

    text: str
    hateful: bool
    function: str
    group: str
    held_back: bool


def cases(path: Path) -> Iterator[Case]:
    """Every template with every group; one that names no group once, under the group `-`."""
    function, hateful = "", False
    for line in path.read_text("utf-8").splitlines():
        heading = re.fullmatch(r"\[(.+)\] (hateful|harmless)", line)
        if heading:
            function, hateful = heading[1], heading[2] == "hateful"
        elif line and not line.startswith("#"):
            held_back = hashlib.blake2b(line.encode(), digest_size=1).digest()[0] % 2 == 1
            for group in GROUPS if "{" in line else ("-",):
                yield Case(filled(line, group), hateful, function, group, held_back)


def filled(template: str, group: str) -> str:
    """A template about a group; a sentence begins with a capital letter, and `a` is `an` before a vowel."""
    if group == "-":
        return template
    people, person, kind, slur, slurs = GROUPS[group]
    if "Ihate" in template or "{people}are" in template or "{people}should" in template or "all{" in template or "the{" in template:
        people = people.replace(" ", "")
    article = "an" if person[0] in "aeiouA" else "a"
    template = re.sub(r"\b([Aa]) \{kind\}", lambda match: f"{match[1]}{'n' if kind[0] in 'aeiouAEIOU' else ''} {{kind}}", template)
    text = template.format(people=people, person=person, kind=kind, slur=slur, slurs=slurs, a_person=f"{article} {person}")
    return re.sub(r"(?:^|(?<=[.?!] ))[a-z]", lambda match: match.group().upper(), text)


def macro_f1(found: Counter[tuple[bool, bool]]) -> float:
    """The mean of the F1 of both classes; `found` counts (should be, is called) hateful."""
    scores = [2 * found[kind, kind] / max(1, 2 * found[kind, kind] + found[kind, not kind] + found[not kind, kind]) for kind in (True, False)]
    return sum(scores) / 2


def functional(all_cases: list[Case], *, failures: bool) -> None:
    called = {case: judged(case.text)[0] for case in all_cases}
    print("| function | should be | cases | right, open half | right, held-back half |\n|---|---|---|---|---|")
    by: dict[str, dict[bool, list[bool]]] = defaultdict(lambda: {False: [], True: []})
    for case, kind in called.items():
        by[case.function][case.held_back].append((kind in HATEFUL) == case.hateful)
        if failures and not case.held_back and (kind in HATEFUL) != case.hateful and case.group in {"-", "gay", "immigrant"}:
            print(f"    {case.function}: {case.text!r} is called {kind or 'nothing'!r}")
    kinds = {case.function: case.hateful for case in all_cases}
    for function, halves in by.items():
        shares = [f"{sum(right) / len(right):.2f}" if right else "-" for right in (halves[False], halves[True])]
        print(f"| {function} | {'hateful' if kinds[function] else 'harmless'} | {sum(map(len, halves.values()))} | {shares[0]} | {shares[1]} |")
    print("\n| half | cases | accuracy | macro F1 | worst group | best group | spread |\n|---|---|---|---|---|---|---|")
    for held_back, name in ((False, "open"), (True, "held back")):
        here = [case for case in all_cases if case.held_back == held_back]
        counts = {group: Counter((case.hateful, called[case] in HATEFUL) for case in here if case.group in wanted) for group, wanted in wanted_groups()}
        scores = {group: macro_f1(count) for group, count in counts.items() if group != "all"}
        everything = counts["all"]
        worst, best = min(scores, key=scores.__getitem__), max(scores, key=scores.__getitem__)
        right = (everything[True, True] + everything[False, False]) / len(here)
        print(f"| {name} | {len(here)} | {right:.3f} | {macro_f1(everything):.3f} | {worst} {scores[worst]:.3f} | {best} {scores[best]:.3f} | {scores[best] - scores[worst]:.3f} |")


def wanted_groups() -> Iterator[tuple[str, set[str]]]:
    yield "all", {"-", *GROUPS}
    for group in GROUPS:
        yield group, {group}


def tweets(path: Path) -> None:
    """Davidson et al. (2017): the share of each class that the filter calls so."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    begun = process_time()
    found = Counter((line["class"], judged(line["tweet"])[0]) for line in lines)
    print(f"\n{len(lines):,} tweets, {len(lines) / (process_time() - begun):,.0f} a CPU second\n")
    kinds = ("threat", "hate", "slur", "insult", "sexual", "profanity", "")
    print(f"| class | {' | '.join(kind or 'nothing' for kind in kinds)} | strong or worse |\n|{'---|' * (len(kinds) + 2)}")
    for number, name in enumerate(("hate", "offensive", "neither")):
        total = sum(count for (label, _), count in found.items() if label == str(number))
        shares = [found[str(number), kind] / total for kind in kinds]
        print(f"| {name} | {' | '.join(f'{share:.3f}' for share in shares)} | {sum(shares[:5]):.3f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--failures", action="store_true", help="show what fails in the open half, for two groups")
    parser.add_argument("--tweets", type=Path, help="labeled_data.csv of Davidson et al.")
    options = parser.parse_args()
    functional(list(cases(Path(__file__).with_name("toxicity_cases.txt"))), failures=options.failures)
    if options.tweets:
        tweets(options.tweets)
