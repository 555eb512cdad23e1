"""Effects that are known, because they were put there: what the whole machinery says of them."""

from __future__ import annotations

from random import Random

import pytest

from augmentor.examples import Example, Message, encode
from augmentor.protocols import Ablation
from augmentor_evaluation.arms import compare_arms
from augmentor_evaluation.metrics.exact_match import ExactMatch

METRICS = {"exact_match": ExactMatch()}
WORDS = "amber birch cedar delta ember fjord grove heron inlet jetty kiosk lemon maple nylon ochre pearl quartz river slate thyme umber viola wharf yeast zebra".split()


class World:
    """Questions of 30 labels, with arms that answer each rightly with a chance of their own: a label's, plus an effect."""

    def __init__(self, seed, *, labels=30, each=8):
        self.rng = Random(seed)
        self.labels = [f"label {number % labels}" for number in range(labels * each)]
        self.easy = {label: self.rng.uniform(0.2, 0.6) for label in self.labels}
        self.references = [f"the answer of {label}" for label in self.labels]
        self.questions = [" ".join(self.rng.sample(WORDS, 7)) for _ in self.labels]

    def answers(self, effect=lambda _label, _place: 0.0):
        right = (self.rng.random() < self.easy[label] + effect(label, place) for place, label in enumerate(self.labels))
        return [reference if yes else "no idea" for yes, reference in zip(right, self.references, strict=True)]

    def arms(self, effect, seeds=3):
        """Two arms under some seeds, the second with an effect, as the fixture takes them."""
        return {"original": {seed: self.answers() for seed in range(seeds)}, "augmented": {seed: self.answers(effect) for seed in range(seeds)}}

    def compared(self, comparison, arms, **settings):
        return compare_arms(comparison(arms, self.references, labels=self.labels, questions=self.questions, metrics=METRICS, **settings))


def chat(id, question, answer):
    return Example(id=id, messages=(Message(role="user", content=question), Message(role="assistant", content=answer)))


@pytest.fixture
def trained_on(tmp_path):
    """A training file of questions with their answers."""

    def write(name, rows):
        path = tmp_path / f"{name}.train.jsonl"
        path.write_bytes(b"".join(encode(chat(f"{name}{number}", *row)) for number, row in enumerate(rows)))
        return path

    return write


def test_no_effect_is_not_called_one(comparison):
    called = []
    for seed in range(20):
        world = World(seed)
        results = world.compared(comparison, world.arms(lambda _label, _place: 0.0))
        called.append(results.headline.verdict)
    assert called.count("can't tell") >= 17  # 20 draws at 5 %: more than 3 false ones have a chance of 2 %


def test_a_large_effect_is_found_with_its_size(comparison):
    world = World(1)
    headline = world.compared(comparison, world.arms(lambda _label, _place: 0.3)).headline
    assert headline.verdict == "better"
    assert headline.difference.low < 0.3 < headline.difference.high
    assert "But" not in headline.sentence


def test_harm_is_found_too(comparison):
    world = World(2)
    assert world.compared(comparison, world.arms(lambda _label, _place: -0.2)).headline.verdict == "worse"


def test_a_small_effect_needs_a_large_test_and_a_small_test_says_so(comparison):
    small = World(3, each=3)
    found = small.compared(comparison, small.arms(lambda _label, _place: 0.05, seeds=1))
    assert found.headline.verdict == "can't tell"
    assert found.comparisons[0].detectable > 0.05
    assert "would have been found four times in five" in found.headline.sentence
    large = World(3, labels=150, each=12)
    assert large.compared(comparison, large.arms(lambda _label, _place: 0.05)).headline.verdict == "better"


def test_an_effect_that_is_opposite_in_one_slice_is_seen_and_said(comparison):
    world = World(4, each=16)
    results = world.compared(comparison, world.arms(lambda label, _place: -0.6 if label == "label 7" else 0.25))
    assert results.headline.verdict == "better"
    slices = {one.value: one for one in results.slices if one.group == "label"}
    assert slices["label 7"].verdict == "worse"
    assert not [one.value for one in slices.values() if one.verdict == "worse" and one.value != "label 7"]
    assert "But augmented is worse than original on label 'label 7'" in results.headline.sentence


def test_a_whole_without_effect_does_not_hide_a_slice_that_got_worse(comparison):
    world = World(5, labels=10, each=20)
    results = world.compared(comparison, world.arms(lambda label, _place: -0.5 if label == "label 3" else 0.05))
    assert "worse than original on label 'label 3'" in results.headline.sentence


