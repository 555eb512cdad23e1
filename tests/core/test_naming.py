import pytest

from augmentor.errors import RecipeError, UnknownComponent
from augmentor.naming import file_name, named


def test_components_are_called_what_the_recipe_calls_them():
    assert list(named("metric", ["rouge_l", {"exact_match": {"strict": True}}, "distinct_n:n=3"])) == ["rouge_l", "exact_match", "distinct_n"]


def test_two_of_a_name_are_told_apart_by_their_options():
    found = named("metric", ["distinct_n:n=1", {"distinct_n": {"n": 2}}, "distinct_n"])
    assert list(found) == ["distinct_n:n=1", "distinct_n:n=2", "distinct_n"]
    assert [metric.title for metric in found.values()] == ["Distinct-1", "Distinct-2", "Distinct-2"]


def test_the_same_component_twice_is_refused():
    with pytest.raises(RecipeError, match="'rouge_l' is listed twice"):
        named("metric", ["rouge_l", "rouge_l"])
    with pytest.raises(UnknownComponent):
        named("metric", ["rogue_l"])


def test_a_name_becomes_a_file_name_of_its_own():
    assert file_name("pairwise") == "pairwise"
    names = ["pairwise:questions=5", "pairwise:questions=6", "../../x", "a/b", "hällo", ""]
    files = [file_name(name) for name in names]
    assert len(set(files)) == len(names)
    assert all(file.isascii() and not set(file) & set("/\\.:= ") for file in files)
