import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor.errors import LexiconError
from augmentor_plugins.lexicon import rendering
from augmentor_plugins.lexicon.checking import check
from augmentor_plugins.lexicon.files import read_topics
from augmentor_plugins.lexicon.matching import Lexicon, common_sets, read_lexicon
from augmentor_plugins.lexicon.questions import kinds, states_fact_word
from augmentor_plugins.lexicon.words import respell

TEXT = """
## stop a subscription
do: @cancel + @subscription
ok: monthly
no: trial
+ How do I cancel my subscription?
+ Cancelling your Lumo Plus plan
- When does my subscription end?
> stop paying for {o}
= I don't want to pay for this any more
= {o} {is/are} no use to me now
=[monthly] Every month it goes out again
=[!monthly] It goes on and on

## card declined
fix: @failed + @card
+ Why was my card declined?
+ My cards don't work
- Where is my card?
= The machine refused my plastic
= {o} {gets/get} turned down

## delivery price
ask: @cost + delivery | shipping
+ How much is shipping?
+ delivery costs
- When is the delivery?
= What do you take for bringing it?
"""


def said(match):
    return [rendering.rendered(line, match) for line in rendering.lines(match)]


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory):
    path = tmp_path_factory.mktemp("lexicon") / "own.txt"
    path.write_text(TEXT)
    assert list(check(path, alone=True)) == []
    return Lexicon(read_topics(path, common_sets())[0])


def titles(lexicon, question):
    return [match.topic.title for match in lexicon.match(question)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How do I reset my password?", {"do"}),
        ("Changing your address", {"do", "fix", "ask"}),
        ("I want to cancel my plan", {"do"}),
        ("Can you ship to Canada?", {"do", "ask"}),
        ("Why was my card declined?", {"fix", "ask"}),
        ("My card was declined", {"fix"}),
        ("I can't log in", {"fix"}),
        ("How much is delivery?", {"ask"}),
        ("When will it arrive?", {"ask", "fix"}),
        ("What should I do if I lost my card?", {"fix", "ask"}),
        ("Hi there, could you please tell me how to pay?", {"do"}),
        ("How do I know if it went through?", {"ask", "fix"}),
        ("My account is locked. How do I unlock it?", {"do", "fix"}),
    ],
)
def test_the_kind_of_a_question(question, expected):
    assert kinds(respell(question)) == expected


@pytest.mark.parametrize(("question", "word"), [("How much is it?", "how much"), ("Do you know when it opens?", "when"), ("What is it?", None), ("How do I pay?", None)])
def test_the_question_word_that_counts(question, word):
    assert states_fact_word(respell(question)) == word


@pytest.mark.parametrize("question", ["How do I cancel my subscription?", "please could you end our membership", "Subscription cancellation", "I'm trying to get out of my monthly plan"])
def test_a_need_is_recognised_in_many_forms(lexicon, question):
    assert titles(lexicon, question) == ["stop a subscription"]


@pytest.mark.parametrize(
    "question",
    [
        "How do I cancel my subscription for my son's tablet?",  # a word is left over
        "I can't cancel my subscription",  # a negation that nothing names
        "How do I cancel my trial subscription?",  # forbidden
        "How do I cancel my order?",
        "Why was my card accepted?",
        "When is the delivery?",
        "",
        "?!",
    ],
)
def test_a_topic_says_nothing_unless_it_accounts_for_every_word(lexicon, question):
    assert titles(lexicon, question) == []


def test_what_the_object_carries_along_needs_a_line_that_says_it(lexicon):
    plain, carried = lexicon.match("How do I cancel my subscription?")[0], lexicon.match("How do I cancel my family subscription?")[0]
    assert said(plain) == ["I don't want to pay for this any more", "My subscription is no use to me now", "It goes on and on"]
    assert said(carried) == ["My family subscription is no use to me now"]
    assert ("stop paying for {o}", "I'd like to stop paying for my family subscription.") in [(goal, rendering.rendered(form, carried)) for goal, forms in zip(carried.goals, rendering.goals(carried), strict=True) for form in forms]


def test_a_brand_in_front_of_the_object_needs_no_carrying(lexicon):
    assert "I don't want to pay for this any more" in said(lexicon.match("How do I cancel my Lumo Plus subscription?")[0])


def test_a_line_with_a_condition_is_said_only_then(lexicon):
    assert "Every month it goes out again" in said(lexicon.match("How do I cancel my monthly subscription?")[0])
    assert "It goes on and on" not in said(lexicon.match("How do I cancel my monthly subscription?")[0])


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("Why were my cards declined?", "My cards get turned down"),
        ("Why was my card declined?", "My card gets turned down"),
        ("card declined", "My card gets turned down"),
        ("Your card is not accepted", "My card gets turned down"),
    ],
)
def test_words_agree_with_the_object_and_it_is_the_customers(lexicon, question, line):
    assert line in said(lexicon.match(question)[0])


def test_a_customer_who_says_we_is_answered_in_kind(lexicon):
    lines = said(lexicon.match("How do we cancel our subscription?")[0])
    assert "We don't want to pay for this any more" in lines
    assert "Our subscription is no use to us now" in lines


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_survived(lexicon, text):
    for match in lexicon.match(text):
        said(match)


def test_a_file_of_ones_own_comes_first(tmp_path):
    path = tmp_path / "ours.txt"
    path.write_text("## grommets\ndo: polish + grommet\n+ How do I polish a grommet?\n+ grommet polishing\n- How do I buy a grommet?\n= Mine has lost its shine\n")
    assert titles(read_lexicon(path), "How do I polish my grommets?") == ["grommets"]


def test_a_file_that_cannot_be_read_is_refused_with_every_mistake(tmp_path):
    path = tmp_path / "ours.txt"
    path.write_text("## a\ndo: @never + x\n= y\nnonsense\n")
    with pytest.raises(LexiconError, match=r"(?s)ours.txt:2.*ours.txt:4"):
        read_lexicon(path)
