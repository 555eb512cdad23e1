import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentor.examples import Example, Message
from augmentor.protocols import Candidate
from augmentor_plugins.filters.exact_duplicate import ExactDuplicate
from augmentor_plugins.filters.near_duplicate import NearDuplicate
from augmentor_plugins.filters.shingles import rows_a_band

LONG = "My parcel should have come on Monday but the driver says that nobody was at home to take it"
ANSWER = "Choose a new day in the app and the driver comes again for free"


def judged(filter, candidates, held_out=()):
    return filter.reduce(filter.sketch(candidates), filter.sketch(held_out))


def kept_ids(filter, candidates):
    return {candidate.example.id for candidate, verdict in zip(candidates, judged(filter, candidates), strict=True) if verdict.keep}


def test_of_two_that_say_the_same_the_smaller_id_stays_and_the_reason_names_it(row):
    first, second = judged(ExactDuplicate(), [row("Where  IS it?", id="b"), row("where is it?", id="a")])
    assert second.keep
    assert not first.keep
    assert first.reason == "the same conversation as a, which is kept"


def test_a_source_wins_over_a_variant_with_a_smaller_id(row):
    assert kept_ids(ExactDuplicate(), [row("Where?", id="a", parent="x", root="x"), row("Where?", id="z")]) == {"z"}


def test_raw_wants_the_same_letters_and_words_ignores_punctuation(row):
    rows = [row("Where is it?", id="a"), row("where is it", id="b")]
    assert len(kept_ids(ExactDuplicate(match="raw"), rows)) == 2
    assert len(kept_ids(ExactDuplicate(), rows)) == 2
    assert len(kept_ids(ExactDuplicate(match="words"), rows)) == 1


def test_another_answer_makes_another_conversation_but_the_same_question(row):
    rows = [row("Where is it?", "Here.", id="a"), row("Where is it?", "There.", id="b")]
    assert len(kept_ids(ExactDuplicate(), rows)) == 2
    assert kept_ids(ExactDuplicate(on="questions"), rows) == {"a"}


def test_conflicting_labels_are_said(row):
    verdict = judged(ExactDuplicate(), [row("Where?", id="a", label="lost"), row("Where?", id="b", label="late")])[1]
    assert "labelled 'late' here, 'lost' there" in verdict.reason


def test_two_pictures_are_not_the_same(row):
    def picture(url, id):
        part = {"type": "image_url", "image_url": {"url": url}}
        return Candidate(Example(id=id, messages=(Message(role="user", content=[{"type": "text", "text": "What is it?"}, part]),)))

    assert len(kept_ids(ExactDuplicate(), [picture("a.png", "a"), picture("b.png", "b")])) == 2


def test_one_changed_word_is_a_near_duplicate_with_the_measured_likeness(row):
    verdict = judged(NearDuplicate(), [row(LONG, ANSWER, id="a"), row(LONG.replace("Monday", "Friday"), ANSWER, id="b")])[1]
    assert not verdict.keep
    assert verdict.score == pytest.approx(18 / 22)  # 20 shingles each, two of them changed
    assert "nearly the same as a" in verdict.reason


def test_the_same_answer_to_another_question_is_kept(row):
    assert len(kept_ids(NearDuplicate(), [row("Where is my parcel?", ANSWER * 5, id="a"), row("The driver never rang", ANSWER * 5, id="b")])) == 2


def test_the_same_question_with_another_answer_is_kept_unless_only_questions_count(row):
    rows = [row(LONG, ANSWER, id="a"), row(LONG, "We are sorry to hear that", id="b")]
    assert len(kept_ids(NearDuplicate(), rows)) == 2
    assert kept_ids(NearDuplicate(on="questions"), rows) == {"a"}


def test_other_labels_are_no_duplicates(row):
    assert len(kept_ids(NearDuplicate(), [row(LONG, None, id="a", label="x"), row(LONG, None, id="b", label="y")])) == 2


def test_a_family_is_never_compared_with_itself(row):
    source = row(LONG, ANSWER, id="a")
    variants = [Candidate(source.example.vary(0, LONG.replace("Monday", day), "test"), source.example) for day in ("Friday", "Sunday", "Tuesday")]
    assert all(verdict.keep for verdict in judged(NearDuplicate(), [source, *variants]))


def test_across_families_a_source_wins_over_a_variant(row):
    other = row("Nobody rang", ANSWER, id="a")
    stolen = Candidate(other.example.vary(0, LONG.replace("Monday", "Friday"), "test"), other.example)
    own = row(LONG, ANSWER, id="z")
    assert kept_ids(NearDuplicate(), [other, stolen, own]) == {"a", "z"}


texts = st.lists(st.sampled_from("red green blue one two three four parcel card order late".split()), min_size=1, max_size=9).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(texts, st.integers(0, 6), st.booleans()), min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_neither_order_nor_batches_change_who_stays_and_who_stays_is_unlike(rows, rng):
    candidates = [
        Candidate(Example(id=f"{index:02}", root=f"r{root}", parent=f"r{root}" if made else None, messages=(Message(role="user", content=text),)))
        for index, (text, root, made) in enumerate(rows)
    ]
    filter = NearDuplicate()
    expected = kept_ids(filter, candidates)
    shuffled = list(candidates)
    rng.shuffle(shuffled)
    sketches = [sketch for candidate in shuffled for sketch in filter.sketch([candidate])]
    assert {candidate.example.id for candidate, verdict in zip(shuffled, filter.reduce(sketches, []), strict=True) if verdict.keep} == expected
    for candidate, verdict in zip(candidates, judged(filter, candidates), strict=True):
        assert verdict.keep == (candidate.example.id in expected)
        assert verdict.keep or verdict.score >= filter.threshold


def test_planted_edits_are_found_and_nothing_else_is(row):
    rng = random.Random(7)
    rows, planted = [], set()
    for number in range(600):
        words = [f"w{rng.randrange(20_000)}" for _ in range(rng.randint(20, 60))]
        rows.append(row(" ".join(words), None, id=f"a{number}"))
        if number % 3 == 0:
            for place in rng.sample(range(len(words)), len(words) // 10):
                words[place] = f"w{rng.randrange(20_000)}"
            rows.append(row(" ".join(words), None, id=f"b{number}"))
            planted.add(f"b{number}")
    dropped = {candidate.example.id for candidate in rows} - kept_ids(NearDuplicate(), rows)
    assert dropped <= planted
    assert len(dropped) >= 0.98 * len(planted)


def test_bands_get_longer_with_the_threshold():
    assert [rows_a_band(threshold) for threshold in (0.3, 0.6, 0.8, 0.95)] == sorted({rows_a_band(threshold) for threshold in (0.3, 0.6, 0.8, 0.95)})


def test_a_canned_answer_to_many_questions_costs_no_time(row):
    from time import process_time

    rng = random.Random(3)
    rows = [row("How do I " + " ".join(rng.choice("open close find move send cancel a the my card account order parcel app today now abroad again".split()) for _ in range(8)), ANSWER * 3, id=f"{index}") for index in range(2_000)]
    begun = process_time()
    judged(NearDuplicate(), rows)
    assert process_time() - begun < 4
