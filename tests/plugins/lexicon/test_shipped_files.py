"""Every shipped lexicon file does what its own examples say."""

import pytest

from augmentor_plugins.lexicon.checking import faults_of
from augmentor_plugins.lexicon.files import read_topics
from augmentor_plugins.lexicon.matching import DATA, common_sets, read_lexicon

FILES = sorted(path for path in DATA.glob("*.txt") if path.name != "common.txt")


@pytest.fixture(scope="module")
def lexicon():
    return read_lexicon()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_examples_hold(path, lexicon):
    topics = [topic for topic in lexicon.topics if topic.file == path.name]
    assert topics
    assert list(faults_of(topics, lexicon)) == []


def test_there_is_enough_to_say(lexicon):
    assert len(lexicon.topics) >= 1500
    assert sum(len(topic.lines) for topic in lexicon.topics) >= 15_000


def test_no_set_is_empty():
    assert all(common_sets().values())


def test_a_file_with_mistakes_names_each_with_its_line(tmp_path):
    path = tmp_path / "own.txt"
    path.write_text("do: early + word\n## a topic\ndo: @nothing + card\nwhat is this\n= fine\n")
    topics, errors = read_topics(path, common_sets())
    assert [str(error).split(": ")[0] for error in errors] == ["own.txt:1", "own.txt:3", "own.txt:4"]
    assert len(topics) == 1
