"""The example of a section plugin: installed by its entry point, it stands in the page with its chart."""

from __future__ import annotations

import shutil
from importlib.metadata import distributions

import pytest

from augmentor.plugins import Plugins
from augmentor_evaluation.report.page import write_report
from augmentor_evaluation.report.sections import SECTIONS


@pytest.fixture
def section(repository, tmp_path, monkeypatch):
    source = repository / "examples/augmentor-section"
    shutil.copy(source / "augmentor_section.py", tmp_path)
    info = tmp_path / "augmentor_section-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: augmentor-section\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text("[augmentor]\nanswer-length = augmentor_section\n")
    monkeypatch.syspath_prepend(tmp_path)
    points = [point for found in distributions(path=[str(tmp_path)]) for point in found.entry_points if point.group == "augmentor"]
    plugins = Plugins(points)
    assert not list(plugins.failures())
    return plugins["section"].make("answer-length")


def test_the_example_adds_a_section_with_a_chart(section, run, tmp_path):
    out = tmp_path / "report.html"
    write_report([run], out, [section, *(one() for one in SECTIONS)])
    html = out.read_text()
    assert html.index('id="answers"') < html.index('id="answer-length"') < html.index('id="slices"')
    part = html[html.index('<section id="answer-length"') : html.index('<section id="slices"')]
    assert part.count("<svg") == 4
    assert "mean words" in part
    assert "could not be made" not in part


def test_the_example_has_nothing_to_say_of_a_run_that_asked_no_model(section, tmp_path):
    from augmentor_evaluation.report import RunView

    assert section.render(RunView(tmp_path)) is None


def test_the_example_is_at_most_forty_lines(repository):
    assert len((repository / "examples/augmentor-section/augmentor_section.py").read_text().splitlines()) <= 40