def test_a_leaked_test_set_is_noticed_and_left_out(comparison, trained_on):
    """The arm knows a third of the test by heart, and is no better on the rest."""
    world = World(6)
    leaked = {place for place in range(len(world.labels)) if place % 3 == 0}
    arms = world.arms(lambda _label, place: 1.0 if place in leaked else 0.0)
    copies = [(_nearly(world.questions[place]), world.references[place]) for place in sorted(leaked)]
    own = [(" ".join(reversed(question.split())), reference) for question, reference in zip(world.questions[:40], world.references, strict=False)]
    files = {"original": trained_on("original", own), "augmented": trained_on("augmented", own + copies)}
    fooled = world.compared(comparison, arms)
    assert fooled.headline.verdict == "better"
    assert fooled.leaks is None
    results = world.compared(comparison, arms, trained_on=files)
    assert results.headline.verdict == "can't tell"
    assert results.headline.questions == len(world.labels) - len(leaked)
    assert "in the training data: 80 questions of augmented; with them it would read better" in results.headline.sentence
    assert results.leaks.count == len(leaked)
    assert results.leaks.by_arm == {"augmented": len(leaked)}
    assert results.leaks.headline.verdict == "better"
    assert results.leaks.headline.difference == fooled.headline.difference
    assert {pair.id for pair in results.leaks.pairs} == {f"q{place}" for place in leaked}
    assert "word for word or nearly so: augmented 80" in results.limits[0]
    assert {arm.name: arm.leaked for arm in results.arms} == {"original": 0, "augmented": 80}


def _nearly(question):
    """The question with one more word."""
    return f"{question} please"


def test_clean_training_data_leaks_nothing_and_changes_nothing(comparison, trained_on):
    world = World(7)
    arms = world.arms(lambda _label, _place: 0.3)
    rows = [(" ".join(world.rng.sample(WORDS, 7)), reference) for reference in world.references]
    results = world.compared(comparison, arms, trained_on={"augmented": trained_on("augmented", rows)})
    assert results.leaks.count == 0
    assert results.headline == world.compared(comparison, arms).headline


def test_a_test_question_with_another_answer_in_training_is_no_leak(comparison, trained_on):
    world = World(8)
    rows = [(question, "something else entirely") for question in world.questions]
    assert world.compared(comparison, world.arms(lambda _label, _place: 0.0), trained_on={"augmented": trained_on("augmented", rows)}).leaks.count == 0


def test_what_parts_are_worth(comparison):
    """One strategy carries the gain, one does harm, one does nothing, and a filter changed no row."""
    world = World(9, each=16)
    arms = world.arms(lambda _label, _place: 0.25)
    arms["without-a"] = {seed: world.answers() for seed in range(3)}
    arms["without-b"] = {seed: world.answers(lambda _label, _place: 0.4) for seed in range(3)}
    arms["without-c"] = arms["augmented"]
    arms["without-d"] = {seed: world.answers(lambda _label, _place: 0.25) for seed in range(3)}
    ablations = tuple(Ablation(name, "left out", "augmented", f"without-{name}", rows=100, changed=0 if name == "c" else 20) for name in "abcd")
    results = world.compared(comparison, arms, subject="augmented", ablations=ablations)
    verdicts = {one.part: one.verdict for one in results.experiment}
    assert verdicts == {"a": "worth it", "b": "not worth it", "c": "changed no row", "d": "can't tell"}
    sentences = {one.part: one.sentence for one in results.experiment}
    assert "it does harm" in sentences["b"]
    assert "would have been found four times in five" in sentences["d"]
    # a part that is known to give less than what would be worth it is not worth it
    coarse = world.compared(comparison, arms, subject="augmented", ablations=ablations, least=0.2)
    assert {one.part: one.verdict for one in coarse.experiment}["d"] == "not worth it"


def test_adding_an_experiment_leaves_the_verdict_alone(comparison):
    world = World(10)
    arms = world.arms(lambda _label, _place: 0.12)
    alone = world.compared(comparison, arms)
    arms |= {f"without-{name}": {0: world.answers()} for name in "abcdefgh"}
    ablations = tuple(Ablation(name, "left out", "augmented", f"without-{name}", changed=1) for name in "abcdefgh")
    with_experiment = world.compared(comparison, arms, subject="augmented", ablations=ablations)
    assert with_experiment.headline == alone.headline
    assert with_experiment.comparisons == alone.comparisons
    assert len(with_experiment.experiment) == 8


def test_slices_go_by_language_and_by_what_the_data_says(tmp_path, comparison):
    import json

    world = World(11, labels=30, each=4)
    world.questions = [f"{'Wo finde ich meine letzte Rechnung' if place % 2 else 'Where can I find my last invoice'} {place}" for place in range(120)]
    request = comparison(world.arms(lambda _label, place: -0.5 if place % 2 else 0.5), world.references, labels=world.labels, questions=world.questions, metrics=METRICS)
    for one in request.predictions:
        rows = [json.loads(line) for line in one.path.read_text().splitlines()]
        one.path.write_text("".join(json.dumps({**row, "groups": {"channel": "app" if number < 70 else "mail", "ticket": f"T{number}"}}) + "\n" for number, row in enumerate(rows)))
    slices = {(one.group, one.value): one.verdict for one in compare_arms(request).slices if one.group not in {"label", "question length"}}
    assert slices == {("language", "de"): "worse", ("language", "en"): "better", ("channel", "app"): "can't tell", ("channel", "mail"): "can't tell"}
