"""What augmenting few labelled questions is worth to a classifier of intents.

    python benchmarks/few_shot.py BANKING77_DIR [--shots 5 10] [--seeds 5] [--arms rephrase persona ...]

Draws a few questions a class from `train.csv`, augments them, trains two classifiers, and tests on all of `test.csv`: TF-IDF with a
linear SVM (what words the augmentation adds) and the static encoder with logistic regression (what it adds beyond what embeddings
know). Each arm is compared with no augmentation on the same draws; the interval is that of a paired t over the seeds. `eda` is
synonym replacement (WordNet where its data is there), random swap and random deletion as Wei and Zou (2019) describe them.
"""

from __future__ import annotations

import argparse
import csv
import random
import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from augmentor.examples import Example, Message
from augmentor.pipeline import Plan, process
from augmentor.plugins import plugins
from augmentor_plugins.encoders.static import Static

Labelled = tuple[str, str]
ARMS = {
    "rephrase": ["rephrase:n=8"],
    "rephrase, lexicon only": ["rephrase:n=8,forms=0"],
    "paraphrase": ["paraphrase:n=4"],
    "persona": ["persona:n=4"],
    "noise": ["noise:n=4"],
    "rephrase + persona": ["rephrase:n=8,forms=1", "persona:n=2"],
    "nlpaug keyboard": ["nlpaug:augmenter=KeyboardAug,n=4"],
    "nlpaug random swap": [{"nlpaug": {"augmenter": "RandomWordAug", "n": 4, "options": {"action": "swap"}}}],
    "nlpaug synonyms": ["nlpaug:augmenter=SynonymAug,n=4"],
}


def read(path: Path) -> list[Labelled]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def draw(rows: Sequence[Labelled], shots: int, seed: int) -> list[Labelled]:
    by_label = defaultdict(list)
    for text, label in rows:
        by_label[label].append(text)
    chance = random.Random(seed)
    return [(text, label) for label in sorted(by_label) for text in chance.sample(by_label[label], shots)]


def augmented(rows: Sequence[Labelled], strategies: Sequence[Any], seed: int) -> list[Labelled]:
    plan = Plan(tuple(plugins()["strategy"].parse(item) for item in strategies), seed=seed)
    examples = [Example(id=str(number), messages=(Message(role="user", content=text),), label=label) for number, (text, label) in enumerate(rows)]
    return [(example.question, str(example.label)) for example in process(examples, plan).kept]


def eda(rows: Sequence[Labelled], seed: int, number: int = 4) -> list[Labelled]:
    chance = random.Random(seed)
    made = list(rows)
    for text, label in rows:
        for turn in range(number):
            words = text.split()
            change = ("synonym", "swap", "delete")[turn % 3]
            if change == "synonym":
                place = chance.randrange(len(words))
                words[place] = synonym(words[place], chance)
            elif change == "swap" and len(words) > 1:
                one, other = chance.sample(range(len(words)), 2)
                words[one], words[other] = words[other], words[one]
            elif len(words) > 1:
                words = [word for word in words if chance.random() > 0.1] or words[:1]
            made.append((" ".join(words), label))
    return made


def synonym(word: str, chance: random.Random) -> str:
    try:
        from nltk.corpus import wordnet

        names = sorted({lemma.name().replace("_", " ") for sense in wordnet.synsets(word.strip("?,.!")) for lemma in sense.lemmas()} - {word.lower()})
    except LookupError:
        return word
    return chance.choice(names) if names else word


def svm(train: Sequence[Labelled], test: Sequence[Labelled]) -> float:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC())
    model.fit([text for text, _ in train], [label for _, label in train])
    return float(model.score([text for text, _ in test], [label for _, label in test]))


def logistic(train: Sequence[Labelled], test: Sequence[Labelled]) -> float:
    from sklearn.linear_model import LogisticRegression

    encoder = Static()
    model = LogisticRegression(C=20, max_iter=500)
    model.fit(encoder.encode([text for text, _ in train]), [label for _, label in train])
    return float(model.score(encoder.encode([text for text, _ in test]), [label for _, label in test]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a folder with train.csv and test.csv (columns text, category)")
    parser.add_argument("--shots", type=int, nargs="+", default=[5, 10])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--arms", nargs="+", default=[*ARMS, "eda"], help=f"of: {', '.join([*ARMS, 'eda'])}")
    settings = parser.parse_args()
    train, test = read(settings.data / "train.csv"), read(settings.data / "test.csv")
    classifiers: dict[str, Callable[[Sequence[Labelled], Sequence[Labelled]], float]] = {"TF-IDF + linear SVM": svm, "static encoder + logistic regression": logistic}
    for shots in settings.shots:
        draws = [draw(train, shots, seed) for seed in range(settings.seeds)]
        plain = {name: np.array([classify(rows, test) for rows in draws]) for name, classify in classifiers.items()}
        print(f"\n### {shots} questions a class, {settings.seeds} seeds\n\n| arm | rows | {' | '.join(classifiers)} |\n|---|---|{'---|' * len(classifiers)}")
        print(f"| no augmentation | {len(draws[0])} | " + " | ".join(f"{scores.mean():.1%}" for scores in plain.values()) + " |", flush=True)
        for arm in settings.arms:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    grown = [eda(rows, seed) if arm == "eda" else augmented(rows, ARMS[arm], seed) for seed, rows in enumerate(draws)]
                except Exception as error:  # an augmenter whose data is not there
                    print(f"| {arm} | | not run: {str(error).splitlines()[0][:80]} |")
                    continue
            cells = []
            for name, classify in classifiers.items():
                gains = np.array([classify(rows, test) for rows in grown]) - plain[name]
                half = stats.t.ppf(0.975, len(gains) - 1) * gains.std(ddof=1) / len(gains) ** 0.5
                cells.append(f"{(plain[name] + gains).mean():.1%} ({gains.mean() * 100:+.1f}, {(gains.mean() - half) * 100:+.1f} to {(gains.mean() + half) * 100:+.1f})")
            print(f"| {arm} | {len(grown[0])} | " + " | ".join(cells) + " |", flush=True)


main()
