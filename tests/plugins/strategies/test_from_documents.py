from random import Random

import pytest

from augmentor.examples import Example, Message
from augmentor.protocols import Malformed, Reply
from augmentor.testing import check_strategy, example
from augmentor_plugins.strategies.from_documents import FromDocuments

PASSAGE = "Descale the kettle every 3 months.\nUse 20 g of citric acid, never vinegar."
SOURCE = Example(id="p1", messages=(Message(role="system", content=PASSAGE),), meta={"document": "k2.md", "heading": "Cleaning", "offset": 100, "passage": PASSAGE})
GOOD = "QUESTION: How often do I descale it?\nANSWER: Every 3 months.\nQUOTE: every 3 months"
ALSO = "QUESTION: What with?\nANSWER: With 20 g of citric acid.\nQUOTE: “Use 20 g of citric acid”"


def read(text, n=1, **more):
    return list(FromDocuments(n=n).read(SOURCE, [Reply(text, **more)]))


def test_it_keeps_the_rules():
    check_strategy(FromDocuments())


def test_only_passages_are_asked_about():
    assert FromDocuments().ask(example("How do I pay?"), Random(0)) == []
    (request,) = FromDocuments(n=3).ask(SOURCE, Random(0))
    assert PASSAGE in request.messages[1].text
    assert "Heading: Cleaning" in request.messages[1].text
    assert "3 questions" in request.messages[0].text


def test_each_pair_says_which_words_prove_it_and_where_they_stand():
    first, second = read(f"{GOOD}\n\n{ALSO}\n", n=2)
    assert [turn.text for turn in first[0]] == ["How often do I descale it?", "Every 3 months."]
    assert first[1] == "quote=119-133: every 3 months"
    start, end = (int(part) - 100 for part in second[1].removeprefix("quote=").split(":")[0].split("-"))
    assert PASSAGE[start:end] == "Use 20 g of citric acid"


def test_a_quotation_may_run_over_a_line_end():
    ((_, note),) = read("QUESTION: How?\nANSWER: With acid.\nQUOTE: every 3 months. Use 20 g")
    assert note.endswith("every 3 months.\nUse 20 g")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD.replace("QUOTE: every", "QUOTE: about every"), "the quotation does not stand in the passage"),
        (GOOD.replace("QUOTE: every 3 months", "QUOTE: 3"), "the quotation does not stand in the passage"),
        (GOOD.replace("Every 3", "Every 30"), "the answer says '30'"),
        (f"Sure!\n\n{GOOD}", "a block is not"),
        (GOOD.replace("ANSWER", "Answer"), "a block is not"),
        (GOOD.rpartition("\n")[0], "a block is not"),
        (f"{GOOD}\n\n{ALSO}", "it has 2 pairs, not 1"),
        ("", "a block is not"),
    ],
)
def test_a_reply_that_is_not_all_right_is_malformed_as_a_whole(text, reason):
    (item,) = read(text)
    assert isinstance(item, Malformed)
    assert reason in item.reason
    assert item.reply.text == text


def test_one_bad_pair_drops_the_reply():
    (item,) = read(f"{GOOD}\n\n{ALSO.replace('acid”', 'oil”')}", n=2)
    assert isinstance(item, Malformed)


def test_a_reply_that_was_cut_off_is_malformed():
    (item,) = read(GOOD, finish="length")
    assert "cut off" in item.reason
