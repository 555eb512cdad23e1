from __future__ import annotations

import multiprocessing
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from augmentor import models
from augmentor.errors import DataError, UsageError
from augmentor.models import ModelSource


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("AUGMENTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@dataclass(frozen=True)
class Pretend:
    """A model of two files; counts how often it is fetched."""

    size: ClassVar[int] = 5
    licence: ClassVar[str] = "MIT"
    describe: ClassVar[str] = "For tests."
    log: str = ""
    fails: bool = False
    seconds: float = 0.0

    def fetch(self, into: Path, progress: models.Progress) -> None:
        (into / "weights.bin").write_bytes(b"12345")
        progress(5, 5)
        time.sleep(self.seconds)
        if self.fails:
            raise DataError("the line was cut")
        (into / "sub").mkdir()
        (into / "sub" / "config.json").write_text("{}")
        if self.log:
            with open(self.log, "a") as log:
                log.write("fetched\n")


def test_a_fetched_model_is_found_by_its_name(home):
    seen: list[tuple[int, int]] = []
    assert not models.fetched("small")
    folder = models.fetch("small", Pretend(), lambda done, whole: seen.append((done, whole)))
    assert folder == home / "models" / "small" == models.resolve("small")
    assert (folder / "weights.bin").read_bytes() == b"12345"
    assert seen == [(5, 5)]
    assert models.damaged("small") == []
    assert isinstance(Pretend(), ModelSource)


def test_a_model_is_fetched_once(tmp_path):
    source = Pretend(log=str(tmp_path / "log"))
    assert models.fetch("small", source) == models.fetch("small", source)
    assert (tmp_path / "log").read_text() == "fetched\n"


def test_a_fetch_that_fails_leaves_no_model_and_the_next_one_succeeds(home):
    with pytest.raises(DataError, match="cut"):
        models.fetch("small", Pretend(fails=True))
    assert not (home / "models" / "small").exists()
    assert not models.fetched("small")
    assert models.fetch("small", Pretend()).is_dir()
    assert not list((home / "models").glob("*.partial"))


def test_what_is_damaged_on_the_disk_is_named():
    folder = models.fetch("small", Pretend())
    (folder / "weights.bin").write_bytes(b"1234x")
    (folder / "sub" / "config.json").unlink()
    assert models.damaged("small") == ["sub/config.json", "weights.bin"]
    assert models.damaged("never-fetched") == [models.CHECKSUMS]


def _fetch(home: str, log: str) -> None:
    os.environ["AUGMENTOR_HOME"] = home
    models.fetch("small", Pretend(log=log, seconds=0.3))


def test_two_processes_fetch_it_once(home, tmp_path):
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_fetch, args=(str(home), str(tmp_path / "log"))) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    assert (tmp_path / "log").read_text() == "fetched\n"


def test_a_known_name_that_is_not_fetched_says_how_to_get_it():
    with pytest.raises(UsageError, match="augmentor models fetch small"):
        models.resolve("small", {"small": Pretend()})


def test_directories_and_gguf_files_are_themselves_and_other_names_are_left_to_hugging_face(tmp_path):
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    assert models.resolve(str(tmp_path)) == tmp_path
    assert models.resolve(str(tmp_path / "m.gguf")) == tmp_path / "m.gguf"
    assert models.resolve("HuggingFaceTB/SmolLM2-135M-Instruct") == "HuggingFaceTB/SmolLM2-135M-Instruct"
    for gone in (str(tmp_path / "gone"), "./gone", "gone.gguf"):
        with pytest.raises(UsageError, match="no model at"):
            models.resolve(gone)


@pytest.mark.parametrize("name", ["../evil", "a/b", "", ".hidden", "UPPER", "x" * 65, "a\0b"])
def test_a_name_cannot_lead_out_of_the_models_folder(name):
    with pytest.raises(UsageError):
        models.directory(name)
    assert not models.fetched(name)


def test_a_file_that_is_not_the_expected_one_is_refused(tmp_path):
    (tmp_path / "w.whl").write_bytes(b"other")
    with pytest.raises(DataError, match=r"w\.whl is not the file that was expected"):
        models.expect(tmp_path / "w.whl", "0" * 64)


def test_the_cache_is_where_the_platform_keeps_such_things(monkeypatch, tmp_path):
    monkeypatch.delenv("AUGMENTOR_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert models.home() == tmp_path / "augmentor"
