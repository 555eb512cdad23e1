import pytest

from augmentor.files import digest, write_lines, writing


def test_a_file_appears_only_when_it_is_whole(tmp_path):
    path = tmp_path / "deep" / "out.txt"
    with pytest.raises(RuntimeError), writing(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert not path.exists()
    assert not list(path.parent.iterdir())


def test_what_was_there_stays_until_the_new_file_is_whole(tmp_path):
    path = tmp_path / "out.txt"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), writing(path) as file:
        file.write(b"new")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert write_lines(path, [b"a\n", b"b\n"]) == 2
    assert path.read_bytes() == b"a\nb\n"


def test_the_digest_of_a_folder_sees_names_and_contents(tmp_path):
    (tmp_path / "a").write_text("1")
    before = digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    renamed = digest(tmp_path)
    (tmp_path / "b").write_text("2")
    assert len({before, renamed, digest(tmp_path)}) == 3
