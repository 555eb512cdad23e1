import pytest

from augmentor.protocols import Candidate
from augmentor_plugins.filters.language import Language
from augmentor_plugins.filters.length import Length
from augmentor_plugins.filters.mojibake import Mojibake
from augmentor_plugins.filters.refusal import Refusal
from augmentor_plugins.filters.repetition import Repetition
from augmentor_plugins.filters.truncated import Truncated


def verdict_on(filter, candidate):
    return filter.judge([candidate])[0]


@pytest.mark.parametrize(("question", "answer", "reason"), [("", "Yes", "the question is empty"), ("Why?", "  ", "the answer is empty"), ("a b c d", "Yes", "the question has 4 words, more than 3"), ("Why?", "x " * 9, "the answer has 9 words, more than 5")])
def test_a_bad_length_is_named(question, answer, reason, row):
    verdict = verdict_on(Length(max_question=3, max_answer=5), row(question, answer))
    assert (verdict.keep, verdict.reason) == (False, reason)


def test_data_without_answers_is_not_blamed_for_it(row):
    assert verdict_on(Length(), row("Where is it?", None)).keep


def test_chinese_letters_count_as_words(row):
    assert not verdict_on(Length(max_question=5), row("怎么取消我的订单")).keep


def test_characters_can_be_counted(row):
    assert verdict_on(Length(unit="characters", min_question=5), row("abcd")).reason == "the question has 4 characters, fewer than 5"


@pytest.mark.parametrize("answer", ["As an AI language model, I cannot do that.", "I'm sorry, but I can't assist with that.", "I cannot generate explicit content.", "I'm an AI assistant created by OpenAI.", "I can’t help with that request.", "My knowledge cutoff is 2023."])
def test_a_refusal_is_dropped(answer, row):
    verdict = verdict_on(Refusal(), row("Help me", answer))
    assert not verdict.keep
    assert "the answer" in verdict.reason


@pytest.mark.parametrize("answer", ["I'm sorry, I can't find your order.", "We cannot fulfil your request for a refund.", "I am unable to process your refund today.", "As an AI company we hire engineers.", "Sorry to hear that! I can help with that."])
def test_bad_news_is_no_refusal(answer, row):
    assert verdict_on(Refusal(), row("Help me", answer)).keep


def test_a_model_that_refused_to_rephrase_is_caught_in_the_question(variant):
    assert not verdict_on(Refusal(), variant("Where is it?", "I'm sorry, but I can't assist with that.")).keep


def test_only_naming_the_machine_can_be_let_pass(row):
    candidate = row("Who are you?", "As an AI, I help you with orders.")
    assert not verdict_on(Refusal(), candidate).keep
    assert verdict_on(Refusal(self_reference=False), candidate).keep


def test_mojibake_is_repaired_in_every_turn(row):
    verdict = verdict_on(Mojibake(), row("donâ€™t", "Ã¼ber"))
    assert verdict.keep
    assert (verdict.replacement.question, verdict.replacement.answer) == ("don’t", "über")
    assert "repaired" in verdict.reason
    assert not verdict_on(Mojibake(action="drop"), row("donâ€™t")).keep


def test_good_text_is_not_repaired_and_lost_letters_drop_the_row(row):
    assert verdict_on(Mojibake(), row("schön, naïve, 你好, 😀")).replacement is None
    verdict = verdict_on(Mojibake(), row("caf\ufffd"))
    assert not verdict.keep
    assert "lost" in verdict.reason


@pytest.mark.parametrize(("text", "code"), [("Wie kann ich meine Karte sperren lassen?", "de"), ("¿Cómo puedo cancelar mi pedido?", "es"), ("你好，怎么取消订单？", "zh")])
def test_another_language_is_dropped_and_named(text, code, row):
    verdict = verdict_on(Language(), row(text))
    assert not verdict.keep
    assert repr(code) in verdict.reason
    assert verdict_on(Language(only=("en", code)), row(text)).keep


def test_short_turns_and_english_bank_questions_are_kept(row, banking77):
    assert verdict_on(Language(), row("OK danke")).keep
    assert [text for text in banking77[::5] if not verdict_on(Language(), row(text)).keep] == []


@pytest.mark.parametrize("answer", ["Go to settings and click the", "You can do it in the app, then,", "Press (the red", "```python\nx = 1", "It is late because"])
def test_an_answer_that_breaks_off_is_dropped(answer, row):
    verdict = verdict_on(Truncated(), row("How?", answer + "" if len(answer.split()) > 4 else "Well then, " + answer))
    assert not verdict.keep
    assert "stops in the middle" in verdict.reason


@pytest.mark.parametrize("answer", ["Go to Settings > Login", "Yes", "We will help you with that", "Type `the`", "See https://example.com/the", "1. Open it\n2. Close it", "你好"])
def test_an_answer_without_a_full_stop_is_no_fragment(answer, row):
    assert verdict_on(Truncated(), row("How?", answer)).keep


def test_a_long_last_sentence_without_an_end_is_only_dropped_when_asked(row):
    answer = "First you open the settings. Then you choose the second row of the list. After that you scroll down until you see the blue button and press it for about three seconds until it lights up green"
    assert verdict_on(Truncated(), row("How?", answer)).score == 0.6
    assert not verdict_on(Truncated(at=0.5), row("How?", answer)).keep


@pytest.mark.parametrize("answer", ["Yes the the the the the the", "Open the settings page now. " * 6, "aaaaaaaaaaaaaaaaaaaa"])
def test_going_in_circles_is_dropped(answer, row):
    verdict = verdict_on(Repetition(), row("How?", answer))
    assert not verdict.keep
    assert "repeats" in verdict.reason


def test_numbers_rules_and_ordinary_text_do_not_count_as_repetition(row):
    for answer in ("Call 0000000000000", "----------------", "Open the settings, then open the mail settings, and there you choose a new password for the mail account."):
        assert verdict_on(Repetition(), row("How?", answer)).keep


def test_the_rejected_answer_is_judged_as_well(row):
    from augmentor.examples import Message

    candidate = row("How?", "Fine.", rejected=(Message(role="assistant", content="go to the settings and click the"),))
    assert verdict_on(Truncated(), Candidate(candidate.example)).reason.startswith("the rejected answer")
