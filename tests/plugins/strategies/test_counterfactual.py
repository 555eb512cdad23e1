import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor.errors import BadOption, LexiconError
from augmentor.examples import Example, Message, content_id
from augmentor.pipeline import Plan, process
from augmentor.plugins import plugins
from augmentor.testing import check_strategy
from augmentor_plugins.strategies.counterfactual import Counterfactual
from augmentor_plugins.strategies.swap_files import NAMES, SEXES, read_groups
from augmentor_plugins.strategies.swap_grammar import case_of_her, case_of_his


def conversation(*texts, **more):
    messages = tuple(Message(role="user" if index % 2 == 0 else "assistant", content=text) for index, text in enumerate(texts))
    return Example(id=content_id(messages), messages=messages, **more)


def swapped(example, seed=0, **options):
    if isinstance(example, str):
        example = conversation(example)
    return [[turn.text for turn in turns] for turns, _ in Counterfactual(**options).vary_example(example, Random(seed))]


def one(text, group="gender", **options):
    """The one variant of one text, None where there is none."""
    found = swapped(text, groups=(group,), **options)
    return found[0][0] if found else None


def test_it_keeps_the_rules():
    check_strategy(Counterfactual(groups=tuple(name for name in read_groups())))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("My husband lost his card. Can he get a new one?", "My wife lost her card. Can she get a new one?"),
        ("I told her the PIN and she lost her phone.", "I told him the PIN and he lost his phone."),
        ("Is this account hers? She says it's her account.", "Is this account his? He says it's his account."),
        ("Please help her reset her password.", "Please help him reset his password."),
        ("Let her know that her family called her directly.", "Let him know that his family called him directly."),
        ("Can you call her back? Her back hurts and I owe her money.", "Can you call him back? His back hurts and I owe him money."),
        ("I saw her last week, it was her last week here.", "I saw him last week, it was his last week here."),
        ("The man whom I paid sent it himself.", "The woman whom I paid sent it herself."),
        ("Is this card his or mine? A friend of his paid.", "Is this card hers or mine? A friend of hers paid."),
        ("He's asking if he'll get his and my card.", "She's asking if she'll get her and my card."),
        ("Mr Smith says Mr. Jones is a widower.", "Ms Smith says Ms. Jones is a widow."),
        ("my mum and my brother-in-law want to pay for it", "my dad and my sister-in-law want to pay for it"),
        ("I am an actress and my ex-husband is an heir.", "I am an actor and my ex-wife is an heiress."),
        ("THE WOMAN LOST HER CARD", "THE MAN LOST HIS CARD"),
        ("The gentlemen's room is for my actor's friend.", "The ladies' room is for my actress's friend."),
        ("My aunt is at Uncle Yu's Diner. Can I give her one of the cards?", "My uncle is at Uncle Yu's Diner. Can I give him one of the cards?"),
        ("Yes sir, the female driver asked the gentleman.", "Yes madam, the male driver asked the lady."),
    ],
)
def test_words_and_pronouns_change_together(text, other):
    assert one(text) == other


@pytest.mark.parametrize(
    "text",
    [
        "Will you mark it as paid? Mark it as done, and the bill is here.",
        "Is there a grace period for the rose gold card in May and June?",
        "My Brother printer, the mother board and my motherboard, is there a sister company for that?",
        "The male connector and the female socket do not fit. Is that normal?",
        'I ordered the "Emma Original" and the Emma mattress. Where is it?',
        "I want to fly to Florence, Victoria or Charlotte. How is that?",
        "Is he/she allowed, and can I write Dear Sir or Madam or his/her name?",
        "Open https://example.com/her/emma, mail emma.walsh@example.com and type {her_name} for it.",
        "I bought it at Charles Schwab, and the women's shoes are on Elm Street in St James.",
        "How do I use MS Word and the Mrs_Smith file for this?",
        "hat der Mann das gesehen, man kann die Karte von Peter her bringen",
        "My wife is pregnant. What do I do for it?",
        "Click Mark as read. Tap Grant. Is that what you do?",
        "Man, I am tired of this. What do you do for me?",
        "How do I set the king size bed for the guest host?",
    ],
)
def test_what_is_nobodys_sex_stays(text):
    assert one(text) is None


