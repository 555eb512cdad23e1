"""A report of a made-up run, and a real browser to look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from augmentor_evaluation.report.page import write_report
from augmentor_evaluation.report.sections import SECTIONS
from tests.evaluation.report.fake_run import fake_run
from tests.evaluation.report.full_run import full_run


def report(*runs: Path, out: Path | None = None) -> Path:
    """The page of these runs, with our own sections."""
    target = out or runs[0] / "report.html"
    write_report(runs, target, [section() for section in SECTIONS])
    return target


@pytest.fixture(scope="session")
def write() -> Callable[..., Path]:
    return report


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 120 questions, four arms, two seeds."""
    return fake_run(tmp_path_factory.mktemp("runs") / "demo", 120, seeds=(0, 1))


@pytest.fixture(scope="session")
def page_file(run: Path) -> Path:
    return report(run)


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with all that a run can have."""
    return full_run(tmp_path_factory.mktemp("runs") / "everything", 120, seeds=(0, 1))


@pytest.fixture(scope="session")
def full_page(everything: Path) -> Path:
    return report(everything)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as driver:
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = driver.chromium.launch(executable_path=found, args=flags)
        yield opened
        opened.close()
