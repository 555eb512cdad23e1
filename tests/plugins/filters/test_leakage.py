import pytest

from augmentor_plugins.filters.leakage import Leakage

LONG = "My parcel should have come on Monday but the driver says that nobody was at home"


def judged(train, held_out, **options):
    filter = Leakage(**options)
    return filter.reduce(filter.sketch(train), filter.sketch(held_out))


def test_the_same_question_in_other_case_is_a_leak_that_names_the_test_row(row):
    (verdict,) = judged([row("WHERE is  my card?", "x", id="a")], [row("Where is my card?", "y", id="test-7")])
    assert not verdict.keep
    assert verdict.score == 1
    assert "test-7" in verdict.reason


def test_a_nearly_equal_question_is_a_leak_with_its_likeness(row):
    (verdict,) = judged([row(LONG, id="a")], [row(LONG.replace("Monday", "Friday"), id="t1"), row("Something else entirely, is it not?", id="t0")])
    assert not verdict.keep
    assert "t1" in verdict.reason
    assert 0.6 <= verdict.score < 1


def test_a_variant_of_a_held_out_example_is_a_leak_whatever_it_says(row):
    (verdict,) = judged([row("Entirely other words", id="v", root="t1", parent="t1")], [row(LONG, id="t1")])
    assert not verdict.keep
    assert "family" in verdict.reason


def test_the_answer_to_a_known_fact_in_other_words_is_no_leak(row):
    (verdict,) = judged([row("I was out when the van came", "Choose a new day.", id="a")], [row(LONG, "Choose a new day.", id="t")])
    assert verdict.keep


def test_with_both_only_an_alike_answer_makes_it_a_leak(row):
    train = [row(LONG, "Choose a new day in the app.", id="a")]
    assert judged(train, [row(LONG, "We are very sorry.", id="t")], on="both")[0].keep
    assert not judged(train, [row(LONG, "Choose a new day in the app.", id="t")], on="both")[0].keep


def test_without_held_out_rows_nothing_leaks(row):
    assert judged([row(LONG)], [])[0].keep


def test_the_likest_of_several_is_named_whatever_their_order(row):
    apart = [row(LONG.replace("Monday", "Friday").replace("nobody", "somebody"), id="t1"), row(LONG.replace("Monday", "Friday"), id="t2")]
    assert "t2" in judged([row(LONG, id="a")], apart)[0].reason
    assert judged([row(LONG, id="a")], apart) == judged([row(LONG, id="a")], apart[::-1])


def test_a_named_file_is_kept_away_from_and_its_row_is_named(row, tmp_path):
    benchmark = tmp_path / "bench.csv"
    benchmark.write_text(f"question,answer\nWhat is it?,x\n{LONG.replace('Monday', 'Friday')},y\n")
    verdict = judged([row(LONG, id="a")], [], against=(str(benchmark),))[0]
    assert not verdict.keep
    assert verdict.other == "bench.csv row 2"


def test_a_file_that_is_not_there_is_refused_before_any_work(tmp_path):
    with pytest.raises(ValueError, match="is none"):
        Leakage(against=(str(tmp_path / "no.csv"),))