def test_doubtful_names_count_where_a_person_is_plainly_meant():
    assert "Mark" not in one("My name is Mark and I need help with my card.")
    assert one("Hi Grace, mark it for me.").endswith(", mark it for me.")
    assert one("Can you mark this for Mark? Mark is here.").count("Mark") == 0
    assert "May" in one("In May my sister paid for it.")


def test_a_name_becomes_the_same_name_in_all_turns():
    source = conversation("My name is Emily Walsh. Is Emily's card here?", "Yes, Emily, it is.", "Thanks! Emily and Priya are here.", "Hello Priya!")
    ((first, second, third, fourth),) = swapped(source)
    name = first.split()[3]
    assert name in {item.text for item in read_groups()[NAMES].names if item.sort == "male"}
    assert first == f"My name is {name} Walsh. Is {name}'s card here?"
    assert second == f"Yes, {name}, it is."
    assert third.startswith(f"Thanks! {name} and ")
    other = third.split()[3]
    assert other != name
    assert fourth == f"Hello {other}!"
    assert other in {item.text for item in read_groups()[NAMES].names if item.origin == "indian"}


def test_a_genitive_of_a_name_in_s_gets_its_ending():
    assert one("Is James' card the one for me?").split()[1].endswith("'s")


def test_origins_of_names_change_with_their_surnames():
    (turns,) = swapped("Is Emily Walsh here? Emily has a card and Mr Smith has one.", groups=("names",))
    assert not {"Emily", "Walsh", "Smith"} & set(turns[0].split())
    assert "Mr " in turns[0]


@pytest.mark.parametrize(
    ("group", "text", "other"),
    [
        ("age", "I am old and this old card is broken. How can the elderly man pay?", "I am young and this old card is broken. How can the young man pay?"),
        ("age", "Is there a rate for young people?", "Is there a rate for old people?"),
        ("disability", "I am blind. My card is disabled. How can a deaf customer pay?", "I am sighted. My card is disabled. How can a hearing customer pay?"),
    ],
)
def test_adjectives_change_only_where_they_are_said_of_people(group, text, other):
    assert one(text, group) == other


@pytest.mark.parametrize(
    ("group", "text", "stays"),
    [
        ("nationality", "My Polish neighbour and I are from Italy; the nail polish, the French fries and the Turkish lira are for you.", ["nail polish", "French fries", "Turkish lira"]),
        ("religion", "I am a Muslim and Christian Dior is here for you.", ["Christian Dior"]),
        ("ethnicity", "The black woman bought the black phone on Black Friday. Is it here?", ["black phone", "Black Friday"]),
        ("family", "I am single. Is there a single room for a single payment?", ["single room", "single payment"]),
    ],
)
def test_things_are_not_taken_for_people(group, text, stays):
    other = one(text, group)
    assert other != text
    assert all(words in other for words in stays)


def test_capitals_follow_the_word_that_comes():
    assert one("It is what Latinos asked for. Latinos are here.", "ethnicity", seed=3) in {
        "It is what white people asked for. White people are here.", "It is what Asian people asked for. Asian people are here.",
        "It is what Black people asked for. Black people are here.", "It is what Arab people asked for. Arab people are here.",
    }  # fmt: skip


def test_a_parcel_is_from_a_country_without_being_of_it():
    assert one("The parcel is from Germany. When is it here for me?", "nationality") is None
    assert "from Poland" not in one("I am from Poland. When is it here for me?", "nationality")


