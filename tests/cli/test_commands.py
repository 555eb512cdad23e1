"""The command line as a user meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig

import pytest
from click.testing import CliRunner

from augmentor.cli import COMMANDS, cli


def run(*args, cwd=None, env=None):
    return subprocess.run([sys.executable, "-m", "augmentor", *map(str, args)], capture_output=True, text=True, cwd=cwd, env={**os.environ, **(env or {})}, timeout=120, check=False)


@pytest.fixture
def faq(tmp_path):
    path = tmp_path / "faq.csv"
    path.write_text("Frage,Antwort\nHow do I reset my password?,Tap the key.\nHow do I cancel my order?,Call us.\n")
    return path


def test_help_lists_every_command_in_its_own_words():
    result = CliRunner().invoke(cli, ["--help"])
    assert result.exit_code == 0
    for name, sentence in COMMANDS.items():
        assert f"  {name} " in result.output
        assert sentence.split(":")[0].split()[0] in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name):
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")


def test_help_loads_nothing_heavy():
    code = "import sys; from augmentor.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\nprint([m for m in ('torch', 'numpy', 'yaml', 'jinja2', 'transformers', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_importing_the_core_loads_nothing_heavy():
    code = "import sys, augmentor, augmentor.plugins; augmentor.plugins.plugins(); print([m for m in ('torch', 'transformers', 'evaluate', 'pandas', 'pyarrow', 'scipy', 'nltk') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_misspelt_command_is_answered_with_the_nearest():
    done = run("augmnt")
    assert done.returncode == 2
    assert "Did you mean 'augment'?" in done.stderr


def test_a_csv_of_ones_own_is_augmented_guided_by_the_messages_alone(faq, tmp_path):
    out = tmp_path / "out.jsonl"
    first = run("augment", faq, "-o", out, "-s", "rephrase:n=4")
    if first.returncode:
        assert "--columns question=" in first.stderr
        assert "Frage" in first.stderr
        assert not out.exists()
        first = run("augment", faq, "-o", out, "-s", "rephrase:n=4", "--columns", "question=Frage,answer=Antwort")
    assert first.returncode == 0, first.stderr
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(rows) == 2 + 8
    assert rows[0]["messages"][0]["content"] == "How do I reset my password?"
    assert all(row["messages"][1]["content"] == "Tap the key." for row in rows[:5])
    assert {row.get("made_by") for row in rows} == {None, "rephrase:n=4"}


def test_results_go_to_stdout_and_talk_to_stderr(faq, tmp_path):
    done = run("augment", faq, "-o", tmp_path / "o.jsonl", "-s", "rephrase:n=2", "--columns", "question=Frage,answer=Antwort", "--json")
    assert json.loads(done.stdout)["variants"] == 4
    assert "\x1b" not in done.stderr


def test_the_input_is_never_overwritten(faq):
    before = faq.read_bytes()
    done = run("augment", faq, "-o", faq, "-s", "rephrase", "--columns", "question=Frage,answer=Antwort")
    assert done.returncode == 2
    assert "is the input" in done.stderr
    assert faq.read_bytes() == before


def test_a_dry_run_writes_nothing(faq, tmp_path):
    done = run("augment", faq, "-o", tmp_path / "o.jsonl", "-s", "rephrase", "--columns", "question=Frage,answer=Antwort", "--dry-run")
    assert done.returncode == 0
    assert "nothing was written" in done.stderr
    assert not list(tmp_path.glob("o*"))


def test_filter_keeps_the_reasons(tmp_path):
    data = tmp_path / "d.csv"
    data.write_text("question,answer\nHow do I pay?,By card.\nHow do I pay?,By card.\nWhere?,\n")
    done = run("filter", data, "-o", tmp_path / "clean.jsonl", "-f", "exact_duplicate", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["dropped"]["exact_duplicate"] == 1
    dropped = [json.loads(line) for line in (tmp_path / "clean.dropped.jsonl").read_text().splitlines()]
    assert dropped[0]["filter"] == "exact_duplicate"
    assert dropped[0]["reason"]


def test_split_writes_three_parts(tmp_path):
    data = tmp_path / "d.csv"
    data.write_text("question,answer\n" + "".join(f"Question number {n}?,Answer {n}.\n" for n in range(20)))
    done = run("split", data, "-o", tmp_path / "parts", "--test", "0.25", "--json")
    assert json.loads(done.stdout) == {"train": 13, "validation": 2, "test": 5}
    assert sum(len((tmp_path / "parts" / f"{name}.jsonl").read_text().splitlines()) for name in ("train", "validation", "test")) == 20


def test_init_makes_a_recipe_that_is_sound(tmp_path):
    assert run("init", tmp_path / "bot").returncode == 0
    done = run("run", tmp_path / "bot" / "recipe.yaml", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "tuned-augmented" in done.stderr
    again = run("init", tmp_path / "bot")
    assert again.returncode == 2
    assert "exists" in again.stderr


def test_plugins_are_listed_shown_and_a_broken_one_is_reported(tmp_path):
    package = tmp_path / "site"
    info = package / "broken-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[augmentor]\nbroken = broken_plugin\n")
    (package / "broken_plugin.py").write_text("raise RuntimeError('out of order')\n")
    done = run("plugins", "list", env={"PYTHONPATH": str(package)})
    assert done.returncode == 0
    assert "rephrase" in done.stdout
    assert "'broken' of broken could not be loaded and is left out: RuntimeError: out of order" in done.stderr
    shown = run("plugins", "show", "rephrase", "--json")
    assert {option["name"] for option in json.loads(shown.stdout)["options"]} >= {"n", "lexicon"}
    assert "Did you mean 'rephrase'?" in run("plugins", "show", "rephrse").stderr


@pytest.mark.slow
def test_a_third_party_strategy_is_installed_and_used(repository, tmp_path, faq):
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--target", str(site)]
    subprocess.run([*install, str(repository / "examples" / "augmentor-shout")], check=True, capture_output=True, timeout=120)
    assert len((repository / "examples/augmentor-shout/augmentor_shout.py").read_text().splitlines()) <= 15
    done = run("augment", faq, "-o", tmp_path / "o.jsonl", "-s", "shout", "--columns", "question=Frage,answer=Antwort", env={"PYTHONPATH": str(site)})
    assert done.returncode == 0, done.stderr
    assert "HOW DO I RESET MY PASSWORD!" in (tmp_path / "o.jsonl").read_text()
    assert sysconfig.get_path("purelib") not in str(site)


@pytest.mark.slow
def test_a_new_plugin_passes_its_own_tests_and_the_check(tmp_path):
    assert run("plugins", "new", "echo", "-o", tmp_path / "echo").returncode == 0
    env = {"PYTHONPATH": str(tmp_path / "echo")}
    tested = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / "echo")], capture_output=True, text=True, env={**os.environ, **env}, cwd=tmp_path, check=False)
    assert tested.returncode == 0, tested.stdout
    checked = run("plugins", "check", "augmentor_echo", env=env)
    assert checked.returncode == 0, checked.stderr
    assert "it offers strategy echo" in checked.stderr


def test_doctor_says_what_is_here():
    done = run("doctor", "--json")
    assert done.returncode == 0
    checks = {check["what"]: check for check in json.loads(done.stdout)}
    assert checks["augmentor"]["ok"]
    assert "extra local" in checks
