"""The pipeline with strategies and filters of its own, loaded as plugins are."""

from dataclasses import dataclass
from importlib.metadata import EntryPoint

import pytest

from augmentor import plugins as plugin_module
from augmentor.examples import Example, Message, decode, encode
from augmentor.pipeline import FAILED, MALFORMED, REPEAT, Plan, asking, process
from augmentor.protocols import Malformed, Reply, Request, Verdict
from augmentor.registry import Spec


@dataclass(frozen=True)
class Numbered:
    """Append a random number, `n` times; `same` repeats one."""

    n: int = 2
    same: bool = False

    def vary(self, text, rng):
        for _ in range(self.n):
            yield f"{text} {rng.randrange(10**9)}" if not self.same else text.upper()


@dataclass(frozen=True)
class Asker:
    """Have a model write."""

    def ask(self, example, rng):
        return [Request((Message(role="user", content=f"{example.question} #{number}"),)) for number in range(2)]

    def read(self, example, replies):
        for reply in replies:
            if "?" in reply.text:
                yield Malformed(reply, "it asks back")
            elif reply.error is None:
                yield (Message(role="user", content=reply.text), *example.messages[1:]), "asked"


@dataclass(frozen=True)
class Even:
    """Drop texts of odd length."""

    def judge(self, candidates):
        return [Verdict(len(one.example.question) % 2 == 0, float(len(one.example.question)), "odd length") for one in candidates]


@dataclass(frozen=True)
class Rare:
    """Drop a first letter's texts when `most` came before, and what begins as a held-out one does."""

    most: int = 1

    def sketch(self, candidates):
        return [one.example.question[:1] for one in candidates]

    def reduce(self, sketches, held_out):
        seen = {}
        verdicts = []
        for letter in sketches:
            seen[letter] = seen.get(letter, 0) + 1
            verdicts.append(Verdict(seen[letter] <= self.most and letter not in held_out, None, "too many" if letter not in held_out else "held out"))
        return verdicts


def augmentor_register_strategies(register):
    register(Numbered, "numbered")
    register(Asker, "asker")


def augmentor_register_filters(register):
    register(Even, "even")
    register(Rare, "rare")


@pytest.fixture(autouse=True)
def own_plugins(monkeypatch):
    import sys
    import types

    from augmentor import hookimpl, pipeline

    module = types.ModuleType("pipeline_test_plugin")
    module.augmentor_register_strategies = hookimpl(augmentor_register_strategies)
    module.augmentor_register_filters = hookimpl(augmentor_register_filters)
    monkeypatch.setitem(sys.modules, "pipeline_test_plugin", module)
    found = plugin_module.Plugins([EntryPoint("own", "pipeline_test_plugin", "augmentor")])
    assert not list(found.failures())
    monkeypatch.setattr(pipeline, "plugins", lambda: found)


def sources(*texts):
    return [Example(id=f"s{index}", messages=(Message(role="user", content=text), Message(role="assistant", content="A"))) for index, text in enumerate(texts)]


def texts(examples):
    return [example.question for example in examples]


def test_originals_come_first_in_their_family_and_variants_know_where_they_are_from():
    outcome = process(sources("one", "two"), Plan((Spec("numbered", {"n": 2}),)))
    assert [example.root for example in outcome.kept] == ["s0", "s0", "s0", "s1", "s1", "s1"]
    assert [example.parent for example in outcome.kept] == [None, "s0", "s0", None, "s1", "s1"]
    assert outcome.kept[1].made_by == "numbered:n=2"
    assert outcome.made == {"numbered:n=2": 4}


def test_chance_does_not_depend_on_position():
    plan = Plan((Spec("numbered", {}),), seed=3)
    alone = process(sources("one", "two")[1:], plan).kept
    together = [example for example in process(sources("one", "two"), plan).kept if example.root == "s1"]
    assert alone == together
    assert texts(process(sources("one"), Plan((Spec("numbered", {}),), seed=4)).kept) != texts(process(sources("one"), plan).kept)


