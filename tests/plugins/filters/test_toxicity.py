import csv
import importlib.util
from collections import Counter
from pathlib import Path

import pytest

from augmentor.errors import BadOption
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


@pytest.fixture(scope="module")
def functional():
    """The benchmark's cases, judged: (case, class)."""
    path = Path(__file__).parents[3] / "benchmarks" / "toxicity.py"
    spec = importlib.util.spec_from_file_location("toxicity_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, [(case, judged(case.text)[0]) for case in module.cases(path.with_name("toxicity_cases.txt"))]


APART = """I cannot respect {g}|{g} give me the creeps|My problem with {g} is that they are all idiots|The world doesn't need {g}|All I want is for {g} to die|It disgusts me to see {g} kissing|{g}, go home!
Nobody asked for {g} to come here|Get these {g} away from me|It would be great if {g} did not exist|{g} don't have souls|Stop giving {g} rights|It's ok to hit {g}|{g} bring nothing but trouble""".replace("\n", "|").split("|")
SPARED = """Statements like "deport all {g}" are just hateful|Hating {g} is wrong|{g} have the right to live in peace|I hate that {g} still have to fight for their rights|{g} are sick and tired of being attacked|I'm done with people who hate {g}
Don't you dare call {g} dirty|The film shows how {g} were persecuted and murdered|Why do people hate {g}?|I'd kill for the food that {g} make|Stop attacking {g}|{g} are damn good at their job""".replace("\n", "|").split("|")


@pytest.mark.parametrize("group", GROUPS[:4])
def test_words_that_stand_apart_attack_a_group_too_and_those_of_its_friends_do_not(group):
    assert [line for line in APART if judged(line.replace("{g}", group))[0] not in {"hate", "threat"}] == []
    assert [line for line in SPARED if judged(line.replace("{g}", group))[0] in ABUSE] == []


@pytest.mark.parametrize(("held_back", "least"), [(False, 0.97), (True, 0.91)])
def test_functional_cases_are_told_apart_alike_for_every_group(functional, held_back, least):
    module, found = functional
    counts = {group: Counter() for group in module.GROUPS}
    for case, kind in found:
        if case.held_back == held_back and case.group in counts:
            counts[case.group][case.hateful, kind in module.HATEFUL] += 1
    scores = [module.macro_f1(count) for count in counts.values()]
    assert min(scores) > least
    assert max(scores) - min(scores) < 0.03


@pytest.mark.parametrize(
    "text",
    """Gay people are fucking brilliant|We had a damn good evening with our Mexican neighbours|Women were killed in the attack|I hate it when immigrants are insulted|I hate how women are treated here
Muslims are afraid of being attacked|Disabled people are treated like garbage in this city|The attack on immigrants was disgusting|Someone should help the immigrants|Gay people are sick of being insulted
The killing of black people must stop|I'd rather work with women than men|There are fewer women in tech than men|Gay people should never be ashamed|Why do immigrants face such terrible conditions?
Are immigrants really people who take our jobs?|My trans friend was called a tranny yesterday|I am tired of the hate against Muslims|Racists who attack immigrants are disgusting|Men who beat women are scum""".replace("\n", "|").split("|"),
)
def test_groups_that_suffer_or_are_spoken_well_of_are_no_targets(text):
    assert judged(text)[0] not in ABUSE


def test_the_words_that_decide_are_those_of_the_sentence_where_a_pronoun_stands_for_the_group():
    assert judged("Muslims live here. They should be killed!") == ("hate", "they should be killed")


@pytest.fixture(scope="module")
def tiny_classifier(tmp_path_factory):
    """A BERT of one layer that calls a text toxic when it holds `grue`, made to by setting its weights."""
    torch = pytest.importorskip("torch")
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("classifier")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "card", "grue"]
    BertTokenizerFast(vocab={word: place for place, word in enumerate(words)}, model_max_length=16).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8, max_position_embeddings=16, id2label={0: "non-toxic", 1: "toxic"}, label2id={"non-toxic": 0, "toxic": 1}
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = BertForSequenceClassification(config).eval()
        for name, value in model.named_parameters():
            if "LayerNorm.weight" not in name:
                value.data.zero_()
        # One dimension says `grue`; attention with equal weights carries it to the first place, from where the pooler reads it.
        base = model.bert
        base.embeddings.word_embeddings.weight.data[7, 0] = 8.0
        base.encoder.layer[0].attention.self.value.weight.data[0, 0] = 8.0
        base.encoder.layer[0].attention.output.dense.weight.data[0, 0] = 8.0
        base.pooler.dense.weight.data[0, 0] = 4.0
        model.classifier.weight.data[1, 0] = 6.0
        model.classifier.bias.data[0] = 3.0
        model.save_pretrained(folder)
    return str(folder)


def test_a_classifier_is_asked_too(tiny_classifier, row):
    rows = [row("the card", id="a"), row("the grue card", id="b"), row("you are an idiot", id="c")]
    kept, dropped, insulted = Toxicity(classifier=tiny_classifier).judge(rows)
    assert kept.keep
    assert kept.score < 0.1
    assert not dropped.keep
    assert dropped.score > 0.9
    assert "is abusive to" in dropped.reason
    assert "insults" in insulted.reason
    assert Toxicity(classifier=tiny_classifier, labels=("non-toxic",)).judge(rows[:1])[0].keep is False


def test_a_classifier_reads_a_long_text_to_its_end_and_a_score_does_not_depend_on_the_batch(tiny_classifier, row):
    made = Toxicity(classifier=tiny_classifier, side="questions")
    long = row("the card " * 40 + "grue", id="long")
    assert not made.judge([long])[0].keep
    assert made.judge([row("the card"), long])[1].score == made.judge([long])[0].score


def test_a_classifier_without_such_a_label_says_which_it_has(tiny_classifier, row):
    with pytest.raises(BadOption, match="non-toxic, toxic"):
        Toxicity(classifier=tiny_classifier, labels=("rude",)).judge([row("the card")])
    with pytest.raises(BadOption, match="name one in `classifier`"):
        Toxicity(labels=("rude",))