def test_the_variants_of_a_group_are_different_people():
    text = "I am a Muslim woman. Is the mosque near you, and what do the Muslims do there?"
    found = swapped(text, groups=("religion",), n=9)
    assert 3 <= len({turns[0] for turns in found}) == len(found)
    assert all("mosque" not in turns[0] and "woman" in turns[0] for turns in found)


def test_a_word_of_several_groups_follows_the_one_that_is_meant():
    found = swapped("The Hindu woman asked about the temple. Is it open?", groups=("religion",), n=5)
    assert ["The Muslim woman asked about the mosque. Is it open?"] in found
    assert one("Where is the temple? Is it open for you?", "religion") is None


def test_the_note_says_which_swap():
    notes = [note for _, note in Counterfactual(groups=("gender", "age")).vary_example(conversation("I am an old man. Is it for me?"), Random(0))]
    assert notes == ["gender=male>female", "age=old>young"]
    ((_, note),) = Counterfactual().vary_example(conversation("My wife and my son are here. Is it for her?"), Random(0))
    assert note == "gender=female<>male"


def test_what_a_group_becomes_does_not_depend_on_the_other_groups():
    text = "Is Emily a Muslim woman from Poland? I am her friend and this is what it is."
    alone = swapped(text, groups=("gender",))
    assert swapped(text, groups=("gender", "religion"))[0] == alone[0]


def test_no_variant_where_tools_or_a_rejected_answer_would_disagree():
    call = [{"id": "1", "type": "function", "function": {"name": "find", "arguments": '{"name": "Emily"}'}}]
    ask = Message(role="user", content="My name is Emily, what is in my account?")
    calling = Example(id="a", messages=(ask, Message(role="assistant", tool_calls=call), Message(role="tool", content="12", tool_call_id="1")))
    assert swapped(calling) == []
    assert swapped(conversation("Is she here?", "Yes, she is.", rejected=(Message(role="assistant", content="She is not."),))) == []
    harmless = [{"id": "1", "type": "function", "function": {"name": "find", "arguments": '{"order": 7}'}}]
    turns = (ask, Message(role="assistant", tool_calls=harmless), Message(role="tool", content="12", tool_call_id="1"), Message(role="assistant", content="12, Emily."))
    ((changed, _),) = Counterfactual().vary_example(Example(id="a", messages=turns), Random(0))
    assert changed[1:3] == list(turns[1:3])
    assert "Emily" not in changed[3].text


def test_parts_of_a_message_change_and_pictures_stay():
    content = [{"type": "text", "text": "Is this her card?"}, {"type": "image_url", "image_url": {"url": "data:,her"}}]
    ((turns, _),) = Counterfactual().vary_example(Example(id="a", messages=(Message(role="user", content=content),)), Random(0))
    assert turns[0].content == [{"type": "text", "text": "Is this his card?"}, content[1]]


PHRASES = ["My wife lost it.", "He said so.", "Ask his father!", "I told the lady.", "She is an heir.", "Is her card here?", "A card for him?", "Mr Smith did it himself.", "This is hers."]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=8), st.integers(0, 9))
def test_swapping_twice_gives_the_source(phrases, seed):
    text = f"It is for you. {' '.join(phrases)}"
    for turns in swapped(text, seed):
        assert swapped(turns[0], seed) == [[text]]


def test_pronouns_are_swapped_as_the_authors_of_winobias_did(shared_data):
    """3,168 sentences by other people, each there with both pronouns; some of their pairs differ in more, or are misspelt."""
    agreed = []
    for kind in ("1.txt.dev", "1.txt.test", "2.txt.dev", "2.txt.test"):
        sides = [(shared_data / "winobias" / f"{side}_stereotyped_type{kind}").read_text().splitlines() for side in ("anti", "pro")]
        for pair in zip(*sides, strict=True):
            one_way, other_way = (re.sub(r"^\d+ |[\[\]]", "", line).strip() for line in pair)
            agreed += [one(one_way) == other_way, one(other_way) == one_way]
    assert len(agreed) == 3168
    assert sum(agreed) / len(agreed) >= 0.97