def test_a_variant_that_repeats_is_dropped_with_a_reason():
    outcome = process(sources("one"), Plan((Spec("numbered", {"n": 3, "same": True}),)))
    assert texts(outcome.kept) == ["one"]
    assert [(row.filter, row.reason) for row in outcome.dropped] == [(REPEAT, "it says the same as its source or an earlier variant")] * 3


def test_filters_judge_variants_and_leave_originals_alone():
    outcome = process(sources("odd"), Plan((Spec("numbered", {"n": 8}),), (Spec("even", {}),)))
    kept = outcome.kept
    assert kept[0].question == "odd"
    assert all(len(example.question) % 2 == 0 and example.scores["even"] == len(example.question) for example in kept[1:])
    assert len(kept) - 1 + len(outcome.dropped) == 8
    assert {row.reason for row in outcome.dropped} <= {"odd length"}


def test_cleaning_judges_the_sources():
    outcome = process(sources("odd", "even"), Plan(filters=(Spec("even", {}),)), sources_judged=True)
    assert texts(outcome.kept) == ["even"]
    assert outcome.dropped[0].score == 3


def test_a_filter_of_the_whole_data_set_sees_all_shards_and_the_held_out_rows(monkeypatch):
    from augmentor import pipeline

    monkeypatch.setattr(pipeline, "SHARD_BYTES", 1)
    outcome = process(sources("ab", "ac", "bc", "zz"), Plan(filters=(Spec("rare", {}),)), held_out=sources("zebra"), sources_judged=True)
    assert texts(outcome.kept) == ["ab", "bc"]
    assert [row.reason for row in outcome.dropped] == ["too many", "held out"]


def test_prompted_strategies_read_what_the_model_answered():
    def answer(requests):
        return [Reply(text=request.messages[0].text.upper()) for request in requests]

    outcome = process(sources("one", "two"), Plan((Spec("asker", {}),)), answer=answer)
    assert texts(outcome.kept) == ["one", "ONE #0", "ONE #1", "two", "TWO #0", "TWO #1"]
    assert outcome.kept[1].variation == "asked"


def test_replies_that_became_no_variant_are_kept_with_the_reason_and_counted():
    replies = iter([Reply("what do you mean?"), Reply(error="the endpoint is on fire"), Reply("fine")])
    outcome = process(sources("one", "two"), Plan((Spec("asker", {}),)), answer=lambda requests: [next(replies, Reply("good")) for _ in requests])
    assert texts(outcome.kept) == ["one", "two", "fine", "good"]
    failed, malformed = outcome.dropped
    assert (failed.filter, failed.reason, failed.example.messages) == (FAILED, "the endpoint is on fire", ())
    assert (malformed.filter, malformed.reason) == (MALFORMED, "it asks back")
    assert [(turn.role, turn.text) for turn in malformed.example.messages] == [("assistant", "what do you mean?")]
    assert {row.example.root for row in outcome.dropped} == {"s0"}
    assert {row.example.made_by for row in outcome.dropped} == {"asker"}
    assert outcome.made == {"asker": 4}, "what was made is what is kept and what is dropped"


def test_what_would_be_asked_can_be_seen_without_asking():
    seen = []
    plan = Plan((Spec("numbered", {}), Spec("asker", {})))
    process(sources("one", "two"), plan, answer=lambda requests: [seen.append(request) or Reply("x") for request in requests])
    ((number, lists),) = asking(sources("one", "two"), plan)
    assert number == 1
    assert [request for requests in lists for request in requests] == seen


def test_a_prompted_strategy_without_a_model_is_refused_with_advice():
    with pytest.raises(ValueError, match="needs a language model; name one with --generator"):
        process(sources("one"), Plan((Spec("asker", {}),)))


def test_the_kept_rows_are_a_native_file():
    kept = process(sources("one"), Plan((Spec("numbered", {}),))).kept
    assert [decode(encode(example)) for example in kept] == kept
