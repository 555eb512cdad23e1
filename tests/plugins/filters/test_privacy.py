import json
from importlib.util import find_spec
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentor.errors import MissingExtra
from augmentor.examples import Example, Message
from augmentor.protocols import Candidate
from augmentor_plugins.filters.personal import checksums
from augmentor_plugins.filters.personal.finding import KINDS, find
from augmentor_plugins.filters.privacy import Privacy

REGIONS = Privacy().regions
PERSONAL = """phone|reach me on 07700 900123 please
phone|Call +44 20 7946 0958.
phone|(555) 123-4567
phone|my number is 4155552671
phone|call me: 0341-8387176
ssn|my ssn 123456789
ssn|078-05-1120
email|jane.doe+x@mail.example.co.uk, thanks
email|john dot doe at gmail dot com
secret|sk-abc123def456ghi789jkl012mno
secret|AKIAIOSFODNN7EXAMPLE
secret|My password is hunter2!
secret|my verification code is 123456
secret|http://user:pa55w0rd@host/db
iban|DE89 3704 0044 0532 0130 00 is mine
card|4111 1111 1111 1111
card|card number 630427373398 is lost
ip|192.168.1.77 tried to log in
ip|2001:0db8:85a3:0000:0000:8a2e:0370:7334
national_id|NI number AB123456C
national_id|CPF 529.982.247-25
national_id|DNI 12345678Z
licence|my driver's license number is F162823540116
passport|passport number is X1234567
account|account number 12345678"""
HARMLESS = """My order number is 4155552671 and it has not arrived
Order #123-456-7890 is late
I paid 1 250 000 for it on 2024-05-06 12:30:00
Version 10.2.3.4 does not start
Go to 192.168.1.1 in your browser
tracking 1Z999AA10123456784
It costs 1,299.00 or 12.345.678 in pesos
My password is incorrect
password: reset/change
The PIN is 4 digits long
ISBN 978-3-16-148410-0
Serial number 359881234567890
Use code SUMMER2024SALE for a discount
call me at 10:30 on 12/05/2024
coordinates 51.507351 -0.127758
UUID 123e4567-e89b-12d3-a456-426614174000
INTRODUCTORY offer for 12 months
My passport expires in 2027, what now
4111 1111 1111 1112
DE89 3704 0044 0532 0130 01"""


@pytest.mark.parametrize(("kind", "text"), [line.split("|") for line in PERSONAL.splitlines()])
def test_personal_data_is_found_and_named(kind, text):
    assert [found.kind for found in find(text, KINDS, REGIONS)] == [kind]


@pytest.mark.parametrize("text", HARMLESS.splitlines())
def test_what_only_looks_like_it_is_left_alone(text):
    assert find(text, KINDS, REGIONS) == []


def test_redaction_says_what_was_changed_and_leaves_the_rest(row):
    (verdict,) = Privacy().judge([row("Write to me@example.com or call +1 415 555 2671 today")])
    assert verdict.keep
    assert verdict.replacement.question == "Write to [EMAIL] or call [PHONE] today"
    assert verdict.reason == "redacted: 1 e-mail address, 1 phone number"
    assert verdict.score == 2


def test_drop_takes_the_row_out_with_a_reason_that_does_not_repeat_the_secret(row):
    (verdict,) = Privacy(action="drop").judge([row("my password is hunter2!")])
    assert not verdict.keep
    assert "hunter2" not in verdict.reason


def test_pseudonyms_are_the_same_through_a_conversation_and_its_variants_and_differ_between_people():
    turns = tuple(Message(role=role, content=text) for role, text in (("user", "I am a@x.org, not b@x.org"), ("assistant", "Hello A@x.org"), ("user", "and b@x.org?")))
    whole = Example(id="r", messages=turns)
    variant = whole.vary(0, "it is b@x.org here", "test")
    first, second = (verdict.replacement for verdict in Privacy(action="pseudonymise").judge([Candidate(whole), Candidate(variant, whole)]))
    a, b = first.messages[0].text.removeprefix("I am ").split(", not ")
    assert a != b
    assert first.messages[1].text == f"Hello {a}"
    assert first.messages[2].text == f"and {b}?"
    assert second.messages[0].text == f"it is {b} here"
    (other,) = Privacy(action="pseudonymise").judge([Candidate(Example(id="other", messages=turns))])
    assert other.replacement.messages[1].text != first.messages[1].text


