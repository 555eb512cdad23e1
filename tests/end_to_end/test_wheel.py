"""The built wheel works by itself, without the repository."""

import json
import os
import subprocess
import sys
import zipfile

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(repository, tmp_path_factory):
    """A folder that holds what installing the wheel would put into site-packages."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)], cwd=repository, check=True, capture_output=True, timeout=120)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "site")
    return out / "site"


def test_it_holds_three_packages_and_their_data_and_nothing_else(site):
    assert {path.name for path in site.iterdir() if path.suffix != ".dist-info"} == {"augmentor", "augmentor_plugins", "augmentor_evaluation"}
    names = {path.relative_to(site).as_posix() for path in site.rglob("*")}
    for needed in (
        "augmentor_plugins/lexicon/data/common.txt",
        "augmentor_plugins/strategies/personas/student.toml",
        "augmentor_plugins/filters/words/abuse.txt",
        "augmentor_evaluation/report/style.css",
        "augmentor_evaluation/evaluate_metrics/rouge_l/rouge_l.py",
    ):
        assert needed in names
    assert not [name for name in names if name.startswith(("tests", "examples", "docs"))]


def test_it_augments_from_another_place(site, tmp_path):
    (tmp_path / "faq.csv").write_text("question,answer\nHow do I reset my password?,Tap the key.\n")
    env = {**os.environ, "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "augmentor", "augment", "faq.csv", "-o", "out.jsonl", "-s", "rephrase:n=3", "-s", "persona:n=1", "--json"],
        cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["variants"] == 4
    where = subprocess.run([sys.executable, "-c", "import augmentor; print(augmentor.__file__)"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert where.stdout.startswith(str(site))
