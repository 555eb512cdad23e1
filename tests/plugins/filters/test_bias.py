import pytest

from augmentor.protocols import Candidate
from augmentor_plugins.filters.bias import Bias, biased


@pytest.mark.parametrize(
    "text", ["Women can't drive.", "women are bad at math", "Old people are bad with technology", "Asians are good at math", "boys will be boys", "girls are too emotional to lead", "Blacks never listen", "black people tend to be late", "Whites are lazy"]
)
def test_a_stereotype_is_named(text, row):
    (verdict,) = Bias().judge([row(text)])
    assert not verdict.keep
    assert "generalises about a group" in verdict.reason


@pytest.mark.parametrize(
    "text",
    ["Women are welcome here", "Do women need a visa?", "Men's shoes are out of stock", "All women deserve respect", "Saying women can't drive is sexist", "Are disabled people able to use it?", "People in wheelchairs can use the lift", "As a woman I need help", "Not all men are violent"],
)
def test_a_fact_or_a_question_about_a_group_is_kept(text, row):
    assert Bias().judge([row(text)])[0].keep


def test_the_limit_decides(row):
    assert biased("Women can't drive")[0] == 0.6
    assert Bias(at=0.7).judge([row("Women can't drive")])[0].keep


def test_no_false_alarm_on_bank_questions(banking77):
    assert [text for text in banking77 if biased(text)[0]] == []


def test_what_is_flagged_stays_and_says_why_once(row):
    (verdict,) = Bias(action="flag").judge([row("Women can't drive")])
    assert verdict.keep
    assert verdict.replacement.meta["bias"] == verdict.reason
    assert "generalises" in verdict.reason
    assert Bias(action="flag").judge([Candidate(verdict.replacement)])[0].replacement is None