@pytest.mark.parametrize(
    ("before", "after", "case"),
    [("with", "?", "object"), ("to", "and", "object"), ("told", "that", "object"), ("lost", "card", "determiner"), ("make", "pay for", "object"), ("make", "payment late", "determiner"),
     ("let", "access it", "object"), ("gave", "access to", "object"), ("lost", "access code", "determiner"), ("for", "own use", "determiner"), ("saw", "leaving .", "object"), ("for", "booking .", "determiner"),
     ("email", "directly .", "object"), ("for", "monthly bill", "determiner"), ("for", "recently opened", "determiner"), ("called", "first .", "object")],
)  # fmt: skip
def test_her_is_him_or_his_by_its_neighbours(before, after, case):
    assert case_of_her([before], after.split()) == case


@pytest.mark.parametrize(("before", "after", "case"), [("is", "?", "pronoun"), ("and", "is here", "pronoun"), ("lost", "card", "determiner"), ("", "or my card", "determiner"), ("both", "and mine", "pronoun")])
def test_his_is_her_or_hers_by_its_neighbours(before, after, case):
    assert case_of_his([before], after.split()) == case


def test_a_file_of_ones_own_adds_terms_and_groups(tmp_path):
    more = tmp_path / "more.txt"
    more.write_text("group: gender\ncolumns: female | male\n[noun]\nabbess | abbot\n")
    new = tmp_path / "new.txt"
    new.write_text("group: income\ncolumns: rich | poor\n[adjective]\nrich; wealthy | poor\n[unless]\ninterest*\n")
    assert one("Is the abbess here for you?", terms=(more,)) == "Is the abbot here for you?"
    assert one("I am rich. Is the rich text for me?", "income", terms=(new,)) == "I am poor. Is the rich text for me?"
    assert one("I am rich. What is the interest?", "income", terms=(new,)) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("group: x\ncolumns: a | b\n[noun]\none | two | three\n", "more.txt:4: 3 cells for 2 columns"),
        ("group: x\ncolumns: a | b\n[nuon]\n", "a section is one of"),
        ("group: x\n[noun]\na | b\n", "before its sections"),
        ("[noun]\na | b\n", "before its sections"),
        ("man | woman\n", "a file begins with"),
        ("group: gender\ncolumns: male | female\n", "more.txt gives the group 'gender' the columns male | female; another file has female | male"),
        ("group: names\n[english]\nAnn\n", "a section of names"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path, text, says):
    path = tmp_path / "more.txt"
    path.write_text(text)
    with pytest.raises(LexiconError) as error:
        Counterfactual(terms=(path,))
    assert says in str(error.value).replace(f"{tmp_path}/", "")


def test_an_unknown_group_is_refused():
    with pytest.raises(BadOption, match="no group is called 'sex'; known: age, "):
        plugins()["strategy"].make("counterfactual:groups=sex")


def test_the_shipped_names_can_be_swapped():
    names = read_groups()[NAMES].names
    assert len(names) > 700
    for origin in {name.origin for name in names}:
        for sort in (*SEXES, "surname"):
            assert len([name for name in names if (name.origin, name.sort, name.doubt) == (origin, sort, "")]) >= 9, (origin, sort)
    sexes = {}
    for name in names:
        if name.sort in SEXES:
            sexes.setdefault(name.text, set()).add(name.sort)
    assert [name for name, sorts in sexes.items() if len(sorts) > 1] == []


def test_it_runs_in_the_pipeline():
    source = conversation("My wife lost her card. What now?", "Tell her to call us.")
    outcome = process([source], Plan((plugins()["strategy"].parse("counterfactual:groups=gender+names"),)))
    assert [example.text for example in outcome.kept[1:]] == ["My husband lost his card. What now?\nTell him to call us."]
    assert outcome.kept[1].variation == "gender=female>male"
