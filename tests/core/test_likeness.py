from hypothesis import given
from hypothesis import strategies as st

from augmentor.likeness import near_pairs, shingles

texts = st.lists(st.lists(st.sampled_from(["a", "b", "c", "d", "Ä", "客", "服"]), max_size=8).map(" ".join), max_size=12)


@given(texts, st.sampled_from([0.3, 0.5, 0.6, 0.75, 1.0]))
def test_every_pair_that_is_alike_enough_is_found_and_no_other(texts, threshold):
    def jaccard(one, other):
        first, second = shingles(one), shingles(other)
        return len(first & second) / len(first | second) if first and second else 0.0

    found = {tuple(sorted(pair)) for pair in near_pairs(texts, threshold)}
    expected = {(i, j) for j in range(len(texts)) for i in range(j) if jaccard(texts[i], texts[j]) >= threshold}
    assert found == expected


def test_signs_of_scripts_without_spaces_count_as_words():
    assert len(shingles("客服电话")) == 5


def test_texts_without_words_are_like_no_other():
    assert list(near_pairs(["?!", "", "..."], 0.5)) == []
