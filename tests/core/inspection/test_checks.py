"""What filters say of a file's rows, and how they are shown."""

from __future__ import annotations

import msgspec
import pytest

from augmentor.errors import AugmentorError, BadOption, UnknownComponent
from augmentor.inspection import checks as checking
from augmentor.inspection import masking
from augmentor.inspection.checks import reason_group

TOPICS = ("parcel", "refund", "password", "invoice", "radiator", "battery", "delivery", "voucher", "garden", "kitchen")
CARD = "4111 1111 1111 1111"


def test_personal_data_is_counted_by_kind_and_shown_masked(inspected, row, good):
    found = inspected(good + row(f"My card {CARD} and again {CARD}, mail jo@mail.example.org", "Thank you."))
    check = found.check("privacy")
    assert (check.count, check.looked_at) == (1, 13)
    assert check.kinds == {"card number": 2, "e-mail address": 1}
    assert "[CARD_NUMBER]" in check.examples[0].why
    assert check.examples[0].row == 13
    everything = msgspec.json.encode(found).decode()
    assert "4111" not in everything
    assert "jo@mail" not in everything


def test_secrets_are_masked_wherever_a_row_is_shown(inspected, row, good):
    long = " ".join(["word"] * 60)
    key = "sk-proj-" + "A1b2C3d4E5f6G7h8I9j0" * 2
    found = inspected(good + row(f"The key is {key} {long}", f"The password is {key}", id="jo@mail.example.org") * 2 + row(f"{key}", "ok") + row(f"only {key}", label="x"))
    everything = msgspec.json.encode(found).decode()
    assert {odd.name for odd in found.odd} == {"longest", "shortest", "repeated", "unanswered"}
    assert key[:16] not in everything
    assert "jo@mail" not in everything
    assert "[SECRET]" in everything


def test_without_the_filter_that_masks_no_text_is_shown(monkeypatch):
    monkeypatch.setattr(masking, "_mask", lambda: None)
    assert masking.masked(["secret", ""]) == [masking._WITHHELD, ""]


def test_abuse_is_told_by_class(inspected, row, good):
    found = inspected(good + row("You are a stupid idiot", "I am sorry.") + row("Where the hell is it, damn", "It is here."))
    kinds = found.check("toxicity").kinds
    assert any("(strong)" in kind for kind in kinds)
    assert any("(mild)" in kind for kind in kinds)
    [advice] = [one for one in found.verdict.advice if one.about == "toxicity"]
    assert advice.sentence.startswith("1 of 14 rows")


def test_near_duplicates_are_shown_beside_what_they_resemble(inspected, row, good):
    asked = "How can I send back the heating sensor that I bought from you last week because it does not fit my window"
    found = inspected(good + row(asked, "Send it back within thirty days of the delivery.") + row(f"{asked} frame", "Send it back within thirty days of the delivery."))
    [shown] = found.check("near_duplicate").examples
    assert {shown.row, shown.other.row} == {13, 14}
    assert {shown.question, shown.other.question} == {asked, f"{asked} frame"}
    assert found.check("near_duplicate").kinds == {"it is nearly the same as another": 1}


def test_pairs_that_are_shown_are_not_all_with_one_row(inspected, row, good):
    asked = "How can I send back the heating sensor that I bought from you last week because it does not fit"
    other = "Where do I find the number of the engineer who repaired the boiler in our cellar during the winter"
    found = inspected(good + "".join(row(f"{asked} the {thing}", label="x") for thing in TOPICS) + row(f"{other} storm", label="x") + row(f"{other} break", label="x"))
    shown = found.check("near_duplicate").examples
    assert len(shown) == checking.SHOWN
    assert any(one.question.startswith(other) for one in shown)


def test_filters_asked_for_by_name_are_looked_through_too(inspected, good):
    found = inspected(good, filters=["length:min_question=500"])
    [check] = [check for check in found.checks if check.name == "length" and check.filter != "length"]
    assert check.count == 12
    assert "-f length:min_question=500" in found.verdict.command


@pytest.mark.parametrize(("filters", "error"), [(["lenght"], UnknownComponent), (["length:many=3"], BadOption)])
def test_a_filter_that_does_not_exist_is_refused_before_the_file_is_read(inspected, good, filters, error):
    with pytest.raises(error):
        inspected(good, filters=filters, progress=lambda *_: pytest.fail("it was read"))


def test_a_usual_check_that_cannot_look_says_so_and_one_asked_for_fails(inspected, good, monkeypatch):
    monkeypatch.setattr(checking, "CHECKS", (checking.Check("outlier", "far from all others", "outlier:encoder=nothing"),))
    [check] = inspected(good).checks
    assert check.missing.startswith("No encoder is called 'nothing'")
    with pytest.raises(AugmentorError, match="No encoder is called 'none'"):
        inspected(good, filters=["outlier:encoder=none"])


def test_rows_that_a_model_cannot_be_trained_on_are_counted_with_real_tokens(inspected, row, good, tiny_model):
    found = inspected(good + row("one more", " ".join(["password"] * 400)) + row("no answer", label="x"), model=str(tiny_model))
    check = found.check("trainable")
    assert (check.count, check.looked_at) == (2, 14)
    assert "it has … tokens and the model reads …" in check.kinds
    assert check.scores.max > 256 > check.scores.median > 10
    assert found.model == str(tiny_model)


def test_only_a_sample_is_looked_at_but_all_is_counted(inspected, row):
    found = inspected("".join(row(f"Write to jo{number}@mail.example.org", f"Yes, {number}.") for number in range(60)), sample=25)
    assert (found.examples, found.looked_at) == (60, 25)
    assert {check.looked_at for check in found.checks} == {25}
    assert found.check("privacy").count == 25


def test_progress_tells_of_rows_and_of_checks(inspected, row):
    told = []
    inspected("".join(row(f"question {number}", "an answer") for number in range(1500)), progress=lambda number, unit: told.append((number, unit)))
    assert (1024, "rows") in told
    assert (1500, "examples: abuse") in told


def test_reasons_without_what_is_particular_to_a_row():
    assert reason_group("the question is hardly text: 0.23 number signs and ellipses a word (limit 0.10)") == "is hardly text"
    assert reason_group("") == "no reason given"


def test_the_same_file_gives_the_same_bytes(inspected, row, good):
    content = good + row("Mail jo@mail.example.org", "Yes.") * 3
    assert msgspec.json.encode(inspected(content)) == msgspec.json.encode(inspected(content))


def test_groups_of_people_that_are_named_are_in_a_table(inspected, row, good):
    women = "".join(row(f"My wife lost her {thing}, can she get another?", "She can, on the page of her account.") for thing in TOPICS)
    named, stands_out = inspected(good + women + row("Mail jo@mail.example.org for my husband, he waits", "He will be told.")).measures
    assert ("gender: female", "10") in {row[:2] for row in named.rows}
    assert any(row[:2] == ("gender: female", "named more than expected") for row in stands_out.rows)
    assert inspected(good).measures == []
