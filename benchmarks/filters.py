"""How fast the filters are, and how much they find: each figure from this one run, on one core.

    python benchmarks/filters.py [ROWS]

ROWS is the size of the near-duplicate test (default 20,000). Real questions, tweets and personal data are read from
`../shared/data` beside the repository; what needs them is left out where they are not.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

from augmentor.examples import Example, Message
from augmentor.protocols import Candidate, DatasetFilter
from augmentor_plugins.filters.bias import Bias, biased
from augmentor_plugins.filters.exact_duplicate import ExactDuplicate
from augmentor_plugins.filters.fidelity import Fidelity
from augmentor_plugins.filters.language import Language
from augmentor_plugins.filters.leakage import Leakage
from augmentor_plugins.filters.length import Length
from augmentor_plugins.filters.mojibake import Mojibake
from augmentor_plugins.filters.near_duplicate import NearDuplicate
from augmentor_plugins.filters.novelty import Novelty
from augmentor_plugins.filters.personal.finding import find
from augmentor_plugins.filters.privacy import Privacy
from augmentor_plugins.filters.refusal import Refusal
from augmentor_plugins.filters.repetition import Repetition
from augmentor_plugins.filters.toxicity import Toxicity, judged
from augmentor_plugins.filters.truncated import Truncated

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ANSWER = "Open the app, choose Cards, then Settings. If that does not help, write to us in the chat and we will look into it today."


def row(question: str, answer: str, id: str) -> Candidate:
    return Candidate(Example(id=id, messages=(Message(role="user", content=question), Message(role="assistant", content=answer))))


def lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def run(filter, rows: Sequence[Candidate]) -> float:
    """CPU seconds to judge all rows, once the files a filter needs are read."""
    whole = (lambda some: filter.reduce(filter.sketch(some), filter.sketch(some[:1]))) if isinstance(filter, DatasetFilter) else filter.judge
    whole(rows[:64])
    begun = process_time()
    whole(rows)
    return process_time() - begun


def speed() -> None:
    questions = [line["text"] for part in ("train", "test") for line in lines(DATA / "banking77" / f"{part}.csv")]
    rows = [row(text, ANSWER, f"q{index:05}") for index, text in enumerate(questions)]
    variants = [Candidate(item.example.vary(0, f"Hello, {item.example.question}", "bench"), item.example) for item in rows]
    print(f"\nspeed on {len(rows):,} BANKING77 questions with an answer of 25 words, rows a CPU second")
    quality = 0.0
    total = 0.0
    for filter in (Length(), Mojibake(), Refusal(), Truncated(), Repetition(), ExactDuplicate(), Language(), Privacy(), Toxicity(), Bias(), NearDuplicate(), Leakage()):
        seconds = run(filter, rows)
        total += seconds
        quality += seconds if isinstance(filter, Length | Mojibake | Refusal | Truncated | Repetition) else 0
        print(f"  {type(filter).__name__:16} {len(rows) / seconds:10,.0f}")
    for filter in (Novelty(), Fidelity()):
        print(f"  {type(filter).__name__:16} {len(rows) / run(filter, variants):10,.0f}  (variants)")
    print(f"  quality stack (first five) {len(rows) / quality:,.0f}; all twelve {len(rows) / total:,.0f}")


def near_duplicates(number: int) -> None:
    rng = random.Random(1)
    rows: list[Candidate] = []
    planted: dict[str, str] = {}
    for index in range(number):
        words = [f"w{rng.randrange(50_000)}" for _ in range(rng.randint(30, 80))]
        rows.append(row(" ".join(words[:20]), " ".join(words[20:]), f"a{index:07}"))
        if index % 4 == 0:
            kind = ("exact", "one word", "10 % of words")[index // 4 % 3]
            sides = words[:20], words[20:]
            for side in sides if kind == "10 % of words" else sides[:1] if kind == "one word" else ():
                for place in rng.sample(range(len(side)), max(1, len(side) // 10) if kind != "one word" else 1):
                    side[place] = f"w{rng.randrange(50_000)}"
            rows.append(row(" ".join(sides[0]), " ".join(sides[1]), f"b{index:07}"))
            planted[f"b{index:07}"] = kind
    filter = NearDuplicate()
    begun = process_time()
    sketches = filter.sketch(rows)
    sketched = process_time()
    verdicts = filter.reduce(sketches, [])
    done = process_time()
    dropped = {item.example.id for item, verdict in zip(rows, verdicts, strict=True) if not verdict.keep}
    print(f"\nnear-duplicates among {len(rows):,} rows of 55 words: {len(rows) / (done - begun):,.0f} a CPU second (sketch {len(rows) / (sketched - begun):,.0f}), verified")
    for kind in dict.fromkeys(planted.values()):
        ids = {id for id, other in planted.items() if other == kind}
        print(f"  recall, {kind:14} {len(ids & dropped) / len(ids):.4f}")
    print(f"  precision              {len(dropped & planted.keys()) / len(dropped):.4f}")
    print(f"  peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    begun = process_time()
    rensa_alone(rows)
    print(f"  peer: rensa's own index, one word a token, not verified: {len(rows) / (process_time() - begun):,.0f} a CPU second")


def rensa_alone(rows: Sequence[Candidate]) -> None:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=0.7, num_perm=128, num_bands=32)
    matrix = RMinHash.digest_matrix_from_token_sets([item.example.text.split() for item in rows], 128, 42)
    index.insert_matrix_and_query_duplicate_flags(matrix)


def privacy() -> None:
    ours = {"email": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER", "card": "CREDIT_CARD", "iban": "IBAN_CODE", "ip": "IP_ADDRESS", "ssn": "US_SSN", "licence": "US_DRIVER_LICENSE", "url": "DOMAIN_NAME"}
    items = json.loads((DATA / "presidio_pii" / "synth_dataset_v2.json").read_text("utf-8"))
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    begun = process_time()
    all_found = [find(item["full_text"], tuple(ours), Privacy().regions) for item in items]
    seconds = process_time() - begun
    for item, spans in zip(items, all_found, strict=True):
        wanted = [(span["entity_type"], span["start_position"], span["end_position"]) for span in item["spans"] if span["entity_type"] in ours.values()]
        found = [(ours[kind], start, end) for kind, start, end in spans]
        for one in found:
            (right if any(_same(one, other) for other in wanted) else wrong)[one[0]] += 1
        for other in wanted:
            missed[other[0]] += not any(_same(one, other) for one in found)
    print(f"\nprivacy on {len(items):,} presidio texts: {len(items) / seconds:,.0f} a CPU second")
    for name in ours.values():
        print(f"  {name:18} precision {right[name] / max(1, right[name] + wrong[name]):.3f}  recall {right[name] / max(1, right[name] + missed[name]):.3f}  ({right[name] + missed[name]})")


def _same(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    return one[0] == other[0] and min(one[2], other[2]) - max(one[1], other[1]) >= 0.8 * (other[2] - other[1])


def toxicity() -> None:
    tweets = list(lines(DATA / "davidson_hate_speech" / "labeled_data.csv"))
    begun = process_time()
    found = Counter((tweet["class"], judged(tweet["tweet"])[0]) for tweet in tweets)
    print(f"\ntoxicity on {len(tweets):,} tweets: {len(tweets) / (process_time() - begun):,.0f} a CPU second; share of each class that is called ...")
    kinds = ("threat", "hate", "slur", "insult", "sexual", "profanity", "")
    print(" " * 12 + "".join(f"{kind or 'nothing':>11}" for kind in kinds))
    for number, name in enumerate(("hate", "offensive", "neither")):
        total = sum(count for (label, _), count in found.items() if label == str(number))
        print(f"  {name:10}" + "".join(f"{found[str(number), kind] / total:11.3f}" for kind in kinds))


def bias() -> None:
    pairs = list(lines(DATA / "crows_pairs" / "crows_pairs_anonymized.csv"))
    print(f"\nbias on {len(pairs):,} CrowS pairs, most of them stories: {sum(biased(pair['sent_more'])[0] > 0 for pair in pairs) / len(pairs):.3f} called a stereotype statement")


if __name__ == "__main__":
    near_duplicates(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    if DATA.is_dir():
        speed()
        privacy()
        toxicity()
        bias()
    else:
        print(f"\nno {DATA}: the rest is left out")
