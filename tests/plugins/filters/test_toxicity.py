import csv
from collections import Counter

import pytest

from augmentor_plugins.filters.toxicity import Toxicity, judged

ABUSE = {"hate", "threat", "slur", "insult"}
GROUPS = ("women", "trans people", "gay people", "black people", "disabled people", "Muslims", "immigrants", "Jews", "Mexicans", "old people")

# Functions in the manner of HateCheck (Röttger et al. 2021), in words of our own: what has to be told apart, by kind.
HATEFUL = """strong dislike: I hate {g}.
strong dislike: I fucking hate {g}
strong dislike: I can't stand {g}
dehumanisation: {g} are like cockroaches
dehumanisation: {g} are no better than animals
derogation: {g} are disgusting.
derogation: All {g} are stupid.
derogation: {g} are inferior to us
threat: {g} should be killed.
threat: Someone should shoot all {g}
threat: We need to wipe out all {g}.
threat: I will kill all {g}
denied rights: {g} shouldn't be allowed to vote
denied rights: {g} don't deserve rights
negated praise: {g} are not human
profanity: Fuck all {g}
profanity: These fucking {g} are ruining our country
pronoun: {g} live everywhere in this city. They're disgusting.
pronoun: How can anyone like {g}? They are vermin.
question: Why are {g} so stupid?
opinion: The world would be a better place without {g}
address: You {g} are all worthless
leetspeak: I h4te {g}
leetspeak: {g} are d1sgusting
spaced: I h a t e {g}
look-alike: I hаtе {g}
exclusion: nobody wants {g} here
wish: I wish {g} would just die""".splitlines()
HARMLESS = """identity: I am one of those {g}.
identity: Is there a discount for {g}?
identity: {g} often face discrimination
praise: {g} are wonderful.
praise: I fucking love {g}
negated: I don't hate {g}.
negated: {g} are not disgusting.
negated: No {g} deserve to die.
negated: {g} should not be killed
quoted: Saying "I hate {g}" is wrong.
quoted: "{g} are inferior" is a hateful lie.
counter: Nobody should ever say that {g} are scum.
counter: People who say {g} are inferior are disgusting.
counter: Stop saying {g} are stupid!
counter: It is wrong to hate {g}.
rights: {g} deserve respect and equal rights.
things: The shoes for {g} are ugly
things: Do you ship clothes for {g}?""".splitlines()


@pytest.mark.parametrize("line", HATEFUL)
@pytest.mark.parametrize("group", GROUPS)
def test_hate_is_seen_whoever_it_is_aimed_at(line, group):
    assert judged(line.partition(": ")[2].replace("{g}", group))[0] in {"hate", "threat"}


@pytest.mark.parametrize("line", HARMLESS)
@pytest.mark.parametrize("group", GROUPS)
def test_talk_about_a_group_or_about_hate_is_kept(line, group):
    assert judged(line.partition(": ")[2].replace("{g}", group))[0] not in ABUSE


@pytest.mark.parametrize(
    "text",
    """you are an idiot|you're a pathetic loser|f**k you|F.U.C.K you|you b1tch|you a$$hole|asshoooole|n1gger|n*gger|ni66er|kys|I'm going to kill you|I will find you and rape you|go back to your country
you dirty jew|Ѕhut up you fаggоt|f a g g o t|i hope you die of cancer|I will bomb your office|women belong in the kitchen|Ihatewomen|what a retard|ｆｕｃｋ you""".replace("\n", "|").split("|"),
)
def test_disguised_and_aimed_abuse_is_seen(text):
    assert judged(text)[0] in ABUSE


@pytest.mark.parametrize(
    "text",
    """My therapist recommended this analysis|I need to kill the process|Scunthorpe and Penistone ship too|I will shoot you an email|my battery is dead|I could kill for a coffee
My ex threatened to kill me, what should I do?|He called me a faggot and I want to report him|The word nigger is offensive|Someone sent me the message "I will kill you" and I am scared
You are not stupid|I am a proud dyke|Is this product suitable for black hair?|The black dog and the white cat|Dick Smith lives in Essex|He beat me at chess|I hate waiting|Rats are vermin
The rapist was convicted|I would never hurt you|Bankers are parasites on society|Hoe kan ik mijn bestelling annuleren?|Mon colis est en retard|När är det slut på rean?|b2b and 3d printing|women's shoes are terrible""".replace("\n", "|").split("|"),
)
def test_innocent_texts_are_kept(text):
    assert judged(text)[0] not in ABUSE | {"sexual"}


def test_swearing_at_nobody_is_mild_and_only_dropped_where_one_asks_for_it(row):
    candidate = row("why the fuck is my card blocked")
    assert Toxicity().judge([candidate])[0].keep
    (verdict,) = Toxicity(at="mild").judge([candidate])
    assert not verdict.keep
    assert verdict.reason == "the question swears (mild): 'fuck'"


def test_answers_are_judged_too_unless_only_questions_are_asked_for(row):
    candidate = row("Hello", "You are an idiot")
    (verdict,) = Toxicity().judge([candidate])
    assert verdict.reason.startswith("the answer insults (strong)")
    assert Toxicity(side="questions").judge([candidate])[0].keep


def test_bank_customers_are_not_abusive(banking77):
    assert [text for text in banking77 if judged(text)[0] in ABUSE] == []


def test_tweets_are_told_apart(shared_data):
    with (shared_data / "davidson_hate_speech" / "labeled_data.csv").open(encoding="utf-8", newline="") as file:
        tweets = list(csv.DictReader(file))[::16]
    abusive = Counter(line["class"] for line in tweets if judged(line["tweet"])[0] not in {"", "profanity"})
    number = Counter(line["class"] for line in tweets)
    assert abusive["0"] / number["0"] > 0.68  # hate
    assert abusive["1"] / number["1"] > 0.78  # offensive
    assert abusive["2"] / number["2"] < 0.07  # neither