def test_arguments_of_tools_parts_and_rejected_answers_are_cleaned_but_names_and_ids_stay():
    call = {"id": "call_4155552671", "type": "function", "function": {"name": "find", "arguments": '{"mail": "a@x.org"}'}}
    part = {"type": "text", "text": "a@x.org"}
    example = Example(
        id="r",
        messages=(Message(role="user", content=[part, {"type": "image_url", "image_url": {"url": "x"}}]), Message(role="assistant", tool_calls=[call])),
        rejected=(Message(role="assistant", content="a@x.org"),),
    )
    (verdict,) = Privacy().judge([Candidate(example)])
    cleaned = verdict.replacement
    assert json.loads(cleaned.messages[1].tool_calls[0]["function"]["arguments"]) == {"mail": "[EMAIL]"}
    assert cleaned.messages[1].tool_calls[0]["id"] == "call_4155552671"
    assert cleaned.messages[0].text == cleaned.rejected[0].text == "[EMAIL]"
    assert part["text"] == "a@x.org"


def test_public_values_stay(row):
    filter = Privacy(allow=("@shop.example", "+44 20 7946 0958"))
    (verdict,) = filter.judge([row("x", "Write to help@shop.example, call +442079460958, or me@example.com")])
    assert verdict.replacement.answer == "Write to help@shop.example, call +442079460958, or [EMAIL]"


@pytest.mark.parametrize("action", ["redact", "pseudonymise"])
def test_a_second_pass_finds_nothing(action, row):
    text = "\n".join(line.split("|")[1] for line in PERSONAL.splitlines())
    once = Privacy(action=action).judge([row(text)])[0].replacement
    assert Privacy(action=action).judge([Candidate(once)])[0].reason == ""


@given(st.text(alphabet=st.sampled_from("0123456789 +-().@:/abcxyz\n"), max_size=60))
def test_findings_never_overlap_and_lie_inside_the_text(text):
    found = find(text, KINDS, REGIONS)
    for before, after in pairwise(found):
        assert before.end <= after.start
    assert all(0 <= item.start < item.end <= len(text) for item in found)


@given(st.integers(0, 10**15))
def test_one_wrong_digit_breaks_a_checksum(number):
    digits = next(f"{number}{check}" for check in range(10) if checksums.luhn(f"{number}{check}"))
    assert not checksums.luhn(digits[:-1] + str((int(digits[-1]) + 1) % 10))


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (checksums.nhs, "9434765919", "9434765918"), (checksums.cpf, "52998224725", "52998224726"), (checksums.pesel, "44051401359", "44051401358"), (checksums.bsn, "111222333", "111222334"),
        (checksums.dni, "12345678Z", "12345678A"), (checksums.verhoeff, "234123412346", "234123412345"), (checksums.nir, "255081416802538", "255081416802539"),
        (checksums.codice_fiscale, "RSSMRA85T10A562S", "RSSMRA85T10A562T"), (checksums.iban, "GB29NWBK60161331926819", "GB29NWBK60161331926818"),
    ],
)  # fmt: skip
def test_check_digits(check, right, wrong):
    assert check(right)
    assert not check(wrong)


def test_no_false_alarm_on_bank_questions(banking77):
    assert [text for text in banking77 if find(text, KINDS, REGIONS)] == []


def test_each_pattern_type_is_found_and_nothing_else_is_taken_for_it(shared_data):
    ours = {"email": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER", "card": "CREDIT_CARD", "iban": "IBAN_CODE", "ip": "IP_ADDRESS", "ssn": "US_SSN", "licence": "US_DRIVER_LICENSE", "url": "DOMAIN_NAME"}
    right, wrong, missed = (dict.fromkeys(ours.values(), 0) for _ in range(3))
    for item in json.loads((shared_data / "presidio_pii" / "synth_dataset_v2.json").read_text("utf-8")):
        wanted = {(span["entity_type"], span["start_position"], span["end_position"]) for span in item["spans"] if span["entity_type"] in ours.values()}
        found = [(ours[kind], start, end) for kind, start, end in find(item["full_text"], tuple(ours), REGIONS)]
        for name, start, end in found:
            hit = any(name == other and min(end, high) - max(start, low) >= 0.8 * (high - low) for other, low, high in wanted)
            (right if hit else wrong)[name] += 1
        for name, low, high in wanted:
            missed[name] += not any(name == other and min(end, high) - max(start, low) >= 0.8 * (high - low) for other, start, end in found)
    for name in ours.values():
        assert right[name] / (right[name] + wrong[name]) >= 0.95, (name, "precision")
        assert right[name] / (right[name] + missed[name]) >= 0.95, (name, "recall")


def test_names_are_redacted_by_presidio_or_the_extra_is_named(row):
    filter = Privacy(names=True)
    if find_spec("presidio_analyzer") is None:
        with pytest.raises(MissingExtra, match=r"augmentor-toolkit\[presidio\]"):
            filter.judge([row("I am Maria Gonzalez")])
    else:
        (verdict,) = filter.judge([row("I am Maria Gonzalez")])
        assert verdict.replacement.question == "I am [NAME]"
