import pytest

from augmentor_plugins.filters.fidelity import Fidelity
from augmentor_plugins.filters.novelty import Novelty

TURNED = """I can cancel my order|I can't cancel my order
How do I cancel my subscription?|I can't cancel your subscription
Where is my order?|Where is your order?
I was charged $25 twice|I was charged $52 twice
Order A-7731 is late|My order is late
Refund for {{name}}|Refund for him
How do I reset my password?|To reset your password, go to settings.
How do I reset my password?|Sure! Here is a rephrased version: How can I reset it?
How do I reset my password?|You can reset your password in the settings.
How do I activate my card?|How do I deactivate my card?
Do I have to pay for shipping?|Can I pay for shipping?
My parcel should come on Monday|My parcel should come on Friday
I waited 3 weeks|I waited 5 weeks
Does it work with Apple Pay?|Does it work with other wallets?
Why was I charged before delivery?|Why was I charged after delivery?
my card is not working|my card is working
I did not receive a refund|I did receive a refund
I paid 20 euros|I paid"""
FAITHFUL = """How do I reset my password?|I forgot my login, what now?
I can't log in|I'm locked out of my account
Why is my card not working?|My card stopped working
How do I cancel my order?|I don't know how to cancel my order
I have been waiting 2 weeks for my card|It's been 14 days and still no card
I was charged twice|There are 2 charges for one purchase
How do I close my account?|I want to get rid of my account
Is there a way to pay by card?|Isn't there any way to pay by card?
The app won't open|Nothing happens when I tap the app
What is the delivery time?|When will my stuff turn up?
Do you ship on Saturdays?|Is saturday delivery available?
where do i find my IBAN|can't find my iban anywhere
I received a damaged item|what I got is broken
My 2FA code never came|the two-factor code didn't arrive
My order A-7731 is late|where's a7731?? it should be here by now
I paid $1,299.00|I was billed 1299 dollars"""


@pytest.mark.parametrize(("source", "text"), [line.split("|") for line in TURNED.splitlines()])
def test_a_variant_that_means_something_else_is_dropped(source, text, variant):
    (verdict,) = Fidelity().judge([variant(source, text)])
    assert not verdict.keep
    assert verdict.reason.startswith("it no longer says what r1 says: ")


@pytest.mark.parametrize(("source", "text"), [line.split("|") for line in FAITHFUL.splitlines()])
def test_a_paraphrase_in_other_words_is_kept(source, text, variant):
    (verdict,) = Fidelity().judge([variant(source, text)])
    assert verdict.keep, verdict.reason


def test_a_source_is_not_compared_with_anything(row):
    assert Fidelity().judge([row("Where?")])[0].keep


def test_of_many_bank_questions_none_is_unfaithful_to_itself(banking77, variant):
    candidates = [variant(text, text.lower().rstrip("?.!")) for text in banking77[::10]]
    assert [verdict.reason for verdict in Fidelity().judge(candidates) if not verdict.keep] == []


def reduce(filter, candidates):
    return filter.reduce(filter.sketch(candidates), [])


def test_a_variant_that_repeats_its_source_in_other_case_is_dropped(variant):
    (verdict,) = reduce(Novelty(), [variant("How do I reset my password?", "how do i reset my password")])
    assert (verdict.keep, verdict.score) == (False, 0)
    assert "its source" in verdict.reason


def test_of_two_siblings_that_say_the_same_the_smaller_id_stays_whatever_the_order(variant):
    pair = [variant("How do I reset my password?", "I forgot my login"), variant("How do I reset my password?", "i forgot my login!")]
    first, second = reduce(Novelty(), pair), reduce(Novelty(), pair[::-1])
    assert sum(verdict.keep for verdict in first) == 1
    assert first == second[::-1]
    kept = next(candidate.example.id for candidate, verdict in zip(pair, first, strict=True) if verdict.keep)
    assert kept == min(candidate.example.id for candidate in pair)


def test_families_do_not_meet(variant):
    same = [variant("How do I reset it?", "I forgot my login", id="r1"), variant("Where is the login?", "I forgot my login", id="r2")]
    assert all(verdict.keep for verdict in reduce(Novelty(), same))


def test_with_content_words_only_a_mere_sentence_form_is_nothing_new(variant):
    form = variant("How do I reset my password?", "I would like to reset my password please")
    assert reduce(Novelty(), [form])[0].keep
    assert not reduce(Novelty(content_only=True), [form])[0].keep


def test_a_rewritten_answer_counts_as_new(row):
    from augmentor.protocols import Candidate

    source = row("Where is it?", "It is on its way.").example
    other = Candidate(source.vary(1, "Your parcel left the depot today.", "test"), source)
    assert reduce(Novelty(), [other])[0].keep
