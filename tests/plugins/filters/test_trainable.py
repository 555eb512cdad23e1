
from augmentor.examples import Example, Message
from augmentor.protocols import Candidate
from augmentor.testing import check_filter
from augmentor_plugins.filters.trainable import Trainable


def chat(*turns):
    return Candidate(Example(id="1", messages=tuple(Message(role=role, content=content) for role, content in turns)))


def test_what_the_model_cannot_take_is_dropped_with_the_reason(tiny_model):
    fine, unanswered, long = Trainable(model=str(tiny_model), max_length=60).judge([
        chat(("user", "Hi"), ("assistant", "Hello")), chat(("user", "Hi")), chat(("user", "Hi"), ("assistant", "never ending words " * 60)),
    ])  # fmt: skip
    assert fine.keep
    assert 0 < fine.score <= 60
    assert not unanswered.keep
    assert "nothing to learn in it" in unanswered.reason
    assert not long.keep
    assert f"it has {long.score:.0f} tokens and the model reads 60" in long.reason


def test_without_a_limit_the_model_says_how_much_it_reads(tiny_model):
    verdict = Trainable(model=str(tiny_model)).judge([chat(("user", "Hi"), ("assistant", "word " * 5000))])[0]
    assert not verdict.keep
    assert "the model reads" in verdict.reason


def test_it_keeps_the_rules_of_a_filter(tiny_model):
    check_filter(Trainable(model=str(tiny_model)))
