import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor.examples import Example, Message
from augmentor.protocols import Candidate
from augmentor_plugins.filters.mail import Mail, without_disclaimer, without_quotes, without_signature
from augmentor_plugins.filters.markup import Markup, plain
from augmentor_plugins.filters.whitespace import Whitespace, tidy


def judged(component, question, answer="An answer."):
    example = Example(id="1", messages=(Message(role="user", content=question), Message(role="assistant", content=answer)))
    return component.judge([Candidate(example)])[0]


MAIL = """Hello,

the valve is still cold. I tried it twice.

Kind regards
A. Customer
Some Street 1
Tel. 555 0100

This e-mail and any attachments are confidential and intended only for the addressee.

On Mon, 5 Jan 2026 at 10:02, Support <help@example.org> wrote:
> Please open the valve.
> Then wait."""


def test_a_support_mail_keeps_what_its_writer_says_and_the_reason_names_each_cut():
    verdict = judged(Mail(), MAIL)
    assert verdict.replacement.question == "Hello,\n\nthe valve is still cold. I tried it twice."
    assert verdict.reason == "cut a quoted message; cut a disclaimer; cut a signature"
    assert verdict.keep
    assert verdict.score == 3


@pytest.mark.parametrize(
    "text",
    [
        "Thanks,\nbut it still does not work. What else can I try?",
        "> Is it plugged in?\nYes, it is, and it blinks.".replace("> ", ""),
        "From: the shop\nI ordered two.",
        "Best\nregards to your team, and where is my order?",
        "My plan: 10 a month -- too much",
        "-- \nA. Customer",
    ],
)
def test_what_is_no_signature_or_quote_stays(text):
    assert judged(Mail(), text).replacement is None


def test_lines_quoted_between_answers_go_and_the_answers_stay():
    assert without_quotes("> Is it on?\nYes.\n> Which light?\nThe red one.") == "Yes.\nThe red one."


def test_a_mail_that_only_quotes_is_left_alone():
    assert without_quotes("> Is it on?") == "> Is it on?"


@pytest.mark.parametrize("head", ["-----Original Message-----", "Begin forwarded message:", "From: A\nSent: Monday\nTo: B\nSubject: C", "On Monday, 5 January,\nSupport wrote:"])
def test_heads_of_quoted_mails_are_known(head):
    assert without_quotes(f"It is late.\n\n{head}\nOld text") == "It is late."


@pytest.mark.parametrize("end", ["Sent from my phone", "-- \nA. Customer\nA Firm", "Cheers,\nA.", "Thank you in advance!", "Get Outlook for Android"])
def test_signatures_are_known(end):
    assert without_signature(f"Where is it?\n\n{end}") == "Where is it?"


def test_options_say_what_is_cut():
    assert judged(Mail(quotes=False, disclaimers=False, signatures=False), MAIL).replacement is None
    assert without_disclaimer("Hi.\n\nIf you have received this in error, delete it.") == "Hi."


def test_html_becomes_the_lines_that_a_reader_sees():
    page = "<html><head><title>x</title><style>p{}</style></head><body><h1>Returns</h1><p>Send it <b>back</b>.<br>Within 30&nbsp;days.</p><script>alert(1)</script><table><tr><td>A</td><td>B</td></tr></table></body></html>"
    assert plain(page) == "Returns\n\nSend it back.\nWithin 30 days.\n\nA B"


@pytest.mark.parametrize("text", ["Write <your name> here", "if a < b and c > d", "Use `<b>bold</b>` for bold", "```html\n<p>x</p>\n```", "2 &3; R&D", "I <3 it"])
def test_what_is_no_html_stays(text):
    assert plain(text) == text


def test_lines_below_a_block_of_html_stay_lines():
    assert plain("<p>Where is\nmy parcel?</p>\n\nRegards,\nA. B.") == "Where is my parcel?\n\nRegards,\nA. B."


def test_entities_are_resolved_anywhere():
    assert plain("Fish &amp; chips for 5&nbsp;&euro;") == "Fish & chips for 5 €"


def test_a_link_keeps_its_address_unless_its_words_say_it():
    assert plain("<a href='https://example.org/a'>here</a> or <a href='mailto:x@example.org'>x@example.org</a>") == "here (https://example.org/a) or x@example.org"


@given(st.text())
def test_cleaning_never_fails_and_cleans_nothing_twice(text):
    for change in (tidy, plain, without_quotes, without_disclaimer, without_signature):
        change(text)
    assert tidy(tidy(text)) == tidy(text)


def test_white_space_in_fenced_code_stays():
    assert tidy("a  b\n```\nx    y\n```\nc  d") == "a b\n```\nx    y\n```\nc d"


def test_joiners_that_emoji_and_scripts_need_stay():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert tidy(f"{family} می\u200cخواهم") == f"{family} می\u200cخواهم"


def test_a_turn_of_nothing_but_markup_drops_the_conversation():
    verdict = judged(Markup(), "<p> </p>")
    assert not verdict.keep
    assert "nothing is left of a turn" in verdict.reason


def test_only_the_side_that_is_named_changes_and_tool_calls_never_do():
    example = Example(
        id="1",
        messages=(
            Message(role="user", content="a  b"),
            Message(role="assistant", content="c  d", tool_calls=[{"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"x":  1}'}}]),
        ),
    )
    changed = Whitespace(side="answers").judge([Candidate(example)])[0].replacement
    assert changed.messages[0].content == "a  b"
    assert changed.messages[1].content == "c d"
    assert changed.messages[1].tool_calls == example.messages[1].tool_calls
